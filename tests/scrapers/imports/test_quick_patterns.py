"""No text, however hostile, makes a pattern go over it again and again: a million letters are read, not a few."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import ImportFormatError, ImportQuestion
from scrapers.credentials import scrub
from scrapers.imports import page_json, saved_html, whatsapp
from scrapers.imports.contract import ReadOptions, SavedPage
from scrapers.platforms.youtube import innertube
from scrapers.wire import Answer

LONG = 1_000_000  # with a pattern that starts anew at each letter such a text takes hours


def test_a_message_of_blanks_is_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(f"13/01/24 10.00 - Budi: a{' ' * LONG}b\n", encoding="utf-8")
    found = list(whatsapp.reader.read(path, ReadOptions(timezone="Asia/Jakarta")))
    assert [one.skipped for one in found] == [None]


def test_blanks_behind_a_recorder_s_mark_are_passed_at_once(tmp_path: Path) -> None:
    path = tmp_path / "halaman.html"
    path.write_text(f"<html><!-- Page saved with SingleFile{chr(10) * LONG}x --></html>", encoding="utf-8")
    with pytest.raises((ImportQuestion, ImportFormatError)):
        list(saved_html.reader.read(path, ReadOptions()))


def test_openings_that_are_no_values_are_passed_at_once() -> None:
    assert list(page_json.literals("[{" * (LONG // 40))) == []


def test_a_value_behind_many_false_openings_keeps_its_name() -> None:
    found = list(page_json.literals("[{" * 20_000 + ' data = {"a": 1};'))
    assert [(one.value, one.assigned) for one in found] == [({"a": 1}, "data")]


def test_a_character_set_behind_blanks_is_passed_at_once() -> None:
    page = SavedPage("", b"\xff", f"text/html; charset{' ' * LONG}", datetime(2026, 11, 1, tzinfo=UTC))
    assert page_json.page_text(page) == "\ufffd"


def test_a_run_of_backslashes_in_an_answer_is_scrubbed_at_once() -> None:
    assert scrub(Answer(200, {}, b"\\" * LONG, ""), "-rahasia-contoh").body == b"\\" * LONG


def test_addresses_of_many_videos_are_passed_at_once() -> None:
    innertube.gather(iter([{"url": "/watch?" + "&v=AAAAAAAAAAA" * (LONG // 14)}]))


def test_the_comment_s_video_is_known_by_its_address() -> None:
    found = innertube.gather(iter([{"url": "/watch?app=m&v=AbCdEfGhIjK&amp;lc=UgContoh.1"}]))
    assert found.videos_of == {"UgContoh.1": "AbCdEfGhIjK"}
