from __future__ import annotations

import json
import lzma
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.domain import ItemKind
from monitor.errors import ImportFormatError, ImportQuestion
from scrapers.imports.contract import Captured, ReadOptions
from scrapers.imports.instaloader import reader
from scrapers.platforms.instagram.urls import item_url
from tests.scrapers.captured_items import POSTED, instagram_graph, instagram_id, instagram_post

ASN = {"id": "5003", "username": "asn.contoh"}
COMMENTS = [
    {
        "id": 18001,
        "created_at": POSTED + 10,
        "text": "Lanjutkan",
        "owner": ASN,
        "likes_count": 3,
        "answers": [{"id": 18002, "created_at": POSTED + 20, "text": "siap", "owner": ASN, "likes_count": 0}],
    }
]


def stored(kind: str = "Post", node: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"node": node or instagram_graph(), "instaloader": {"version": "4.14", "node_type": kind}}


def write(folder: Path, value: Any, name: str = "2024-10-01_01-00-00_UTC.json") -> Path:
    path = folder / name
    data = json.dumps(value).encode()
    path.write_bytes(lzma.compress(data) if name.endswith(".xz") else data)
    return path


def read(path: Path, options: ReadOptions | None = None) -> list[Captured]:
    assert reader.sniff(path.read_bytes()[:65536], path)
    return list(reader.read(path, options or ReadOptions()))


@pytest.mark.parametrize("name", ["a.json", "a.json.xz"])
def test_a_post_is_read(tmp_path: Path, name: str) -> None:
    (captured,) = read(write(tmp_path, stored(), name))
    assert captured.items[0].item_id == instagram_id(1)


def test_a_post_made_up_from_the_item_list_is_read_in_that_form(tmp_path: Path) -> None:
    listed = instagram_post()
    made_up = {"id": listed["pk"], "shortcode": listed["code"], "date": listed["taken_at"], "__typename": "GraphImage"}
    (captured,) = read(write(tmp_path, stored(node={**made_up, "caption": "Halo", "iphone_struct": listed})))
    (item, *_) = captured.items
    assert (item.item_id, item.author and item.author.user_id, item.published.occurred_at, item.comment_count) == (
        instagram_id(1), listed["user"]["pk"], datetime.fromtimestamp(POSTED, UTC), listed["comment_count"],
    )  # fmt: skip


def test_what_is_kept_can_be_read_again(tmp_path: Path) -> None:
    (first,) = read(write(tmp_path, stored()))
    (tmp_path / "lagi.json").write_bytes(first.raw)
    (again,) = read(tmp_path / "lagi.json")
    assert {item.item_id for item in again.items} == {item.item_id for item in first.items}


def test_comments_find_their_post_beside_them(tmp_path: Path) -> None:
    node = instagram_graph(shortcode=item_url(instagram_id(1)).rstrip("/").rpartition("/")[2])
    write(tmp_path, stored(node=node), "2024-10-01.json.xz")
    (captured,) = read(write(tmp_path, COMMENTS, "2024-10-01_comments.json"))
    comment, answer = captured.items
    assert (comment.kind, comment.parent_id, comment.like_count) == (ItemKind.COMMENT, instagram_id(1), 3)
    assert (answer.parent_id, answer.root_id) == ("18001", instagram_id(1))


def test_comments_find_their_post_by_an_address_that_a_person_gives(tmp_path: Path) -> None:
    (captured,) = read(write(tmp_path, COMMENTS, "k.json"), ReadOptions(url=item_url(instagram_id(1))))
    assert captured.items[0].root_id == instagram_id(1)


def test_comments_without_their_post_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(ImportQuestion, match="unggahannya"):
        read(write(tmp_path, COMMENTS, "k.json"))


def test_a_profile_is_skipped_with_a_reason(tmp_path: Path) -> None:
    (captured,) = read(write(tmp_path, stored("Profile", {"id": "5001", "username": "budi.contoh"})))
    assert "profil" in (captured.skipped or "")


def test_a_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportFormatError, match="penanda lanjutan"):
        read(write(tmp_path, stored("FrozenNodeIterator", {"query_hash": "x"})))


@pytest.mark.parametrize("name", ["a.json", "a.json.xz"])
def test_a_cut_file_is_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, stored(), name)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ImportFormatError):
        list(reader.read(path, ReadOptions()))


@pytest.mark.parametrize("head", [b"{}", b"[]", b'[{"id": 1}]', b"\xfd7zXZ\x00rusak", b"nama,nip"])
def test_other_files_are_not_taken_for_instaloaders(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "lain.json"
    path.write_bytes(head)
    assert not reader.sniff(head, path)
