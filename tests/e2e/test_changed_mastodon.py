"""What people take back or rewrite on a Mastodon server between two nights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from db import observations
from db.connect import open_database
from db.tables import interaction, item_text
from monitor.domain import ChangeKind
from tests.peers.fixtures import SEED, PeerWorld, played_on_mastodon, this_hour
from tests.peers.mastodon import mock_server
from tests.peers.mastodon.mock_server import call
from tests.peers.office import Office, found_office
from tests.peers.require import leave_out
from tests.peers.truth import ExpectedAct
from tests.peers.world import Size, live_world, make_world

pytestmark = [pytest.mark.peer, pytest.mark.slow]
REWRITTEN = "Pilih BUSI, nomor 1, bersama kami. Sudah saya perbaiki."


@dataclass(frozen=True, slots=True)
class Story:
    """Two nights, and in between things are taken back and one text is rewritten."""

    first: dict[str, Any]
    second: dict[str, Any]
    taken: dict[str, ExpectedAct]
    marked: frozenset[str]
    texts: frozenset[str]
    changes: tuple[ChangeKind, ...]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[PeerWorld, dict[str, dict[str, str]]]]:
    """A server of its own, since this story changes it."""
    if reason := mock_server.why_not():
        leave_out("Mastodon server", reason)
    world = live_world(make_world(SEED + 3, this_hour(), Size(asn=8, bystanders=8, posts=2)))
    with mock_server.mastodon_server(world) as answer:
        yield played_on_mastodon(world, answer), answer["records"]


@pytest.fixture(scope="module")
def story(server: tuple[PeerWorld, dict[str, dict[str, str]]], tmp_path_factory: pytest.TempPathFactory) -> Story:
    peer, records = server
    office = found_office(tmp_path_factory.mktemp("changed") / "office", peer)
    first = office.read("scan")
    taken = {act: some_act(peer, act) for act in ("like", "repost", "reply", "post")}
    for act in ("like", "repost", "reply"):
        take_back(peer, records, taken[act])
    number = records[taken["post"].ref]["id"]
    call(peer.urls["base_url"], f"/api/v1/statuses/{number}", token(peer, taken["post"]), {"status": REWRITTEN}, "PUT")
    second = office.read("scan")
    return Story(first, second, taken, marked(office), texts(office), changes(office, taken["post"]))


def some_act(peer: PeerWorld, act: str) -> ExpectedAct:
    kinds = {e.ref: e.act for e in peer.world.events}
    return next(a for a in peer.truth.acts if kinds[a.ref] == act)


def token(peer: PeerWorld, act: ExpectedAct) -> str:
    return mock_server.token_of(next(e.by for e in peer.world.events if e.ref == act.ref))


def take_back(peer: PeerWorld, records: dict[str, dict[str, str]], act: ExpectedAct) -> None:
    """Undo an act as its doer."""
    base, event = peer.urls["base_url"], next(e for e in peer.world.events if e.ref == act.ref)
    if event.act == "reply":
        call(base, f"/api/v1/statuses/{records[act.ref]['id']}", token(peer, act), method="DELETE")
        return
    undo = {"like": "unfavourite", "repost": "unreblog"}[event.act]
    call(base, f"/api/v1/statuses/{records[event.target or '']['id']}/{undo}", token(peer, act), {})


def marked(office: Office) -> frozenset[str]:
    gone = interaction.c.withdrawn_seen_at.is_not(None)
    return frozenset(column(office, sa.select(interaction.c.key).where(gone)))


def texts(office: Office) -> frozenset[str]:
    return frozenset(column(office, sa.select(item_text.c.text)))


def column(office: Office, query: sa.Select[Any]) -> list[Any]:
    database = open_database(office.database_url)
    try:
        with database.read() as session:
            return list(session.execute(query).scalars())
    finally:
        database.dispose()


def changes(office: Office, act: ExpectedAct) -> tuple[ChangeKind, ...]:
    database = open_database(office.database_url)
    try:
        with database.read() as session:
            told = observations.of_texts(session, "mastodon", [act.own or ""])
    finally:
        database.dispose()
    return tuple(change.kind for change in told[act.own or ""])


def test_what_is_taken_back_appears_as_changes_and_nothing_else_does(story: Story) -> None:
    seen = {kind: number for kind, number in story.second["observations"].items() if number}
    assert seen == {"withdrawn": 2, "gone": 1, "edited": 1}
    assert story.marked == {story.taken[act].key for act in ("like", "repost", "reply")}


def test_a_rewritten_text_is_kept_in_both_wordings(story: Story) -> None:
    assert story.changes == (ChangeKind.EDITED,)
    assert REWRITTEN in story.texts


def test_the_nights_end_well(story: Story) -> None:
    assert [night["ok"] for night in (story.first, story.second)] == [True, True]
