"""A night does not begin where the evidence of earlier ones should lie and nothing does."""

from __future__ import annotations

import shutil

import pytest

from db.connect import Database
from monitor.errors import StoreUnavailable
from tests.scan.offices import Office
from tests.scan.rows import contents
from tests.scan.written_bluesky import WrittenBluesky


@pytest.fixture
def database(sqlite_database: Database) -> Database:  # one database is enough: it is only counted
    return sqlite_database


def test_a_night_without_the_disk_of_its_evidence_is_refused_and_leaves_nothing(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    office.scan(network)
    before, folder = contents(database, frozenset()), office.home / "data" / "evidence"
    shutil.rmtree(folder)
    folder.mkdir()
    with pytest.raises(StoreUnavailable, match=r"kosong, padahal \d+ bukti tercatat — periksa apakah cakramnya"):
        office.scan(network)
    assert contents(database, frozenset()) == before
    assert list(folder.iterdir()) == []


def test_a_night_goes_on_without_the_old_evidence_once_somebody_says_so(
    office: Office, network: WrittenBluesky
) -> None:
    office.scan(network)
    folder = office.home / "data" / "evidence"
    shutil.rmtree(folder)
    (folder / "00").mkdir(parents=True)
    office.scan(network)
    assert len(list(folder.iterdir())) > 1
