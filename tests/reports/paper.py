"""An invented report for tests of its printed forms: every kind of cell, charts, a map of hours, texts that bite."""

from __future__ import annotations

from datetime import date

from monitor.reports.model import CODE, Column, ColumnKind, Section, WeeklyReport

TEXT = ColumnKind.TEXT
COUNTS = (Column("acts_week", "Indikasi pekan ini"), Column("acts_stage", "Indikasi sejak tahap berjalan"))


def summary() -> Section:
    columns = (Column("measure", CODE, TEXT), Column("label", "Ukuran", TEXT),
               Column("week", "Pekan ini", ColumnKind.NUMBER),
               Column("stage", "Sejak tahap berjalan", ColumnKind.NUMBER))  # fmt: skip
    rows = (("acts", "Indikasi (perbuatan)", 1128, 13734), ("hours", "Median jam sampai dibuka", 7.5, None))
    return Section("summary", "Ringkasan", columns, rows, "Contoh catatan.")


def regions(rows: int = 3) -> Section:
    places = tuple((f"99.{at:02d}", f"Kabupaten Contoh {at}", 10 + at, 1000 + at) for at in range(1, rows + 1))
    columns = (Column("key1", "Kode wilayah", TEXT), Column("key2", "Wilayah", TEXT), *COUNTS)
    return Section("by_region", "Menurut wilayah", columns, places, "", ("acts_week", "acts_stage"))


def hours() -> Section:
    columns = (Column("source", "Sumber", TEXT), *(Column(f"h{hour:02d}", f"{hour:02d}") for hour in range(24)))
    return Section("hours", "Celah menurut jam", columns, (("bluesky", *range(24)), ("mastodon", *range(24, 48))))


def hostile() -> Section:
    columns = (Column("name", "Nama", TEXT), Column("share", "Bagian", ColumnKind.PERCENT), Column("n", "Jumlah"))
    rows = (
        ('=HYPERLINK("http://contoh.example")', 0.125, None),
        ("#panic() $x$ *tebal* <b> @rujukan \\ [", 1.0, 0),
        ("a" * 64, None, 3),
        ("baris\nkedua, \"kutip\"; 'satu' & dua", 0.5, 4),
    )
    return Section("hostile", "Naskah [ganjil]: #let / \\ *?", columns, rows)


def report(*sections: Section, as_of: int = 1265) -> WeeklyReport:
    return WeeklyReport(
        week="2024-W40", first_day=date(2024, 9, 30), last_day=date(2024, 10, 6), timezone="Asia/Jakarta",
        jurisdiction="99", as_of=as_of, sections=sections or (summary(), regions(), hours(), hostile()),
        method=(("Sidik jari susunan aturan", "f" * 64),), limits=("Contoh batas #1.",),
    )  # fmt: skip
