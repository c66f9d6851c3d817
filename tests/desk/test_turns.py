from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from db import audit, cases, events, leases, skips, users
from db.connect import Database
from db.events import EventDraft
from db.tables import app_user, asn, lease, review_case
from monitor import desk
from monitor.domain import (
    CaseFilter,
    CaseRow,
    CaseState,
    DecisionCommand,
    EventKind,
    Grant,
    NoteKind,
    Role,
    UserRow,
    Verdict,
)
from monitor.errors import ConflictError, PantauError, RefusedError
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, comment_case

S = CaseState


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def case_id(database: Database, book: Book) -> int:
    return comment_case(database, book)


def dismissal(case_id: int, user: UserRow, **seen: int) -> DecisionCommand:
    return DecisionCommand(case_id, S.DIKESAMPINGKAN, "ganda", user, **seen)  # type: ignore[arg-type]  # fields by name


def last_event(database: Database, case_id: int) -> CaseState | None:
    with database.read() as session:
        return events.history(session, case_id)[-1].to_state


def test_a_turn_that_ended_still_decides_while_nobody_took_the_case(
    database: Database, book: Book, case_id: int
) -> None:
    held = desk.claim(database, case_id, book.rina, NOW)
    late = NOW + timedelta(minutes=20)
    row = desk.decide(database, dismissal(case_id, book.rina, version=2, fence=held.fence), late)
    assert row.state is S.DIKESAMPINGKAN


def test_a_turn_that_went_to_somebody_else_and_back_decides_nothing(
    database: Database, book: Book, case_id: int
) -> None:
    held = desk.claim(database, case_id, book.rina, NOW)
    late = NOW + timedelta(minutes=20)
    desk.claim(database, case_id, book.bayu, late)
    desk.release(database, case_id, book.bayu, late)
    with pytest.raises(ConflictError, match="diambil lagi"):
        desk.decide(database, dismissal(case_id, book.rina, version=2, fence=held.fence), late)
    assert last_event(database, case_id) is S.DITINJAU


def test_a_decision_ends_the_turn(database: Database, book: Book, case_id: int) -> None:
    desk.claim(database, case_id, book.rina, NOW)
    row = desk.decide(database, dismissal(case_id, book.rina), NOW)
    assert row.lease is None


def test_settling_a_lease_is_refused_to_an_older_fence(database: Database, book: Book, case_id: int) -> None:
    with database.write() as session:
        old = leases.claim(session, case_id, book.rina.id, NOW)
        leases.release(session, case_id, book.rina.id, NOW)
        leases.claim(session, case_id, book.rina.id, NOW)
        assert not leases.settle(session, case_id, book.rina.id, old.fence, NOW)
        assert leases.settle(session, case_id, book.rina.id, old.fence + 1, NOW)


def test_a_new_case_is_taken_and_decided_in_one_go(database: Database, book: Book, case_id: int) -> None:
    row = desk.decide(database, dismissal(case_id, book.rina, version=1), NOW, desk.Manner(start=True))
    with database.read() as session:
        told = [event.to_state for event in events.history(session, case_id)]
    assert (row.state, told) == (S.DIKESAMPINGKAN, [S.BARU, S.DITINJAU, S.DIKESAMPINGKAN])


def test_a_stale_page_of_a_new_case_starts_nothing(database: Database, book: Book, case_id: int) -> None:
    with pytest.raises(ConflictError):
        desk.decide(database, dismissal(case_id, book.rina, version=7), NOW, desk.Manner(start=True))
    assert last_event(database, case_id) is S.BARU


def test_without_being_told_so_a_new_case_is_not_dismissed(database: Database, book: Book, case_id: int) -> None:
    with pytest.raises(PantauError):
        desk.decide(database, dismissal(case_id, book.rina, version=1), NOW)


def test_nobody_takes_back_what_somebody_else_is_looking_at(database: Database, book: Book, case_id: int) -> None:
    desk.decide(database, dismissal(case_id, book.rina), NOW, desk.Manner(start=True))
    with database.write() as session:
        leases.claim(session, case_id, book.bayu.id, NOW)
    with pytest.raises(ConflictError, match="Bayu Contoh sedang meninjau"):
        desk.undo(database, case_id, book.rina, NOW)


def test_opening_the_page_renews_the_own_turn_only(database: Database, book: Book, case_id: int) -> None:
    desk.claim(database, case_id, book.rina, NOW)
    later = NOW + timedelta(minutes=4)
    desk.look_at(database, case_id, book.bayu, later)
    assert desk.standing_of(database, case_id, book.rina, NOW + timedelta(minutes=6)).lease is None
    desk.look_at(database, case_id, book.rina, later)
    assert desk.standing_of(database, case_id, book.rina, NOW + timedelta(minutes=6)).lease is not None


