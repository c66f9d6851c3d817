"""A worker before which the evidence does not lie leaves its work to others, tells the night of it, and stops."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import planned_visits, runs
from db.connect import Database
from db.planned_visits import PlannedVisit
from monitor import installation
from monitor.desk.night_summary import as_text, last_night
from monitor.doctor import data
from monitor.domain import Direction, FailedStart, Hindrance, Starter
from monitor.errors import EvidenceElsewhere
from monitor.jobs import errands, queue
from monitor.jobs.station import Station
from monitor.jobs.workers import Duty, work
from monitor.last_words import LastWords
from monitor.scan.plan import ScanOrder
from monitor.scan.spread import asked_as_json
from monitor.workspace import Workspace, workspace

JOBS = ("nightly", "recheck", "weekly", "digest", "retention", "verify", "backup")
VISIT = PlannedVisit("bluesky", Direction.SUBJECT, "contoh", None, "99", "bluesky#99#0")


@pytest.fixture
def station(postgres_database: Database, tmp_path: Path) -> Iterator[Station]:
    """A shared night is open that was begun on another machine, with its folder of evidence mounted."""
    home, off = tmp_path / "kantor", "\n".join(f'{job} = ""' for job in JOBS)
    home.mkdir()
    text = f'database_url = "{postgres_database.url}"\n[schedule]\n{off}\nrevisit = {{}}\n'
    (home / "pantau.toml").write_text(text, encoding="utf-8")
    installation.create(home)
    with workspace(home) as space:
        queue.lay_queue(space.database)
        with space.database.write() as session:
            run = runs.open_run(session, ScanOrder().query, space.clock(), timedelta(hours=12)).id
            asked = asked_as_json(ScanOrder(), marked=True)
            planned_visits.plan(session, run, [VISIT], asked, space.clock())
        opened = Station(space, threading.Event())
        yield opened
        opened.close()


def waiting(station: Station) -> list[tuple[str, int]]:
    what = "args->'order'->>'kind' as kind, (args->'order'->>'tries')::int as tries"
    jobs = sa.text(f"select {what} from antrean.procrastinate_jobs where status = 'todo'")
    with station.space.database.read() as session:
        return [(row.kind, row.tries) for row in session.execute(jobs)]


def summary(space: Workspace) -> str:
    with space.database.read() as session:
        found = last_night(session, space.settings.agency.zone, space.clock())
    assert found is not None
    return as_text(found, "Bawaslu Kabupaten Contoh")


def test_a_visit_is_left_to_others_at_once_and_without_a_try_counted(station: Station) -> None:
    with pytest.raises(EvidenceElsewhere):
        errands.carry_out(station, queue.visit_order(1, VISIT))
    assert waiting(station) == [("visit", 0)]
    told = summary(station.space)
    assert "Ada mesin yang tidak melihat folder bukti, dan karena itu tidak ikut bekerja" in told
    assert "pasang cakram atau folder jaringan bukti di mesin itu" in told


def test_other_jobs_are_left_to_others_too(station: Station) -> None:
    with pytest.raises(EvidenceElsewhere):
        errands.carry_out(station, queue.work_order("verify", station.space.clock()))
    assert waiting(station) == [("job", 0)]


def test_a_worker_does_not_begin_and_is_told_of_by_the_night_and_by_last_words(station: Station) -> None:
    space = station.space
    with pytest.raises(EvidenceElsewhere, match="bukan folder tempat pemindaian 1 dimulai"):
        work(space, Duty(once=True))
    assert "tidak melihat folder bukti" in summary(space)
    [start] = LastWords(space.settings.data_dir).read()
    assert isinstance(start, FailedStart)
    assert (start.what, start.why) == (Starter.WORKER, Hindrance.EVIDENCE_ELSEWHERE)


def test_a_worker_from_which_the_share_is_taken_at_work_stops_with_the_reason(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = station.space
    space.evidence.mark(1)

    def taken(given: Station) -> None:
        space.evidence.unmark(1)
        with space.database.write() as session:
            queue.put(session, [queue.visit_order(1, VISIT)])

    monkeypatch.setattr(errands, "tend", taken)
    with pytest.raises(EvidenceElsewhere):
        work(space, Duty(once=True))
    assert waiting(station) == [("visit", 0)]


def test_the_doctor_tells_of_a_machine_that_does_not_see_the_evidence(station: Station) -> None:
    space = station.space
    with pytest.raises(EvidenceElsewhere, match="bukan folder tempat"):
        list(data.evidence(space.settings, space.database, space.clock))
    space.evidence.mark(1)
    assert [check.well for check in data.evidence(space.settings, space.database, space.clock)] == [True]
