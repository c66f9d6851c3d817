"""The sections on what people did: registration, hand-over and answers, papers, limits of time, and work."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from db.report_facts import CourseFact, ReferenceFact
from monitor.domain import CaseState, FindKind, Reason
from monitor.domain.zones import zone_of
from monitor.labels import label
from monitor.reports.model import CODE, Cell, Column, ColumnKind, Section
from monitor.reports.sections import TOTAL
from monitor.reports.tally import (
    NOT_REGISTERED,
    PAUSE,
    PENDING,
    REGISTERED,
    SET_ASIDE,
    Cases,
    Count,
    Steps,
    Window,
    Work,
)
from monitor.reports.words import long_date

_TEXT = ColumnKind.TEXT
_STANDS = {
    REGISTERED: "teregistrasi",
    NOT_REGISTERED: "tidak diregistrasi",
    PENDING: "belum diputuskan",
    SET_ASIDE: "dikesampingkan sebelum registrasi",
}
_FINDS = {
    "": "pemantauan program",
    FindKind.PENGAWASAN.value: label(FindKind.PENGAWASAN),
    FindKind.LAPORAN.value: label(FindKind.LAPORAN),
}
_WINDOWS = (
    Column("week", "Baru pekan ini"),
    Column("before", "Baru pekan sebelumnya"),
    Column("stage", "Sejak tahap berjalan"),
    Column("whole", "Seluruhnya sampai akhir pekan"),
)
_UNSAID = "tidak disebut dalam ketentuan"
# 001/Reg/TM/PB/Kab/07.05/X/2024: parts between strokes, a year at the end, and not merely a date.
_NUMBER = re.compile(
    r"(?<![\w/.])[A-Z]{0,3}[-.]?\d{1,6}[A-Z]?(?:/[\w.\-]{1,16}){1,8}/(?:19|20)\d{2}(?![\w/])", re.IGNORECASE
)
_DATE = re.compile(r"[\d/]+")


def registration(cases: Cases) -> Section:
    """Return by when they were opened how many cases were registered, were not, or wait."""
    rows = tuple((words, *_four(cases.registration[key,])) for key, words in _STANDS.items())
    columns = (Column("key1", "Registrasi", _TEXT), *_WINDOWS)
    note = "Informasi awal menurut waktu dibuka; registrasinya menurut kedudukan pada akhir pekan."
    return Section("registration", "Registrasi", columns, rows, note, ("whole",), (TOTAL, *_four(cases.all)))


def by_find(cases: Cases) -> Section:
    """Return by whom cases were found."""
    rows = tuple((words, *_four(cases.finds[key,])) for key, words in _FINDS.items())
    columns = (Column("key1", "Asal", _TEXT), *_WINDOWS)
    note = "Asal adalah catatan pertama yang membuka informasi awal: program, petugas, atau laporan masyarakat."
    return Section("by_find", "Menurut asal informasi", columns, rows, note, ("whole",), (TOTAL, *_four(cases.all)))


def decisions(steps: Steps) -> Section:
    """Return what people decided, by target state and reason."""
    order = list(CaseState)
    found = sorted(
        ((state, reason, count) for (state, reason), count in steps.by.items() if isinstance(state, CaseState)),
        key=lambda one: (order.index(one[0]), str(one[1])),
    )
    rows = tuple((label(state), _reason(str(reason)), *_four(count)) for state, reason, count in found)
    columns = (
        Column("to_state", "Keputusan", _TEXT),
        Column("reason", "Alasan", _TEXT),
        Column("week", "Pekan ini"),
        Column("before", "Pekan sebelumnya"),
        Column("stage", "Sejak tahap berjalan"),
        Column("whole", "Seluruhnya sampai akhir pekan"),
    )
    note = "Tanpa keputusan yang dibatalkan sampai akhir pekan, dan tanpa langkah mulai meninjau."
    total = (TOTAL, "", *_four(steps.all))
    return Section("decisions", "Keputusan petugas", columns, rows, note, ("week", "before"), total)


class FollowUp:
    """Counts cases after registration by whom they were handed to; told of every case once."""

    def __init__(self, window: Window, profiles: Mapping[str, Mapping[str, Any]]) -> None:
        self._window = window
        self._profiles = profiles
        self._rows: dict[str, list[int]] = defaultdict(lambda: [0] * 7)
        self._unsent = 0

    def see(self, course: CourseFact) -> None:
        """Count one case."""
        if course.state is CaseState.TERDAFTAR:
            self._unsent += 1
        if course.forwarded_at is None or course.state.before_registration or course.state is CaseState.TERDAFTAR:
            return
        waits = course.state is CaseState.DITERUSKAN
        days = (self._window.week.ends - course.forwarded_at).days if waits else 0
        row = self._rows[self._addressee(course, course.forwarded_at)]
        new = (
            course.forwarded_at in self._window.week,
            self._window.in_stage(course.forwarded_at, course.case.contest_id),
            True,
            course.answered_at is not None,
            course.closed_at is not None,
            waits,
        )
        row[:6] = [old + more for old, more in zip(row, new, strict=False)]
        row[6] = max(row[6], days)

    def section(self) -> Section:
        """Return the table."""
        rows = [(name, *row[:6], row[6] if row[5] else None) for name, row in sorted(self._rows.items())]
        columns = (
            Column("addressee", "Instansi tujuan", _TEXT),
            Column("week", "Diteruskan pekan ini"),
            Column("stage", "Diteruskan sejak tahap berjalan"),
            Column("whole", "Diteruskan sampai akhir pekan"),
            Column("answered", "Tindak lanjut diterima"),
            Column("closed", "Ditutup"),
            Column("waiting", "Menunggu jawaban"),
            Column("longest", "Paling lama menunggu (hari)"),
        )
        note = (
            "Instansi tujuan dibaca dari ketentuan pada hari penerusan; surat yang dikirim ada pada petugas. "
            f"Teregistrasi dan belum diteruskan pada akhir pekan: {self._unsent}."
        )
        sums = [sum(row[at] for row in self._rows.values()) for at in range(6)]
        total = (TOTAL, *sums, max((row[6] for row in self._rows.values() if row[5]), default=None))
        return Section("follow_up", "Penerusan dan tindak lanjut", columns, tuple(rows), note, ("waiting",), total)

    def _addressee(self, course: CourseFact, sent: datetime) -> str:
        day = sent.astimezone(zone_of(course.case.jurisdiction)).date().isoformat()
        names = [
            str(to["name"])
            for to in self._profiles.get(course.case.law, {}).get("addressees", ())
            if (to.get("starts") or "") <= day < (to.get("ends") or "9999")
            and course.case.employment.value in (to.get("employments") or (course.case.employment.value,))
        ]
        return "; ".join(names) or _UNSAID


def references(facts: Iterable[ReferenceFact], zone: ZoneInfo) -> Section:
    """Return the papers of the week: which step, of which case, under which number."""
    rows = tuple(
        (
            fact.case_id,
            _FINDS.get(fact.find, fact.find),
            label(fact.to_state),
            long_date(fact.at.astimezone(zone).date()),
            paper_number(fact.note),
        )
        for fact in facts
    )
    columns = (
        Column("case", "Informasi awal nomor"),
        Column("find", "Asal", _TEXT),
        Column("step", "Langkah", _TEXT),
        Column("day", "Dicatat", _TEXT),
        Column("number", "Nomor register atau surat", _TEXT),
    )
    note = (
        "Langkah pekan ini yang berdasar surat atau pleno. Nomornya dibaca dari catatan petugas; tanda “–” berarti "
        "catatan itu tidak memuat nomor yang dikenali, atau masa simpannya sudah lewat."
    )
    return Section("references", "Nomor register dan surat", columns, rows, note)


def paper_number(note: str) -> str | None:
    """Return the first number of an official paper that a note names, None without one; never a date alone."""
    found = (match[0] for match in _NUMBER.finditer(note))
    return next((number for number in found if not _DATE.fullmatch(number)), None)


def work(week: Work, before: Work, steps: Steps) -> Section:
    """Return how much people worked in the week and the week before, beside what they decided."""
    rows: list[tuple[Cell, ...]] = [
        ("reviewers", "Petugas yang bekerja", week.people, before.people),
        ("hours", "Jam peninjauan", round(week.seconds / 3600, 1), round(before.seconds / 3600, 1)),
        ("stretches", "Masa kerja tanpa jeda panjang", week.stretches, before.stretches),
        ("steps", "Langkah petugas", week.steps, before.steps),
        (
            "minutes", "Menit peninjauan per keputusan",
            _minutes(week, steps.all.week), _minutes(before, steps.all.before),
        ),
    ]  # fmt: skip
    columns = (
        Column("key", CODE, _TEXT),
        Column("measure", "Ukuran", _TEXT),
        Column("week", "Pekan ini", ColumnKind.NUMBER),
        Column("before", "Pekan sebelumnya", ColumnKind.NUMBER),
    )
    pause = int(PAUSE.total_seconds() // 60)
    note = (
        f"Jam peninjauan adalah waktu antara langkah-langkah tercatat petugas yang sama; jeda di atas {pause} menit "
        "tidak dihitung. Waktu sebelum langkah pertama tidak diketahui, sehingga angka ini batas bawah."
    )
    return Section("work", "Jam kerja petugas", columns, tuple(rows), note)


def _minutes(told: Work, decided: int) -> float | None:
    return round(told.seconds / 60 / decided, 1) if decided else None


def _four(count: Count) -> tuple[int, int, int, int]:
    return count.week, count.before, count.stage, count.whole


def _reason(code: str) -> str:
    """Return the wording of a reason code, the code itself when this version no longer knows it."""
    known: dict[str, StrEnum] = {reason.value: reason for reason in Reason}
    return label(known[code]) if code in known else code