def test_taking_one_case_gives_the_other_back(database: Database, book: Book, case_id: int) -> None:
    second = comment_case(database, book, who=2, name="k2")
    desk.claim(database, case_id, book.rina, NOW, only=True)
    desk.claim(database, second, book.rina, NOW, only=True)
    held = desk.held_case(database, book.rina, NOW)
    assert held is not None
    assert held.case_id == second
    desk.claim(database, case_id, book.bayu, NOW)


def test_a_skipped_case_comes_last_for_half_an_hour_and_for_its_user_only(
    database: Database, book: Book, case_id: int
) -> None:
    desk.claim(database, case_id, book.rina, NOW)
    desk.skip(database, case_id, book.rina, NOW)
    assert desk.claim_next(database, book.rina, NOW) is None
    row = desk.claim_next(database, book.bayu, NOW)
    assert row is not None
    assert row.case_id == case_id
    desk.release(database, case_id, book.bayu, NOW)
    again = desk.claim_next(database, book.rina, NOW + skips.LENGTH)
    assert again is not None
    with database.read() as session:
        assert audit.tail(session, action="case_skipped")[0].actor == "rina"


def test_taking_a_skipped_case_by_hand_ends_the_skip(database: Database, book: Book, case_id: int) -> None:
    desk.skip(database, case_id, book.rina, NOW)
    desk.claim(database, case_id, book.rina, NOW)
    with database.read() as session:
        assert skips.skipped(session, book.rina.id, NOW) == frozenset()


def test_the_next_case_is_the_most_urgent_of_the_own_places(database: Database, book: Book, case_id: int) -> None:
    other = comment_case(database, book, who=4, name="k4")  # lies in 99.02
    assert [row.case_id for row in taken(database, book.tono)] == [other]
    assert [row.case_id for row in taken(database, book.rina)] == [case_id]


def taken(database: Database, user: UserRow) -> list[CaseRow]:
    rows = []
    while (row := desk.claim_next(database, user, NOW)) is not None:
        rows.append(row)
    return rows


def test_twenty_reviewers_at_once_never_get_one_case_twice(database: Database, book: Book) -> None:
    numbers = [comment_case(database, book, who=who, name=f"k{who}") for who in (1, 2)]
    with database.write() as session:
        reviewers = [users.add_user(session, f"p{n}", f"P{n} Contoh", "-", NOW) for n in range(20)]
        for user in reviewers:
            users.grant_role(session, user.id, Grant(Role.PENGAWAS, "99.01"), NOW)
    granted = [replace(user, grants=(Grant(Role.PENGAWAS, "99.01"),)) for user in reviewers]
    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda user: desk.claim_next(database, user, NOW), granted))
    assert sorted(row.case_id for row in found if row is not None) == sorted(numbers)
    with database.read() as session:
        assert sorted(session.execute(sa.select(lease.c.fence)).scalars()) == [1, 1]


@pytest.mark.parametrize("agency", ["Dinas Contoh", " dinas contoh "])
def test_whoever_works_at_the_persons_agency_gets_no_case_of_theirs(
    database: Database, book: Book, case_id: int, agency: str
) -> None:
    with database.write() as session:
        session.execute(sa.update(app_user).where(app_user.c.id == book.rina.id).values(agency=agency))
    colleague = replace(book.rina, agency=agency)
    assert desk.claim_next(database, colleague, NOW) is None
    with pytest.raises(RefusedError, match="instansi yang sama"):
        desk.claim(database, case_id, colleague, NOW)


def test_whoever_loses_a_role_keeps_no_case(database: Database, book: Book, case_id: int) -> None:
    held = desk.claim(database, case_id, book.rina, NOW)
    desk.revoke(database, "rina", Role.PENGAWAS, "99.01", NOW)
    with pytest.raises(ConflictError, match="berakhir"):
        desk.renew(database, case_id, book.rina, held.fence, NOW)
    desk.claim(database, case_id, book.bayu, NOW)


def test_a_colleague_is_passed_over_however_the_register_writes_the_agency(
    database: Database, book: Book, case_id: int
) -> None:
    other = comment_case(database, book, 2, "k2")
    with database.write() as session:
        session.execute(sa.update(asn).where(asn.c.name == "PEGAWAI CONTOH 1").values(agency="Dinas  Ä "))
        session.execute(sa.update(review_case).where(review_case.c.id == case_id).values(priority=1.0))
    colleague = replace(book.rina, agency="dinas  ä")
    row = desk.claim_next(database, colleague, NOW)
    assert row is not None
    assert row.case_id == other


