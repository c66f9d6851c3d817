from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from db import cases, events
from db.connect import Database, Session
from db.tables import asn, attribution, case_hit, case_link, review_case, roster_batch
from monitor.domain import (
    Act,
    AttributionStatus,
    CaseFilter,
    CaseOrder,
    CaseState,
    Caveat,
    EventKind,
    RuleStatus,
    StageKind,
    WhyHere,
)
from monitor.errors import UsageError
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, act, hit, judge, like_case, post, regroup


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def session(database: Database, book: Book) -> Iterator[Session]:
    with database.write() as opened:
        yield opened


def liked(session: Session, book: Book, who: int = 1, name: str = "p1", **changes: object) -> int:
    number = act(session, book, who, Act.LIKE, post(session, book, name))
    judge(session, book, {number: [hit(book, **changes)]})
    return number


def held(session: Session) -> list[tuple[int, int]]:
    return [tuple(row) for row in session.execute(sa.select(case_hit.c.hit_id, case_hit.c.case_id).order_by("hit_id"))]


def set_state(session: Session, case_id: int, state: CaseState) -> None:
    row = cases.list_cases(session, CaseFilter(ids=(case_id,))).rows[0]
    draft = events.EventDraft(
        case_id, row.version + 1, EventKind.DECIDED, state, NOW, "rina", from_state=row.state, reason="lainnya"
    )
    cases.record(session, [draft])


def test_a_hit_opens_a_case_with_its_event(session: Session, book: Book) -> None:
    liked(session, book)
    counts = regroup(session)
    (row,) = cases.list_cases(session, CaseFilter()).rows
    assert (counts.new, counts.joined) == (1, 0)
    assert (row.state, row.why_here, row.version, row.queue) == (CaseState.BARU, WhyHere.BARU, 1, "99.01")
    assert [event.kind for event in events.history(session, row.id)] == [EventKind.OPENED]


def test_grouping_again_adds_nothing(session: Session, book: Book) -> None:
    liked(session, book)
    regroup(session)
    before = held(session), events.last_event(session)
    counts = regroup(session)
    assert (counts.new, counts.joined, counts.reopened) == (0, 0, 0)
    assert (held(session), events.last_event(session)) == before


def test_a_second_act_joins_and_raises_version_and_priority(session: Session, book: Book) -> None:
    liked(session, book)
    regroup(session)
    before = cases.list_cases(session, CaseFilter()).rows[0]
    liked(session, book, name="p2")
    counts = regroup(session)
    after = cases.list_cases(session, CaseFilter()).rows[0]
    assert counts.joined == 1
    assert (after.version, len(after.hits), after.act_count) == (before.version + 1, 2, 2)
    assert after.priority > before.priority


def test_a_new_act_brings_back_what_was_set_aside(session: Session, book: Book) -> None:
    liked(session, book)
    regroup(session)
    case_id = cases.list_cases(session, CaseFilter()).rows[0].id
    set_state(session, case_id, CaseState.DIKESAMPINGKAN)
    liked(session, book, name="p2")
    assert regroup(session).reopened == 1
    row = cases.list_cases(session, CaseFilter()).rows[0]
    assert (row.state, row.why_here) == (CaseState.DITINJAU, WhyHere.MUNCUL_LAGI)


def test_after_registration_a_new_act_opens_a_linked_case(session: Session, book: Book) -> None:
    liked(session, book)
    regroup(session)
    first = cases.list_cases(session, CaseFilter()).rows[0].id
    set_state(session, first, CaseState.TERDAFTAR)
    liked(session, book, name="p2")
    assert regroup(session).new == 1
    second = cases.list_cases(session, CaseFilter(states=(CaseState.BARU,))).rows[0].id
    detail = cases.case_detail(session, second)
    assert [(link.case_id, link.kind) for link in detail.links] == [(first, "follows")]


