"""What is due tonight, in which order and how far back; and what is refused before anybody is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.connect import Database
from monitor.domain import AccountKind, AccountRef, Act, Coverage, Direction, Outcome, RegisteredAccount, StageKind
from monitor.errors import PolicyBlocked, RefusedError, UsageError
from monitor.scan.parts import Parts
from monitor.scan.plan import IMPORT_ONLY, NOTHING, UNCONFIRMED, Plan, Register, ScanOrder, capabilities, plan_night
from scrapers import registry
from tests.peers.world import World
from tests.scan.offices import NOW, office_of
from tests.scan.written_bluesky import URLS, WrittenBluesky, did

Planning = Callable[..., Plan]


@pytest.fixture
def parts(small_world: World, sqlite_database: Database, tmp_path: Path) -> Iterator[Parts]:
    network = WrittenBluesky(small_world)
    office = office_of(small_world, tmp_path / "office", sqlite_database, network.accounts, URLS)
    with office.parts(network) as parts:
        yield parts


@pytest.fixture
def register(parts: Parts) -> Register:
    with parts.database.read() as session:
        return Register.load(session, NOW)


def asked(plan: Plan) -> list[str]:
    return [visit.account.ref.user_id for visit in plan.visits]


def with_account(register: Register, ref: AccountRef, **more: object) -> Register:
    made = RegisteredAccount(900, ref, AccountKind.REGISTERED, **more)  # type: ignore[arg-type]  # fields by name
    return replace(register, accounts=(*register.accounts, made))


def test_candidates_are_read_first_then_people_and_neutral_bodies_never(parts: Parts, register: Register) -> None:
    plan = plan_night(parts, ScanOrder(), register, NOW)
    kinds = [visit.account.kind for visit in plan.visits]
    assert kinds == sorted(kinds, key=lambda kind: kind is AccountKind.ASN)
    assert set(asked(plan)[:3]) == {did("busi"), did("partaia"), did("rade")}
    assert not {did("kpu"), did("berita")} & set(asked(plan))


def test_the_same_register_gives_the_same_plan(parts: Parts, register: Register) -> None:
    turned = replace(register, accounts=register.accounts[::-1])
    first, second = (plan_night(parts, ScanOrder(), given, NOW) for given in (register, turned))
    assert asked(first) == asked(second)


def test_a_visit_goes_back_to_the_first_stage_of_the_accounts_contest(parts: Parts, register: Register) -> None:
    first = min(stage.starts for contest in register.contests for stage in contest.stages)
    assert {visit.target.since for visit in plan_night(parts, ScanOrder(), register, NOW).visits} == {first}


def test_what_is_asked_for_wins_over_the_stages(parts: Parts, register: Register) -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    assert {v.target.since for v in plan_night(parts, ScanOrder(since=since), register, NOW).visits} == {since}


@pytest.mark.parametrize("name", [did("busi"), "busi-contoh.test", "@Busi-Contoh.Test"])
def test_a_target_may_be_named_by_either_name(parts: Parts, register: Register, name: str) -> None:
    named = tuple(
        replace(a, ref=replace(a.ref, handle="busi-contoh.test")) if a.ref.user_id == did("busi") else a
        for a in register.accounts
    )
    plan = plan_night(parts, ScanOrder(target=name), replace(register, accounts=named), NOW)
    assert asked(plan) == [did("busi")]


def test_a_target_that_nobody_registered_is_refused(parts: Parts, register: Register) -> None:
    with pytest.raises(RefusedError, match="tidak ada dalam daftar pantauan"):
        plan_night(parts, ScanOrder(target="did:plc:orangbiasa"), register, NOW)


def test_an_account_known_by_handle_only_waits_for_its_stable_id(parts: Parts, register: Register) -> None:
    more = with_account(register, AccountRef("bluesky", "@baru.contoh.test", "baru.contoh.test"))
    assert len(plan_night(parts, ScanOrder(), more, NOW).visits) == len(
        plan_night(parts, ScanOrder(), register, NOW).visits
    )


def test_a_private_account_waits_for_its_second_person(parts: Parts, register: Register) -> None:
    ref = AccountRef("bluesky", did("relawan"), None)
    waiting = plan_night(parts, ScanOrder(), with_account(register, ref, scannable=False), NOW)
    assert ref.user_id not in asked(waiting)
    assert [(i.source, i.kind, i.needs_person) for i in waiting.issues] == [("bluesky", UNCONFIRMED, False)]
    assert ref.user_id in asked(plan_night(parts, ScanOrder(), with_account(register, ref), NOW))


def test_accounts_of_a_platform_without_a_live_door_are_told_of_by_number_and_not_visited(
    parts: Parts, register: Register
) -> None:
    more = with_account(register, AccountRef("tiktok", "4001", "budi.contoh"))
    plan = plan_night(parts, ScanOrder(), more, NOW)
    (told,) = plan.issues
    assert "4001" not in asked(plan)
    assert (told.source, told.kind, told.needs_person, told.target) == ("tiktok", IMPORT_ONLY, False, "")
    assert told.detail.startswith("1 akun terdaftar")


def test_a_night_without_anybody_to_read_says_so(parts: Parts, register: Register) -> None:
    plan = plan_night(parts, ScanOrder(), replace(register, accounts=()), NOW)
    assert plan.visits == ()
    assert [(issue.source, issue.kind) for issue in plan.issues] == [("", NOTHING)]


def test_between_nights_nothing_is_said_of_accounts_that_no_night_reads(parts: Parts, register: Register) -> None:
    more = with_account(register, AccountRef("tiktok", "4001", "budi.contoh"))
    assert plan_night(parts, ScanOrder(stages=(StageKind.KAMPANYE,)), more, NOW).issues == ()


def test_a_source_without_policy_is_one_issue_and_its_targets_are_blocked(parts: Parts, register: Register) -> None:
    plan = plan_night(replace(parts, policies={}), ScanOrder(), register, NOW)
    assert plan.visits == ()
    assert {result.outcome for result in plan.refused} == {Outcome.POLICY_BLOCKED}
    assert {dict(result.coverage)[Act.LIKE] for result in plan.refused} == {Coverage.BLOCKED}
    assert [(issue.source, issue.kind, issue.needs_person) for issue in plan.issues] == [
        ("bluesky", "policy_blocked", True)
    ]


def test_a_source_that_does_not_exist_is_a_wrong_use(parts: Parts, register: Register) -> None:
    with pytest.raises(UsageError):
        plan_night(parts, ScanOrder(source="friendster"), register, NOW)


@pytest.mark.parametrize("source", ["bluesky", "x"])
def test_a_source_asked_for_by_name_is_refused_without_policy(parts: Parts, register: Register, source: str) -> None:
    with pytest.raises(PolicyBlocked):
        plan_night(replace(parts, policies={}), ScanOrder(source=source), register, NOW)


def test_only_the_same_question_is_taken_up_again() -> None:
    orders = [
        ScanOrder(),
        ScanOrder(source="bluesky"),
        ScanOrder(target="did:plc:a"),
        ScanOrder(since=NOW),
        ScanOrder(since=NOW - timedelta(days=1)),
    ]
    assert len({order.query for order in orders}) == len(orders)
    assert ScanOrder(source="bluesky").query == ScanOrder("bluesky").query


def test_what_a_platform_keeps_back_is_said_before_anything_is_asked() -> None:
    mastodon = registry.manifests()["mastodon"]
    assert capabilities(mastodon, Direction.SUBJECT)[Act.LIKE] is Coverage.NOT_PUBLIC
    assert capabilities(mastodon, Direction.CANDIDATE)[Act.LIKE] is Coverage.OBSERVED
