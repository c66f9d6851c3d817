from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import blind, case_counts, case_lists, cases, events, oversight, users
from db.case_past import past_of
from db.connect import Database
from monitor import desk
from monitor.desk.blind import sampled
from monitor.desk.persons import look_at_person
from monitor.domain import Act, CaseFilter, CaseState, DecisionCommand, Grant, Role, UserRow
from monitor.errors import ConflictError, PantauError, RefusedError, UsageError
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, comment_case

S = CaseState
EVERY = desk.Manner(start=True, blind_share=1.0)
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def case_id(database: Database, book: Book) -> int:
    return comment_case(database, book)


@pytest.fixture
def tini(database: Database, book: Book) -> UserRow:
    with database.write() as session:
        made = users.add_user(session, "tini", "Tini Contoh", "-", NOW)
        users.grant_role(session, made.id, Grant(Role.PENGAWAS, "99.01"), NOW)
        found = users.user_by_id(session, made.id)
    assert found is not None
    return found


def dismiss(database: Database, case_id: int, user: UserRow, at: datetime = NOW) -> None:
    desk.decide(database, DecisionCommand(case_id, S.DIKESAMPINGKAN, "ganda", user), at, EVERY)


def offered(database: Database, user: UserRow) -> list[int]:
    return [look.case_id for look in desk.list_waiting(database, user)]


def the_look(database: Database, user: UserRow) -> int:
    (look,) = desk.list_waiting(database, user)
    return look.id


@given(st.integers(1, 10**6), st.integers(1, 10**9), st.floats(0, 1))
def test_the_same_decision_is_always_sampled_or_never(case_id: int, event: int, share: float) -> None:
    assert sampled(case_id, event, share) == sampled(case_id, event, share)
    assert not sampled(case_id, event, 0)
    assert sampled(case_id, event, 1)


def test_about_the_share_is_sampled() -> None:
    chosen = sum(sampled(case_id, case_id * 7, 0.1) for case_id in range(1, 5001))
    assert 400 < chosen < 600


