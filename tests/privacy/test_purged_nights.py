"""A purge of what a real night kept: archives are struck, and every check of the evidence still holds."""

from __future__ import annotations

import pytest

from db import exchanges
from db.connect import Database
from monitor.evidence.sealed_warc import open_warc
from tests.privacy.keeping import close, later, numbers, purge, resting_on, texts_of, whole
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database  # the rows are tested on both in test_purge


def test_open_cases_keep_what_they_rest_on_and_closed_ones_do_not(office: Office, network: WrittenBluesky) -> None:
    first, *rest = numbers(office)
    close(office, rest)
    later(office, 4000)
    with office.space() as space, space.database.read() as session:
        (archive,) = exchanges.warcs(session)
        before = sum(map(len, open_warc(space.evidence, archive.name)))
    done = purge(office)
    with office.space() as space:
        assert all(space.evidence.exists(digest) for digest in resting_on(space.database, first))
        assert all(texts_of(space.database, first))
        assert 0 < sum(map(len, open_warc(space.evidence, archive.name))) < before
    assert done.counts["capture"] > 0
    assert whole(office) == ([], [])
    office.scan(network)
    assert whole(office) == ([], [])
    later(office, 30)
    assert "capture" not in purge(office).counts
