"""What failed before any record of it is told by the next night of the same machine, and forgotten only then."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from db import runs
from db.connect import Database
from monitor.assembly import night
from monitor.desk.night_summary import as_json, as_text, last_night
from monitor.domain import Hindrance, Job, StageKind
from monitor.last_words import LastWords
from monitor.log import LOST
from monitor.scan.plan import ScanOrder
from monitor.scan.spread import begin_shared, join, visit_shared
from scrapers.fetch import Fetcher, Identity
from tests.scan.offices import NOW, Office
from tests.scan.written_bluesky import WrittenBluesky

HOUR = timedelta(hours=1)
START_FAILED, LOG_LOST = "start_failed", "log_lost"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def words(office: Office) -> LastWords:
    left = LastWords(office.home / "data")
    left.add(Job.NIGHTLY, Hindrance.DISK_FULL, NOW)
    return left


@contextmanager
def refusing(database: Database, kind: str) -> Iterator[None]:
    """Let the database refuse every remark of a kind."""
    told = f"CREATE TRIGGER menolak BEFORE INSERT ON scan_issue WHEN new.kind = '{kind}' BEGIN"
    with database.write() as session:
        session.execute(sa.text(f"{told} SELECT RAISE(ABORT, 'ditolak'); END"))
    yield
    with database.write() as session:
        session.execute(sa.text("DROP TRIGGER menolak"))


def test_a_night_tells_of_the_start_that_failed_before_it_and_then_forgets_it(
    office: Office, network: WrittenBluesky, words: LastWords
) -> None:
    assert START_FAILED in {issue.kind for issue in office.scan(network).issues}
    assert words.read() == ()
    assert START_FAILED not in {issue.kind for issue in office.scan(network).issues}


def test_the_summary_says_what_could_not_begin_when_and_why(
    office: Office, network: WrittenBluesky, words: LastWords
) -> None:
    words.add(Job.NIGHTLY, Hindrance.DISK_FULL, NOW + HOUR)
    office.scan(network)
    with office.space() as space, space.database.read() as session:
        told = last_night(session, space.settings.agency.zone, office.clock.now)
    assert told is not None
    assert (
        "Ada yang gagal dimulai: pemindaian malam (2 kali, dari 21 Nov 2026, 01.00 WIB sampai 21 Nov 2026, 02.00 WIB): "
        "cakram penuh atau tidak dapat ditulis"
    ) in as_text(told, "Bawaslu Kabupaten Contoh")
    assert [fault["needs_person"] for fault in as_json(told)["faults"] if fault["kind"] == START_FAILED] == [False]


def test_a_look_between_two_nights_leaves_it_to_the_night(
    office: Office, network: WrittenBluesky, words: LastWords
) -> None:
    summary = office.scan(network, ScanOrder(stages=(StageKind.KAMPANYE,)))
    assert START_FAILED not in {issue.kind for issue in summary.issues}
    assert len(words.read()) == 1


def test_what_could_not_be_written_with_the_night_is_not_forgotten(
    office: Office, network: WrittenBluesky, words: LastWords, database: Database
) -> None:
    with refusing(database, START_FAILED), pytest.raises(IntegrityError):
        office.scan(network)
    assert len(words.read()) == 1
    assert START_FAILED in {issue.kind for issue in office.scan(network).issues}


def test_lost_lines_of_the_log_that_could_not_be_written_with_the_night_are_told_by_the_next_try(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    LOST.lines = 3
    with refusing(database, LOG_LOST), pytest.raises(IntegrityError):
        office.scan(network)
    assert LOST.lines == 3
    assert LOG_LOST in {issue.kind for issue in office.scan(network).issues}
    assert LOST.lines == 0


def test_a_machine_that_only_visits_tells_what_failed_on_it(
    office: Office, network: WrittenBluesky, words: LastWords, database: Database
) -> None:
    identity = Identity("Bawaslu Kabupaten Contoh", "pengawasan@contoh.example", "0.1.0")
    with office.space() as space, night(space, threading.Event()) as parts:
        here = replace(parts, fetcher=Fetcher(parts.policies, identity, office.clock, office.clock.sleep, network))
        elsewhere = replace(here, last_words=None)
        run_id, left = begin_shared(elsewhere, ScanOrder(), lambda _: 4)
        assert len(words.read()) == 1
        crew = join(here, run_id)
        assert crew is not None
        visit_shared(here, crew, left[0].key, threading.Event())
    assert words.read() == ()
    with database.read() as session:
        assert START_FAILED in {issue.kind for issue in runs.run_issues(session, run_id)}
