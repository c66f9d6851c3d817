from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import ItemKind
from scrapers.imports.cleaning import clean
from scrapers.imports.contract import Mapped, Mapper
from scrapers.platforms.instagram import mapper as instagram
from scrapers.platforms.tiktok import mapper as tiktok
from scrapers.platforms.x import mapper as x
from tests.scrapers.captured_items import (
    SEEN,
    instagram_comment,
    instagram_graph,
    instagram_post,
    tiktok_comment,
    tiktok_post,
    tweet,
    x_id,
    x_user,
)

REPOST = tweet(
    3,
    retweeted_status_result={
        "result": tweet(
            2, core=x_user("7002", "s"), quoted_status_result={"result": tweet(1)}, quoted_status_id_str=x_id(1)
        )
    },
)
SAMPLES: dict[str, tuple[Mapper, dict[str, Any]]] = {
    "repost": (x.map_item, REPOST),
    "reply": (x.map_item, tweet(2, in_reply_to_status_id_str=x_id(1), in_reply_to_user_id_str="7002")),
    "post": (
        instagram.map_item,
        instagram_post(coauthor_producers=[{"pk": "5003"}], carousel_media=[{"usertags": {}}]),
    ),
    "graph": (instagram.map_item, instagram_graph()),
    "comment": (instagram.map_item, instagram_comment()),
    "video": (tiktok.map_item, tiktok_post(contents=[{"desc": "a", "textExtra": []}], imagePost={"title": "b"})),
    "reply-tree": (tiktok.map_item, {**tiktok_comment(2), "reply_comment": [tiktok_comment(3)]}),
}
ODD = st.sampled_from(
    [None, True, False, 0, -1, 1.5, 10**30, "", "0", "x", "\0", "1" * 50, "٣", [], {}, [None], [[]], {"a": {}}, [{}]]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield (*path, key)
        yield from places(entry, (*path, key))


def mutate(raw: dict[str, Any], choose: Callable[[st.SearchStrategy[Any]], Any]) -> dict[str, Any]:
    changed = copy.deepcopy(raw)
    for _ in range(choose(st.integers(1, 4))):
        spots = list(places(changed))
        if not spots:
            break
        *way, last = choose(st.sampled_from(spots))
        holder: Any = changed
        for step in way:
            holder = holder[step]
        if choose(st.booleans()):
            del holder[last]
        else:
            holder[last] = copy.deepcopy(choose(ODD))
    return changed


def assert_sound(result: Mapped) -> None:
    for item in result.items:
        assert item.author is not None
        assert item.author.user_id.isascii()
        assert item.author.user_id.isdigit()
        assert item.published.exact
        assert "\0" not in item.text
        assert item.kind is not ItemKind.COMMENT or item.parent_id
    for act in result.acts:
        assert act.actor.user_id.isdigit()
        assert act.target_id.isdigit()
    assert result.skipped is None or not (result.items or result.acts)
    assert result.items or result.acts or result.skipped
    json.dumps([issue.detail for issue in result.issues])


@pytest.mark.parametrize("name", SAMPLES)
@given(data=st.data())
def test_a_mutated_item_never_raises_and_never_gives_a_half_read_record(name: str, data: st.DataObject) -> None:
    mapper, raw = SAMPLES[name]
    assert_sound(mapper(mutate(raw, data.draw), SEEN))


@pytest.mark.parametrize("name", SAMPLES)
def test_taking_out_session_parameters_changes_no_record(name: str) -> None:
    mapper, raw = SAMPLES[name]
    plain, cleaned = mapper(raw, SEEN), mapper(clean(raw), SEEN)
    assert (cleaned.items, cleaned.acts) == (plain.items, plain.acts)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("other", [x.map_item, instagram.map_item, tiktok.map_item])
def test_items_of_other_platforms_never_raise(name: str, other: Mapper) -> None:
    other(SAMPLES[name][1], SEEN)


@pytest.mark.parametrize("name", SAMPLES)
def test_mapping_twice_gives_the_same(name: str) -> None:
    mapper, raw = SAMPLES[name]
    before = copy.deepcopy(raw)
    assert mapper(raw, SEEN) == mapper(raw, SEEN)
    assert raw == before
