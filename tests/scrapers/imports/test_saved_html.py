from __future__ import annotations

import os
from datetime import UTC, datetime
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import ImportFormatError, ImportQuestion
from scrapers.imports.contract import Captured, ReadOptions
from scrapers.imports.routing import OFF_PLATFORM
from scrapers.imports.saved_html import reader
from scrapers.imports.warc import reader as warc_reader
from tests.scrapers.captured_items import POSTED, SEEN
from tests.scrapers.captured_pages import FACEBOOK, fb_comment, fb_story, html
from tests.scrapers.telegram_pages import channel_page, message

PAGE = html(fb_story(), fb_comment())
SINGLEFILE = (
    f"<!--\n Page saved with SingleFile \n url: {FACEBOOK} \n saved date: Wed Oct 02 2024 10:00:00 GMT+0700 (WIB)\n-->"
)


def saved(folder: Path, content: str | bytes, mtime: datetime = SEEN) -> Path:
    path = folder / "halaman.html"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (mtime.timestamp(), mtime.timestamp()))
    return path


def read(path: Path, options: ReadOptions | None = None) -> list[Captured]:
    return list(reader.read(path, options or ReadOptions()))


def with_head(head: str) -> str:
    return PAGE.replace("<!DOCTYPE html>", f"<!DOCTYPE html>{head}")


def test_singlefile_says_which_page_it_is_and_when_it_was_saved(tmp_path: Path) -> None:
    (captured,) = read(saved(tmp_path, with_head(SINGLEFILE), datetime(2026, 1, 1, tzinfo=UTC)))
    assert captured.collected_at == SEEN
    assert {item.item_id for item in captured.items} == {"900001", "700001"}


def test_chromiums_comment_says_which_page_it_is(tmp_path: Path) -> None:
    (captured,) = read(saved(tmp_path, with_head(f"<!-- saved from url=(0040){FACEBOOK} -->")))
    assert captured.source == "facebook"


@pytest.mark.parametrize(
    "tag",
    [
        f'<link rel="canonical" href="{FACEBOOK}">',
        f"<link href='{FACEBOOK}?a=1&amp;b=2' rel=canonical />",
        f'<meta property="og:url" content="{FACEBOOK}"/>',
    ],
)
def test_the_pages_own_address_is_taken_where_no_comment_gives_one(tmp_path: Path, tag: str) -> None:
    text = PAGE.replace("<title>", f"{tag}<title>")
    if "href='" in tag:  # the name of the relation may stand after the address
        tag = tag.replace(" rel=canonical", "").replace("<link", "<link rel=canonical")
        text = PAGE.replace("<title>", f"{tag}<title>")
    assert read(saved(tmp_path, text))[0].source == "facebook"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("tg://resolve?domain=kanal_contoh", "https://t.me/s/kanal_contoh"),
        ("tg://resolve?domain=kanal_contoh&amp;post=12", "https://t.me/kanal_contoh/12"),
    ],
)
def test_telegrams_link_to_its_app_tells_the_address(tmp_path: Path, link: str, address: str) -> None:
    page = channel_page(message(12)).replace("<head>", f'<head><meta property="al:ios:url" content="{link}">', 1)
    (captured,) = read(saved(tmp_path, page))
    assert address.encode() in captured.raw


def test_an_address_that_a_person_gives_wins(tmp_path: Path) -> None:
    path = saved(tmp_path, with_head("<!-- saved from url=(0020)https://contoh.test/ -->"))
    assert read(path, ReadOptions(url=FACEBOOK))[0].source == "facebook"
    assert read(path)[0].skipped == OFF_PLATFORM


def test_a_page_without_an_address_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(ImportQuestion, match="alamat"):
        read(saved(tmp_path, PAGE))


def test_a_page_without_a_date_was_saved_at_the_latest_when_it_was_written(tmp_path: Path) -> None:
    (captured,) = read(saved(tmp_path, with_head(f"<!-- saved from url=(0040){FACEBOOK} -->")))
    assert captured.collected_at == SEEN


def test_a_files_time_that_cannot_be_true_is_asked_about(tmp_path: Path) -> None:
    path = saved(
        tmp_path, with_head(f"<!-- saved from url=(0040){FACEBOOK} -->"), datetime.fromtimestamp(POSTED - 9, UTC)
    )
    with pytest.raises(ImportQuestion, match="kapan"):
        read(path)
    assert read(path, ReadOptions(captured_at=SEEN))[0].items


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "windows-1252"])
def test_encodings_are_read(tmp_path: Path, charset: str) -> None:
    text = with_head(SINGLEFILE).replace("<title>", f'<meta charset="{charset}"><title>é')
    assert read(saved(tmp_path, text.encode(charset)))[0].items


def test_mhtml_gives_its_page_with_its_address_and_time(tmp_path: Path) -> None:
    message = MIMEMultipart("related")
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = FACEBOOK
    message["Date"] = "Wed, 02 Oct 2024 03:00:00 -0000"
    message.attach(MIMEText(PAGE, "html", "utf-8"))
    path = saved(tmp_path, message.as_bytes(), datetime(2026, 1, 1, tzinfo=UTC))
    assert reader.sniff(path.read_bytes()[:65536], path)
    (captured,) = read(path)
    assert (captured.source, len(captured.items)) == ("facebook", 2)


def test_a_page_that_is_cut_off_gives_what_came_whole(tmp_path: Path) -> None:
    text = with_head(SINGLEFILE)
    assert [item.item_id for item in read(saved(tmp_path, text[: text.rindex("Lanjutkan")]))[0].items] == ["900001"]


def test_what_is_kept_can_be_read_again(tmp_path: Path) -> None:
    (captured,) = read(saved(tmp_path, with_head(SINGLEFILE)))
    (tmp_path / "b.warc").write_bytes(captured.raw)
    (again,) = read(tmp_path / "b.warc")
    assert [again] == list(warc_reader.read(tmp_path / "b.warc", ReadOptions()))
    assert again.items == captured.items


def test_a_large_page_is_read(tmp_path: Path) -> None:
    text = with_head(SINGLEFILE).replace("</body>", "<p>isi</p>" * 2_500_000 + "</body>")
    assert len(read(saved(tmp_path, text))[0].items) == 2


@pytest.mark.parametrize("head", [b"<!DOCTYPE html>", b"\xef\xbb\xbf<html>", b"<!-- x --><html>"])
def test_pages_are_known_by_their_content(tmp_path: Path, head: bytes) -> None:
    assert reader.sniff(head, tmp_path)


@pytest.mark.parametrize("head", [b"{}", b"nama,nip\n", b"PK\x03\x04", b"", b"<?xml version='1.0'?><a/>"])
def test_other_files_are_no_pages(tmp_path: Path, head: bytes) -> None:
    assert not reader.sniff(head, tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, 1 << 20), st.text(max_size=6)), max_size=6), cut=st.integers(0, 1 << 20)
)
def test_a_damaged_page_never_crashes(tmp_path: Path, changes: list[tuple[int, str]], cut: int) -> None:
    text = with_head(SINGLEFILE)
    for place, word in changes:
        at = place % len(text)
        text = text[:at] + word + text[at + len(word) :]
    path = saved(tmp_path, text[: len(text) - cut % len(text)].encode("utf-8", "replace"))
    try:
        found = read(path)
    except ImportFormatError:
        return
    assert all(captured.items or captured.acts or captured.skipped for captured in found)
