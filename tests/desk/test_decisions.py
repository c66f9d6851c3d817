from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from db import audit, cases, events, users
from db.connect import Database
from monitor import desk
from monitor.domain import (
    CaseDetail,
    CaseFilter,
    CaseRow,
    CaseState,
    DecisionCommand,
    EventKind,
    Grant,
    NoteKind,
    Role,
    UserRow,
    WhyHere,
)
from monitor.errors import ConflictError, PantauError, RefusedError, UsageError
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, comment_case, like_case

S = CaseState
PASSWORD = "kata-sandi-contoh"


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return casebook.open_book(database, vault)


@pytest.fixture
def case_id(database: Database, book: Book) -> int:
    return comment_case(database, book)


def go(database: Database, case_id: int, user: UserRow, *steps: tuple[CaseState, str], **seen: object) -> CaseRow:
    for to, reason in steps:
        command = DecisionCommand(case_id, to, reason, user, note="Pleno 3, 1 Oktober 2024", **seen)  # type: ignore[arg-type]  # fields by name
        row = desk.decide(database, command, NOW)
    return row


def detail(database: Database, case_id: int) -> CaseDetail:
    with database.read() as session:
        return cases.case_detail(session, case_id, NOW)


START = (S.DITINJAU, "mulai_tinjau")
PROPOSE = (S.DIUSULKAN, "indikasi_kuat")
APPROVE = (S.DISETUJUI, "sesuai_usulan")


def test_a_decision_moves_the_case_by_an_event_and_an_audit_row(database: Database, book: Book, case_id: int) -> None:
    row = go(database, case_id, book.rina, START)
    assert (row.state, row.version) == (S.DITINJAU, 2)
    with database.read() as session:
        assert events.history(session, case_id)[-1].to_state is S.DITINJAU
        assert audit.tail(session, 1)[0].action == "case_decided"
        assert cases.projection_faults(session) == []


def test_the_whole_way_to_hand_over_takes_two_people_and_a_confirmed_import(
    database: Database, book: Book, case_id: int
) -> None:
    go(database, case_id, book.rina, START, PROPOSE)
    go(database, case_id, book.bayu, APPROVE, (S.TERDAFTAR, "hasil_pleno"))
    with pytest.raises(RefusedError, match="Impor"):
        go(database, case_id, book.bayu, (S.DITERUSKAN, "diteruskan_ke_instansi"))
    desk.confirm_batch(database, book.batch, book.bayu, NOW)
    row = go(
        database, case_id, book.bayu,
        (S.DITERUSKAN, "diteruskan_ke_instansi"), (S.TINDAK_LANJUT, "tindak_lanjut_diterima"),
        (S.DITUTUP, "selesai"), (S.DIARSIPKAN, "masa_simpan"),
    )  # fmt: skip
    assert row.state is S.DIARSIPKAN
    assert detail(database, case_id).proposer == "Rina Contoh"


def test_a_proposal_waits_for_the_second_person(database: Database, book: Book, case_id: int) -> None:
    assert go(database, case_id, book.rina, START, PROPOSE).why_here is WhyHere.ESKALASI


def test_nobody_approves_their_own_proposal(database: Database, book: Book, case_id: int) -> None:
    go(database, case_id, book.bayu, START, PROPOSE)
    with pytest.raises(RefusedError, match="Pengusul"):
        go(database, case_id, book.bayu, APPROVE)


def test_the_proposer_of_a_renewed_proposal_is_the_newest(database: Database, book: Book, case_id: int) -> None:
    go(database, case_id, book.rina, START, PROPOSE)
    row = go(database, case_id, book.bayu, (S.DIKEMBALIKAN, "usulan_belum_lengkap"))
    assert row.why_here is WhyHere.DIKEMBALIKAN
    go(database, case_id, book.bayu, (S.DITINJAU, "ditinjau_ulang"), PROPOSE)
    with pytest.raises(RefusedError, match="Pengusul"):
        go(database, case_id, book.bayu, APPROVE)


def test_a_case_of_likes_needs_both_notes_before_it_is_proposed(database: Database, book: Book) -> None:
    case_id = like_case(database, book)
    go(database, case_id, book.rina, START)
    for kind in (NoteKind.KONTEKS, NoteKind.KLARIFIKASI):
        with pytest.raises(RefusedError, match="hanya berisi suka"):
            go(database, case_id, book.rina, PROPOSE)
        desk.note(database, case_id, book.rina, "Keterangan contoh", kind, NOW)
    assert go(database, case_id, book.rina, PROPOSE).state is S.DIUSULKAN


def test_a_case_of_a_proposed_account_is_not_proposed(database: Database, book: Book) -> None:
    case_id = comment_case(database, book, who=3)
    with pytest.raises(RefusedError, match="belum terverifikasi"):
        go(database, case_id, book.rina, (S.DITINJAU, "atribusi_dipastikan"))


