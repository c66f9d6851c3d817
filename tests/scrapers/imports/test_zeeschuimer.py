from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.errors import ImportFormatError
from scrapers.contract import ItemIssue
from scrapers.imports import zeeschuimer
from scrapers.imports.contract import UNKNOWN_FIELDS, Captured, Reader, ReadOptions
from scrapers.imports.zeeschuimer import MAX_LINE, reader
from tests.scrapers.captured_items import (
    SEEN,
    SEEN_MS,
    envelope,
    instagram_id,
    instagram_post,
    line,
    tiktok_comment,
    tiktok_post,
    tweet,
)
from tests.scrapers.captured_pages import fb_comment, fb_story, threads_post


def read(folder: Path, content: bytes) -> list[Captured]:
    path = folder / "tangkapan.ndjson"
    path.write_bytes(content)
    return list(reader.read(path, ReadOptions()))


def one(folder: Path, content: bytes) -> Captured:
    (captured,) = read(folder, content)
    return captured


GOOD = line(tweet(), "twitter.com")


def test_the_reader_fits_the_contract() -> None:
    held: Reader = reader
    assert held.name == "zeeschuimer"


@pytest.mark.parametrize(
    ("item", "module", "source"),
    [
        (tweet(), "twitter.com", "x"),
        (tweet(), "x.com", "x"),
        (instagram_post(), "instagram.com", "instagram"),
        (tiktok_post(), "tiktok.com", "tiktok"),
        (tiktok_comment(), "tiktok-comments", "tiktok"),
        (threads_post(instagram_id(1)), "threads.net", "threads"),
        (threads_post(instagram_id(1)), "threads.com", "threads"),
        (fb_story(), "facebook.com", "facebook"),
        ({"id": "feedback:900001", "edges": [{"node": fb_comment()}]}, "facebook-comments", "facebook"),
    ],
)
def test_each_module_goes_to_its_platforms_mapper(tmp_path: Path, item: dict, module: str, source: str) -> None:
    captured = one(tmp_path, line(item, module))
    assert (captured.source, captured.skipped, captured.items[0].platform) == (source, None, source)
    assert captured.mapper == f"{source}/1"


def test_the_time_of_capture_comes_from_the_envelope(tmp_path: Path) -> None:
    assert one(tmp_path, GOOD).collected_at == SEEN


