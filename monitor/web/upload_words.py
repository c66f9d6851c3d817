"""What the pages of uploads say: the words for phases and counts, the questions of a file, its problems as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.uploads import UploadRow
from monitor.desk.uploads import Outcome, Problem, dead

KINDS: Final = {
    "capture": "Tangkapan atau ekspor",
    "asn": "Register ASN",
    "akun": "Register akun",
    "kontes": "Register kontes",
}
COUNTS: Final = {
    "lines": "Baris di dalam berkas",
    "taken": "Baris yang terbaca",
    "interactions": "Tindakan akun terdaftar",
    "bystanders": "Tindakan akun lain, tidak disimpan",
    "new_interactions": "Tindakan baru",
    "evaluated": "Dinilai",
    "hits": "Indikasi",
    "new_cases": "Informasi awal baru",
    "joined_cases": "Ikut ke informasi awal yang ada",
    "rows": "Baris di dalam berkas",
    "good": "Baris yang benar",
    "new": "Baru",
    "changed": "Berubah",
    "same": "Sama seperti sebelumnya",
    "left_out": "Dilewati",
    "problems": "Masalah",
    "warnings": "Peringatan",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_QUIET_AT_NONE = ("problems", "warnings", "left_out")
_PHASES: Final = {
    "waiting": ("Menunggu diperiksa", ""),
    "checking": ("Sedang diperiksa", ""),
    "asked": ("Perlu jawaban Anda", "warn"),
    "ready": ("Siap dimasukkan", "good"),
    "refused": ("Tidak dapat dimasukkan", "bad"),
    "taking": ("Sedang dimasukkan", ""),
    "failed": ("Gagal", "bad"),
}
_ENDS: Final = {"done": ("Sudah masuk", "good"), "dropped": ("Dibuang", "")}
QUESTIONS: Final = (
    ("date_order", "Urutan tanggal di dalam berkas"),
    ("timezone", "Zona waktu di dalam berkas"),
    ("captured_at", "Kapan berkas ini ditangkap"),
    ("url", "Alamat halaman atau unggahan"),
    ("platform", "Platform"),
    ("supplier", "Pemasok data"),
    ("basis", "Atas dasar apa data itu boleh dipakai"),
    ("columns", "Kolom mana berisi apa"),
    ("mapping", "Pemetaan kolom yang tersimpan"),
    ("format", "Format berkas"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an upload stands: in words, with the colour of its chip, and whether the page should look again."""

    words: str
    colour: str
    working: bool
    dead: bool


def standing(row: UploadRow, now: datetime) -> Standing:
    """Return where an upload stands."""
    if row.state != "tried":
        words, colour = _ENDS[row.state]
        return Standing(words, colour, working=False, dead=False)
    if dead(row, now):
        return Standing("Terhenti di tengah jalan", "bad", working=False, dead=True)
    words, colour = _PHASES[row.phase]
    return Standing(words, colour, working=row.working, dead=False)


def counted(row: UploadRow) -> list[tuple[str, int]]:
    """Return the counts of the last dry run or import with their words, in a fixed order."""
    counts: Mapping[str, int] = row.report.get("counts", {})
    return [
        (words, counts[name])
        for name, words in COUNTS.items()
        if name in counts and (counts[name] or name not in _QUIET_AT_NONE)
    ]


def as_csv(outcome: Outcome) -> Iterator[str]:
    """Yield the problems and warnings as a CSV that spreadsheets open; no cell starts a formula."""
    yield "\ufeff"  # Excel reads UTF-8 only with it
    head = ("berkas", "baris", "kolom", "masalah", "cara memperbaiki", "jenis")
    yield _line(head)
    for kind, problems in (("masalah", outcome.problems), ("peringatan", outcome.warnings)):
        for one in problems:
            yield _line((one.file, str(one.row or ""), one.column, one.problem, one.mend, kind))


def page_of(problems: Sequence[Problem], start: int, size: int) -> tuple[Sequence[Problem], int | None, int | None]:
    """Return one page of problems, where the page before starts and where the next one does."""
    start = max(0, min(start, len(problems)))
    before = max(0, start - size) if start else None
    after = start + size if start + size < len(problems) else None
    return problems[start : start + size], before, after


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(
        [f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell for cell in cells]
    )
    return out.getvalue()
