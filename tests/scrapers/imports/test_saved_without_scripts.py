"""Pages as SingleFile saves them: what the browser shows, and no script."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.imports.contract import ReadOptions, SavedPage
from scrapers.imports.routing import NO_CONTENT, Routed, capture_page
from scrapers.imports.saved_html import reader
from scrapers.imports.warc import reader as warc_reader
from tests.scrapers.captured_items import SEEN, instagram_id
from tests.scrapers.platforms import test_facebook_rendered as facebook
from tests.scrapers.platforms import test_instagram_rendered as instagram

PAGES = {
    "facebook": (facebook.URL, facebook.shown(facebook.post(facebook.comment())), {"900001", "700001"}),
    "instagram": (instagram.URL, instagram.listed(instagram.entry()), {instagram_id(1), "18010"}),
}


@pytest.mark.parametrize("platform", PAGES)
def test_a_page_without_scripts_gives_what_it_shows(tmp_path: Path, platform: str) -> None:
    url, body, expected = PAGES[platform]
    mark = (
        f"<!--\n Page saved with SingleFile \n url: {url} \n saved date: Wed Oct 02 2024 10:00:00 GMT+0700 (WIB)\n-->"
    )
    path = tmp_path / "halaman.html"
    path.write_text(body.replace("<!DOCTYPE html>", f"<!DOCTYPE html>{mark}"), encoding="utf-8")
    (captured,) = reader.read(path, ReadOptions())
    assert (captured.source, captured.collected_at) == (platform, SEEN)
    assert {item.item_id for item in captured.items} == expected


@pytest.mark.parametrize("platform", PAGES)
def test_what_is_kept_of_it_gives_the_same_again(tmp_path: Path, platform: str) -> None:
    url, body, _ = PAGES[platform]
    (captured,) = capture_page(1, SavedPage(url, body.encode(), "text/html", SEEN), Routed())
    (tmp_path / "a.warc").write_bytes(captured.raw)
    (again,) = warc_reader.read(tmp_path / "a.warc", ReadOptions())
    assert (again.items, again.acts) == (captured.items, captured.acts)


@pytest.mark.parametrize("platform", PAGES)
@pytest.mark.parametrize("part", range(0, 100, 7))
def test_a_page_that_is_cut_off_never_fails(platform: str, part: int) -> None:
    url, body, expected = PAGES[platform]
    cut = body[: len(body) * part // 100].encode()
    for one in capture_page(1, SavedPage(url, cut, "text/html", SEEN), Routed()):
        assert {item.item_id for item in one.items} <= expected
        assert one.items or one.skipped


@pytest.mark.parametrize("platform", PAGES)
def test_a_page_that_shows_nothing_says_so(platform: str) -> None:
    page = SavedPage(PAGES[platform][0], b"<!doctype html><html><body><p>Memuat</p></body></html>", "text/html", SEEN)
    (one,) = capture_page(1, page, Routed())
    assert one.skipped == NO_CONTENT
