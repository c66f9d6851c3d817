from __future__ import annotations

import hashlib
import io
import itertools
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pypdfium2
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from selectolax.lexbor import LexborHTMLParser

from db import reporting
from db.connect import Database
from db.tables import account, asn, candidate, candidate_person, contest
from monitor.errors import UsageError
from monitor.reports.collect import collect
from monitor.reports.html import write_html
from monitor.reports.model import HIDDEN, ColumnKind, WeeklyReport
from monitor.reports.public import SMALLEST, kept_back, possible, public_report
from monitor.reports.weekly import FORMATS, weekly_report
from monitor.vault import Vault
from tests.reports.year import WEEK, build

COUNTS = st.lists(st.integers(0, 40), max_size=12)


def parts(count: int, whole: int) -> Iterator[tuple[int, ...]]:
    """Give every way to share a sum among so many parts of at least one."""
    for cuts in itertools.combinations(range(1, whole), count - 1):
        yield tuple(b - a for a, b in itertools.pairwise((0, *cuts, whole)))


@given(COUNTS)
def test_every_small_number_is_kept_back(values: list[int]) -> None:
    hidden = kept_back(values)
    assert hidden is None or {at for at, value in enumerate(values) if 0 < value < SMALLEST} <= hidden


@given(COUNTS)
def test_nothing_is_kept_back_where_nothing_is_small(values: list[int]) -> None:
    assert kept_back([value + SMALLEST for value in values]) == frozenset()


@given(COUNTS)
def test_of_every_number_kept_back_several_values_remain(values: list[int]) -> None:
    hidden = kept_back(values)
    for at, (least, most) in possible(values, hidden or frozenset()).items():
        assert least <= values[at] <= most
        assert most - least >= 3


@pytest.mark.parametrize("count", [2, 3, 4])
def test_nobody_who_knows_sum_and_rule_can_work_out_a_number(count: int) -> None:
    """Whoever tries every table that the rule would have published as this one is left with several for each cell."""
    for whole in range(SMALLEST, 28):
        alike: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
        for values in parts(count, whole) if whole >= count else ():
            hidden = kept_back(values)
            if hidden is not None:
                alike[tuple(None if at in hidden else value for at, value in enumerate(values))].append(values)
        for shown, tables in alike.items():
            for at in (at for at, value in enumerate(shown) if value is None):
                assert len({values[at] for values in tables}) > 1, (shown, tables)


@pytest.fixture
def office(sqlite_database: Database, vault: Vault) -> Database:
    build(sqlite_database, vault, acts=500)
    return sqlite_database


def read(database: Database) -> WeeklyReport:
    with database.read() as session:
        return collect(session, WEEK, "", reporting.last_known(session), ZoneInfo("Asia/Jakarta"))


def test_the_public_version_of_a_year_keeps_its_promises(office: Database) -> None:
    whole = read(office)
    public = public_report(whole)
    _check_cells(public)
    _check_sums_leave_room(whole, public)


def _check_cells(public: WeeklyReport) -> None:
    for section in (s for s in public.sections if s.key.startswith("by_")):
        assert [column.kind for column in section.columns].index(ColumnKind.COUNT) == len(section.columns) - 1
    about_people = [s for s in public.sections if s.key.startswith("by_") or s.key in ("registration", "decisions")]
    assert len(about_people) == 8
    cells = [cell for section in about_people for row in section.rows for cell in (*row, *section.total)]
    assert HIDDEN in cells
    assert not [cell for cell in cells if isinstance(cell, int) and 0 < cell < SMALLEST]
    assert not [column.key for section in about_people for column in section.columns if "stage" in column.key]
    summary = public.section("summary")
    assert [column.key for column in summary.columns] == ["key", "measure", "week"]


def _check_sums_leave_room(whole: WeeklyReport, public: WeeklyReport) -> None:
    """Work out every cell kept back as a reader would, from the table's own sum."""
    for section in public.sections:
        at = len(section.columns) - 1
        hidden = [n for n, row in enumerate(section.rows) if row[at] == HIDDEN]
        if not hidden:
            continue
        total, shown = section.total[at], [row[at] for row in section.rows if isinstance(row[at], int)]
        assert isinstance(total, int)
        left = total - sum(value for value in shown if isinstance(value, int))
        assert len(hidden) > 1, section.key
        assert left >= len(hidden) + 1, section.key
        assert {row[: at - 1] for row in section.rows} <= {row[: at - 1] for row in whole.section(section.key).rows}


def test_a_table_kept_back_is_not_said_to_be_empty(office: Database, tmp_path: Path) -> None:
    section = replace(read(office).section("by_act"), rows=(("menyukai", 3, 0, 3),))
    whole = read(office)
    small = replace(whole, sections=tuple(section if one.key == "by_act" else one for one in whole.sections))
    public = public_report(small)
    assert public.section("by_act").rows == ()
    write_html(replace(public, sections=(public.section("by_act"),)), tmp_path / "laporan.html")
    page = (tmp_path / "laporan.html").read_text()
    assert "tidak ditampilkan" in page
    assert "Tidak ada catatan" not in page