@pytest.mark.parametrize("seen", [{"version": 1}, {"fence": 7}])
def test_a_stale_decision_changes_nothing(
    database: Database, book: Book, case_id: int, seen: dict[str, object]
) -> None:
    go(database, case_id, book.rina, START)
    before = detail(database, case_id).events
    with pytest.raises(ConflictError):
        go(database, case_id, book.rina, PROPOSE, **seen)
    assert detail(database, case_id).events == before


def test_of_two_decisions_at_once_one_stands(database: Database, book: Book, case_id: int) -> None:
    go(database, case_id, book.rina, START)

    def decide(user: UserRow) -> str:
        command = DecisionCommand(case_id, S.DIKESAMPINGKAN, "ganda", user, version=2)
        try:
            return desk.decide(database, command, NOW).state.value
        except PantauError as error:
            return type(error).__name__

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(decide, [book.rina, book.bayu])) == ["ConflictError", "dikesampingkan"]


def test_somebody_elses_lease_stands_in_the_way(database: Database, book: Book, case_id: int) -> None:
    desk.claim(database, case_id, book.bayu, NOW)
    with pytest.raises(ConflictError, match="Bayu Contoh sedang meninjau"):
        go(database, case_id, book.rina, PROPOSE)


def test_deciding_gives_the_lease_back(database: Database, book: Book, case_id: int) -> None:
    held = desk.claim(database, case_id, book.rina, NOW)
    assert go(database, case_id, book.rina, (S.DIKESAMPINGKAN, "ganda"), fence=held.fence).lease is None


def test_undo_is_a_new_event_that_restores_state_and_reason_to_wait(
    database: Database, book: Book, case_id: int
) -> None:
    go(database, case_id, book.rina, START, PROPOSE)
    row = desk.undo(database, case_id, book.rina, NOW)
    assert (row.state, row.why_here, row.version) == (S.DITINJAU, WhyHere.BARU, 4)
    history = detail(database, case_id).events
    assert [(e.kind, e.undone) for e in history[-2:]] == [(EventKind.DECIDED, True), (EventKind.UNDONE, False)]


def test_only_the_author_undoes(database: Database, book: Book, case_id: int) -> None:
    go(database, case_id, book.rina, START)
    with pytest.raises(RefusedError, match="orang lain"):
        desk.undo(database, case_id, book.bayu, NOW)


def test_nothing_is_undone_after_a_note(database: Database, book: Book, case_id: int) -> None:
    go(database, case_id, book.rina, START)
    desk.note(database, case_id, book.bayu, "Catatan", NoteKind.CATATAN, NOW)
    with pytest.raises(RefusedError):
        desk.undo(database, case_id, book.rina, NOW)


def test_an_undo_is_not_undone(database: Database, book: Book, case_id: int) -> None:
    go(database, case_id, book.rina, START)
    desk.undo(database, case_id, book.rina, NOW)
    with pytest.raises(RefusedError):
        desk.undo(database, case_id, book.rina, NOW)


def test_a_stale_undo_is_a_conflict(database: Database, book: Book, case_id: int) -> None:
    go(database, case_id, book.rina, START)
    with pytest.raises(ConflictError):
        desk.undo(database, case_id, book.rina, NOW, version=1)


def test_after_an_undone_approval_the_proposal_still_needs_a_second_person(
    database: Database, book: Book, case_id: int
) -> None:
    go(database, case_id, book.rina, START, PROPOSE)
    go(database, case_id, book.bayu, APPROVE)
    desk.undo(database, case_id, book.bayu, NOW)
    assert go(database, case_id, book.bayu, (S.DIKEMBALIKAN, "usulan_belum_lengkap")).state is S.DIKEMBALIKAN


def test_a_registration_is_not_undone_once_a_new_case_follows(database: Database, book: Book, case_id: int) -> None:
    go(database, case_id, book.rina, START, PROPOSE)
    go(database, case_id, book.bayu, APPROVE, (S.TERDAFTAR, "hasil_pleno"))
    follows = comment_case(database, book, name="k7")
    assert follows != case_id
    with pytest.raises(RefusedError, match=str(follows)):
        desk.undo(database, case_id, book.bayu, NOW)
    assert detail(database, case_id).row.state is S.TERDAFTAR


def test_an_empty_note_is_wrong_use(database: Database, book: Book, case_id: int) -> None:
    with pytest.raises(UsageError):
        desk.note(database, case_id, book.rina, " ", NoteKind.CATATAN, NOW)


def test_a_case_of_another_place_looks_like_none(database: Database, book: Book, case_id: int) -> None:
    for attempt in (
        lambda: desk.look_at(database, case_id, book.tono, NOW),
        lambda: go(database, case_id, book.tono, START),
        lambda: desk.note(database, case_id, book.tono, "x", NoteKind.CATATAN, NOW),
        lambda: desk.undo(database, case_id, book.tono, NOW),
        lambda: desk.claim(database, case_id, book.tono, NOW),
    ):
        with pytest.raises(UsageError, match="tidak ada dalam wilayah Anda"):
            attempt()


