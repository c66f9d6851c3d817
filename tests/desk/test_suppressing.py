from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from db import audit, cases, suppressions, verify
from db.connect import Database
from monitor import desk
from monitor.desk import recusal
from monitor.domain import Act, RuleStatus, Suppression, SuppressionScope, UserRow
from monitor.errors import ConflictError, RefusedError, UsageError
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book

DAY = timedelta(days=1)
RULE = SuppressionScope(rule_id="suka-contoh")
WISH = desk.SuppressionWish(RULE, "akun dinas", NOW + 30 * DAY, 90 * DAY, "99.01")


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


def suppressed(
    database: Database, book: Book, scope: SuppressionScope = RULE, days: int = 30, now: datetime = NOW
) -> int:
    wish = replace(WISH, scope=scope, expires_at=now + days * DAY)
    made, _ = desk.propose_suppression(database, wish, book.rina, now)
    desk.approve_suppression(database, made.id, book.bayu, now, place="99.01")
    return made.id


def hits(
    database: Database, book: Book, who: int = 1, name: str = "s1", verb: Act = Act.LIKE, **changes: object
) -> int:
    """Store an act with one hit, in no case yet."""
    with database.write() as session:
        number = casebook.act(session, book, who, verb, casebook.post(session, book, name))
        casebook.judge(session, book, {number: [casebook.hit(book, **changes)]})  # type: ignore[arg-type]  # by name
    return number


def night(database: Database, now: datetime = NOW) -> tuple[int, int, int]:
    """Do what the end of a night does; return what was hidden, what came back, and new cases."""
    with database.write() as session:
        hidden, back = suppressions.bring_up_to_date(session, now)
        return hidden, back, casebook.regroup(session, now).new


def told(database: Database, number: int) -> Suppression:
    with database.read() as session:
        return suppressions.list_suppressions(session, [number])[0]


def problems(database: Database) -> list[str]:
    with database.read() as session:
        return [
            f"{p.invariant}: {p.detail}" for p in verify.verify(session) if p.invariant in ("indikasi", "penangguhan")
        ]


def test_a_proposal_alone_hides_nothing(database: Database, book: Book) -> None:
    desk.propose_suppression(database, WISH, book.rina, NOW)
    hits(database, book)
    assert night(database) == (0, 0, 1)


def test_an_approved_one_hides_new_hits_which_stay_stored_and_join_no_case(database: Database, book: Book) -> None:
    number = suppressed(database, book)
    hits(database, book)
    assert night(database) == (1, 0, 0)
    row = told(database, number)
    assert (row.hiding, row.hidden) == (1, 1)
    assert problems(database) == []


def test_a_hit_that_a_case_holds_is_never_hidden(database: Database, book: Book) -> None:
    hits(database, book)
    night(database)
    suppressed(database, book)
    assert night(database) == (0, 0, 0)
    with database.read() as session:
        assert cases.lost_hits(session) == 0


def test_it_ends_by_itself_and_the_hits_come_back_to_the_queue(database: Database, book: Book) -> None:
    number = suppressed(database, book, days=3)
    hits(database, book)
    night(database)
    assert night(database, NOW + 2 * DAY) == (0, 0, 0)
    assert night(database, NOW + 3 * DAY) == (0, 1, 1)
    row = told(database, number)
    assert (row.hiding, row.hidden, row.ended_at) == (0, 1, NOW + 3 * DAY)
    assert problems(database) == []


def test_a_clock_set_back_revives_none_that_ended(database: Database, book: Book) -> None:
    suppressed(database, book, days=3)
    night(database, NOW + 4 * DAY)
    hits(database, book)
    assert night(database, NOW) == (0, 0, 1)


def test_a_clock_far_ahead_hides_less_and_never_more(database: Database, book: Book) -> None:
    suppressed(database, book)
    hits(database, book)
    night(database)
    assert night(database, NOW + 40_000 * DAY) == (0, 1, 1)


def test_one_person_is_enough_to_show_them_again(database: Database, book: Book) -> None:
    number = suppressed(database, book)
    hits(database, book)
    night(database)
    ended = desk.end_suppression(database, number, "akun dikembalikan", book.rina, NOW, place="99.01")
    assert (ended.ended_by, ended.hiding) == ("rina", 1)
    assert night(database) == (0, 1, 1)


def test_every_step_is_audited(database: Database, book: Book) -> None:
    number = suppressed(database, book)
    desk.end_suppression(database, number, "selesai", book.rina, NOW, place="99.01")
    with database.read() as session:
        rows = audit.tail(session, 9, subject=f"suppression:{number}")
    assert [row.action for row in rows] == ["suppression_ended", "suppression_approved", "suppression_proposed"]


def test_nobody_approves_their_own(database: Database, book: Book) -> None:
    made, _ = desk.propose_suppression(database, WISH, book.bayu, NOW)
    with pytest.raises(RefusedError, match="sendiri"):
        desk.approve_suppression(database, made.id, book.bayu, NOW, place="99.01")
    with pytest.raises(IntegrityError), database.write() as session:
        suppressions.approve(session, made.id, book.bayu.id, NOW)


