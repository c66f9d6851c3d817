"""Reading of large exports; `make soak` sets PANTAU_SOAK_MB for the large form."""

from __future__ import annotations

import os
import resource
import tracemalloc
from pathlib import Path

import pytest

from benchmarks.captures import write_export
from scrapers.imports.contract import ReadOptions
from scrapers.imports.zeeschuimer import reader

MEGABYTES = int(os.environ.get("PANTAU_SOAK_MB", "50"))


def read_all(path: Path) -> tuple[int, int]:
    lines = items = 0
    for captured in reader.read(path, ReadOptions()):
        lines, items = lines + 1, items + len(captured.items)
    return lines, items


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_large_export_is_read_whole_in_memory_that_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "ekspor.ndjson"
    written = write_export(path, MEGABYTES << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert read_all(path) == (written, written)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


def test_reading_keeps_nothing_of_the_lines_before(tmp_path: Path) -> None:
    path = tmp_path / "ekspor.ndjson"
    write_export(path, 2 << 20)
    read_all(path)  # names of fields are remembered once
    tracemalloc.start()
    read_all(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20
