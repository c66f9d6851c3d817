"""Mutated and hostile files: each gives records, problems, or one of the two errors for officers; nothing else."""

from __future__ import annotations

import json
import random
import string
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import ImportFormatError, ImportQuestion
from scrapers import registry
from scrapers.imports.contract import Captured
from tests.scrapers.imports.form_options import OPTIONS
from tests.scrapers.table_samples import SAMPLES

JSONS = [name for name in SAMPLES if name.endswith(("json", "jsonl"))]


def read(name: str, path: Path) -> list[Captured]:
    found: list[Captured] = []
    with suppress(ImportFormatError, ImportQuestion):
        found = list(registry.readers()[SAMPLES[name][0]].read(path, OPTIONS))
    return found


@pytest.mark.parametrize("name", SAMPLES)
def test_bytes_changed_anywhere_break_nothing(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)
    whole = SAMPLES[name][1].encode()
    for _ in range(15):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 8)):
            at = chance.randrange(len(data))
            data[at : at + chance.randrange(3)] = chance.choice(
                [b"\x00", b'"', b"\xff", b"\n", b",", b"9" * 40, b"\xed\xa0\x80"]
            )
        path = tmp_path / "rusak"
        path.write_bytes(bytes(data))
        registry.sniff(path)
        read(name, path)


def mutated(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: mutated(entry, chance) for key, entry in value.items() if chance.random() > 0.05}
    if isinstance(value, list):
        return [mutated(entry, chance) for entry in value]
    if chance.random() < 0.2:
        return chance.choice(
            [None, [], {}, [[]], "", 0, -1, 1e400, True, "\ud800", "9" * 400, {"a": [1, {"b": 2}]}, "\0"]
        )
    return value


@pytest.mark.parametrize("name", JSONS)
def test_values_of_any_kind_in_any_place_break_nothing(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)
    text = SAMPLES[name][1]
    for _ in range(30):
        path = tmp_path / "rusak.json"
        path.write_text(json.dumps(mutated(json.loads(text), chance)), encoding="utf-8")
        for captured in read(name, path):
            assert not [issue for issue in captured.issues if issue.kind == "mapper_failed"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.text(string.printable + "é\u202f\ud7ff😀", max_size=20), max_size=6), max_size=6))
def test_any_cells_under_a_known_header_break_nothing(tmp_path: Path, rows: list[list[str]]) -> None:
    for name in ("4cat-bsky.csv", "facepager.csv", "export-comments.csv", "mcl.csv", "tabel.csv", "minet-twitter.csv"):
        text = SAMPLES[name][1]
        path = tmp_path / "acak.csv"
        path.write_bytes((text + "\n".join(",".join(row) for row in rows)).encode("utf-8", "replace"))
        for captured in read(name, path):
            assert not [issue for issue in captured.issues if issue.kind == "mapper_failed"]


def test_an_array_that_nests_without_end_is_refused_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "dalam.json"
    path.write_text("[" * 200_000, encoding="utf-8")
    assert [captured.skipped is not None for captured in read("apify-tiktok.jsonl", path)] in ([True], [])


def test_rows_are_read_one_by_one(tmp_path: Path) -> None:
    header, row, *_ = SAMPLES["4cat-facebook.csv"][1].splitlines()
    path = tmp_path / "besar.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(header + "\n")
        for _ in range(20):
            file.write((row + "\n") * 1000)
    found = registry.readers()["fourcat_csv"].read(path, OPTIONS)
    assert next(found).line == 2  # before the rest is read
    assert sum(1 for _ in found) == 19_999
