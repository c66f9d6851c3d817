from __future__ import annotations

from datetime import timedelta

from db import health_targets, runs
from db.connect import Database
from monitor.domain import Act, Coverage, Direction, Outcome, TargetResult
from monitor.vault import Vault
from tests.web import world
from tests.web.samples import NOW


def visited(database: Database, vault: Vault) -> None:
    world.found(database, vault)
    with database.write() as session:
        run = runs.open_run(session, "q" * 64, NOW, timedelta(hours=12))
        for asn in world.PEOPLE:
            seen = ((Act.POST, Coverage.OBSERVED),)
            visit = TargetResult("bluesky", Direction.SUBJECT, asn.ref.user_id, Outcome.OK, seen, finished_at=NOW)
            runs.record_target(session, run.id, visit)


def test_pages_go_on_behind_the_last_account(database: Database, vault: Vault) -> None:
    visited(database, vault)
    with database.read() as session:
        first = health_targets.watched_targets(session, "bluesky", None, limit=2)
        assert first.after is not None
        rest = health_targets.watched_targets(session, "bluesky", None, first.after, limit=2)
    names = [row.name for row in (*first.rows, *rest.rows)]
    assert sorted(names) == sorted(asn.ref.handle or "" for asn in world.PEOPLE)
    assert rest.after is None


def test_without_a_place_there_is_no_account(database: Database, vault: Vault) -> None:
    visited(database, vault)
    with database.read() as session:
        assert health_targets.watched_targets(session, "bluesky", ()).rows == ()


def test_a_province_sees_its_regencies(database: Database, vault: Vault) -> None:
    visited(database, vault)
    with database.read() as session:
        assert len(health_targets.watched_targets(session, "bluesky", ("99",)).rows) == 2


def test_an_account_tells_what_its_newest_visit_saw(database: Database, vault: Vault) -> None:
    visited(database, vault)
    with database.read() as session:
        row = health_targets.watched_targets(session, "bluesky", ("98",)).rows[0]
    assert row.coverage == ((Act.POST, Coverage.OBSERVED),)
    assert row.outcomes == (Outcome.OK,)
    assert row.last_worked_at == NOW
