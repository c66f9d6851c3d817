from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import RosterError
from monitor.roster.contest_sets import read_contests

TextFile = Callable[[str, str], Path]


def written(name: str, region: str = "99.01", **changed: Any) -> dict[str, Any]:
    """A contest of one pair, as a file or an entry of a list holds it."""
    people = [{"role": "utama", "official_name": "BUDI CONTOH"}, {"role": "wakil", "official_name": "SITI TELADAN"}]
    pair = {"number": 1, "status": "calon", "people": people}
    return {"contest": name, "region": region, "office": "bupati", "pairs": [pair]} | changed


def names(*paths: Path) -> list[str]:
    return [contest.name for contest in read_contests(paths, allow_undated=True)]


def test_files_are_read_in_the_order_given(text_file: TextFile) -> None:
    two = text_file("b.json", json.dumps(written("Dua"))), text_file("a.json", json.dumps(written("Satu")))
    assert names(*two) == ["Dua", "Satu"]


def test_a_folder_stands_for_its_contest_files(text_file: TextFile, tmp_path: Path) -> None:
    text_file("b.yml", json.dumps(written("Dua")))
    text_file("a.json", json.dumps(written("Satu")))
    text_file("catatan.txt", "bukan kontes")
    assert names(tmp_path) == ["Satu", "Dua"]


def test_a_list_holds_one_contest_an_entry(text_file: TextFile) -> None:
    assert names(text_file("semua.json", json.dumps([written("Satu"), written("Dua")]))) == ["Satu", "Dua"]


def test_json_lines_hold_one_contest_a_line(text_file: TextFile) -> None:
    lines = json.dumps(written("Satu")) + "\r\n\n" + json.dumps(written("Dua"))
    assert names(text_file("semua.jsonl", "\ufeff" + lines)) == ["Satu", "Dua"]


def test_mistakes_of_all_entries_are_named_by_their_place(text_file: TextFile) -> None:
    bad = text_file(
        "semua.json", json.dumps([written("Satu", office="camat"), written("Dua"), written("Tiga", region="x")])
    )
    with pytest.raises(RosterError) as caught:
        names(bad)
    assert [problem.file for problem in caught.value.problems] == ["semua.json, kontes ke-1", "semua.json, kontes ke-3"]


def test_a_contest_loaded_twice_is_refused(text_file: TextFile) -> None:
    file = text_file("a.json", json.dumps(written("Satu")))
    with pytest.raises(RosterError, match="dua kali"):
        names(file, file)


def test_contests_of_one_name_in_two_regions_are_two(text_file: TextFile) -> None:
    lines = json.dumps(written("Satu")) + "\n" + json.dumps(written("Satu", "99.02"))
    assert names(text_file("semua.jsonl", lines)) == ["Satu", "Satu"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("semua.json", "[{", "JSON rusak"),
        ("semua.jsonl", "{}\n{", "JSON rusak"),
        ("semua.json", "[1]", "tidak berisi kontes"),
    ],
)
def test_a_broken_list_is_refused(name: str, text: str, said: str, text_file: TextFile) -> None:
    with pytest.raises(RosterError, match=said):
        names(text_file(name, text))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="tidak berisi berkas kontes"):
        names(tmp_path)
