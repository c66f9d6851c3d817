from __future__ import annotations

from datetime import timedelta

import pytest

from db import backfills
from db.tables import register_change


@pytest.fixture
def queue(database, now):
    def add(kind):
        with database.write() as session:
            session.execute(register_change.insert().values(kind=kind, reason="added", created_at=now))

    return add


def test_nothing_is_queued_at_first(database):
    with database.read() as session:
        assert backfills.pending(session) == backfills.Backfills()


@pytest.mark.parametrize(("kind", "pairs"), [("account", True), ("candidate_account", False), ("contest", False)])
def test_an_account_of_a_person_asks_for_all_pairs_posts(database, queue, kind, pairs):
    queue(kind)
    with database.read() as session:
        assert backfills.pending(session).pairs is pairs


def test_a_change_that_came_meanwhile_stays_queued(database, queue, now):
    queue("account")
    with database.read() as session:
        seen = backfills.pending(session)
    queue("candidate_account")
    with database.write() as session:
        backfills.finish(session, seen, now + timedelta(hours=1))
        left = backfills.pending(session)
    assert (left.upto > seen.upto, left.pairs) == (True, False)