def test_looking_is_audited_and_the_first_look_is_an_event(database: Database, book: Book, case_id: int) -> None:
    for later in range(2):
        seen = desk.look_at(database, case_id, book.rina, NOW + timedelta(minutes=later))
    assert seen.first_opened_at == NOW
    assert [event.kind for event in seen.events] == [EventKind.OPENED, EventKind.FIRST_OPENED]
    with database.read() as session:
        assert len(audit.tail(session, 10, action="case_viewed")) == 2


def test_the_full_identifier_is_shown_once_asked_and_audited(
    database: Database, vault: Vault, book: Book, case_id: int
) -> None:
    shown = desk.reveal_identifier(database, vault, case_id, book.rina, NOW)
    assert shown == casebook.person(1).identifier
    with database.read() as session:
        (row,) = audit.tail(session, 10, action="identifier_revealed")
    assert row.actor == "rina"
    assert shown not in str(row)


def test_the_next_case_is_the_most_urgent_that_nobody_holds(database: Database, book: Book, case_id: int) -> None:
    other = like_case(database, book, who=2)
    first = desk.claim_next(database, book.rina, NOW)
    second = desk.claim_next(database, book.bayu, NOW)
    assert first is not None
    assert second is not None
    assert [first.case_id, second.case_id] == [case_id, other]
    assert desk.standing_of(database, case_id, book.rina, NOW).state is S.DITINJAU
    assert desk.claim_next(database, book.bayu, NOW) is None


def test_claims_at_once_never_give_a_case_twice(database: Database, book: Book) -> None:
    for number in range(3):
        like_case(database, book, who=(1, 2, 1)[number], name=f"s{number}")
    with database.write() as session:
        people = [users.add_user(session, f"u{n}", f"Uji {n}", "-", NOW) for n in range(6)]
        for user in people:
            users.grant_role(session, user.id, Grant(Role.PENGAWAS, "99.01"), NOW)
        people = [user for user in users.list_users(session) if user.name.startswith("u")]
    with ThreadPoolExecutor(6) as pool:
        taken = [held.case_id for held in pool.map(lambda user: desk.claim_next(database, user, NOW), people) if held]
    with database.read() as session:
        total = len(cases.list_cases(session, CaseFilter()).rows)
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == total


def test_a_user_signs_in_with_password_or_token(database: Database) -> None:
    desk.add_user(database, "wati", "Wati Contoh", PASSWORD, "", NOW)
    desk.grant(database, "wati", Role.PENGAWAS, "99.01", NOW)
    assert desk.authenticate(database, "wati", PASSWORD, NOW).grants == (Grant(Role.PENGAWAS, "99.01"),)
    token = desk.issue_token(database, "wati", NOW)
    assert desk.authenticate_token(database, token, NOW).name == "wati"


@pytest.mark.parametrize(("name", "password"), [("wati", "salah"), ("tak-ada", PASSWORD)])
def test_a_wrong_sign_in_is_refused_in_the_same_words(database: Database, name: str, password: str) -> None:
    desk.add_user(database, "wati", "Wati Contoh", PASSWORD, "", NOW)
    with pytest.raises(RefusedError, match="Nama pengguna atau kata sandi tidak cocok"):
        desk.authenticate(database, name, password, NOW)
    with database.read() as session:
        (row,) = audit.tail(session, 5, action="sign_in_failed")
    assert "tak-ada" not in str(row)


def test_a_false_token_is_refused(database: Database) -> None:
    with pytest.raises(RefusedError, match="Token"):
        desk.authenticate_token(database, "pantau_palsu", NOW)


def test_short_passwords_and_odd_names_are_wrong_use(database: Database) -> None:
    with pytest.raises(UsageError):
        desk.add_user(database, "wati", "", "pendek", "", NOW)
    with pytest.raises(UsageError):
        desk.add_user(database, " wati", "", PASSWORD, "", NOW)


def test_only_an_administrator_of_the_place_grants(database: Database, book: Book) -> None:
    with pytest.raises(RefusedError):
        desk.grant(database, "rina", Role.ADMIN, "99.01", NOW, by=book.bayu)


def test_an_import_is_confirmed_by_somebody_else_with_the_role(database: Database, book: Book) -> None:
    with pytest.raises(RefusedError):
        desk.confirm_batch(database, book.batch, book.rina, NOW)
    desk.confirm_batch(database, book.batch, book.bayu, NOW)
    with database.read() as session:
        assert audit.tail(session, 1)[0].action == "batch_confirmed"


def test_people_without_a_reading_role_see_nothing() -> None:
    analyst = UserRow(1, "ana", "", (Grant(Role.ANALIS, ""), Grant(Role.ADMIN, ""), Grant(Role.AUDITOR, "")))
    assert desk.scope_of(analyst) == ()
