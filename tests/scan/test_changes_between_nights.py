"""Acts taken back and texts deleted between nights over written answers; one story on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import observations
from db.connect import Database
from db.tables import account, account_handle, interaction, observation
from monitor.domain import Change, ChangeKind
from monitor.scan.summary import ScanSummary
from scrapers.wire import Answer
from tests.peers.truth import ExpectedAct, Truth, truth_of
from tests.peers.world import Part, World
from tests.scan.offices import Office, office_of
from tests.scan.rows import contents
from tests.scan.written_bluesky import URLS, WrittenBluesky


@dataclass(frozen=True)
class Dawn:
    """What was known after one night."""

    summary: ScanSummary
    marked: dict[str, datetime]
    kinds: Counter[str]
    hits: int

    @property
    def noted(self) -> dict[str, int]:
        """What the night says that it noticed, without the zeros."""
        shown: Mapping[str, int] = self.summary.as_json()["observations"]
        return {kind: number for kind, number in shown.items() if number}


@dataclass(frozen=True)
class Story:
    """Four nights: all is there; some is taken back; all is back; nothing new."""

    taken: dict[str, ExpectedAct]
    campaign_post: str
    liked: ExpectedAct
    first: Dawn
    second: Dawn
    third: Dawn
    fourth: Dawn
    changes: dict[str, tuple[Change, ...]]


def first_of(truth: Truth, act: str) -> ExpectedAct:
    kinds = {e.ref: e.act for e in truth.world.events}
    return next(a for a in truth.acts if kinds[a.ref] == act)


def marked(database: Database) -> dict[str, datetime]:
    """Every act that is marked as not seen any more, by its key."""
    with database.read() as session:
        query = sa.select(interaction.c.key, interaction.c.withdrawn_seen_at)
        rows = session.execute(query.where(interaction.c.withdrawn_seen_at.is_not(None)))
        return {row.key: row.withdrawn_seen_at for row in rows}


def a_night(office: Office, network: WrittenBluesky, database: Database) -> Dawn:
    office.clock.now += timedelta(hours=24)
    summary = office.scan(network)
    with database.read() as session:
        kinds = Counter(session.execute(sa.select(observation.c.kind)).scalars())
    return Dawn(summary, marked(database), kinds, contents(database)["case_hit"].total())


def changes_of(database: Database, key: str) -> tuple[Change, ...]:
    with database.read() as session:
        number = session.execute(sa.select(interaction.c.id).where(interaction.c.key == key)).scalar_one()
        return observations.of_acts(session, [number]).get(number, ())


def taken_back(world: World) -> set[str]:
    return {e.target or "" for e in world.events if e.act == "delete"}


@pytest.fixture(scope="module")
def story(small_world: World, shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Story:
    network, database = WrittenBluesky(small_world), shared_database
    office = office_of(small_world, tmp_path_factory.mktemp("changes") / "office", database, network.accounts, URLS)
    office.clock.tick = timedelta(seconds=1)
    truth = truth_of(small_world, "bluesky", network.accounts, network.items)
    taken = {act: first_of(truth, act) for act in ("like", "repost", "reply", "quote", "post")}
    liked, post = liked_campaign_post(network, truth, {act.ref for act in taken.values()})
    first = a_night(office, network, database)
    network.show(taken_back(small_world) | {act.ref for act in taken.values()} | {post})
    second = a_night(office, network, database)
    network.show(taken_back(small_world))
    third = a_night(office, network, database)
    fourth = a_night(office, network, database)
    told = {name: changes_of(database, act.key) for name, act in {**taken, "liked": liked}.items()}
    return Story(taken, network.uris[post], liked, first, second, third, fourth, told)


def liked_campaign_post(network: WrittenBluesky, truth: Truth, taken: set[str]) -> tuple[ExpectedAct, str]:
    """A like on a campaign account's post that nothing else in the story rests on."""
    side = {a.key for a in network.world.having(Part.CANDIDATE)}
    rested = {network.refs.get(a.target) for a in truth.acts if a.ref in taken}
    for act in reversed(truth.acts):
        ref = network.refs[act.target]
        by = network.texts[ref].by if ref in network.texts else ""
        if act.ref.startswith("like") and act.ref not in taken and by in side and ref not in rested:
            return act, ref
    raise AssertionError("the world has no such like")


def test_a_first_night_has_nothing_to_compare_with(story: Story) -> None:
    assert (story.first.noted, story.first.marked) == ({}, {})


def test_what_was_taken_back_is_noted_and_nothing_else(story: Story) -> None:
    assert story.second.noted == {"withdrawn": 2, "gone": 4}
    assert set(story.second.marked) == {act.key for act in story.taken.values()}


@pytest.mark.parametrize(
    ("act", "kind"),
    [("like", "withdrawn"), ("repost", "withdrawn"), ("reply", "gone"), ("quote", "gone"), ("post", "gone")],
)
def test_the_change_stands_with_the_answer_that_last_showed_the_old_state(story: Story, act: str, kind: str) -> None:
    change = story.changes[act][0]
    assert change.kind == kind
    assert change.before_capture_id is not None
    assert change.seen_at == story.second.marked[story.taken[act].key]