def test_an_act_for_two_pairs_opens_two_linked_cases(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    judge(session, book, {number: [hit(book, 1), hit(book, 2)]})
    assert regroup(session).new == 2
    assert session.execute(sa.select(case_link.c.kind)).scalars().all() == ["same_act"]
    regroup(session)
    assert session.execute(sa.select(sa.func.count()).select_from(case_link)).scalar_one() == 1


def test_a_proposed_account_waits_at_the_attribution_desk(session: Session, book: Book) -> None:
    liked(session, book, who=3)
    regroup(session)
    assert cases.list_cases(session, CaseFilter()).rows[0].state is CaseState.PERLU_ATRIBUSI


def test_shadow_and_inactive_hits_wait_for_no_case(session: Session, book: Book) -> None:
    liked(session, book, mode=RuleStatus.SHADOW)
    number = liked(session, book, name="p2")
    judge(session, book, {number: []})
    assert cases.ungrouped_hits(session) == []
    assert cases.lost_hits(session) == 0


def test_a_hit_before_reconciliation_is_counted_as_lost(session: Session, book: Book) -> None:
    liked(session, book)
    assert cases.lost_hits(session) == 1


def test_a_person_of_no_place_is_in_the_visible_queue_without_name(session: Session, book: Book) -> None:
    liked(session, book, who=5)
    assert regroup(session).unqueued == 1
    (row,) = cases.list_cases(session, CaseFilter(unqueued=True, scope=("99.01",))).rows
    assert row.queue is None


def test_a_case_moves_to_the_queue_of_the_place_that_the_register_gives_later(session: Session, book: Book) -> None:
    liked(session, book, who=5)
    regroup(session)
    session.execute(sa.update(asn).where(asn.c.jurisdiction == "").values(jurisdiction="99.02"))
    assert regroup(session).unqueued == 0
    assert cases.list_cases(session, CaseFilter()).rows[0].queue == "99.02"


@pytest.mark.parametrize(
    ("scope", "seen"),
    [(None, {1, 4, 5}), (("99.01",), {1, 5}), (("99",), {1, 4, 5}), (("9",), {5}), (("",), {1, 4, 5}), ((), set())],
)
def test_a_scope_shows_its_places_and_the_cases_of_none(
    session: Session, book: Book, scope: tuple[str, ...] | None, seen: set[int]
) -> None:
    for who in (1, 4, 5):
        liked(session, book, who=who, name=f"p{who}")
    regroup(session)
    names = {row.person.name for row in cases.list_cases(session, CaseFilter(scope=scope)).rows}
    assert names == {f"PEGAWAI CONTOH {who}" for who in seen}


@pytest.mark.parametrize("order", list(CaseOrder))
def test_pages_by_key_show_every_case_once(session: Session, book: Book, order: CaseOrder) -> None:
    rows = [(who, row) for who in (1, 2, 4, 5) for row in ("B2", "B6", "B8")]
    for number, (who, row) in enumerate(rows):
        liked(session, book, who=who, name=f"p{number}", law_row=row)
    regroup(session)
    wanted, seen = CaseFilter(order=order, limit=5), []
    while True:
        page = cases.list_cases(session, wanted)
        seen += [row.id for row in page.rows]
        if page.after is None:
            break
        wanted = replace(wanted, after=page.after)
    assert seen == [row.id for row in cases.list_cases(session, CaseFilter(order=order, limit=None)).rows]
    assert len(seen) == len(set(seen)) == 12


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (CaseFilter(text="contoh 2"), 1),
        (CaseFilter(text="pegawai2.contoh"), 1),
        (CaseFilter(text="dinas"), 2),
        (CaseFilter(text="100%"), 0),
        (CaseFilter(act=Act.LIKE), 2),
        (CaseFilter(act=Act.COMMENT), 0),
        (CaseFilter(platform="bluesky"), 2),
        (CaseFilter(platform="mastodon"), 0),
        (CaseFilter(law_row="B6"), 2),
        (CaseFilter(stage=StageKind.MASA_TENANG), 0),
        (CaseFilter(open_only=True), 1),
        (CaseFilter(states=(CaseState.DIKESAMPINGKAN,)), 1),
        (CaseFilter(jurisdictions=("99.01",)), 2),
        (CaseFilter(jurisdictions=("99.02",)), 0),
        (CaseFilter(leased_by=1), 0),
    ],
    ids=lambda value: None if isinstance(value, int) else repr(value)[:0] or "filter",
)
def test_filters_narrow_the_list(session: Session, book: Book, wanted: CaseFilter, count: int) -> None:
    for who in (1, 2):
        liked(session, book, who=who, name=f"p{who}")
    regroup(session)
    set_state(
        session, cases.list_cases(session, CaseFilter(order=CaseOrder.OLDEST)).rows[0].id, CaseState.DIKESAMPINGKAN
    )
    assert len(cases.list_cases(session, wanted, NOW).rows) == count


