from __future__ import annotations

from pathlib import Path

import pytest

from scrapers import registry
from tests.scrapers.captured_items import line, tiktok_comment, tweet
from tests.scrapers.table_samples import SAMPLES, written


@pytest.mark.parametrize("name", SAMPLES)
def test_a_written_sample_is_known_by_its_reader_and_by_none_before_it(name: str, tmp_path: Path) -> None:
    found = registry.sniff(written(tmp_path, name))
    assert found is not None
    assert found.name == SAMPLES[name][0]


@pytest.mark.parametrize("name", SAMPLES)
def test_no_other_reader_but_the_general_table_claims_a_written_sample(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, name)
    head = path.read_bytes()[: 64 * 1024]
    claims = {reader.name for reader in registry.readers().values() if reader.sniff(head, path)}
    assert claims - {"table"} == {SAMPLES[name][0]} - {"table"}


@pytest.mark.parametrize("name", SAMPLES)
def test_the_name_of_a_file_does_not_matter(name: str, tmp_path: Path) -> None:
    path = tmp_path / "unduhan.bin"
    path.write_bytes(SAMPLES[name][1].encode())
    found = registry.sniff(path)
    assert found is not None
    assert found.name == SAMPLES[name][0]


def test_zeeschuimer_is_not_taken_for_a_vendors_file(tmp_path: Path) -> None:
    path = tmp_path / "tangkapan.ndjson"
    path.write_bytes(line(tweet(), "x.com") + line(tiktok_comment(), "tiktok-comments"))
    found = registry.sniff(path)
    assert found is not None
    assert found.name == "zeeschuimer"


@pytest.mark.parametrize(
    "data",
    [b"", b"sekadar catatan, tanpa tabel", b"\x00\x01\x02" * 50, b"[]", b"{}", b"PK\x03\x04rusak", b"a,b\n1,2\n"],
    ids=["empty", "letter", "binary", "no-objects", "no-keys", "broken-zip", "two-columns"],
)
def test_what_no_format_knows_is_sniffed_by_none_and_raises_nothing(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "berkas"
    path.write_bytes(data)
    assert registry.sniff(path) is None
