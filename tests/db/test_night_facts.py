"""What a night's summary rests on, summed up by either database from what the nights recorded."""

from __future__ import annotations

import json
from datetime import timedelta

from db import night_facts, runs
from db.connect import Database
from monitor.domain import Act, Coverage, Direction, Outcome, TargetResult
from monitor.domain.nights import PairSeen, RegionSeen
from monitor.vault import Vault
from tests.web import world
from tests.web.samples import CAMPAIGN, NOW

SEEN = ((Act.POST, Coverage.OBSERVED), (Act.LIKE, Coverage.PARTIAL))


def record(database: Database, day: int, outcomes: dict[str, Outcome]) -> int:
    """Record one night, as many days from now, that visited accounts with these outcomes."""
    began = NOW + timedelta(days=day)
    with database.write() as session:
        run = runs.open_run(session, "q", began, timedelta(hours=12))
        for target, outcome in outcomes.items():
            side = Direction.CANDIDATE if target == CAMPAIGN.user_id else Direction.SUBJECT
            ended = began + timedelta(minutes=5)
            runs.record_target(session, run.id, TargetResult("bluesky", side, target, outcome, SEEN, 3, 2, 1, 7,
                                                             started_at=began, finished_at=ended))  # fmt: skip
        runs.finish_run(session, run.id, json.dumps({}), True, began + timedelta(minutes=9))
    return run.id


def test_a_night_is_summed_up_by_source_pair_and_region(database: Database, vault: Vault) -> None:
    world.found(database, vault)
    ani, sari = world.ANI.ref.user_id, world.SARI.ref.user_id
    record(database, -1, {CAMPAIGN.user_id: Outcome.OK, ani: Outcome.OK})
    run = record(database, 0, {CAMPAIGN.user_id: Outcome.OK, ani: Outcome.BUDGET_SPENT, sari: Outcome.BUDGET_SPENT})
    with database.read() as session:
        facts = night_facts.night_facts(session, NOW)
        none = night_facts.night_facts(session, NOW, run + 1)
    assert none is None
    assert facts is not None
    (source,) = facts.sources
    assert (source.targets, source.read, source.waiting, source.never) == (3, 1, 2, 1)
    assert (source.requests, source.items, source.acts, source.bystanders, source.seconds) == (9, 6, 3, 21, 300)
    assert source.longest_unseen == NOW - timedelta(days=1) + timedelta(minutes=5)
    assert source.coverage == ((Act.POST, ((Coverage.OBSERVED, 3),)), (Act.LIKE, ((Coverage.PARTIAL, 3),)))
    assert facts.pairs == (PairSeen("Bupati Contoh 2024", 1, facts.pairs[0].label, 1, 1),)
    assert facts.regions == (RegionSeen("98.02", 1, 0), RegionSeen("99.01", 1, 0))
    assert (facts.before, facts.until) == (NOW - timedelta(days=1), NOW - timedelta(days=1) + timedelta(minutes=9))
