from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import LayoutChanged, UnexpectedContent
from scrapers import pick
from scrapers.contract import Response
from tests.scrapers.loopback import START


def a_response(body: bytes) -> Response:
    return Response("https://c.example/a", "https://c.example/a", 200, {}, body, START, "0" * 64)


@pytest.mark.parametrize("body", [b'{"a":', b"teks", b"", b'{"a":1}}', b"[" * 100_000])
def test_a_body_that_is_not_whole_json_is_unexpected(body: bytes) -> None:
    with pytest.raises(UnexpectedContent):
        pick.json_body(a_response(body))


def test_a_body_in_another_encoding_is_unexpected() -> None:
    with pytest.raises(UnexpectedContent, match="UTF-8"):
        pick.json_body(a_response('{"a":"é"}'.encode("latin-1")))


def test_half_a_surrogate_pair_spoils_its_own_text_only() -> None:
    raw = pick.mapping(pick.json_body(a_response(b'{"a":"x\\ud83dy","b":"utuh"}')), "")
    assert (pick.text(raw, "a"), pick.text(raw, "b")) == ("x\ufffdy", "utuh")


def test_nul_is_replaced() -> None:
    assert pick.text({"a": "x\x00y"}, "a") == "x\ufffdy"


@pytest.mark.parametrize("raw", [{}, {"a": None}, {"a": 1}, {"a": ""}])
def test_a_word_must_be_there(raw: dict[str, object]) -> None:
    with pytest.raises(LayoutChanged, match="a"):
        pick.word(raw, "a")


@pytest.mark.parametrize("value", [True, -1, 2**60, 1.5, "3"])
def test_a_count_is_a_plain_number(value: object) -> None:
    with pytest.raises(LayoutChanged):
        pick.count({"a": value}, "a")


def test_an_array_that_must_hold_something_does() -> None:
    assert pick.some({"a": [1]}, "a") == [1]
    with pytest.raises(LayoutChanged):
        pick.some({"a": []}, "a")


@pytest.mark.parametrize("text", ["2026-11-20T18:00:00Z", "2026-11-21T01:00:00.000+07:00", "2026-11-20T18:00:00+00:00"])
def test_a_time_is_read_in_utc(text: str) -> None:
    assert pick.moment({"a": text}, "a") == datetime(2026, 11, 20, 18, tzinfo=UTC)


def test_a_time_without_a_zone_says_nothing() -> None:
    assert pick.stamp("2026-11-20T18:00:00") is None


@given(st.one_of(st.text(), st.integers(), st.none(), st.floats(), st.lists(st.integers())))
def test_no_value_breaks_the_reading_of_a_time(value: object) -> None:
    found = pick.stamp(value)
    assert found is None or found.tzinfo is UTC


def test_fields_that_nobody_knows_are_named() -> None:
    assert pick.unknown_fields({"a": 1, "b": 2, "c": 3}, ("a",), ("b",), ".x") == (".x.c",)


def test_nodes_are_counted() -> None:
    tree = pick.html("<p class=a>1</p><p class=b>2</p><p class=b>3</p>")
    assert pick.one_node(tree, ".a").text() == "1"
    assert len(pick.some_nodes(tree, ".b")) == 2
    assert pick.maybe_node(tree, ".c") is None
    for take, css in ((pick.one_node, ".b"), (pick.some_nodes, ".c"), (pick.maybe_node, ".b")):
        with pytest.raises(LayoutChanged):
            take(tree, css)


@pytest.mark.parametrize("value", ["javascript:alert(1)", "https://", "https://a b/", "//x", "http://[", "x"])
def test_what_is_no_web_address_is_no_link(value: str) -> None:
    assert not pick.web_address(value)
