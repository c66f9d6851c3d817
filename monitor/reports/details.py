"""The single indications behind a report, as a long sheet that names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from db import report_cases
from db.connect import Session
from db.report_facts import Reach
from monitor.labels import label
from monitor.reports.bulk import LongColumn, LongSheet
from monitor.reports.words import zone_name

TITLE: Final = "Rincian indikasi"
_NOTE = "Satu baris satu aturan yang terpenuhi. Nomor dibuka di konsol oleh yang berwenang; nama tidak dimuat di sini."


def indications(session: Session, reach: Reach, zone: ZoneInfo) -> LongSheet:
    """Return the sheet; its rows are read while it is written, so the session must live as long."""

    def rows() -> Iterator[tuple[object, ...]]:
        for row in report_cases.noted(session, reach):
            yield tuple(label(cell) if isinstance(cell, StrEnum) else cell for cell in row)

    columns = (
        LongColumn("Nomor indikasi", "count"),
        LongColumn("Nomor perbuatan", "count"),
        LongColumn("Informasi awal", "count"),
        LongColumn(f"Dicatat ({zone_name(zone.key)})", "time", 18),
        LongColumn("Perbuatan"),
        LongColumn("Platform"),
        LongColumn("Aturan", width=28),
        LongColumn("Versi", "count", 8),
        LongColumn("Ketentuan", width=16),
        LongColumn("Baris", width=8),
        LongColumn("Tahapan", width=18),
        LongColumn("Kontes", width=28),
        LongColumn("Nomor urut", "count", 10),
        LongColumn("Kode wilayah", width=14),
        LongColumn("Jenis pegawai", width=16),
    )
    return LongSheet(TITLE, columns, report_cases.noted_count(session, reach), rows, zone, _NOTE)
