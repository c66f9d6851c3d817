"""How often rules were right by the verdicts of reviewers, as a table of the report."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.domain import VerdictCount
from monitor.labels import label
from monitor.reports.model import Column, ColumnKind, Section
from monitor.review.precision import Bars, precisions

_TEXT = ColumnKind.TEXT
_PERCENT = ColumnKind.PERCENT
_NOTE = (
    "Nilai pemeriksa atas tiap indikasi sampai akhir pekan: apakah aturannya benar menandai, bukan apakah "
    "orangnya melanggar. Rentang Wilson 95%. Saran tidak menghentikan aturan; hanya dua orang yang dapat."
)


def rule_precision(counts: Iterable[VerdictCount], bars: Bars) -> Section:
    """Return each judged rule and version, first over all places, then place by place, with what it advises."""
    rows = tuple(
        (
            row.rule_id,
            row.version,
            "semua" if row.jurisdiction is None else row.jurisdiction or "tanpa wilayah",
            row.right,
            row.wrong,
            row.unsure,
            row.share,
            row.low,
            row.high,
            label(row.advice) if row.jurisdiction is None else "",
        )
        for row in precisions(counts, bars)
    )
    columns = (
        Column("rule", "Aturan", _TEXT),
        Column("version", "Versi"),
        Column("jurisdiction", "Wilayah", _TEXT),
        Column("right", "Benar"),
        Column("wrong", "Salah"),
        Column("unsure", "Ragu"),
        Column("precision", "Ketepatan", _PERCENT),
        Column("low", "Batas bawah", _PERCENT),
        Column("high", "Batas atas", _PERCENT),
        Column("advice", "Saran", _TEXT),
    )
    return Section("rule_precision", "Ketepatan aturan", columns, rows, _NOTE)
