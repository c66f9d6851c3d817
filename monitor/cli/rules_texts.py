"""`pantau rules evaluate` and `mentions`: names recognised in files of texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.context import JsonFlag, errors_console, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.domain import Contest
from monitor.roster.contest_sets import read_contests
from rules.evaluate import Progress, evaluate_file, write_mentions

ContestFiles = Annotated[
    list[Path],
    typer.Option(
        "--contest",
        readable=False,
        help="Berkas kontes, folder berisi berkas kontes, atau daftar kontes (boleh berulang).",
    ),
]
TextsFile = Annotated[Path, typer.Option("--texts", readable=False, help="Teks, satu objek JSON per baris.")]
Jobs = Annotated[int, typer.Option("--jobs", min=1, max=64, help="Banyaknya proses; urutan teks tetap.")]
_TELL_EVERY = 100_000

_MEASURES = (
    ("Teks", ("texts",)),
    ("Teks berlabel", ("labelled",)),
    ("Teks yang pasangannya dikenali", ("recognition", "ratio")),
    ("Ketepatan pasangan", ("pairs", "precision")),
    ("Kelengkapan pasangan", ("pairs", "recall")),
    ("Ketepatan bertingkat kuat", ("tiers", "kuat", "precision")),
    ("Kelengkapan di luar tulisan resmi", ("subsets", "unwritten", "recall")),
    ("Salah sebut pada teks tanpa pasangan", ("no_pair", "ratio")),
    ("Salah sebut karena nama", ("no_pair", "ratio_by_name")),
    ("Disebut pada kontes lain", ("wrong_contest", "ratio")),
)


def register(app: typer.Typer) -> None:
    """Add the commands to `pantau rules`."""
    app.command("evaluate", epilog="Contoh: pantau rules evaluate --contest kontes.yml --texts teks.jsonl --json")(
        evaluate
    )
    app.command("mentions", epilog="Contoh: pantau rules mentions --contest k.yml --texts t.jsonl --output m.jsonl")(
        mentions
    )


@reports_errors
def evaluate(contest: ContestFiles, texts: TextsFile, as_json: JsonFlag = False, jobs: Jobs = 1) -> None:
    """Ukur ketepatan dan kelengkapan pengenalan pasangan calon pada teks berlabel."""
    with _shown(texts) as progress:
        figures = evaluate_file(_contests(contest), texts, jobs=jobs, progress=progress)
    if as_json:
        print_json(figures)
        return
    print_table("Pengenalan", ("Ukuran", "Nilai"), [(title, _figure(figures, keys)) for title, keys in _MEASURES])
    confused: Any = figures["confusions"]
    if confused["texts"]:
        rows = [(c["id"], _pairs(c["expected"]), _pairs(c["got"]), "; ".join(c["why"])) for c in confused["list"][:20]]
        print_table(
            f"{confused['texts']} teks yang berbeda dari labelnya (semua: --json)",
            ("Id", "Label", "Terbaca", "Sebab"),
            rows,
        )


@reports_errors
def mentions(
    contest: ContestFiles,
    texts: TextsFile,
    output: Annotated[Path, typer.Option("--output", readable=False, help="Berkas hasil, satu JSON per baris.")],
    jobs: Jobs = 1,
) -> None:
    """Tulis pasangan calon yang disebut tiap teks, dengan tempat dan keyakinannya."""
    with _shown(texts) as progress:
        count = write_mentions(_contests(contest), texts, output, jobs=jobs, progress=progress)
    say(f"{count} teks ditulis ke {output}.")


def _contests(paths: list[Path]) -> tuple[Contest, ...]:
    return read_contests(paths, allow_undated=True)


@contextmanager
def _shown(texts: Path) -> Iterator[Progress]:
    """Show on standard error how far a long file is: a bar for people, now and then a line for logs."""
    whole = texts.stat().st_size if texts.is_file() else 0
    console = errors_console()
    if not console.is_terminal:
        yield _Lines(whole)
        return
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Membaca teks", total=whole or None)
        yield lambda _, size: bar.advance(task, size)


class _Lines:
    """Says so every so many lines."""

    def __init__(self, whole: int) -> None:
        self._whole, self._lines, self._bytes = whole, 0, 0

    def __call__(self, lines: int, size: int) -> None:
        before = self._lines // _TELL_EVERY
        self._lines += lines
        self._bytes += size
        if self._lines // _TELL_EVERY > before:
            part = f" ({100 * self._bytes // self._whole} %)" if self._whole else ""
            errors_console().print(f"pantau: {self._lines} teks dibaca{part}", markup=False)


def _figure(figures: dict[str, Any], keys: tuple[str, ...]) -> str:
    value: Any = figures
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, float):
        return f"{100 * value:.2f} %".replace(".", ",")
    return "–" if value is None else str(value)


def _pairs(pairs: list[Any]) -> str:
    return ", ".join(str(p["number"] if isinstance(p, dict) else p) for p in pairs) or "–"
