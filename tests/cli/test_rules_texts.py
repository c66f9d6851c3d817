from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from monitor.cli.main import app
from monitor.cli.rules_texts import _Lines

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a contest and four texts, three of them labelled."""
    pairs = [("BUDI PERMISALAN", "SITI TELADANI"), ("AGUNG UMPAMAWAN", "RINA CONTOHWATI")]
    contest = {
        "contest": "Bupati Contoh 2024",
        "region": "99.01",
        "office": "bupati",
        "pairs": [
            {
                "number": number,
                "status": "calon",
                "people": [{"role": "utama", "official_name": one}, {"role": "wakil", "official_name": other}],
            }
            for number, (one, other) in enumerate(pairs, start=1)
        ],
    }
    (tmp_path / "kontes.json").write_text(json.dumps(contest), encoding="utf-8")
    rows = [
        {"id": "a", "text": "pilih Permisalan", "pairs": [1]},
        {"id": "b", "text": "selamat pagi", "pairs": []},
        {"id": "c", "text": "si kumis itu", "pairs": [2]},
        {"id": "d", "text": "coblos nomor urut 2"},
    ]
    (tmp_path / "teks.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path


def run(folder: Path, command: str, *more: str) -> Result:
    given = ["rules", command, "--contest", str(folder / "kontes.json"), "--texts", str(folder / "teks.jsonl"), *more]
    return CliRunner().invoke(app, given)


def opened(process: int) -> set[Path]:
    """Return the files that a process has open."""
    handles = Path(f"/proc/{process}/fd")
    found = set()
    for handle in handles.iterdir() if handles.is_dir() else ():
        with suppress(OSError):
            found.add(handle.readlink())
    return found


def test_evaluate_prints_its_fixed_keys_as_json(folder: Path) -> None:
    figures = json.loads(run(folder, "evaluate", "--json").stdout)
    assert {"texts", "labelled", "recognition", "pairs", "no_pair", "tiers", "kinds"} <= figures.keys()
    assert figures["pairs"]["precision"] == 1.0
    assert figures["pairs"]["recall"] == 0.5


def test_evaluate_tells_officers_what_differs(folder: Path) -> None:
    said = run(folder, "evaluate").stdout
    assert "Kelengkapan pasangan" in said
    assert "50,00 %" in said
    assert "2: tidak ada tanda" in said


def test_ids_with_half_an_emoji_are_printed_as_escapes(folder: Path) -> None:
    (folder / "teks.jsonl").write_text('{"id": "\\ud83d", "text": "si kumis itu", "pairs": [1]}\n', encoding="utf-8")
    assert json.loads(run(folder, "evaluate", "--json").stdout)["confusions"]["list"][0]["id"] == "\ud83d"
    assert "\\ud83d" in run(folder, "evaluate").stdout


def test_mentions_writes_one_line_a_text_in_order(folder: Path) -> None:
    result = run(folder, "mentions", "--output", str(folder / "hasil.jsonl"), "--jobs", "2")
    assert result.exit_code == 0
    lines = [json.loads(line) for line in (folder / "hasil.jsonl").open(encoding="utf-8")]
    assert [(line["id"], line["pairs"]) for line in lines] == [("a", [1]), ("b", []), ("c", []), ("d", [2])]


def test_a_bad_line_ends_the_command_with_two_and_says_where(folder: Path) -> None:
    with (folder / "teks.jsonl").open("a", encoding="utf-8") as stream:
        stream.write("rusak\n")
    result = run(folder, "mentions", "--output", str(folder / "hasil.jsonl"))
    assert result.exit_code == 2
    assert "teks.jsonl:5: baris ini bukan JSON" in result.stderr
    assert not (folder / "hasil.jsonl").exists()


def test_a_missing_texts_file_ends_the_command_with_two(folder: Path) -> None:
    (folder / "teks.jsonl").unlink()
    assert run(folder, "evaluate", "--json").exit_code == 2


def test_a_killed_run_leaves_no_result(folder: Path) -> None:
    texts = folder / "teks.jsonl"
    texts.write_bytes(texts.read_bytes() * 50_000)
    command = [
        sys.executable, "-m", "monitor", "rules", "mentions", "--contest", str(folder / "kontes.json"),
        "--texts", str(texts), "--output", str(folder / "hasil.jsonl"),
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while texts not in opened(process.pid):
        assert process.poll() is None, "it ended before it was killed"
    process.kill()
    process.wait()
    assert sorted(path.name for path in folder.iterdir()) == ["kontes.json", "teks.jsonl"]


def test_long_files_are_told_of_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _Lines(4_000_000)
    for _ in range(250):
        lines(1000, 10_000)
    assert capsys.readouterr().err.splitlines() == [
        "pantau: 100000 teks dibaca (25 %)",
        "pantau: 200000 teks dibaca (50 %)",
    ]
