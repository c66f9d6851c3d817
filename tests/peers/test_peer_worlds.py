from datetime import UTC, datetime, timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain import Act
from tests.peers.registers import write_registers
from tests.peers.truth import Truth, truth_of
from tests.peers.world import Part, Size, World, live_world, make_world

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def invented_truth(world: World, platform: str = "bluesky") -> Truth:
    accounts = {a.key: f"did:plc:{a.key}" for a in world.actors}
    items = {e.ref: f"at://{accounts[e.by]}/{e.ref}" for e in world.events if e.act != "delete"}
    return truth_of(world, platform, accounts, items)


def test_same_seed_gives_same_world():
    assert make_world(5, NOW) == make_world(5, NOW)


def test_another_seed_gives_another_world():
    assert make_world(5, NOW) != make_world(6, NOW)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), asn=st.integers(6, 30), bystanders=st.integers(6, 30), posts=st.integers(2, 6))
def test_no_civil_servant_ever_acts_on_a_bystander(seed: int, asn: int, bystanders: int, posts: int):
    world = make_world(seed, NOW, Size(asn, bystanders, posts))
    authors = {e.ref: world.actor(e.by).part for e in world.events}
    for event in world.events:
        if world.actor(event.by).part is Part.ASN and event.act not in ("follow", "post"):
            assert authors[event.target or ""] is not Part.BYSTANDER


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), asn=st.integers(6, 30))
def test_no_act_is_played_twice(seed: int, asn: int):
    truth = invented_truth(make_world(seed, NOW, Size(asn=asn)))
    assert len({a.key for a in truth.acts}) == len(truth.acts)


def test_every_act_names_only_what_was_played_before():
    played: set[str] = {a.key for a in make_world(1, NOW).actors}
    for event in make_world(1, NOW).events:
        assert {event.target, event.root, event.quotes} - {None} <= played
        played.add(event.ref)


def test_all_acts_but_the_false_ones_lie_in_the_past():
    assert all(e.at <= NOW for e in make_world(1, NOW).events if not e.ref.startswith("falsetime"))


def test_live_world_happens_now():
    assert {e.at for e in live_world(make_world(1, NOW)).events} == {NOW}


def test_now_lies_in_the_campaign_after_the_determination():
    world = make_world(1, NOW)
    assert [kind for kind, starts in world.stages if starts <= NOW][-1] == "kampanye"
    assert world.determined_at < NOW - timedelta(days=30)


def test_cases_fall_on_both_sides_of_the_determination():
    assert {case.row for case in invented_truth(make_world(1, NOW)).cases} == {"A2", "A4", "B2", "B6"}


def test_both_pairs_and_hits_and_misses_are_expected():
    acts = invented_truth(make_world(1, NOW)).acts
    assert {a.pairs for a in acts} == {(), (1,), (2,)}
    assert {a.act for a in acts} == {Act.POST, Act.SHARE, Act.LIKE, Act.COMMENT}


def test_last_civil_servant_is_silent():
    world = make_world(1, NOW)
    silent = world.having(Part.ASN)[-1]
    assert silent.key not in {e.by for e in world.events}


def test_withdrawn_acts_are_not_expected():
    truth = invented_truth(make_world(1, NOW))
    assert not [a for a in truth.acts if a.ref.startswith("gone")]


def test_impossible_times_are_expected_as_brackets():
    truth = invented_truth(make_world(1, NOW))
    assert {a.ref for a in truth.acts if a.occurred_at is None} == {"falsetime-early", "falsetime-late"}


def test_like_on_mastodon_is_seen_from_the_candidate_only():
    acts = invented_truth(live_world(make_world(1, NOW)), "mastodon").acts
    assert {a.sides for a in acts if a.act is Act.LIKE} == {frozenset({"candidate"})}


def test_register_files_name_every_civil_servant_and_no_bystander(tmp_path):
    world = make_world(1, NOW)
    write_registers(tmp_path, world, "bluesky", {a.key: a.handle for a in world.actors})
    written = "".join((tmp_path / name).read_text() for name in ("asn.csv", "akun.csv", "kontes.yml"))
    assert all(a.nip in written and a.handle in written for a in world.having(Part.ASN))
    assert not [a for a in world.having(Part.BYSTANDER) if a.handle in written]


@pytest.mark.parametrize("number", [1, 2])
def test_contest_file_gives_each_pair_its_accounts(tmp_path, number):
    world = make_world(1, NOW)
    write_registers(tmp_path, world, "bluesky", {a.key: a.handle for a in world.actors})
    contest = yaml.safe_load((tmp_path / "kontes.yml").read_text())
    accounts = {a["account"] for a in contest["pairs"][number - 1]["accounts"]}
    assert accounts == {a.handle for a in world.having(Part.CANDIDATE) if a.pair == number}
