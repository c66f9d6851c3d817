"""The office's own known post is looked for every night; a source that does not show it is blind, and that is said."""

from __future__ import annotations

import sqlalchemy as sa

from db import canaries, health
from db.connect import Database
from db.tables import item_look
from monitor.domain import Coverage, EndKind
from scrapers.wire import Answer
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky


def configure(office: Office, network: WrittenBluesky, item: str, **more: str) -> None:
    account = network.handles["kpu"]
    lines = [f'{key} = "{value}"' for key, value in {"account": account, "item": item, "name": "uji", **more}.items()]
    settings = office.home / "pantau.toml"
    text = settings.read_text() + "\n[[sources.bluesky.canary]]\n" + "\n".join(lines) + "\n"
    settings.write_text(text, encoding="utf-8")


def own_post(network: WrittenBluesky) -> str:
    return next(network.uris[e.ref] for e in network.events if e.act == "post" and e.by == "kpu")


def test_a_canary_that_is_seen_leaves_no_issue(office: Office, network: WrittenBluesky, database: Database) -> None:
    configure(office, network, own_post(network))
    assert not [i for i in office.scan(network).issues if i.kind == "canary"]
    with database.read() as session:
        assert [(run.canary, run.found) for run in canaries.latest(session)] == [("uji", True)]


def test_a_canary_that_is_not_seen_makes_the_source_blind(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    configure(office, network, "at://did:plc:tidakada/app.bsky.feed.post/hilang")
    summary = office.scan(network)
    assert [(i.kind, i.needs_person) for i in summary.issues if i.kind == "canary"] == [("canary", True)]
    assert Coverage.OBSERVED not in {coverage for t in summary.targets for _, coverage in t.coverage}
    with database.read() as session:
        found = health.source_health(session)[0]
    assert (found.blind, found.well) == (True, False)


def test_a_look_at_a_blind_source_proves_no_absence(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    configure(office, network, own_post(network), comment_id="at://did:plc:x/app.bsky.feed.post/tidak-ada")
    office.scan(network)
    with database.read() as session:
        ends = set(session.execute(sa.select(item_look.c.end_kind)).scalars())
    assert ends
    assert EndKind.EXHAUSTED not in ends


def test_a_source_that_cannot_be_asked_is_not_called_blind(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    configure(office, network, own_post(network))
    network.faults["resolveHandle"] = lambda url: Answer(500, {}, b"", url)
    told = [i for i in office.scan(network).issues if i.kind == "canary"]
    assert [i.needs_person for i in told] == [False]
    with database.read() as session:
        assert canaries.latest(session) == ()


def test_a_comment_below_the_canary_is_looked_for_too(office: Office, network: WrittenBluesky) -> None:
    post = own_post(network)
    replies = [e for e in network.events if e.act == "reply" and network.uris.get(e.target or "") == post]
    wanted = {"comment_id": network.uris[replies[0].ref]} if replies else {"text": "tidak pernah ditulis"}
    configure(office, network, post, **wanted)
    told = [i for i in office.scan(network).issues if i.kind == "canary"]
    assert bool(told) is not bool(replies)