def names(office: Database) -> set[str]:
    """Return every word of the register that names somebody."""
    columns = (asn.c.name, asn.c.identifier_masked, account.c.platform_user_id, candidate_person.c.official_name,
               candidate.c.label, contest.c.name)  # fmt: skip
    with office.read() as session:
        return {word for column in columns for word in session.execute(sa.select(column)).scalars()}


def asked(database: Database, folder: Path, now: datetime, *, public: bool = True) -> dict[str, bytes]:
    result = weekly_report(
        database, week=WEEK, jurisdiction="99", formats=("json",), output=folder, as_of=None, now=now,
        timezone="Asia/Jakarta", public=public,
    )  # fmt: skip
    return {file.path.name: file.path.read_bytes() for file in result.files}


def test_the_public_file_has_a_name_of_its_own_and_the_same_bytes_again(office: Database, tmp_path: Path) -> None:
    after = datetime(2024, 10, 21, tzinfo=UTC)
    first = asked(office, tmp_path, after)
    ((name, data),) = first.items()
    assert name == f"laporan-publik-{WEEK}-99-{hashlib.sha256(data).hexdigest()[:8]}.json"
    assert asked(office, tmp_path / "lagi", after + timedelta(days=30)) == first
    assert json.loads(next(iter(first.values())))["public"] is True


def test_no_public_file_names_anybody(office: Database, tmp_path: Path) -> None:
    result = weekly_report(
        office, week=WEEK, jurisdiction="99", formats=FORMATS, output=tmp_path, as_of=None,
        now=datetime(2024, 10, 21, tzinfo=UTC), timezone="Asia/Jakarta", public=True,
    )  # fmt: skip
    texts = {file.path.name: text_of(file.path) for file in result.files}
    assert len(texts) == len(FORMATS) == 6
    for name, text in texts.items():
        assert HIDDEN in text, name
        for word in (*names(office), "did:", "://", "contoh.test", "001/Reg", "Rincian"):
            assert word not in text, (name, word)
        unsealed = re.sub(r"\b[0-9a-f]{24,64}\b", "", text)  # a fingerprint may hold as many digits in a row
        assert not re.search(r"(?<![.,\d])\d{16,18}(?!\d)", unsealed), name


def test_a_public_file_tells_no_number_that_goes_on_counting(office: Database, tmp_path: Path) -> None:
    with office.read() as session:
        known = reporting.last_known(session)
    told = json.loads(next(iter(asked(office, tmp_path, datetime(2024, 10, 21, tzinfo=UTC)).values())))
    assert told["as_of"] is None
    assert not {str(number) for number in astuple(known)} & {text["text"] for text in told["method"]}
    assert [text["name"] for text in told["method"] if "terakhir" in text["name"]] == []


def text_of(path: Path) -> str:
    """Return what a person finds in a file, of whatever form."""
    if path.suffix == ".xlsx":
        book = load_workbook(path)
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as paper:
            return "\n".join(page.get_textpage().get_text_bounded() for page in paper)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            return "\n".join(_part(packed, name) for name in packed.namelist())
    text = path.read_text(encoding="utf-8")
    return str(LexborHTMLParser(text).text(separator=" ")) if path.suffix == ".html" else text


def _part(packed: zipfile.ZipFile, name: str) -> str:
    data = packed.read(name)
    if not name.endswith(".parquet"):
        return data.decode()
    return "\n".join(str(row) for row in pl.read_parquet(io.BytesIO(data)).rows())


def test_a_week_that_still_runs_has_no_public_version(sqlite_database: Database, tmp_path: Path) -> None:
    sunday = datetime(2024, 10, 20, 12, tzinfo=UTC)
    with pytest.raises(UsageError, match="sudah selesai"):
        asked(sqlite_database, tmp_path, sunday)
    assert asked(sqlite_database, tmp_path, sunday + timedelta(hours=5))


def test_a_week_with_a_handful_of_acts_shows_no_tables_of_them(sqlite_database: Database, vault: Vault) -> None:
    build(sqlite_database, vault, acts=60)
    public = public_report(read(sqlite_database))
    told = {row[0]: row[2] for row in public.section("summary").rows}
    assert told["acts"] == HIDDEN
    assert public.section("by_act").rows == ()
    assert "tidak ditampilkan" in public.section("by_act").note


def test_empty_numbers_are_shown_as_zero(sqlite_database: Database) -> None:
    public = public_report(read(sqlite_database))
    assert {row[2] for row in public.section("summary").rows} == {0}
    assert public.section("by_act").total == ("Jumlah", 0)
