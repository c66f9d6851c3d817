"""Days that are no working days, and how the office reads the days of legal limits."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import Utc, choice, col, metadata, token
from monitor.domain import Regime
from monitor.domain.clocks import DayType

free_day = sa.Table(
    "free_day",
    metadata,
    col("day", sa.Date, "The day.", primary_key=True),
    col("name", sa.Text, "What it is."),
    col("origin", token("origin", "libur", "kantor"), "National calendar, or the office's own file."),
    col("noted_at", Utc, "When it was taken over."),
    comment="Holidays and collective leave, which working days pass over.",
)

clock_reading = sa.Table(
    "clock_reading",
    metadata,
    col("regime", choice(Regime, "regime"), "Which election law.", primary_key=True),
    col("name", sa.String(32), "Name of the limit in the law profile.", primary_key=True),
    col("day_type", choice(DayType, "day_type"), "How the office counts its days."),
    col("noted_at", Utc, "When it was taken over."),
    comment="The office's own reading of limits whose kind of day sources dispute.",
)