def test_own_proposals_do_not_hide_those_of_others(
    database: Database, book: Book, case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = comment_case(database, book, 2, "k2")
    for number, user in ((case_id, book.bayu), (other, book.rina)):
        desk.claim(database, number, user, NOW)
        desk.decide(database, DecisionCommand(number, S.DIUSULKAN, "indikasi_kuat", user), NOW)
    with database.write() as session:
        session.execute(sa.update(review_case).where(review_case.c.id == case_id).values(priority=1.0))
    monkeypatch.setattr(desk.looking, "_TRIES", 1)  # as if there were twenty of the own ones
    row = desk.claim_next(database, book.bayu, NOW, CaseFilter(states=(S.DIUSULKAN,)))
    assert row is not None
    assert row.case_id == other


def test_a_tie_keeps_from_notes_and_verdicts(database: Database, book: Book, case_id: int) -> None:
    desk.declare_tie(database, case_id, book.rina, "keluarga", NOW)
    with database.read() as session:
        seen = cases.list_cases(session, CaseFilter(ids=(case_id,)), NOW).rows[0].hits[0].id
    for attempt in (
        lambda: desk.note(database, case_id, book.rina, "contoh", NoteKind.KLARIFIKASI, NOW),
        lambda: desk.judge_hit(database, desk.VerdictCommand(seen, Verdict.TEPAT), book.rina, NOW),
    ):
        with pytest.raises(RefusedError, match="hubungan dengan orang ini"):
            attempt()


def test_a_declared_tie_blocks_taking_deciding_and_taking_back(database: Database, book: Book, case_id: int) -> None:
    desk.decide(database, dismissal(case_id, book.rina), NOW, desk.Manner(start=True))
    desk.declare_tie(database, case_id, book.rina, "keluarga", NOW)
    for attempt in (
        lambda: desk.undo(database, case_id, book.rina, NOW),
        lambda: desk.claim(database, case_id, book.rina, NOW),
        lambda: desk.decide(database, DecisionCommand(case_id, S.DITINJAU, "informasi_baru", book.rina), NOW),
    ):
        with pytest.raises(RefusedError, match="hubungan dengan orang ini"):
            attempt()


def test_the_database_itself_refuses_a_tied_decider(database: Database, book: Book, case_id: int) -> None:
    desk.declare_tie(database, case_id, book.rina, "keluarga", NOW)
    draft = EventDraft(case_id, 2, EventKind.DECIDED, S.DITINJAU, NOW, "rina", S.BARU, user_id=book.rina.id)
    with pytest.raises(IntegrityError), database.write() as session:
        cases.record(session, [draft])
    with database.write() as session:
        cases.record(session, [replace(draft, actor="bayu", user_id=book.bayu.id)])


def test_declaring_a_tie_gives_the_case_back_and_is_audited_once(database: Database, book: Book, case_id: int) -> None:
    desk.claim(database, case_id, book.rina, NOW)
    desk.declare_tie(database, case_id, book.rina, "lainnya", NOW)
    desk.declare_tie(database, case_id, book.rina, "keluarga", NOW)
    assert desk.held_case(database, book.rina, NOW) is None
    with database.read() as session:
        assert len(audit.tail(session, action="tie_declared")) == 1


def test_a_coordinator_ends_a_tie_but_not_their_own(database: Database, book: Book, case_id: int) -> None:
    desk.declare_tie(database, case_id, book.rina, "keluarga", NOW)
    desk.declare_tie(database, case_id, book.bayu, "instansi", NOW)
    person = desk.look_at(database, case_id, book.bayu, NOW).row.person.id
    theirs, own = desk.ties_of(database, person)
    with pytest.raises(RefusedError):
        desk.end_tie(database, case_id, theirs.id, book.rina, NOW)
    with pytest.raises(RefusedError, match="sendiri"):
        desk.end_tie(database, case_id, own.id, book.bayu, NOW)
    desk.end_tie(database, case_id, theirs.id, book.bayu, NOW)
    assert [tie.user_id for tie in desk.ties_of(database, person)] == [book.bayu.id]
    desk.claim(database, case_id, book.rina, NOW)


def test_when_a_case_became_known_sets_its_deadline_and_stays_in_the_history(
    database: Database, book: Book, case_id: int
) -> None:
    zone = ZoneInfo("Asia/Jakarta")
    known = desk.Known(NOW - timedelta(days=1), "laporan warga nomor 3", zone)
    desk.set_known(database, case_id, book.rina, known, NOW)
    detail = desk.look_at(database, case_id, book.rina, NOW)
    assert detail.known_at == known.at
    assert "laporan warga nomor 3" in detail.notes[-1].note
    with database.read() as session:
        assert cases.projection_faults(session) == []
        assert cases.list_cases(session, CaseFilter(ids=(case_id,)), NOW).rows[0].id == case_id


@pytest.mark.parametrize(("ahead", "ground"), [(timedelta(hours=1), "laporan"), (-timedelta(hours=1), "  ")])
def test_a_time_to_come_or_without_ground_is_not_taken(
    database: Database, book: Book, case_id: int, ahead: timedelta, ground: str
) -> None:
    known = desk.Known(NOW + ahead, ground, ZoneInfo("Asia/Jakarta"))
    with pytest.raises(PantauError):
        desk.set_known(database, case_id, book.rina, known, NOW)