@pytest.mark.parametrize("act", ["reply", "quote", "post"])
def test_a_deleted_text_is_gone_by_the_networks_own_word(story: Story, act: str) -> None:
    assert story.changes[act][0].capture_id is not None


def test_a_candidates_deleted_post_is_told_of_the_acts_on_it(story: Story) -> None:
    assert [change.kind for change in story.changes["liked"]] == [ChangeKind.GONE, ChangeKind.BACK]
    assert story.changes["liked"][0].item_id == story.campaign_post


def test_a_like_of_a_deleted_post_is_not_withdrawn(story: Story) -> None:
    assert story.liked.key not in story.second.marked


def test_withdrawn_acts_stay_hits_and_are_not_judged_again(story: Story) -> None:
    assert story.second.hits == story.first.hits > 0
    assert story.second.summary.judged.evaluated == 0


def test_what_is_seen_again_is_back(story: Story) -> None:
    assert story.third.noted == {"back": 6}
    assert story.third.marked == {}
    assert all([c.kind for c in story.changes[act]][-1] is ChangeKind.BACK for act in story.taken)


def test_a_night_without_changes_notes_nothing(story: Story) -> None:
    assert story.fourth.noted == {}
    assert story.fourth.kinds == story.third.kinds


@pytest.fixture
def sqlite_office(small_world: World, sqlite_database: Database, tmp_path: Path) -> tuple[Office, WrittenBluesky]:
    """An office ten days after its first night, so that what the own records said then has no say any more."""
    network = WrittenBluesky(small_world)
    office = office_of(small_world, tmp_path / "office", sqlite_database, network.accounts, URLS)
    office.clock.tick = timedelta(seconds=1)
    office.scan(network)
    office.clock.now += timedelta(days=10)
    return office, network


def closed(url: str) -> Answer:
    return Answer(401, {"content-type": "application/json"}, b'{"error":"AuthMissing","message":"x"}', url)


def without_likers(url: str) -> Answer:
    """The AppView hides the likers while the post's count still holds their likes."""
    return Answer(200, {"content-type": "application/json"}, b'{"uri":"at://x","likes":[]}', url)


def test_where_the_own_record_is_out_of_reach_only_complete_listings_prove_absence(
    sqlite_office: tuple[Office, WrittenBluesky], sqlite_database: Database
) -> None:
    office, network = sqlite_office
    truth = truth_of(network.world, "bluesky", network.accounts, network.items)
    network.faults |= {"listRecords": closed, "getLikes": without_likers}
    a_night(office, network, sqlite_database)
    assert marked(sqlite_database) == {}
    listed = next(a for a in truth.acts if a.ref.startswith("like") and "candidate" in a.sides)
    unlisted = next(a for a in truth.acts if a.ref.startswith("like") and "candidate" not in a.sides)
    network.show(taken_back(network.world) | {listed.ref, unlisted.ref})
    del network.faults["getLikes"]
    a_night(office, network, sqlite_database)
    assert set(marked(sqlite_database)) == {listed.key}


def test_a_text_that_a_listing_merely_leaves_out_is_not_gone(
    sqlite_office: tuple[Office, WrittenBluesky], sqlite_database: Database
) -> None:
    office, network = sqlite_office
    truth = truth_of(network.world, "bluesky", network.accounts, network.items)
    hidden = first_of(truth, "post").ref
    shown = network.texts[hidden]
    network.show(taken_back(network.world) | {hidden})
    network.texts[hidden] = shown
    assert a_night(office, network, sqlite_database).noted == {}


def test_a_new_handle_is_recorded_with_its_dates_and_the_old_one_is_nobodys_key(
    sqlite_office: tuple[Office, WrittenBluesky], sqlite_database: Database
) -> None:
    office, network = sqlite_office
    person, stranger = network.world.having(Part.ASN)[0].key, network.world.having(Part.BYSTANDER)[0].key
    old, acts = network.handles[person], keys(sqlite_database)
    network.handles |= {person: "nama-baru-contoh.test", stranger: old}
    a_night(office, network, sqlite_database)
    network.handles[person] = "handle.invalid"
    a_night(office, network, sqlite_database)
    with sqlite_database.read() as session:
        query = sa.select(account_handle).join(account, account.c.id == account_handle.c.account_id)
        rows = session.execute(query.where(account.c.platform_user_id == network.accounts[person])).all()
    seen = {row.handle: (row.first_seen_at, row.last_seen_at) for row in rows}
    assert set(seen) == {old, "nama-baru-contoh.test"}
    assert seen[old][1] < seen["nama-baru-contoh.test"][0]
    assert keys(sqlite_database) == acts


def keys(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.execute(sa.select(interaction.c.key)).scalars())
