"""Web archives in one file: how their index finds addresses, and that nothing in them changes unseen."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
import surt
from hypothesis import given
from hypothesis import strategies as st

from monitor.evidence.wacz import Cover, Page, index_key, warc_of, write_wacz
from monitor.evidence.warc import Exchange, write_warc
from monitor.evidence.zip_file import Slice, ZipFault
from tests.evidence.bundles import LIKES, URL, file

AT = datetime(2024, 10, 5, 13, 0, tzinfo=UTC)
ADDRESSES = (
    URL,
    "https://t.me/s/Budi_Contoh?before=5",
    "https://sosial.contoh.test/api/v1/statuses/1/favourited_by?limit=80",
    "https://www.YouTube.com/watch?v=aB&t=1s",
    "https://x.com/i/api/graphql/abc/Likes?variables=%7B%22userId%22%3A%221%22%7D",
    "https://contoh.test/",
    "https://contoh.test:8443/a/?x=%C3%A9%20b",
    "http://contoh.test:80/A",
)


def archive(folder: Path, urls: tuple[str, ...] = (URL,)) -> bytes:
    one = file(LIKES)
    given = [
        Exchange(url, url, 200, (("content-type", "application/json"),), AT, one.sha256, LIKES, "bluesky", "bluesky/2")
        for url in urls
    ]
    with (folder / "a.warc.gz").open("wb") as out:
        write_warc(given, out, {"software": "contoh"})
    made = io.BytesIO()
    write_wacz(folder / "a.warc.gz", [Page(URL, AT, "Suka")], Cover("Judul", "Isi", AT, "contoh"), made)
    return made.getvalue()


def whole(data: bytes) -> Slice:
    return Slice(io.BytesIO(data), 0, len(data))


@pytest.mark.parametrize("url", ADDRESSES)
def test_addresses_are_found_by_the_keys_that_other_archives_use(url: str) -> None:
    assert index_key(url) == surt.surt(url)


@given(st.text(max_size=60))
def test_every_address_has_a_key_without_spaces(text: str) -> None:
    for url in (text, f"https://{text}", f"https://contoh.test/{text}"):
        assert not {" ", "\n"} & set(index_key(url.encode("utf-8", "replace").decode()))


def test_the_index_names_answers_and_not_what_is_known_of_them(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive(tmp_path, ADDRESSES))) as opened:
        lines = opened.read("indexes/index.cdx").decode().splitlines()
        warc = opened.read("archive/data.warc.gz")
    told = [json.loads(line.split(" ", 2)[2]) for line in lines]
    assert sorted(one["url"] for one in told) == sorted(ADDRESSES)
    assert lines == sorted(lines)
    assert {warc[int(one["offset"])] for one in told} == {0x1F}


def test_a_reader_begins_at_the_first_page(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive(tmp_path))) as opened:
        assert json.loads(opened.read("datapackage.json"))["mainPageUrl"] == URL
        assert [json.loads(line).get("url") for line in opened.read("pages/pages.jsonl").splitlines()] == [None, URL]


def test_two_archives_of_the_same_are_the_same(tmp_path: Path) -> None:
    assert archive(tmp_path) == archive(tmp_path)


@given(st.data())
def test_a_changed_byte_anywhere_is_found(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.getbasetemp()
    held = bytearray(archive(folder))
    at = data.draw(st.integers(0, len(held) - 1))
    held[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ZipFault):
        warc_of(whole(bytes(held)))


def test_an_untouched_archive_passes(tmp_path: Path) -> None:
    assert warc_of(whole(archive(tmp_path))).size > 0
