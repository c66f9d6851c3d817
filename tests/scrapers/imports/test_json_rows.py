from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.imports.json_rows import MAX_OBJECT, flat, head_objects, json_rows


def numbers(folder: Path, text: str) -> list[object]:
    path = folder / "data.json"
    path.write_text(text, encoding="utf-8")
    return [row.problem or row.data["n"] for row in json_rows(path)]


@pytest.mark.parametrize(
    "text",
    [
        '[{"n": 1}, {"n": 2}]',
        '[\n {"n": 1},\n {"n": 2}\n]\n',
        '{"n": 1}\n{"n": 2}\n',
        '{"n": 1}\n\n{"n": 2}',
        '{"data": [{"n": 1}, {"n": 2}]}',
        '{\n "items": [\n  {"n": 1},\n  {"n": 2}\n ]\n}\n',
        '\ufeff[{"n": 1}, {"n": 2}]',
    ],
    ids=["array", "array on lines", "lines", "blank line", "wrapped", "wrapped on lines", "bom"],
)
def test_objects_are_found_however_they_are_written(text: str, tmp_path: Path) -> None:
    assert numbers(tmp_path, text) == [1, 2]


def test_an_array_that_is_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    assert numbers(tmp_path, '[{"n": 1}, {"n": 2}, {"n":') == [
        1,
        2,
        "butir JSON rusak atau terpotong; sisa berkas tidak terbaca",
    ]
    assert numbers(tmp_path, '[{"n": 1}, ') == [1, "daftar JSON terpotong; yang utuh tetap diambil"]


def test_a_broken_line_is_a_problem_of_its_own(tmp_path: Path) -> None:
    assert numbers(tmp_path, '{"n": 1\n{"n": 2}\n[3]\n{"n": 4}\n') == [
        "baris bukan JSON yang utuh", 2, "butir bukan objek JSON", 4,
    ]  # fmt: skip


def test_a_line_beyond_any_length_is_passed_over(tmp_path: Path) -> None:
    text = '{"n": "' + "x" * (MAX_OBJECT + 10) + '"}\n{"n": 2}\n'
    assert numbers(tmp_path, text) == ["baris terlalu panjang (paling banyak 8 MB)", 2]


def test_objects_across_pieces_of_the_file_are_whole(tmp_path: Path) -> None:
    entries = ", ".join(f'{{"n": {n}, "isi": "{"x" * 9000}"}}' for n in range(100))
    assert numbers(tmp_path, f"[{entries}]") == list(range(100))


def test_nested_values_have_dotted_names_and_lists_are_joined() -> None:
    value = {"a": {"b": 1}, "tags": ["x", "y"], "who": [{"id": 1, "n": None}, {"id": 2}], "ok": True}
    assert flat(value, "|") == {"a.b": "1", "tags": "x|y", "who": "", "who[].id": "1|2", "who[].n": "", "ok": "true"}


def test_the_first_objects_are_seen_in_a_head_that_is_cut() -> None:
    assert head_objects(b'[{"n": 1}, {"n": 2}, {"n"') == ({"n": 1}, {"n": 2})
    assert head_objects(b"bukan JSON") == ()