def test_a_list_asks_a_fixed_number_of_statements(database: Database, book: Book) -> None:
    with database.write() as session:
        for number, (who, row) in enumerate((w, r) for w in (1, 2, 4, 5) for r in ("B2", "B6", "B8")):
            liked(session, book, who=who, name=f"p{number}", law_row=row)
        regroup(session)
    seen: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    with database.read() as session:
        assert len(cases.list_cases(session, CaseFilter(), NOW).rows) == 12
    assert len(seen) <= 5


def test_a_case_shows_all_that_a_reviewer_needs(database: Database, book: Book) -> None:
    case_id = like_case(database, book)
    with database.read() as session:
        detail = cases.case_detail(session, case_id, NOW)
    (found,) = detail.hits
    assert detail.row.person.identifier_masked.startswith("1978")
    assert "*" in detail.row.person.identifier_masked
    assert [account.ref.user_id for account in detail.accounts] == ["did:plc:asn1"]
    assert detail.accounts[0].batch_confirmed is False
    assert detail.candidate.parties == ("Partai A",)
    assert detail.law_row is not None
    assert detail.law_row.sanction == "disiplin berat"
    assert found.rule_title == "Menyukai unggahan"
    assert found.false_positives == ("Tersentuh tidak sengaja",)
    assert found.target is not None
    assert found.target.text[found.spans[0].start : found.spans[0].end] == "coblos"
    assert [pair.number for pair in found.target.author_candidates] == [1]
    assert found.trace is not None
    assert found.trace.children[0].detail == "like"
    assert len(found.captures) == 1
    assert detail.priority is not None
    assert detail.priority.score == detail.row.priority
    assert {Caveat.ONLY_LIKES, Caveat.BATCH_UNCONFIRMED} <= set(detail.caveats)


