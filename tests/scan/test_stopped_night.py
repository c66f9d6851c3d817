"""A night that somebody stops says so in an officer's words."""

from __future__ import annotations

import pytest

from db import runs
from db.connect import Database
from monitor.scan.night import failure_told
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky


@pytest.fixture
def database(sqlite_database: Database) -> Database:  # one database is enough: the words are the program's
    return sqlite_database


def test_a_night_that_is_stopped_says_so_without_the_programs_own_words(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    run = office.scan(network).run
    with office.parts(network) as parts, pytest.raises(KeyboardInterrupt), failure_told(parts, run):
        raise KeyboardInterrupt
    with database.read() as session:
        told = [issue.detail for issue in runs.run_issues(session, run) if issue.kind == "run_failed"]
    assert told == ["dihentikan dari luar"]
