"""A like known by a bracket only: where the law changes inside it, nobody guesses; it waits, visible, for a time."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from db import cases, unjudged
from db.connect import Database
from db.tables import interaction, judgement
from monitor.domain import CaseFilter, JudgementOutcome
from monitor.scan.plan import ScanOrder
from scrapers.wire import Answer, Call
from tests.peers.world import Event, Part, World, make_world, stages_around
from tests.scan.offices import NOW, Office, office_of
from tests.scan.written_bluesky import URLS, WrittenBluesky, stamp

HOUR = timedelta(hours=1)
HOME = "https://sosial.contoh.example"


def around_the_determination() -> World:
    """An election whose pairs were determined yesterday, with one civil servant."""
    world = make_world(5, NOW)
    stages = stages_around(NOW + timedelta(days=44))
    kept = tuple(a for a in world.actors if a.part not in (Part.ASN, Part.BYSTANDER) or a.key == "asn01")
    return World(NOW, kept, (), stages, dict(stages)["penetapan"])


WORLD = around_the_determination()
BEFORE, AFTER = WORLD.determined_at - 12 * HOUR, WORLD.determined_at + 12 * HOUR


@dataclass
class WrittenMastodon:
    """A server where `busi` posted one status, favourited by whoever is in `fans`."""

    posted: datetime
    fans: list[str] = field(default_factory=list)

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        url = call.name
        path = urlsplit(url).path.removeprefix("/api/v1/")
        if path == "/robots.txt":
            return Answer(404, {}, b"", url)
        return Answer(200, {"content-type": "application/json"}, json.dumps(self._body(path, url)).encode(), url)

    def _body(self, path: str, url: str) -> Any:
        if path == "accounts/lookup":
            return account(url.rpartition("acct=")[2])
        if path == "accounts/busi/statuses":
            return [self._status()]
        if path.endswith("favourited_by"):
            return [account(name) for name in self.fans]
        return []

    def _status(self) -> dict[str, Any]:
        counts = {"favourites_count": len(self.fans), "reblogs_count": 0, "replies_count": 0, "quotes_count": 0}
        return counts | {
            "id": "1",
            "uri": f"{HOME}/users/busi/statuses/1",
            "url": f"{HOME}/@busi/1",
            "created_at": stamp(self.posted),
            "account": account("busi"),
            "content": "<p>Contoh Bangkit! Mohon dukungan untuk BUSI.</p>",
            "visibility": "public",
            "in_reply_to_id": None,
            "reblog": None,
        }


def account(name: str) -> dict[str, Any]:
    name = name.split("%40", maxsplit=1)[0].split("@", maxsplit=1)[0]
    return {"id": name, "acct": name, "uri": f"{HOME}/users/{name}", "username": name}


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    names = {a.key: f"{HOME}/users/{a.key}" for a in WORLD.actors}
    return office_of(WORLD, tmp_path / "office", database, names, {"base_url": HOME}, "mastodon")


def outcomes(database: Database) -> list[JudgementOutcome]:
    with database.read() as session:
        return list(session.execute(sa.select(judgement.c.outcome).where(judgement.c.current)).scalars())


def case_rows(database: Database) -> list[tuple[str, str]]:
    with database.read() as session:
        return [(r.law_row, r.stage.value) for r in cases.list_cases(session, CaseFilter(limit=None)).rows]


def test_a_like_whose_bracket_holds_the_determination_is_counted_stored_and_shown_but_no_case(
    office: Office, database: Database
) -> None:
    summary = office.scan(WrittenMastodon(BEFORE, ["asn01"]))
    assert (summary.judged.not_evaluable, summary.judged.hits, summary.judged.evaluated) == (1, 0, 1)
    assert summary.sums_agree
    assert outcomes(database) == [JudgementOutcome.NOT_EVALUABLE]
    assert case_rows(database) == []
    with database.read() as session:
        (waiting,) = unjudged.list_not_evaluable(session, None, None)
        bracket = session.execute(sa.select(interaction.c.occurred_at, interaction.c.bracket_lo)).one()
    assert waiting.reasons
    assert bracket == (None, BEFORE.astimezone(NOW.tzinfo))


def test_a_like_that_was_not_there_after_the_determination_is_judged_by_the_row_of_candidates(
    office: Office, database: Database
) -> None:
    server = WrittenMastodon(BEFORE)
    office.clock.now = AFTER
    office.scan(server)
    server.fans.append("asn01")
    office.clock.now = NOW
    assert office.scan(server).judged.hits == 1
    assert case_rows(database) == [("B6", "penetapan")]


def test_a_like_that_was_there_before_the_determination_is_judged_by_the_row_of_hopefuls(
    office: Office, database: Database
) -> None:
    server = WrittenMastodon(BEFORE - HOUR, ["asn01"])
    office.clock.now = BEFORE
    assert office.scan(server).judged.hits == 1
    office.clock.now = NOW
    assert office.scan(server).judged.evaluated == 0
    assert case_rows(database) == [("A4", "pra_penetapan")]


def test_a_repost_without_a_time_is_judged_once_its_own_record_gives_one(database: Database, tmp_path: Path) -> None:
    post = Event("post", "post", "busi", BEFORE, text="Contoh Bangkit! #BusiMenang")
    repost = Event("repost", "repost", "asn01", AFTER, target="post")
    network = WrittenBluesky(World(NOW, WORLD.actors, (post, repost), WORLD.stages, WORLD.determined_at))
    office = office_of(network.world, tmp_path / "office", database, network.accounts, URLS)
    first = office.scan(network, ScanOrder(target=network.accounts["busi"]))
    assert (first.judged.not_evaluable, case_rows(database)) == (1, [])
    office.clock.now += HOUR
    second = office.scan(network)
    assert (second.judged.hits, second.judged.not_evaluable) == (1, 0)
    assert case_rows(database) == [("B6", "penetapan")]
    with database.read() as session:
        assert unjudged.list_not_evaluable(session, None, None) == ()
        assert session.execute(sa.select(interaction.c.occurred_at)).scalars().all() == [AFTER.astimezone(NOW.tzinfo)]