def test_a_time_that_is_only_bracketed_is_said(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"), at=None, hi=NOW)
    judge(session, book, {number: [hit(book, stage_straddled=True)]})
    regroup(session)
    detail = cases.case_detail(session, cases.list_cases(session, CaseFilter()).rows[0].id)
    assert {Caveat.TIME_BRACKET, Caveat.STAGE_STRADDLED} <= set(detail.hits[0].caveats)


def test_hits_of_the_person_elsewhere_are_shown_so_that_no_act_counts_twice(session: Session, book: Book) -> None:
    number = act(session, book, 1, Act.LIKE, post(session, book, "p1"))
    judge(session, book, {number: [hit(book, 1), hit(book, 2)]})
    regroup(session)
    detail = cases.case_detail(session, cases.list_cases(session, CaseFilter()).rows[0].id)
    assert [(other.same_act, other.case_state) for other in detail.other_hits] == [(True, CaseState.BARU)]


def test_a_case_that_does_not_exist_is_wrong_use(session: Session) -> None:
    with pytest.raises(UsageError):
        cases.case_detail(session, 404)


def test_facts_say_how_the_accounts_are_known(session: Session, book: Book) -> None:
    liked(session, book)
    regroup(session)
    case_id = cases.list_cases(session, CaseFilter()).rows[0].id
    facts = cases.facts_of(session, case_id, NOW)
    assert facts is not None
    assert (facts.acts, facts.attributions) == ({Act.LIKE}, {AttributionStatus.VERIFIED})
    assert facts.batches_confirmed is False
    session.execute(sa.update(roster_batch).values(confirmed_by="bayu", confirmed_at=NOW))
    session.execute(sa.update(attribution).values(status=AttributionStatus.REVOKED))
    facts = cases.facts_of(session, case_id, NOW)
    assert facts is not None
    assert (facts.attributions, facts.batches_confirmed) == ({AttributionStatus.REVOKED}, True)


def test_the_database_refuses_a_second_live_case_of_a_key(session: Session, book: Book) -> None:
    liked(session, book)
    regroup(session)
    row = dict(session.execute(sa.select(review_case)).mappings().one())
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(sa.insert(review_case).values(row | {"id": 99}))


def test_the_database_refuses_a_proposer_who_approves(session: Session, book: Book) -> None:
    liked(session, book)
    regroup(session)
    case_id = cases.list_cases(session, CaseFilter()).rows[0].id
    cases.note_proposal(session, case_id, book.bayu.id, NOW)
    with pytest.raises(IntegrityError), session.begin_nested():
        cases.note_second_look(session, case_id, book.bayu.id, CaseState.DISETUJUI, "sesuai_usulan", NOW)


def test_case_rows_are_what_their_events_add_up_to(session: Session, book: Book) -> None:
    liked(session, book)
    regroup(session)
    liked(session, book, name="p2")
    regroup(session, NOW + timedelta(hours=1))
    assert cases.projection_faults(session) == []
    session.execute(sa.update(review_case).values(state=CaseState.DITUTUP))
    case_id = next(iter(cases.rebuild(session)))
    assert cases.projection_faults(session) == [(case_id, "state")]


def test_tallies_count_by_state_within_a_scope(session: Session, book: Book) -> None:
    for who in (1, 4, 5):
        liked(session, book, who=who, name=f"p{who}")
    regroup(session)
    told = cases.tallies(session, ("99.01",), NOW)
    assert (told.by_state, told.unqueued, told.open) == ({CaseState.BARU: 2}, 1, 2)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(6)), cut=st.integers(0, 6))
def test_order_and_halves_of_storing_do_not_change_which_acts_share_a_case(
    sqlite_database: Database, vault: Vault, order: list[int], cut: int
) -> None:
    plan = [(1, 1, "B6"), (1, 1, "B2"), (1, 2, "B6"), (2, 1, "B6"), (3, 1, "B6"), (1, 1, "B6")]
    with sqlite_database.read() as session:  # what it writes is rolled back
        book = casebook.write_book(session, vault)
        numbers = {
            at: act(session, book, plan[at][0], Act.LIKE, post(session, book, f"p{at}")) for at in range(len(plan))
        }
        for part in (order[:cut], order[cut:]):
            judge(session, book, {numbers[at]: [hit(book, plan[at][1], law_row=plan[at][2])] for at in part})
            regroup(session)
        groups: dict[int, set[int]] = {}
        for found in cases.held_acts(session, numbers.values()):
            at = next(at for at, number in numbers.items() if number == found.interaction_id)
            groups.setdefault(found.case_id, set()).add(at)
        priorities = {
            frozenset(groups[row.id]): row.priority for row in cases.list_cases(session, CaseFilter()).rows
        }  # fmt: skip
        assert {frozenset(group) for group in groups.values()} == {
            frozenset(group) for group in ({0, 5}, {1}, {2}, {3}, {4})
        }
        assert priorities == _ALONE.setdefault("priorities", priorities)


_ALONE: dict[str, dict[frozenset[int], float]] = {}
