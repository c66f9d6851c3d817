"""The calendar of working days: national holidays, and what the office's own file adds or takes away."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

from db import legal_clocks
from db.connect import Database
from db.legal_clocks import FreeDay
from monitor.denials import mending
from monitor.domain.clocks import DayType
from monitor.errors import ConfigError

HEADINGS: Final = ("tanggal", "jenis", "keterangan")
FREE: Final = frozenset({"libur", "cuti_bersama"})
WORKED: Final = "kerja"


def national_days(years: range) -> dict[date, str]:
    """Return Indonesia's public holidays and collective leave of these years, with Indonesian names."""
    import holidays  # loads every country's registry: only when the calendar is laid anew

    known = holidays.country_holidays("ID", years=years, categories=("public", "government"), language="id")
    return dict(sorted(known.items()))


def office_days(file: Path) -> dict[date, tuple[str, str]]:
    """Read the office's own days: a CSV with tanggal (2026-03-20), jenis (libur, cuti_bersama or kerja), keterangan.

    A missing file is an empty one. ConfigError names file, line and what was expected.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        mend = mending(error, "simpan sebagai CSV berkode UTF-8")
        raise ConfigError(f"Berkas hari libur {file} tidak dapat dibaca", mend) from error
    rows = csv.reader(text.splitlines())
    head = [cell.strip().casefold() for cell in next(rows, [])]
    if head != list(HEADINGS):
        raise ConfigError(f"{file}, baris 1: kepala kolom tidak cocok", f"tulis {','.join(HEADINGS)}")
    days: dict[date, tuple[str, str]] = {}
    for cells in rows:
        if any(cell.strip() for cell in cells):
            day, kind, name = _row(file, rows.line_num, cells)
            days[day] = (kind, name)
    return days


def lay_calendar(database: Database, file: Path, readings: Mapping[str, str], now: datetime) -> bool:
    """Take over holidays and the office's readings, and bring all due dates in line; False when nothing changed."""
    own = office_days(file)
    days = {day: FreeDay(day, name, "libur") for day, name in national_days(range(now.year - 2, now.year + 3)).items()}
    for day, (kind, name) in own.items():
        if kind == WORKED:
            days.pop(day, None)
        else:
            days[day] = FreeDay(day, name, "kantor")
    read = {_limit(name): DayType(kind) for name, kind in readings.items()}
    with database.write() as session:
        changed = legal_clocks.keep_free_days(session, days.values(), now)
        changed |= legal_clocks.keep_readings(session, read, now)
        if changed:
            legal_clocks.refresh(session, now)
    return changed


def _limit(name: str) -> tuple[str, str]:
    regime, _, limit = name.partition(".")
    return regime, limit


def _row(file: Path, line: int, cells: list[str]) -> tuple[date, str, str]:
    where = f"{file}, baris {line}"
    if len(cells) != len(HEADINGS):
        raise ConfigError(f"{where}: {len(cells)} kolom, seharusnya {len(HEADINGS)}", f"tulis {','.join(HEADINGS)}")
    day, kind, name = (cell.strip() for cell in cells)
    if kind not in FREE | {WORKED}:
        raise ConfigError(f"{where}: jenis '{kind}' tidak dikenal", f"pilih: {', '.join(sorted(FREE | {WORKED}))}")
    try:
        return date.fromisoformat(day), kind, name
    except ValueError as error:
        raise ConfigError(f"{where}: tanggal '{day}' tidak dapat dibaca", "tulis seperti 2026-03-20") from error
