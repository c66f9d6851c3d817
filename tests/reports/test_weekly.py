from __future__ import annotations

import errno
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from db import audit, report_runs
from db.tables import report_run, review_case
from monitor.domain import CaseState
from monitor.errors import ConfigError, UsageError
from monitor.reports.files import write_whole
from monitor.reports.model import ColumnKind
from monitor.reports.weekly import weekly_report
from monitor.reports.words import cell_text

WEEK = "2024-W40"
MONDAY = datetime(2024, 9, 29, 17, tzinfo=UTC)


def asked(office, tmp_path: Path, **changes):
    question = {
        "week": WEEK, "jurisdiction": None, "formats": ("xlsx", "html", "json"), "output": tmp_path / "laporan",
        "as_of": None, "now": MONDAY + timedelta(days=8), "timezone": "Asia/Jakarta",
    }  # fmt: skip
    return weekly_report(office.database, **{**question, **changes})


def table(result, key: str) -> list[dict]:
    section = result.report.section(key)
    return [dict(zip((column.key for column in section.columns), row, strict=True)) for row in section.rows]


def measures(result) -> dict[str, tuple]:
    return {row["key"]: (row["week"], row["stage"]) for row in table(result, "summary")}


def test_the_week_and_the_stage_are_counted_apart(busy, tmp_path):
    numbers = measures(asked(busy, tmp_path))
    assert numbers["acts"] == (3, 4)
    assert numbers["people"] == (3, 3)
    assert numbers["cases"] == (2, 3)


def test_taking_a_case_under_review_is_no_decision(busy, tmp_path):
    assert measures(asked(busy, tmp_path))["decisions"] == (0, 0)
    busy.decide(busy.cases()[0], CaseState.PERLU_BUKTI, MONDAY + timedelta(days=4))
    assert measures(asked(busy, tmp_path))["decisions"] == (1, 1)


def test_a_region_counts_its_own_people_and_those_below(busy, tmp_path):
    assert measures(asked(busy, tmp_path, jurisdiction="99.01"))["acts"] == (2, 3)
    assert measures(asked(busy, tmp_path, jurisdiction="99.02"))["acts"] == (1, 1)
    assert measures(asked(busy, tmp_path, jurisdiction="99.0"))["acts"] == (0, 0)


def test_the_week_begins_at_midnight_of_the_office(busy, tmp_path):
    assert measures(asked(busy, tmp_path, timezone="Asia/Jayapura"))["acts"][0] == 3
    assert measures(asked(busy, tmp_path, timezone="UTC"))["acts"][0] == 2


def test_every_dimension_adds_up_to_the_acts(busy, tmp_path):
    result = asked(busy, tmp_path)
    for key in ("by_law_row", "by_act", "by_platform", "by_region", "by_employment", "by_stage", "by_candidate"):
        assert sum(row["acts_week"] for row in table(result, key)) == 3, key


def test_states_are_those_at_the_end_of_the_week(busy, tmp_path):
    busy.decide(busy.cases()[0], CaseState.DIKESAMPINGKAN, MONDAY + timedelta(days=7))
    states = {row["state"]: row["cases"] for row in table(asked(busy, tmp_path), "by_state")}
    assert states == {"baru": 3, "ditinjau": 1}


def test_pairs_stand_beside_what_was_watched_of_them(busy, tmp_path):
    first, second = table(asked(busy, tmp_path), "by_candidate")
    assert (first["accounts"], first["visits"], first["good_visits"], first["acts_week"]) == (1, 2, 1, 2)
    assert (second["accounts"], second["visits"], second["acts_week"]) == (1, 0, 1)


def test_gaps_are_counted_per_source_and_verb(busy, tmp_path):
    rows = {row["act"]: row for row in table(asked(busy, tmp_path), "coverage")}
    assert (rows["unggahan"]["visits"], rows["unggahan"]["gaps"], rows["unggahan"]["share"]) == (2, 0, 1.0)
    assert (rows["menyukai"]["gaps"], rows["menyukai"]["partial"]) == (2, 2)


def test_dropped_bystanders_and_issues_are_counted(busy, tmp_path):
    result = asked(busy, tmp_path)
    assert [row["bystanders"] for row in table(result, "visits")] == [250, 250]
    assert table(result, "issues") == [{"source": "bluesky", "kind": "login_wall", "count": 1}]


def test_the_rules_and_their_hashes_are_named(busy, tmp_path):
    result = asked(busy, tmp_path)
    assert [(row["rule"], row["status"], row["hash"]) for row in table(result, "rules")] == [
        ("suka-contoh", "aktif", "c" * 64)
    ]
    assert ("Sidik jari susunan aturan", "a" * 64) in result.report.method


def test_a_week_without_nights_says_so(office, tmp_path):
    result = asked(office, tmp_path)
    assert any("Tidak ada pemindaian" in limit for limit in result.report.limits)
    assert measures(result)["acts"] == (0, 0)


def test_the_same_question_gives_the_same_bytes(busy, tmp_path):
    first = asked(busy, tmp_path)
    again = asked(busy, tmp_path, output=tmp_path / "lagi", now=MONDAY + timedelta(days=90))
    assert [file.sha256 for file in first.files] == [file.sha256 for file in again.files]


def test_an_earlier_as_of_gives_the_earlier_bytes(busy, tmp_path):
    first = asked(busy, tmp_path)
    busy.act(3, 1, MONDAY + timedelta(days=5))
    busy.night(MONDAY + timedelta(days=5))
    busy.decide(busy.cases()[1], CaseState.DITINJAU, MONDAY + timedelta(days=6))
    newer = asked(busy, tmp_path)
    again = asked(busy, tmp_path, as_of=first.report.as_of, output=tmp_path / "lagi")
    assert measures(newer)["acts"][0] == 4
    assert [file.sha256 for file in first.files] == [file.sha256 for file in again.files]


