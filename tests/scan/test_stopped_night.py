"""A night that ends early says why in an officer's words."""

from __future__ import annotations

import errno

import pytest

from db import runs
from db.connect import Database
from monitor.errors import DatabaseAway
from monitor.scan.night import failure_told
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky


@pytest.fixture
def database(sqlite_database: Database) -> Database:  # one database is enough: the words are the program's
    return sqlite_database


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (KeyboardInterrupt(), "dihentikan dari luar"),
        (DatabaseAway("Peladen basis data penuh", "kurangi pekerja"), "Peladen basis data penuh — kurangi pekerja"),
        (OSError(errno.ENOSPC, "No space left on device"), "cakram penuh"),
        (ValueError("BUDI CONTOH"), "ValueError"),
    ],
)
def test_a_night_that_ends_early_says_why_in_an_officers_words_where_there_are_any(
    office: Office, network: WrittenBluesky, database: Database, failure: BaseException, words: str
) -> None:
    run = office.scan(network).run
    with office.parts(network) as parts, pytest.raises(type(failure)), failure_told(parts, run):
        raise failure
    with database.read() as session:
        told = [issue.detail for issue in runs.run_issues(session, run) if issue.kind == "run_failed"]
    assert told == [words]
