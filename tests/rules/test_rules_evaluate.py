from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.domain import Contest
from monitor.errors import ConfigError
from rules.evaluate import evaluate_file, write_mentions

ContestOf = Callable[..., Contest]
LINES = [
    {"id": 1, "text": "pilih Permisalan", "pairs": [1], "lain": "diabaikan"},
    {"id": "b", "text": "mantap", "pairs": [], "parent": {"text": "Agung Umpamawan menyapa"}},
    {"id": "c", "text": "pilih tetangga", "pairs": [2]},
    {"id": "d", "text": "tanpa label"},
]


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "teks.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES), encoding="utf-8")
    return path


@pytest.fixture
def contest(contest_of: ContestOf) -> Contest:
    return contest_of(("BUDI PERMISALAN", "SITI TELADANI"), ("AGUNG UMPAMAWAN", "RINA CONTOHWATI"))


def test_figures_count_pairs_and_texts(contest: Contest, texts: Path) -> None:
    figures = evaluate_file([contest], texts)
    assert (figures["texts"], figures["labelled"]) == (4, 3)
    assert figures["pairs"] == {
        "true_positive": 1, "false_positive": 0, "false_negative": 1, "precision": 1.0, "recall": 0.5,
    }  # fmt: skip


def test_mentions_are_written_in_order_with_inheritance_apart(contest: Contest, texts: Path, tmp_path: Path) -> None:
    out = tmp_path / "hasil.jsonl"
    assert write_mentions([contest], texts, out) == 4
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], line["pairs"]) for line in lines] == [(1, [1]), ("b", []), ("c", []), ("d", [])]
    assert lines[0]["mentions"] == [
        {"pair": 1, "kind": "name", "tier": "sedang", "start": 6, "end": 16, "alias": "permisalan"}
    ]
    assert [(m["pair"], m["kind"]) for m in lines[1]["mentions"]] == [(2, "inherited")]


def test_several_contests_name_themselves(contest: Contest, contest_of: ContestOf, texts: Path, tmp_path: Path) -> None:
    other = contest_of(("RUDI MISALNYO", "TINA SEUMPAMA"), name="Bupati Misal 2024", region="98.02", first_id=11)
    write_mentions([contest, other], texts, tmp_path / "hasil.jsonl")
    first = json.loads((tmp_path / "hasil.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert first["pairs"] == [{"contest": "Bupati Contoh 2024", "number": 1}]


@pytest.mark.parametrize(
    "line", ["bukan json", "[]", '{"id": 1}', '{"id": 1, "text": 3}', '{"id": 1, "text": "a", "pairs": ["x"]}']
)
def test_a_broken_line_is_named_and_leaves_no_file(line: str, contest: Contest, tmp_path: Path) -> None:
    path, out = tmp_path / "teks.jsonl", tmp_path / "hasil.jsonl"
    path.write_text('{"id": 0, "text": "a"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"teks\.jsonl:2: "):
        write_mentions([contest], path, out)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["teks.jsonl"]


def test_lone_surrogates_in_a_file_are_read(contest: Contest, tmp_path: Path) -> None:
    path = tmp_path / "teks.jsonl"
    path.write_text('{"id": "\\ud800", "text": "\\ud83d pilih permisalan", "pairs": [1]}\n', encoding="utf-8")
    assert write_mentions([contest], path, tmp_path / "hasil.jsonl") == 1
