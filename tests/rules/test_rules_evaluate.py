from __future__ import annotations

import json
import tracemalloc
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


def test_several_processes_write_the_same_file(contest: Contest, tmp_path: Path) -> None:
    path = tmp_path / "teks.jsonl"
    rows = [{"id": n, "text": f"{n} pilih permisalan" if n % 3 else "pagi"} for n in range(3500)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert write_mentions([contest], path, tmp_path / "satu.jsonl") == 3500
    assert write_mentions([contest], path, tmp_path / "dua.jsonl", jobs=2) == 3500
    assert (tmp_path / "satu.jsonl").read_bytes() == (tmp_path / "dua.jsonl").read_bytes()
    assert [json.loads(line)["id"] for line in (tmp_path / "dua.jsonl").open(encoding="utf-8")] == list(range(3500))


def test_several_processes_count_the_same(contest: Contest, texts: Path) -> None:
    assert evaluate_file([contest], texts, jobs=2) == evaluate_file([contest], texts)


def test_a_mistake_met_in_another_process_is_named_with_its_mend(contest: Contest, tmp_path: Path) -> None:
    path = tmp_path / "teks.jsonl"
    path.write_text('{"id": 1, "text": "a"}\n' * 2500 + "rusak\n" + '{"id": 1, "text": "a"}\n' * 9000, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"teks\.jsonl:2501: ") as caught:
        write_mentions([contest], path, tmp_path / "hasil.jsonl", jobs=2)
    assert caught.value.mend
    assert [p.name for p in tmp_path.iterdir()] == ["teks.jsonl"]


def test_a_mistake_leaves_an_earlier_result_alone(contest: Contest, tmp_path: Path) -> None:
    path, out = tmp_path / "teks.jsonl", tmp_path / "hasil.jsonl"
    out.write_text("yang lama", encoding="utf-8")
    path.write_text("rusak\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        write_mentions([contest], path, out)
    assert out.read_text(encoding="utf-8") == "yang lama"


def test_no_texts_give_an_empty_result(contest: Contest, tmp_path: Path) -> None:
    path, out = tmp_path / "teks.jsonl", tmp_path / "hasil.jsonl"
    path.write_bytes(b"")
    assert write_mentions([contest], path, out) == 0
    assert out.read_bytes() == b""
    assert evaluate_file([contest], path)["texts"] == 0


def test_ids_come_back_as_they_were(contest: Contest, tmp_path: Path) -> None:
    path, out = tmp_path / "teks.jsonl", tmp_path / "hasil.jsonl"
    ids = [1, "é", None, 1.5, 10**30, "\ud800", {"a": [1]}, True]
    path.write_text("".join(json.dumps({"id": i, "text": "a"}) + "\n" for i in ids), encoding="utf-8")
    write_mentions([contest], path, out)
    assert [json.loads(line)["id"] for line in out.open(encoding="utf-8")] == ids


def test_spans_count_characters_of_the_text_as_it_was(contest: Contest, tmp_path: Path) -> None:
    path, out = tmp_path / "teks.jsonl", tmp_path / "hasil.jsonl"
    text = "😂😂 é 𝗣𝗜𝗟𝗜𝗛 Permisalan!"
    path.write_text(json.dumps({"id": 1, "text": text}), encoding="utf-8")
    write_mentions([contest], path, out)
    (mention,) = json.loads(out.read_text(encoding="utf-8"))["mentions"]
    assert text[mention["start"] : mention["end"]] == "Permisalan"


def test_who_wants_to_know_is_told_of_every_line(contest: Contest, texts: Path) -> None:
    told: list[tuple[int, int]] = []
    evaluate_file([contest], texts, progress=lambda lines, size: told.append((lines, size)))
    assert told == [(4, texts.stat().st_size)]


def test_memory_does_not_grow_with_the_file(contest: Contest, tmp_path: Path) -> None:
    def peak(lines: int) -> int:
        path = tmp_path / f"{lines}.jsonl"
        path.write_text('{"id": 1, "text": "selamat pagi semua"}\n' * lines, encoding="utf-8")
        tracemalloc.start()
        write_mentions([contest], path, tmp_path / "hasil.jsonl")
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(9_000) < 1.5 * peak(2_000)


@pytest.mark.parametrize("out", ["tidak/ada/hasil.jsonl", "."])
def test_a_result_that_cannot_be_written_is_said_before_the_work(
    out: str, contest: Contest, texts: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="folder"):
        write_mentions([contest], texts, tmp_path / out)
