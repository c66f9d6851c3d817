import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.imports.json_stream import Broken, JsonStream

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def stream(text: str) -> JsonStream:
    return JsonStream(io.StringIO(text))


def walk(at: JsonStream) -> Any:
    first = at.peek()
    if first == "{":
        return {name: walk(at) for name in at.members()}
    if first == "[":
        return [walk(at) for _ in at.entries()]
    return at.take()


def skip_all(at: JsonStream) -> None:
    for _ in at.entries():
        at.skip()


@given(VALUES)
def test_what_is_gone_through_is_what_stands_there(value: Any) -> None:
    assert walk(stream(json.dumps(value))) == json.loads(json.dumps(value))


@given(VALUES, VALUES)
def test_behind_a_skipped_value_stands_the_next(first: Any, second: Any) -> None:
    at = stream(json.dumps([first, second]))
    places = at.entries()
    next(places)
    at.skip()
    next(places)
    assert at.take() == second


@pytest.mark.parametrize("text", ["[}", "[1, }", "[1", '["a', "[{"])
@pytest.mark.parametrize("go", [walk, skip_all])
def test_a_text_that_is_no_json_ends_the_walk(text: str, go: Callable[[JsonStream], Any]) -> None:
    with pytest.raises(Broken):
        go(stream(text))


def test_a_number_at_the_edge_of_a_piece_is_whole() -> None:
    blank = " " * (2**18 - 3)
    assert walk(stream(f"[{blank}12345]")) == [12345]


def test_nesting_beyond_all_measure_is_refused() -> None:
    with pytest.raises(Broken):
        stream("[" * 5000).skip()