def test_a_sampled_decision_is_offered_to_others_only(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    assert offered(database, book.rina) == []
    assert offered(database, tini) == [case_id]
    assert offered(database, book.tono) == []  # of another place


def listed(database: Database, user: UserRow, *states: CaseState) -> list[int]:
    with database.read() as session:
        wanted = CaseFilter(states=states, without=desk.kept_back(session, user))
        found = [row.id for row in case_lists.list_cases(session, wanted, NOW).rows]
        counted = case_counts.state_counts(session, wanted, NOW)
    assert sum(n for state, n in counts_of(counted, states)) == len(found)
    return found


def counts_of(counted: dict[CaseState, int], states: tuple[CaseState, ...]) -> list[tuple[CaseState, int]]:
    return [(state, n) for state, n in counted.items() if not states or state in states]


def test_no_filter_tells_whoever_judges_blind_how_a_case_was_decided(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    assert listed(database, book.rina, S.DIKESAMPINGKAN) == [case_id]
    assert listed(database, tini, S.DIKESAMPINGKAN) == []
    assert case_id not in listed(database, tini)
    assert case_id in listed(database, book.bayu)  # who approves sees all


def test_a_case_is_listed_again_once_its_decision_was_judged(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    given = desk.BlindAnswer(the_look(database, tini), S.DIKESAMPINGKAN, "ganda")
    desk.answer_blind(database, given, tini, LATER)
    assert listed(database, tini, S.DIKESAMPINGKAN) == [case_id]


def test_a_case_is_listed_again_once_it_is_open_again(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    desk.decide(database, DecisionCommand(case_id, S.DITINJAU, "informasi_baru", book.bayu), LATER)
    assert case_id in listed(database, tini)


def test_whoever_opened_a_decided_case_finds_it_in_lists_again(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    desk.look_at(database, case_id, tini, LATER)
    assert listed(database, tini, S.DIKESAMPINGKAN) == [case_id]


def test_without_a_share_nothing_is_offered(database: Database, book: Book, case_id: int, tini: UserRow) -> None:
    command = DecisionCommand(case_id, S.DIKESAMPINGKAN, "ganda", book.rina)
    desk.decide(database, command, NOW, desk.Manner(start=True))
    assert offered(database, tini) == []


def test_a_decision_that_was_taken_back_is_not_looked_at_and_the_next_one_is(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    desk.undo(database, case_id, book.rina, NOW)
    assert offered(database, tini) == []
    dismiss(database, case_id, book.rina)
    assert offered(database, tini) == [case_id]


def test_only_the_first_decision_of_a_case_is_sampled(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    desk.decide(database, DecisionCommand(case_id, S.DITINJAU, "informasi_baru", book.bayu), NOW)
    dismiss(database, case_id, book.bayu)
    assert offered(database, tini) == [case_id]


def test_whoever_opened_the_case_since_is_not_blind_any_more(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    look = the_look(database, tini)
    desk.look_at(database, case_id, tini, LATER)
    assert offered(database, tini) == []
    with pytest.raises(RefusedError, match="tidak lagi tersembunyi"):
        desk.look_blind(database, look, tini, LATER)


def test_whoever_saw_all_of_the_person_since_is_not_blind_any_more(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    person = desk.look_at(database, case_id, tini, NOW - timedelta(days=1)).row.person.id
    dismiss(database, case_id, book.rina)
    look = the_look(database, tini)
    look_at_person(database, person, tini, LATER)
    assert offered(database, tini) == []
    with pytest.raises(RefusedError, match="tidak lagi tersembunyi"):
        desk.look_blind(database, look, tini, LATER)


def test_another_case_does_not_tell_how_one_was_decided_that_is_to_be_judged_blind(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    same_person, same_row = other_pair_case(database, book), casebook.like_case(database, book, 2, "s2")
    dismiss(database, case_id, book.rina)
    told = {}
    for user in (tini, book.rina):
        beside, alike = (desk.look_at(database, number, user, LATER) for number in (same_person, same_row))
        with database.read() as session:
            past = past_of(session, alike.row, ("99.01",), without=alike.kept_back)
        told[user.name] = ([one.case_state for one in beside.other_hits if one.case_id == case_id], past.total)
    assert told == {"tini": ([None], 0), "rina": ([S.DIKESAMPINGKAN], 1)}


def other_pair_case(database: Database, book: Book) -> int:
    """Make a case of the first person's like of the other pair's post."""
    with database.write() as session:
        number = casebook.act(session, book, 1, Act.LIKE, casebook.post(session, book, "s9", 2))
        casebook.judge(session, book, {number: [casebook.hit(book, pair=2)]})
        casebook.regroup(session)
        return cases.held_acts(session, [number])[0].case_id


def test_whoever_acted_on_the_case_since_is_not_blind_any_more(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    desk.decide(database, DecisionCommand(case_id, S.DITINJAU, "informasi_baru", tini), LATER)
    assert offered(database, tini) == []


def test_an_answer_to_a_decision_that_was_taken_back_is_not_counted(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    desk.answer_blind(database, desk.BlindAnswer(the_look(database, tini), S.DIKESAMPINGKAN, "ganda"), tini, LATER)
    with database.read() as session:
        assert len(oversight.second_looks(session, ("99",), NOW)) == 1
    desk.undo(database, case_id, book.rina, LATER)
    with database.read() as session:
        assert oversight.second_looks(session, ("99",), NOW) == []


def test_an_answer_that_was_taken_back_is_not_counted(database: Database, book: Book, case_id: int) -> None:
    desk.claim(database, case_id, book.rina, NOW)
    for to, reason, user in (
        (S.DIUSULKAN, "indikasi_kuat", book.rina),
        (S.DIKEMBALIKAN, "usulan_belum_lengkap", book.bayu),
    ):
        desk.decide(database, DecisionCommand(case_id, to, reason, user), NOW)
    desk.undo(database, case_id, book.bayu, LATER)
    desk.decide(database, DecisionCommand(case_id, S.DISETUJUI, "sesuai_usulan", book.bayu), LATER)
    with database.read() as session:
        looks = oversight.second_looks(session, ("99",), NOW)
    assert [look.second for look in looks] == [S.DISETUJUI]


def test_the_blind_view_tells_nothing_of_the_decision(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    _, detail = desk.look_blind(database, the_look(database, tini), tini, LATER)
    assert (detail.row.state, detail.events, detail.proposer, detail.facts.last) == (S.DITINJAU, (), "", None)


def test_a_second_answer_moves_nothing_and_is_written_once(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    look = the_look(database, tini)
    given_ = desk.BlindAnswer(look, S.DIUSULKAN, "indikasi_kuat")
    with database.read() as session:
        before = events.history(session, case_id)
    answered = desk.answer_blind(database, given_, tini, LATER)
    assert not answered.agrees
    with database.read() as session:
        assert events.history(session, case_id) == before
    with pytest.raises(ConflictError):
        desk.answer_blind(database, given_, book.bayu, LATER)


def test_a_difference_is_told_to_coordinators_only(database: Database, book: Book, case_id: int, tini: UserRow) -> None:
    dismiss(database, case_id, book.rina)
    look = the_look(database, tini)
    desk.answer_blind(database, desk.BlindAnswer(look, S.DIUSULKAN, "indikasi_kuat"), tini, LATER)
    assert [one.id for one in desk.list_differing(database, book.bayu)] == [look]
    assert desk.list_differing(database, tini) == ()
    assert desk.list_differing(database, book.tono) == ()


def test_pairs_carry_both_answers_and_the_rules_for_measuring(
    database: Database, book: Book, case_id: int, tini: UserRow
) -> None:
    dismiss(database, case_id, book.rina)
    look = the_look(database, tini)
    desk.answer_blind(database, desk.BlindAnswer(look, S.DIKESAMPINGKAN, "ganda"), tini, LATER)
    with database.read() as session:
        (pair,) = blind.blind_pairs(session, ("99",), NOW)
        assert blind.blind_pairs(session, ("98",)) == ()
        assert blind.blind_pairs(session, None, LATER + timedelta(days=1)) == ()
    assert (pair.first, pair.second, pair.rules) == (S.DIKESAMPINGKAN, S.DIKESAMPINGKAN, ("suka-contoh",))
    assert (pair.first_at, pair.second_at, pair.jurisdiction) == (NOW, LATER, "99.01")


@pytest.mark.parametrize(("state", "reason"), [(None, ""), (S.DITINJAU, "ganda"), (S.DIUSULKAN, "ganda")])
def test_an_answer_needs_a_reason_of_its_own(
    database: Database, book: Book, case_id: int, tini: UserRow, state: CaseState | None, reason: str
) -> None:
    dismiss(database, case_id, book.rina)
    with pytest.raises(UsageError):
        desk.answer_blind(database, desk.BlindAnswer(the_look(database, tini), state, reason), tini, LATER)


def test_a_tied_reviewer_takes_no_second_look(database: Database, book: Book, case_id: int, tini: UserRow) -> None:
    dismiss(database, case_id, book.rina)
    look = the_look(database, tini)
    desk.declare_tie(database, case_id, tini, "keluarga", LATER)
    assert offered(database, tini) == []
    with pytest.raises(PantauError):
        desk.look_blind(database, look, tini, LATER)
