from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from monitor.errors import ImportFormatError
from scrapers.imports.contract import Captured, ReadOptions
from scrapers.imports.routing import NO_CONTENT, OFF_PLATFORM
from scrapers.imports.warc import reader
from tests.scrapers.captured_items import tweet
from tests.scrapers.captured_pages import FACEBOOK, fb_story, html

WHEN = "2024-10-02T03:00:00Z"
PAGE = html(fb_story()).encode()


def response(
    url: str, body: bytes, *, status: str = "200 OK", date: str = WHEN, headers: tuple[tuple[str, str], ...] = ()
) -> Callable[[WARCWriter], None]:
    """One answer as a recorder writes it, with the cookies of the person who recorded."""

    def write(writer: WARCWriter) -> None:
        fields = [("Content-Type", "text/html"), ("Set-Cookie", "xs=RAHASIA"), *headers]
        http = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url, "response", io.BytesIO(body), http_headers=http, warc_headers_dict={"WARC-Date": date}
        )
        writer.write_record(record)

    return write


def request(url: str) -> Callable[[WARCWriter], None]:
    def write(writer: WARCWriter) -> None:
        http = StatusAndHeaders("GET / HTTP/1.1", [("Cookie", "c_user=RAHASIA")], is_http_request=True)
        writer.write_record(writer.create_warc_record(url, "request", http_headers=http))

    return write


def warc(folder: Path, *records: Callable[[WARCWriter], None], packed: bool = True, name: str = "a.warc.gz") -> Path:
    path = folder / name
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        for write in records:
            write(writer)
    return path


def read(path: Path) -> list[Captured]:
    return list(reader.read(path, ReadOptions()))


@pytest.mark.parametrize("packed", [True, False])
def test_an_answer_of_a_known_platform_goes_to_its_mapper(tmp_path: Path, packed: bool) -> None:
    (captured,) = read(warc(tmp_path, response(FACEBOOK, PAGE), packed=packed))
    assert (captured.source, captured.mapper, captured.items[0].item_id) == ("facebook", "facebook/1", "900001")


def test_the_time_of_capture_is_that_of_the_record(tmp_path: Path) -> None:
    (captured,) = read(warc(tmp_path, response(FACEBOOK, PAGE)))
    assert captured.collected_at == datetime(2024, 10, 2, 3, 0, tzinfo=UTC)


def test_cookies_and_requests_are_not_kept(tmp_path: Path) -> None:
    found = read(warc(tmp_path, request(FACEBOOK), response(FACEBOOK, PAGE)))
    assert b"RAHASIA" not in b"".join(captured.raw for captured in found)
    assert "permintaan" in (found[0].skipped or "")


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("zstd", lambda body: zstandard.ZstdCompressor().compress(body)),
        ("gzip", lambda body: body),
    ],
    ids=["gzip", "deflate", "br", "zstd", "already unpacked"],
)
def test_every_packing_of_bodies_is_undone(tmp_path: Path, coding: str, pack: Callable[[bytes], bytes]) -> None:
    (captured,) = read(warc(tmp_path, response(FACEBOOK, pack(PAGE), headers=(("Content-Encoding", coding),))))
    assert captured.items


def test_chunks_are_joined(tmp_path: Path) -> None:
    chunked = b"".join(f"{len(p):x}\r\n".encode() + p + b"\r\n" for p in (PAGE[:700], PAGE[700:])) + b"0\r\n\r\n"
    (captured,) = read(warc(tmp_path, response(FACEBOOK, chunked, headers=(("Transfer-Encoding", "chunked"),))))
    assert captured.items


def test_a_body_that_unpacks_without_end_is_refused_alone(tmp_path: Path) -> None:
    bomb = response(FACEBOOK, gzip.compress(bytes(80 << 20)), headers=(("Content-Encoding", "gzip"),))
    first, second = read(warc(tmp_path, bomb, response(FACEBOOK, PAGE)))
    assert "64 MB" in (first.skipped or "")
    assert second.items


def test_other_hosts_and_empty_pages_are_counted_with_their_reason(tmp_path: Path) -> None:
    found = read(warc(tmp_path, response("https://contoh.test/", b"<html>"), response(FACEBOOK, b"<html></html>")))
    assert [captured.skipped for captured in found] == [OFF_PLATFORM, NO_CONTENT]


