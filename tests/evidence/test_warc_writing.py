"""Kept answers as a WARC: the same bytes again, digests that hold, and nothing in it that was not received."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from monitor.evidence.warc import Earlier, Exchange, write_warc
from tests.evidence.exchanges import AT, exchange

INFO = {"software": "pantau contoh", "isPartOf": "pantau-run-000001"}


def written(*exchanges: Exchange) -> bytes:
    out = io.BytesIO()
    write_warc(exchanges, out, INFO)
    return out.getvalue()


def records(data: bytes) -> list[Any]:
    found = []
    for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        record.content = record.content_stream().read()
        found.append(record)
    return found


def named(record: Any, header: str) -> str:
    return str(record.rec_headers.get_header(header))


def test_the_same_answers_give_the_same_bytes() -> None:
    assert written(exchange(), exchange(b"dua")) == written(exchange(), exchange(b"dua"))


def test_an_answer_is_kept_whole_with_its_status_and_kept_headers() -> None:
    _, response, _ = records(written(exchange(b"isi", status=404)))
    assert (response.rec_type, response.content) == ("response", b"isi")
    assert response.http_headers.get_statuscode() == "404"
    assert response.http_headers.get_header("date") == "Sat, 05 Oct 2024 20:00:00 GMT"


def test_the_payload_digest_is_the_name_of_the_body_in_the_store() -> None:
    one = exchange(b"isi")
    assert named(records(written(one))[1], "WARC-Payload-Digest") == f"sha256:{one.sha256}"


def test_a_redirected_answer_stands_under_the_address_that_gave_it() -> None:
    one = exchange(final_url="https://contoh.test/pindah")
    _, response, known = records(written(one))
    assert named(response, "WARC-Target-URI") == "https://contoh.test/pindah"
    assert json.loads(known.content)["asked"] == one.url


def test_what_the_program_knows_beyond_http_stands_beside_the_answer() -> None:
    _, response, known = records(written(exchange()))
    said = json.loads(known.content)
    assert named(known, "WARC-Refers-To") == named(response, "WARC-Record-ID")
    assert (said["mapper"], said["request"]["endpoint"], said["fetched_at"]) == (
        "bluesky/1", "getLikes", "2024-10-05T20:00:00.123456+00:00",
    )  # fmt: skip


def test_a_body_of_an_earlier_warc_is_referred_to() -> None:
    earlier = Earlier("https://contoh.test/dulu", AT - timedelta(days=1))
    _, revisit, _ = records(written(replace(exchange(), body=None, earlier=earlier)))
    assert (revisit.rec_type, revisit.content) == ("revisit", b"")
    assert named(revisit, "WARC-Refers-To-Target-URI") == earlier.url
    assert named(revisit, "WARC-Refers-To-Date") == "2024-10-04T20:00:00Z"


def test_an_exchange_without_a_body_must_say_where_it_is() -> None:
    with pytest.raises(ValueError, match="earlier record"):
        written(replace(exchange(), body=None))


def test_what_an_officer_brought_is_no_answer_of_a_server() -> None:
    _, resource, _ = records(written(exchange(b"isi", url="file:ab#3", final_url="file:ab#3", collector="rina")))
    assert (resource.rec_type, resource.content, resource.http_headers) == ("resource", b"isi", None)


def test_an_address_cannot_write_headers_of_its_own() -> None:
    data = written(exchange(final_url="https://contoh.test/x\r\nWARC-Type: warcinfo"))
    assert [record.rec_type for record in records(data)] == ["warcinfo", "response", "metadata"]


def test_without_answers_nothing_is_written() -> None:
    out = io.BytesIO()
    assert (write_warc([], out, INFO), out.getvalue()) == (0, b"")


def test_every_record_is_a_gzip_of_its_own() -> None:
    data = written(exchange())
    assert gzip.decompress(data).count(b"WARC/1.1\r\n") == data.count(b"\x1f\x8b\x08") == 3


def test_a_tool_of_others_finds_every_digest_right(tmp_path: Path) -> None:
    path = tmp_path / "contoh.warc.gz"
    path.write_bytes(written(exchange(), exchange(b""), exchange(b"tiga", collector="rina")))
    tool = Path(sys.executable).with_name("warcio")
    done = subprocess.run([tool, "check", "-v", path], capture_output=True, text=True, check=True)
    assert done.stdout.count("digest pass") == 7


@given(st.lists(st.tuples(st.binary(max_size=300), st.integers(0, 10**6), st.text(max_size=20)), max_size=5))
def test_any_answers_are_read_back_as_they_were(given_answers: list[tuple[bytes, int, str]]) -> None:
    given_exchanges = [
        exchange(body, fetched_at=AT + timedelta(seconds=after), final_url=f"https://contoh.test/{name}")
        for body, after, name in given_answers
    ]
    read = [record.content for record in records(written(*given_exchanges)) if record.rec_type == "response"]
    assert read == [body for body, _, _ in given_answers]


def test_memory_does_not_grow_with_the_number_of_answers() -> None:
    def many(count: int) -> Iterator[Exchange]:
        for number in range(count):
            yield exchange(str(number).encode() * 100_000)

    class Nowhere(io.RawIOBase):
        def write(self, data: Any) -> int:
            return len(data)

    peaks = []
    for count in (3, 12):
        tracemalloc.start()
        write_warc(many(count), Nowhere(), INFO)  # type: ignore[arg-type]  # it takes bytes, which is all that is asked
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5
