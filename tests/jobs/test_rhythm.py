from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import Contest, Job, Office, Regime, Stage, StageKind
from monitor.errors import ConfigError
from monitor.jobs.rhythm import REMEMBERED, Beat, Rhythm, rhythms, timetable, trigger_of, weekdays
from monitor.jobs.units import on_calendar
from monitor.settings import Settings
from tests.conftest import unavailable

ZONE = ZoneInfo("Asia/Makassar")
START = datetime(2026, 11, 1, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
CRONS = (
    "30 1 * * *",
    "0 6 * * mon",
    "*/20 8-16 * * 1-5",
    "15 3 1 * *",
    "0 0 * * 5-7",
    "10,40 */6 * 2,8 *",
    "30 1 */2 jan-mar,DEC *",
    "0 6 * SEP-dec/2,feb sun",
    "0 6 * jan-mar FRI-mon",
)


def settings(home: Path, **sections: object) -> Settings:
    return Settings(home=home, **sections)  # type: ignore[arg-type]  # sections by name


def contest(*stages: tuple[StageKind, datetime]) -> Contest:
    return Contest(
        name="Bupati Contoh 2026", region="99.01", office=Office.BUPATI, regime=Regime.PILKADA,
        stages=tuple(Stage(kind, at) for kind, at in stages), candidates=(),
    )  # fmt: skip


def test_every_job_but_the_backup_without_a_folder_is_due_by_itself(tmp_path: Path) -> None:
    assert set(rhythms(settings(tmp_path))) == set(Job) - {Job.BACKUP}
    assert Job.BACKUP in rhythms(settings(tmp_path, backup={"folder": "/srv/cadangan"}))


def test_an_empty_line_switches_a_job_off(tmp_path: Path) -> None:
    asked = rhythms(settings(tmp_path, schedule={"verify": "", "revisit": {"kampanye": ""}}))
    assert not {Job.VERIFY, Job.REVISIT} & set(asked)


def test_jobs_are_due_by_the_clock_of_the_office(tmp_path: Path) -> None:
    nightly = rhythms(settings(tmp_path, agency={"timezone": "Asia/Jayapura"}))[Job.NIGHTLY]
    due = nightly.next_due(datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert due == datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "cron",
    [
        "tiap malam",
        "30 1 * *",
        "61 1 * * *",
        "0 6 * * senin",
        "0 6 * * 9",
        "30 1 last * *",
        "5/10 * * * *",
        "٣ 1 * * *",
    ],
)
def test_a_line_that_is_no_cron_expression_is_refused(cron: str) -> None:
    with pytest.raises(ConfigError, match="bukan baris cron"):
        trigger_of(cron, ZONE)


def test_a_line_that_cannot_be_read_is_named_and_keeps_no_other_job_from_its_time(tmp_path: Path) -> None:
    asked = settings(tmp_path, schedule={"digest": "tiap malam", "revisit": {"kampanye": "kapan saja"}})
    found = timetable(asked)
    assert [line.setting for line in found.unreadable] == ["schedule.revisit.kampanye", "schedule.digest"]
    assert set(found.rhythms) == set(Job) - {Job.BACKUP, Job.DIGEST, Job.REVISIT}
    with pytest.raises(ConfigError, match=r"schedule\.revisit\.kampanye: Jadwal «kapan saja»"):
        rhythms(asked)


def test_a_line_whose_time_never_comes_is_refused() -> None:
    with pytest.raises(ConfigError, match="tidak pernah tiba"):
        trigger_of("30 1 31 2 *", ZONE)
    trigger_of("30 1 29 2 *", ZONE)


def test_a_line_with_date_and_weekday_is_refused_since_keepers_of_time_read_it_differently() -> None:
    with pytest.raises(ConfigError, match="tanggal dan hari pekan"):
        trigger_of("0 6 1 * mon", ZONE)


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("1", ("mon",)),
        ("0", ("sun",)),
        ("7", ("sun",)),
        ("1-3", ("mon", "tue", "wed")),
        ("fri-mon", ("fri", "sat", "sun", "mon")),
        ("5-7", ("fri", "sat", "sun")),
        ("mon,4", ("mon", "thu")),
        ("*/3", ("sun", "wed", "sat")),
    ],
)
def test_weekdays_are_counted_as_cron_counts_them(field: str, days: tuple[str, ...]) -> None:
    assert weekdays(field) == days