def test_an_answer_that_is_no_success_is_skipped(tmp_path: Path) -> None:
    (captured,) = read(warc(tmp_path, response(FACEBOOK, PAGE, status="404 Not Found")))
    assert captured.skipped == "jawaban HTTP 404"


def test_a_body_that_was_altered_is_an_issue_of_its_record(tmp_path: Path) -> None:
    path = warc(tmp_path, response(FACEBOOK, PAGE), response(FACEBOOK, PAGE), packed=False)
    data = path.read_bytes()
    at = data.index(b"ContohBangkit")
    path.write_bytes(data[:at] + b"ContohBangkot" + data[at + 13 :])
    first, second = read(path)
    assert (first.issues[0].kind, first.items) == ("digest_mismatch", ())
    assert second.items


def test_a_revisit_says_whether_its_body_came_along(tmp_path: Path) -> None:
    def revisit(writer: WARCWriter) -> None:
        http = StatusAndHeaders("200 OK", [], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_revisit_record(FACEBOOK, "sha1:" + "A" * 32, FACEBOOK, WHEN, http_headers=http)
        )

    (captured,) = read(warc(tmp_path, revisit))
    assert "tidak ikut" in (captured.skipped or "")


def test_lists_are_about_the_post_in_the_requests_variables(tmp_path: Path) -> None:
    user = {"__typename": "User", "rest_id": "7003", "core": {"screen_name": "asn_contoh"}}
    entry = {"content": {"itemContent": {"user_results": {"result": user}}}}
    timeline = {"data": {"favoriters_timeline": {"timeline": {"instructions": [{"entries": [entry]}]}}}}
    url = "https://x.com/i/api/graphql/abc/Favoriters?variables=%7B%22tweetId%22%3A%221841000000000000001%22%7D"
    (captured,) = read(warc(tmp_path, response(url, json.dumps(timeline).encode())))
    assert [(act.actor.user_id, act.target_id) for act in captured.acts] == [("7003", "1841000000000000001")]


def test_what_is_kept_can_be_read_again_with_the_same_result(tmp_path: Path) -> None:
    (first,) = read(warc(tmp_path, response(FACEBOOK, PAGE)))
    (tmp_path / "b.warc").write_bytes(first.raw)
    (again,) = read(tmp_path / "b.warc")
    assert (again.items, again.acts, again.collected_at) == (first.items, first.acts, first.collected_at)


def test_the_kept_copy_names_the_digest_of_the_page_as_captured(tmp_path: Path) -> None:
    (captured,) = read(warc(tmp_path, response(FACEBOOK, PAGE)))
    assert b"X-Captured-Payload-Digest: sha256:" in captured.raw


def test_a_file_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    path = warc(tmp_path, response(FACEBOOK, PAGE), response(FACEBOOK, PAGE))
    path.write_bytes(path.read_bytes()[:-300])
    found = read(path)
    assert found[0].items
    assert "terpotong" in (found[-1].skipped or "")


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"bukan")
    with pytest.raises(ImportFormatError):
        read(tmp_path / "a.warc")


def test_the_format_is_known_by_its_content(tmp_path: Path) -> None:
    path = warc(tmp_path, response(FACEBOOK, PAGE))
    assert reader.sniff(path.read_bytes()[:65536], path)
    assert not reader.sniff(b"\x1f\x8brusak", path)
    assert not reader.sniff(b"{}", path)


def test_memory_stays_flat(tmp_path: Path) -> None:
    large = [response("https://contoh.test/a.jpg", bytes([n]) * (1 << 20)) for n in range(60)]
    path = warc(tmp_path, *large, packed=False)
    tracemalloc.start()
    for _ in reader.read(path, ReadOptions()):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=8),
    cut=st.integers(0, 1 << 20),
    packed=st.booleans(),
)
def test_a_damaged_recording_never_crashes(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int, packed: bool
) -> None:
    body = json.dumps({"data": tweet()}).encode()
    path = warc(tmp_path, response(FACEBOOK, PAGE), response("https://x.com/i/api/graphql/a/b", body), packed=packed)
    raw = bytearray(path.read_bytes())
    for at, value in changes:
        raw[at % len(raw)] = value
    path.write_bytes(raw[: len(raw) - cut % len(raw)])
    try:
        found = read(path)
    except ImportFormatError:
        return
    assert all(captured.items or captured.acts or captured.skipped for captured in found)