def test_one_is_not_approved_twice_nor_after_its_end_or_expiry(database: Database, book: Book) -> None:
    number = suppressed(database, book)
    with pytest.raises(ConflictError):
        desk.approve_suppression(database, number, book.bayu, NOW, place="99.01")
    late, _ = desk.propose_suppression(database, WISH, book.rina, NOW)
    with pytest.raises(ConflictError, match="lewat"):
        desk.approve_suppression(database, late.id, book.bayu, NOW + 31 * DAY, place="99.01")
    desk.end_suppression(database, late.id, "ditolak", book.bayu, NOW, place="99.01")
    with pytest.raises(ConflictError):
        desk.approve_suppression(database, late.id, book.bayu, NOW, place="99.01")
    with pytest.raises(ConflictError):
        desk.end_suppression(database, late.id, "lagi", book.bayu, NOW, place="99.01")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scope": SuppressionScope()}, "sasaran"),
        ({"scope": SuppressionScope(jurisdiction="99.01")}, "sasaran"),
        ({"reason": " "}, "beralasan"),
        ({"expires_at": NOW}, "lewat"),
        ({"expires_at": NOW + 91 * DAY}, "90 hari"),
        ({"scope": SuppressionScope(person_id=99999)}, "tidak ada"),
        ({"scope": SuppressionScope(candidate_id=99999)}, "tidak ada"),
    ],
)
def test_a_suppression_without_scope_reason_or_near_end_is_refused(
    database: Database, book: Book, change: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        desk.propose_suppression(database, replace(WISH, **change), book.rina, NOW)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize("who", ["tono", "rina"])
def test_only_a_coordinator_of_the_place_approves(database: Database, book: Book, who: str) -> None:
    made, _ = desk.propose_suppression(database, WISH, book.bayu, NOW)
    user: UserRow = getattr(book, who)
    with pytest.raises(RefusedError):
        desk.approve_suppression(database, made.id, user, NOW, place="99.01")


def test_each_condition_of_a_scope_narrows_it(database: Database, book: Book) -> None:
    with database.read() as session:
        owner = suppressions.account_owner(session, "bluesky", "@Pegawai1.contoh.test")
    assert owner is not None
    account, person = owner
    hits(database, book, 1, "a")
    hits(database, book, 2, "b")
    hits(database, book, 4, "c")
    expected = {
        RULE: 3,
        replace(RULE, rule_id="lain"): 0,
        SuppressionScope(person_id=person): 1,
        SuppressionScope(person_id=person, account_id=account): 1,
        replace(RULE, jurisdiction="99.01"): 2,
        replace(RULE, jurisdiction="99.0"): 0,
        replace(RULE, jurisdiction="99"): 3,
        SuppressionScope(candidate_id=book.pairs[1]): 3,
        SuppressionScope(candidate_id=book.pairs[2]): 0,
    }
    with database.read() as session:
        assert {scope: suppressions.matching(session, scope) for scope in expected} == expected


def test_hits_in_shadow_are_not_counted_as_hidden(database: Database, book: Book) -> None:
    suppressed(database, book)
    hits(database, book, mode=RuleStatus.SHADOW)
    assert night(database) == (0, 0, 0)


def test_verify_finds_a_hidden_hit_that_nobody_approved(database: Database, book: Book) -> None:
    made, _ = desk.propose_suppression(database, WISH, book.rina, NOW)
    hits(database, book)
    with database.write() as session:
        session.exec_driver_sql(f"UPDATE rule_hit SET suppression_id = {made.id}")
    assert any("belum disetujui" in line for line in problems(database))


def test_whoever_is_tied_to_a_person_neither_hides_what_they_did_nor_reads_their_number(
    database: Database, book: Book, vault: Vault
) -> None:
    case_id = casebook.comment_case(database, book)
    person = desk.look_at(database, case_id, book.rina, NOW).row.person
    wish = replace(WISH, scope=SuppressionScope(person_id=person.id))
    waiting, _ = desk.propose_suppression(database, wish, book.rina, NOW)
    for user in (book.rina, book.bayu):
        recusal.declare_tie(database, case_id, user, "keluarga", NOW)
    kin = "Anda terkait dengan orang ini"
    with pytest.raises(RefusedError, match=kin):
        desk.propose_suppression(database, wish, book.rina, NOW)
    with pytest.raises(RefusedError, match=kin):
        desk.approve_suppression(database, waiting.id, book.bayu, NOW, place="99.01")
    with pytest.raises(RefusedError, match="instansi yang sama"):
        desk.propose_suppression(database, wish, replace(book.bayu, id=0, agency=person.agency.upper()), NOW)
    with pytest.raises(RefusedError, match="hubungan dengan orang ini"):
        desk.reveal_identifier(database, vault, case_id, book.rina, NOW)