@pytest.mark.parametrize(
    "written", [SEEN_MS, str(SEEN_MS), SEEN_MS // 1000, float(SEEN_MS), "2024-10-02T03:00:00+00:00"]
)
def test_every_form_of_capture_time_is_read(tmp_path: Path, written: object) -> None:
    assert one(tmp_path, line(tweet(), "x.com", timestamp_collected=written)).collected_at == SEEN


@pytest.mark.parametrize("written", [None, True, "kemarin", -5, 10**30, [], "2024-10-02T03:00:00"])
def test_an_item_without_a_capture_time_is_not_taken(tmp_path: Path, written: object) -> None:
    captured = one(tmp_path, line(tweet(), "x.com", timestamp_collected=written))
    assert captured.items == ()
    assert "waktu pengambilan" in (captured.skipped or "")


def test_older_envelopes_name_the_item_id_instead_of_item_id(tmp_path: Path) -> None:
    old = envelope(tweet(), "twitter.com")
    old["id"] = old.pop("item_id")
    assert one(tmp_path, json.dumps(old).encode()).items


def test_items_as_4cat_stores_them_are_read(tmp_path: Path) -> None:
    meta = envelope(tiktok_post(), "tiktok.com")
    flat = {**meta.pop("data"), "__import_meta": meta}
    captured = one(tmp_path, json.dumps(flat).encode())
    assert captured.items
    assert captured.collected_at == SEEN
    assert b"RAHASIA" not in captured.raw


def test_what_is_kept_of_4cats_form_can_be_read_again_with_the_same_result(tmp_path: Path) -> None:
    meta = envelope(tiktok_post(), "tiktok.com")
    first = one(tmp_path, json.dumps({**meta.pop("data"), "__import_meta": meta}).encode())
    assert one(tmp_path, first.raw).items == first.items


@pytest.mark.parametrize(
    ("item", "module"),
    [
        (tweet(), "x.com"),
        (instagram_post(), "instagram.com"),
        (tiktok_post(), "tiktok.com"),
        (tiktok_comment(), "tiktok-comments"),
    ],
)
def test_kept_lines_read_again_give_the_same_records_and_the_same_bytes(
    tmp_path: Path, item: dict, module: str
) -> None:
    first = one(tmp_path, line(item, module))
    again = one(tmp_path, first.raw)
    assert (again.items, again.acts, again.raw) == (first.items, first.acts, first.raw)


def test_a_byte_order_mark_windows_line_ends_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n") + b"\r\n\r\n   \n" + GOOD
    assert [c.line for c in read(tmp_path, content)] == [1, 5]
    assert all(c.items for c in read(tmp_path, content))


def test_a_half_written_last_line_is_an_issue_and_the_rest_stands(tmp_path: Path) -> None:
    good, cut = read(tmp_path, GOOD + GOOD[: len(GOOD) // 2])
    assert good.items
    assert cut.issues[0].kind == "broken_line"
    assert "terpotong" in cut.issues[0].detail


def test_a_complete_last_line_without_line_end_is_read(tmp_path: Path) -> None:
    assert one(tmp_path, GOOD.rstrip()).items


def test_a_file_cut_at_any_byte_never_raises_and_keeps_every_whole_line(tmp_path: Path) -> None:
    content = GOOD + line(tiktok_post(), "tiktok.com")
    for cut in range(0, len(content), 7):
        taken = [c for c in read(tmp_path, content[:cut]) if c.items]
        assert len(taken) >= content[:cut].count(b"\n")


@pytest.mark.parametrize(
    "broken",
    [
        b"bukan json",
        b"[]",
        b"5",
        b'"teks"',
        b"null",
        b"{}",
        b'{"a": NaN}',
        b"\x00\x00\x00",
        b'{"data": {"id": 1}}',
        b"{" * 50,
    ],
)
def test_a_line_that_is_no_item_is_an_issue_and_the_next_line_stands(tmp_path: Path, broken: bytes) -> None:
    bad, good = read(tmp_path, broken + b"\n" + GOOD)
    assert bad.issues
    assert bad.skipped
    assert (bad.raw, bad.items) == (b"", ())
    assert good.items


def test_a_line_in_another_encoding_is_named_with_the_place(tmp_path: Path) -> None:
    latin = line(tweet(), "x.com").replace(b"Salam", b"Sal\xe9m")
    bad, good = read(tmp_path, latin + GOOD)
    assert "UTF-8" in bad.issues[0].detail
    assert good.items


def test_a_file_in_utf_16_is_recognised_and_refused_with_the_remedy(tmp_path: Path) -> None:
    content = GOOD.decode().encode("utf-16")
    assert reader.sniff(content, Path())
    with pytest.raises(ImportFormatError, match="UTF-8"):
        read(tmp_path, content)


def test_a_missing_file_is_an_import_error(tmp_path: Path) -> None:
    with pytest.raises(ImportFormatError):
        list(reader.read(tmp_path / "tidak-ada.ndjson", ReadOptions()))


def test_deep_nesting_is_skipped_with_the_reason(tmp_path: Path) -> None:
    deep = b'{"source_platform":"x.com","timestamp_collected":1727838000000,"data":{"a":' + b"[" * 90_000
    under = b'{"source_platform":"x.com","data":{"a":' + b"[" * 300 + b"]" * 300 + b"}}"
    first, second, good = read(tmp_path, deep + b"\n" + under + b"\n" + GOOD)
    assert "dalam" in (first.skipped or "")
    assert "dalam" in (second.skipped or "")
    assert good.items


def test_a_line_over_the_cap_is_skipped_in_flat_memory(tmp_path: Path) -> None:
    path = tmp_path / "besar.ndjson"
    with path.open("wb") as file:
        file.write(b'{"source_platform":"x.com","data":{"a":"')
        for _ in range(64):
            file.write(b"x" * (1 << 20))
        file.write(b'"}}\n' + GOOD)
    tracemalloc.start()
    long, good = reader.read(path, ReadOptions())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "terlalu panjang" in (long.skipped or "")
    assert good.items
    assert good.line == 2
    assert peak < 4 * MAX_LINE


def test_memory_does_not_grow_with_the_number_of_lines(tmp_path: Path) -> None:
    def peak(times: int) -> int:
        (tmp_path / "a").write_bytes(GOOD * times)
        tracemalloc.start()
        assert sum(1 for _ in reader.read(tmp_path / "a", ReadOptions())) == times
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(10)  # first use fills the caches of libraries
    assert peak(2000) < peak(200) + 200_000


def test_emoji_cut_in_half_by_the_browser_do_not_lose_the_line(tmp_path: Path) -> None:
    captured = one(tmp_path, GOOD.replace(b"Salam", b"Salam \\ud83d"))
    assert captured.items[0].text.startswith("Salam \ufffd")
    captured.raw.decode("utf-8")


def test_nul_in_a_text_does_not_reach_the_database(tmp_path: Path) -> None:
    assert "\0" not in one(tmp_path, GOOD.replace(b"Salam", b"Sal\\u0000am")).items[0].text


def test_numbers_beyond_64_bits_do_no_harm(tmp_path: Path) -> None:
    odd = tweet() | {"views": {"count": 10**400}, "source": 10**30}
    assert one(tmp_path, line(odd, "x.com")).items


def test_a_module_without_a_mapper_is_skipped_by_name(tmp_path: Path) -> None:
    captured = one(tmp_path, line({"id": "1"}, "truthsocial.com"))
    assert captured.skipped == 'modul Zeeschuimer "truthsocial.com" belum didukung'
    assert captured.source == ""


def test_the_same_item_seen_twice_comes_twice_with_both_times(tmp_path: Path) -> None:
    later = line(tweet(), "x.com", timestamp_collected=SEEN_MS + 60_000)
    first, second = read(tmp_path, GOOD + later)
    assert first.items == second.items
    assert second.collected_at - first.collected_at == timedelta(minutes=1)


def test_unknown_fields_are_named_once_a_file(tmp_path: Path) -> None:
    odd = line({**tweet(), "bidang_baru": 1, "lain": 2}, "x.com")
    first, second = read(tmp_path, odd + odd)
    assert first.issues == (ItemIssue(UNKNOWN_FIELDS, "bidang_baru, lain"),)
    assert second.issues == ()


def test_known_shapes_hold_no_unknown_field(tmp_path: Path) -> None:
    content = GOOD + line(instagram_post(), "instagram.com") + line(tiktok_post(), "tiktok.com")
    assert [c.issues for c in read(tmp_path, content + line(tiktok_comment(), "tiktok-comments"))] == [()] * 4


def test_a_line_before_any_capture_time_gets_the_files_own_time(tmp_path: Path) -> None:
    assert one(tmp_path, b"rusak\n").collected_at > datetime(2020, 1, 1, tzinfo=UTC)


def test_a_fault_of_a_mapper_costs_one_item_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(raw: object, collected_at: object) -> None:
        raise KeyError("rahasia")

    modules = {**zeeschuimer._MODULES, "tiktok.com": ("tiktok", "tiktok/1", broken)}
    monkeypatch.setattr(zeeschuimer, "_MODULES", modules)
    bad, good = read(tmp_path, line(tiktok_post(), "tiktok.com") + GOOD)
    assert bad.issues[0].kind == "mapper_failed"
    assert "rahasia" not in bad.issues[0].detail
    assert good.items


@pytest.mark.parametrize(
    "head",
    [GOOD, b"\xef\xbb\xbf" + GOOD, b"\r\n\r\n" + GOOD, b"rusak\n" + GOOD, GOOD[:400]],
    ids=["plain", "bom", "blank", "broken-first", "cut"],
)
def test_the_format_is_recognised_by_content(head: bytes) -> None:
    assert reader.sniff(head, Path())


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\n",
        b"nip,nama\n1,2\n",
        b"{}",
        b'{"name":"grup","messages":[]}',
        b"PK\x03\x04",
        b"[1,2]",
        b"\xff\xfe\x00",
        b"<html>",
    ],
)
def test_other_formats_are_not_taken_for_it(head: bytes) -> None:
    assert not reader.sniff(head, Path())