def test_files_are_recorded_with_their_hashes_and_audited(busy, tmp_path):
    result = asked(busy, tmp_path)
    with busy.database.read() as session:
        recorded = [(file.name, file.sha256) for file in report_runs.recorded(session, "weekly")]
        (line,) = audit.tail(session, action="report.weekly")
        asof = session.execute(sa.select(report_run.c.as_of)).scalars().first()
    assert recorded == [(file.path.name, file.sha256) for file in result.files]
    assert json.loads(line.detail)["files"] == dict(recorded)
    assert asof == result.report.as_of > 0


def test_the_spreadsheet_has_the_numbers_filters_and_a_chart(busy, tmp_path):
    result = asked(busy, tmp_path, formats=("xlsx",))
    book = load_workbook(result.files[0].path)
    sheet = book["Keseimbangan antarpasangan"]
    section = result.report.section("by_candidate")
    assert [cell.value for cell in sheet[3]] == [column.title for column in section.columns]
    last = 3 + len(section.rows)
    rows = sheet.iter_rows(min_row=4, max_row=last)
    assert [tuple(cell.value for cell in row) for row in rows] == list(section.rows)
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:K5"
    assert len(sheet._charts) == 1
    assert len(book.sheetnames) == len(result.report.sections) + 3


def test_the_page_needs_nothing_else_and_speaks_indonesian(busy, tmp_path):
    page = asked(busy, tmp_path, formats=("html",)).files[0].path.read_text(encoding="utf-8")
    assert '<html lang="id">' in page
    assert "30 September 2024 sampai 6 Oktober 2024" in page
    assert "src=" not in page
    assert "href=" not in page
    assert "temuan" not in page.lower()
    assert "pelanggaran" not in page.lower()


def test_json_tells_the_same_numbers(busy, tmp_path):
    result = asked(busy, tmp_path, formats=("json",))
    told = json.loads(result.files[0].path.read_text(encoding="utf-8"))
    assert told["sections"]["by_candidate"]["rows"] == table(result, "by_candidate")
    assert told["as_of"] == result.report.as_of


def test_no_name_and_no_account_of_a_person_is_written(busy, tmp_path):
    for file in asked(busy, tmp_path, formats=("html", "json")).files:
        text = file.path.read_text(encoding="utf-8")
        assert "PEGAWAI CONTOH" not in text
        assert "did:plc:asn" not in text


@pytest.mark.parametrize(
    "changes",
    [
        {"week": "2024-40"},
        {"week": "2024-W54"},
        {"week": "0000-W01"},
        {"formats": ("pptx",)},
        {"formats": ()},
        {"as_of": 10_000},
        {"as_of": -1},
    ],
)
def test_a_wrong_question_is_wrong_use(office, tmp_path, changes):
    with pytest.raises(UsageError) as caught:
        asked(office, tmp_path, **changes)
    assert caught.value.mend
    assert not (tmp_path / "laporan").exists()


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "laporan.json"
    path.write_text("lama")

    def broken(partial: Path) -> None:
        partial.write_text("separuh")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_whole(path, broken)
    assert [file.name for file in tmp_path.iterdir()] == ["laporan.json"]
    assert path.read_text() == "lama"


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, 1), (errno.EDQUOT, 1), (errno.EACCES, 2)])
def test_a_full_disk_needs_a_person_and_a_closed_folder_other_settings(tmp_path: Path, number: int, code: int) -> None:
    def broken(partial: Path) -> None:
        raise OSError(number, "contoh")

    with pytest.raises(ConfigError, match="Laporan tidak dapat ditulis") as refused:
        write_whole(tmp_path / "laporan.json", broken)
    assert refused.value.exit_code == code


def test_people_without_a_region_are_named_in_a_regions_report(busy, tmp_path):
    with busy.database.write() as session:
        session.execute(sa.update(review_case).where(review_case.c.jurisdiction == "99.02").values(jurisdiction=""))
    told = asked(busy, tmp_path, jurisdiction="99.01").report.limits
    assert any(limit.startswith("1 informasi awal tidak mempunyai wilayah") for limit in told)


def test_a_decision_taken_back_is_not_counted(busy, tmp_path):
    busy.decide(busy.cases()[0], CaseState.PERLU_BUKTI, MONDAY + timedelta(days=4))
    busy.undo(MONDAY + timedelta(days=5))
    assert measures(asked(busy, tmp_path))["decisions"] == (0, 0)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (1234567, ColumnKind.COUNT, "1.234.567"),
        (1234.56, ColumnKind.NUMBER, "1.234,6"),
        (0.125, ColumnKind.PERCENT, "12,5 %"),
        (None, ColumnKind.COUNT, "–"),
        ("a.b", ColumnKind.TEXT, "a.b"),
    ],
)
def test_numbers_are_written_as_in_indonesian(value, kind, text):
    assert cell_text(value, kind) == text


def test_the_spreadsheet_ends_with_the_indications_behind_the_numbers(busy, tmp_path):
    result = asked(busy, tmp_path, formats=("xlsx",))
    sheet = load_workbook(result.files[0].path)["Rincian indikasi"]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5]
    assert sheet.auto_filter.ref == "A3:O8"
    assert {row[4] for row in rows} == {"menyukai", "membagikan", "komentar"}
    assert all(isinstance(row[3], datetime) for row in rows)
    assert "PEGAWAI CONTOH" not in str(rows)
