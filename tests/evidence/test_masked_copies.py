"""Readable copies: what the office does not store of registered people is not in them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.evidence.masked import Known, is_part, remaining

AT = datetime(2024, 10, 5, 13, 30, tzinfo=UTC)
KNOWN = Known(
    words=frozenset({"did:plc:asn1", "pegawai1.contoh.test", "12345"}),
    moments=frozenset({AT}),
    texts=("Lanjutkan Pak Budi", "Halo @[akun lain], pilih @[akun lain]!"),
)
LIKES = {
    "cursor": "abc",
    "likes": [
        {"actor": {"did": "did:plc:tetangga", "handle": "warga.rekaan.test", "displayName": "WARGA REKAAN"}},
        {"actor": {"did": "did:plc:asn1", "handle": "pegawai1.contoh.test", "viewer": {"muted": False}},
         "createdAt": "2024-10-05T13:30:00.000Z", "indexedAt": "2024-10-05T13:31:00.000Z"},
        {"actor": {"did": "did:plc:lain"}},
    ],
}  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.sampled_from(sorted(KNOWN.words)),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=8), inner, max_size=5),
    max_leaves=25,
)


def copy_of(value: object) -> Any:
    return remaining(json.dumps(value).encode(), KNOWN)


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [] if value is None else [value]


def test_of_many_people_only_the_registered_one_remains_in_place() -> None:
    kept = {"actor": {"did": "did:plc:asn1", "handle": "pegawai1.contoh.test"}, "createdAt": "2024-10-05T13:30:00.000Z"}
    assert copy_of(LIKES) == {"likes": [None, kept, None]}


@given(VALUES)
def test_every_value_that_remains_is_known(value: object) -> None:
    allowed = KNOWN.words | set(KNOWN.texts)
    assert [leaf for leaf in leaves(copy_of(value)) if str(leaf).lstrip("@") not in allowed] == []


@given(VALUES)
def test_a_copy_is_part_of_its_answer(value: object) -> None:
    assert is_part(copy_of(value), json.loads(json.dumps(value)))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Lanjutkan Pak Budi", "Lanjutkan Pak Budi"),
        ("Lanjutkan Pak Budi!", None),
        ("Halo @warga.test, pilih @tetangga!", "Halo @[akun lain], pilih @[akun lain]!"),
        ("Halo warga tetangga, pilih @dia!", None),
        ("Halo , pilih @dia!", None),
        ("@pegawai1.contoh.test", "@pegawai1.contoh.test"),
    ],
)
def test_a_text_remains_as_the_office_stores_it(said: str, kept: str | None) -> None:
    assert copy_of({"text": said}) == ({"text": kept} if kept else None)


@pytest.mark.parametrize(
    ("value", "stays"),
    [(12345, True), (54321, False), (int(AT.timestamp()), True), (int(AT.timestamp() * 1000), True), (10**30, False),
     ("2024-10-05T20:30:00+07:00", True), ("2024-10-05T13:30:00", False), ("2024-13-45T13:30:00Z", False),
     (True, False)],
)  # fmt: skip
def test_numbers_and_moments_remain_when_they_are_known(value: object, stays: bool) -> None:
    assert (copy_of([value]) is not None) == stays


def test_names_of_fields_under_which_nothing_known_stands_are_gone() -> None:
    assert copy_of({"users": {"warga.rekaan": {"verified": True}, "x": "did:plc:asn1"}}) == {
        "users": {"x": "did:plc:asn1"}
    }


@pytest.mark.parametrize(
    "name", ["warga.rekaan.test", "did:plc:tetangga", "98765432", "WARGA REKAAN", "https://rekaan.test/warga"]
)
def test_a_name_under_which_a_platform_lists_somebody_unknown_is_gone(name: str) -> None:
    assert copy_of({"users": {name: {"follows": "did:plc:asn1"}}}) is None


def test_a_plain_name_is_gone_where_what_lies_under_it_says_it_again() -> None:
    listed = {"warga": {"user": {"uniqueId": "@warga"}, "likes": "did:plc:asn1"}, "12345": {"id": "did:plc:asn1"}}
    assert copy_of({"users": listed}) == {"users": {"12345": {"id": "did:plc:asn1"}}}


@pytest.mark.parametrize(
    "name", ["$type", "@context", "__typename", "created_at", "image_2x", "sha256", "edge_media_to_comment", "id_str"]
)
def test_names_of_fields_as_platforms_write_them_remain(name: str) -> None:
    assert copy_of({name: "did:plc:asn1"}) == {name: "did:plc:asn1"}


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"[" * 200_000, b'{"a": 1', b"[" * 900 + b"]" * 900])
def test_what_is_no_json_of_reasonable_depth_leaves_nothing(body: bytes) -> None:
    assert remaining(body, KNOWN) is None


@pytest.mark.parametrize(
    ("copy", "original"),
    [({"a": "x"}, {"a": "y"}), ({"a": "x"}, {}), (["x"], ["x", "y"]), (["x", None], ["x"]), (1, True), ({"a": 1}, [1])],
)
def test_what_does_not_stand_in_the_answer_is_no_part_of_it(copy: object, original: object) -> None:
    assert not is_part(copy, original)
