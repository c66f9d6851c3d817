"""Shapes of answers: what is counted, and which changes are told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.shapes import Change, Shape, changes, note_body, note_page, note_value, rates


def fills(*answers: Any) -> dict[str, int]:
    shape = Shape()
    for answer in answers:
        note_value(shape, answer)
    return dict(shape.fills)


def feed(entries: int, **fields: Any) -> dict[str, Any]:
    return {"feed": [{"id": str(n), "text": "Halo", **fields} for n in range(entries)]}


USUAL = [fills(*[feed(5, likes=1)] * 10)] * 3


def test_paths_are_named_with_their_types_and_lists_are_one() -> None:
    assert fills({"feed": [{"id": "1", "likes": 2}, {"id": "2", "likes": None}]}) == {
        ":dict": 1, "feed:list": 1, "feed[]:dict": 2, "feed[].id:str": 2, "feed[].likes:int": 1, "feed[].likes:null": 1,
    }  # fmt: skip


def test_a_rate_is_the_share_of_the_objects_around() -> None:
    assert rates(fills({"feed": [{"a": 1}, {"a": None}, {}, {"a": 2}]}))["feed[].a"] == (0.5, 4)


@pytest.mark.parametrize("name", ["did:plc:abc", "budi.contoh", "4001234", "a1b2c3d4e5f6a7b8c9d0e1f2", "x" * 60])
def test_names_that_look_like_data_are_never_kept(name: str) -> None:
    assert not any(name in path for path in fills({"users": {name: {"id": 1}}}))


def test_a_map_of_like_things_keeps_none_of_its_names() -> None:
    assert not any("budi" in path for path in fills({"budi": {"id": 1}, "siti": {"id": 2}, "raka": {"id": 3}}))


def test_the_name_of_an_account_is_not_kept_where_it_is_the_name_of_a_field() -> None:
    module = {"stats": {"siti_contoh": {"fans": 1}}, "seen": {"Siti_Contoh": 1}, "of": [{"uniqueId": "siti_contoh"}]}
    assert not [path for path in fills(module) if "siti" in path.lower()]


def test_what_stands_under_users_is_a_map_however_few_they_are() -> None:
    assert {path for path in fills({"users": {"siti_contoh": {"fans": 1}}}) if "{}" in path} == {
        "users.{}:dict", "users.{}.fans:int",
    }  # fmt: skip


def test_replies_of_replies_fold_into_one_path() -> None:
    node: dict[str, Any] = {"replies": []}
    for _ in range(6):
        node = {"replies": [node]}
    assert {path for path in fills(node) if "replies" in path} == {
        "replies:list", "replies[]:dict", "replies[].replies:list", "replies[].replies:empty",
    }  # fmt: skip


def test_the_same_fields_give_the_same_signature_in_any_number_and_order() -> None:
    first, second = Shape(), Shape()
    note_value(first, feed(3, likes=1))
    note_value(second, {"feed": [{"likes": 5, "text": "Lain", "id": "9"}] * 7})
    assert first.signature == second.signature
    note_value(second, feed(1, baru=1))
    assert first.signature != second.signature


def test_nothing_is_told_while_nothing_changes() -> None:
    assert changes(USUAL[0], 50, USUAL) == ()


def test_a_field_that_was_always_there_and_is_gone_is_told() -> None:
    assert changes(fills(*[feed(5)] * 10), 50, USUAL[:1]) == (Change("gone", "feed[].likes", 1.0, 0.0),)


def test_only_the_topmost_of_what_is_gone_is_named() -> None:
    before = [fills(*[feed(5, author={"id": "7", "name": "A"})] * 10)]
    assert [c.path for c in changes(fills(*[feed(5)] * 10), 50, before)] == ["feed[].author"]


def test_a_fill_rate_that_falls_by_more_than_thirty_points_is_told() -> None:
    half = fills(*[{"feed": [{"id": "1", "text": "A", "likes": 1}, {"id": "2", "text": "A", "likes": None}]}] * 20)
    assert changes(half, 40, USUAL) == (Change("less", "feed[].likes", 1.0, 0.5),)


def test_a_drop_needs_three_days_that_say_something() -> None:
    half = fills(*[{"feed": [{"id": "1", "likes": 1}, {"id": "2", "likes": None}]}] * 20)
    assert not [c for c in changes(half, 40, USUAL[:2]) if c.kind == "less"]


def test_too_few_answers_tell_nothing() -> None:
    assert changes(fills(feed(5)), 5, USUAL) == ()


def test_pages_that_grow_short_although_more_follow_are_told() -> None:
    def paged(entries: int) -> dict[str, int]:
        shape = Shape()
        for _ in range(6):
            note_page(shape, entries, goes_on=True, broken=0)
        return dict(shape.fills)

    assert changes(paged(10), 60, [paged(100)]) == (Change("paging", "", 100.0, 10.0),)
    assert changes(paged(90), 540, [paged(100)]) == ()


def test_many_entries_that_cannot_be_read_are_told_without_any_history() -> None:
    shape = Shape()
    note_page(shape, 6, goes_on=False, broken=6)
    assert changes(dict(shape.fills), 6, []) == (Change("broken", "", 0.0, 0.5),)


def test_a_page_of_html_has_a_shape_of_its_classes() -> None:
    shape = Shape()
    note_body(shape, b'<html><div class="pesan teks"><p class=isi>Halo</p></div></html>')
    assert dict(shape.fills) == {"page:dict": 1, "page.pesan:node": 1, "page.teks:node": 1, "page.isi:node": 1}


def test_paths_met_once_in_many_answers_are_not_kept() -> None:
    shape = Shape()
    for number in range(5):
        note_value(shape, feed(2, **({"sekali": 1} if not number else {})))
    shape.fills["feed[].sekali:int"] = 1
    assert "feed[].sekali:int" not in shape.kept()


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=30,
)


@given(values)
def test_any_answer_can_be_counted_and_held_against_itself(value: Any) -> None:
    shape = Shape()
    note_body(shape, json.dumps(value).encode())
    assert all(0 <= rate <= 1 for rate, _ in rates(shape.fills).values())
    assert changes(shape.fills, 1, [dict(shape.fills)] * 3) == ()


@given(st.binary(max_size=200))
def test_no_bytes_can_break_the_counting(body: bytes) -> None:
    note_body(Shape(), body)