def test_between_nights_a_job_is_due_only_in_its_stage_and_more_often_in_the_quiet_days(tmp_path: Path) -> None:
    quiet, vote = START + timedelta(days=2), START + timedelta(days=3)
    known = [contest((StageKind.KAMPANYE, START + timedelta(days=1)), (StageKind.MASA_TENANG, quiet),
                     (StageKind.PEMUNGUTAN, vote))]  # fmt: skip
    revisit = rhythms(settings(tmp_path), known)[Job.REVISIT]
    by_day = [len(revisit.dues(START + timedelta(days=n), START + timedelta(days=n + 1))) for n in range(4)]
    assert by_day == [0, 24, 48, 0]
    assert revisit.next_due(vote) is None


@hypothesis.settings(max_examples=40)
@given(after=MOMENTS, hours=st.integers(0, 24 * 9), cron=st.sampled_from(CRONS))
def test_due_times_lie_in_their_span_each_after_the_other_and_none_is_left_out(
    after: datetime, hours: int, cron: str
) -> None:
    beat = Beat(cron, trigger_of(cron, ZONE))
    upto = after + timedelta(hours=hours)
    dues = beat.dues(after, upto)
    assert all(after < due <= upto for due in dues)
    walked, moment = [], beat.next_due(after)
    while moment is not None and moment <= upto:
        walked.append(moment)
        moment = beat.next_due(moment)
    assert dues == walked


@hypothesis.settings(max_examples=40)
@given(upto=MOMENTS, cron=st.sampled_from(CRONS))
def test_the_newest_due_time_is_the_one_after_which_none_is_due(upto: datetime, cron: str) -> None:
    rhythm = Rhythm(Job.NIGHTLY, (Beat(cron, trigger_of(cron, ZONE)),))
    last = rhythm.last_due(upto)
    if last is None:
        assert rhythm.dues(upto - REMEMBERED, upto) == []
    else:
        assert last <= upto
        assert rhythm.dues(last, upto) == []


@hypothesis.settings(max_examples=40)
@given(middle=MOMENTS, before=st.integers(0, 150), then=st.integers(0, 150), cron=st.sampled_from(CRONS))
def test_a_span_cut_in_two_has_the_same_due_times(middle: datetime, before: int, then: int, cron: str) -> None:
    beat = Beat(cron, trigger_of(cron, ZONE))
    first, last = middle - timedelta(hours=before), middle + timedelta(hours=then)
    assert beat.dues(first, middle) + beat.dues(middle, last) == beat.dues(first, last)


def test_what_was_due_long_ago_is_not_remembered(tmp_path: Path) -> None:
    nightly = rhythms(settings(tmp_path))[Job.NIGHTLY]
    assert len(nightly.dues(START - timedelta(days=400), START)) == REMEMBERED.days


@pytest.mark.parametrize("cron", CRONS)
def test_systemd_reads_the_same_times_from_its_own_form(cron: str) -> None:
    if shutil.which("systemd-analyze") is None:
        unavailable("systemd-analyze tidak ada")
    ask = ["systemd-analyze", "calendar", "--iterations=6", "--base-time=2026-11-01 00:00:00 UTC"]
    said = subprocess.run(
        [*ask, on_calendar(cron, "Asia/Makassar")],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"TZ": "UTC"},
    )
    told = [line.partition("UTC): ")[2] or line for line in said.stdout.splitlines() if "UTC" in line]
    found = [datetime.strptime(line[-23:-4], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) for line in told]
    beat, wanted = Beat(cron, trigger_of(cron, ZONE)), [START - timedelta(microseconds=1)]
    for _ in range(6):
        wanted.append(beat.next_due(wanted[-1]) or START)
    assert found == wanted[1:], said.stdout
