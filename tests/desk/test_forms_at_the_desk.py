from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import audit, forms, recusals, verify
from db.connect import Database
from db.tables import form_issue, review_case
from monitor import desk
from monitor.desk import forms as form_desk
from monitor.desk.forms import FormVersion, IssueOrder, MadeDocument
from monitor.domain import CaseDetail, CaseState, FormKind, UserRow
from monitor.errors import ConflictError, EvidenceError, PantauError, RefusedError, UsageError
from monitor.evidence.store import EvidenceStore
from monitor.vault import Vault
from tests.casebook import NOW, Book, comment_case, open_book

SENT = (CaseState.TERDAFTAR, CaseState.DITERUSKAN, CaseState.TINDAK_LANJUT, CaseState.DITUTUP, CaseState.DIARSIPKAN)


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    return open_book(database, vault)


@pytest.fixture
def store(tmp_path: Path, vault: Vault) -> EvidenceStore:
    return EvidenceStore(tmp_path / "evidence", vault)


@pytest.fixture
def case_id(database: Database, book: Book) -> int:
    """A case that rina has begun to review."""
    number = comment_case(database, book)
    desk.claim(database, number, book.rina, NOW)
    return number


def order(case_id: int, reason: str = "", form: FormKind = FormKind.A, data: bytes | None = None) -> IssueOrder:
    def make(case: CaseDetail, version: int) -> MadeDocument:
        return MadeDocument(data or f"{form} {case.id} versi {version}".encode(), "e" * 64, blanks=3)

    return IssueOrder(case_id, form, reason, make)


def put(database: Database, case_id: int, state: CaseState) -> None:
    with database.write() as session:
        session.execute(review_case.update().where(review_case.c.id == case_id).values(state=state))


def actions(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as session:
        rows = audit.tail(session)
    return [(row.actor, row.action, row.subject) for row in reversed(rows) if row.action.startswith(("form", "identi"))]


def test_an_issued_form_is_kept_as_it_was(database: Database, store: EvidenceStore, book: Book, case_id: int) -> None:
    issued = form_desk.issue(database, store, order(case_id), book.rina, NOW)
    assert (issued.version, issued.issuer, issued.template_sha256) == (1, "Rina Contoh", "e" * 64)
    found, data = form_desk.open_issue(database, store, FormVersion(case_id, FormKind.A, 1), book.bayu, NOW)
    assert (found, data) == (issued, f"a {case_id} versi 1".encode())


def test_issuing_and_opening_are_audited(database: Database, store: EvidenceStore, book: Book, case_id: int) -> None:
    form_desk.issue(database, store, order(case_id), book.rina, NOW)
    form_desk.open_issue(database, store, FormVersion(case_id, FormKind.A, 1), book.bayu, NOW)
    subject = f"case:{case_id}"
    assert actions(database) == [("rina", "form_issued", subject), ("bayu", "form_opened", subject)]


def test_a_change_is_a_new_version_with_a_reason(
    database: Database, store: EvidenceStore, book: Book, case_id: int
) -> None:
    form_desk.issue(database, store, order(case_id), book.rina, NOW)
    with pytest.raises(UsageError, match="versi baru perlu alasan"):
        form_desk.issue(database, store, order(case_id), book.rina, NOW)
    second = form_desk.issue(database, store, order(case_id, "  nama saksi\nditambah "), book.rina, NOW)
    with database.read() as session:
        kept = forms.issues_of(session, case_id)
    assert [(one.version, one.reason) for one in kept] == [(1, ""), (2, "nama saksi ditambah")]
    assert second == kept[-1]


def test_the_same_document_is_not_issued_twice(
    database: Database, store: EvidenceStore, book: Book, case_id: int
) -> None:
    form_desk.issue(database, store, order(case_id, data=b"sama"), book.rina, NOW)
    with pytest.raises(ConflictError, match="sudah diterbitkan sebagai versi 1"):
        form_desk.issue(database, store, order(case_id, "lagi", data=b"sama"), book.rina, NOW)


def test_an_issued_row_cannot_be_changed_or_taken_away(
    database: Database, store: EvidenceStore, book: Book, case_id: int
) -> None:
    form_desk.issue(database, store, order(case_id), book.rina, NOW)
    for statement in (form_issue.update().values(reason="lain"), form_issue.delete()):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), database.write() as session:
            session.execute(statement)


def test_each_form_counts_its_own_versions(database: Database, store: EvidenceStore, book: Book, case_id: int) -> None:
    form_desk.issue(database, store, order(case_id), book.rina, NOW)
    put(database, case_id, CaseState.TERDAFTAR)
    assert form_desk.issue(database, store, order(case_id, form=FormKind.B2), book.rina, NOW).version == 1


@pytest.mark.parametrize(
    ("form", "state", "may"),
    [
        (FormKind.A, CaseState.BARU, False),
        (FormKind.A, CaseState.DITINJAU, True),
        (FormKind.A, CaseState.DIKESAMPINGKAN, True),
        (FormKind.B2, CaseState.DIUSULKAN, False),
        (FormKind.B2, CaseState.DISETUJUI, True),
        (FormKind.B2, CaseState.TIDAK_DIREGISTRASI, False),
        (FormKind.REKOMENDASI, CaseState.DISETUJUI, False),
        *((FormKind.REKOMENDASI, state, True) for state in SENT),
        (FormKind.SBT, CaseState.DISETUJUI, False),
        (FormKind.SBT, CaseState.TERDAFTAR, True),
    ],
)
def test_a_form_is_issued_from_its_own_step_on(form: FormKind, state: CaseState, may: bool) -> None:
    assert (form_desk.issuable(form, state) == "") is may


def test_too_early_is_refused_and_leaves_nothing(
    database: Database, store: EvidenceStore, book: Book, case_id: int
) -> None:
    with pytest.raises(RefusedError, match="diterbitkan setelah hasil pleno dicatat"):
        form_desk.issue(database, store, order(case_id, form=FormKind.REKOMENDASI), book.rina, NOW)
    assert actions(database) == []
    assert not any(path.is_file() for path in store.root.rglob("*"))


def test_somebody_of_another_place_finds_no_case(
    database: Database, store: EvidenceStore, book: Book, case_id: int
) -> None:
    which = FormVersion(case_id, FormKind.A, 1)
    for attempt in (
        lambda: form_desk.issue(database, store, order(case_id), book.tono, NOW),
        lambda: form_desk.open_issue(database, store, which, book.tono, NOW),
        lambda: form_desk.cases_for_draft(database, [case_id], FormKind.A, book.tono, NOW),
    ):
        with pytest.raises(UsageError, match="tidak ada dalam wilayah Anda"):
            attempt()


def test_whoever_is_tied_to_the_person_issues_and_unlocks_nothing(
    database: Database, vault: Vault, store: EvidenceStore, book: Book, case_id: int
) -> None:
    with database.write() as session:
        person = form_desk.cases.case_detail(session, case_id, NOW).row.person.id
        recusals.declare(session, book.rina.id, person, "keluarga", "rina", NOW)
    with pytest.raises(RefusedError):
        form_desk.issue(database, store, order(case_id), book.rina, NOW)
    with pytest.raises(RefusedError):
        form_desk.numbers_for_form(database, vault, [case_id], FormKind.SBT, book.rina, NOW)


def test_every_unlocked_number_is_audited_by_person_and_form(
    database: Database, vault: Vault, book: Book, case_id: int
) -> None:
    numbers = form_desk.numbers_for_form(database, vault, [case_id, case_id], FormKind.SBT, book.rina, NOW)
    assert numbers == {case_id: "197801012006041001"}
    with database.read() as session:
        (row,) = audit.tail(session, action="identifier_revealed")
    assert row.detail == f'{{"case":{case_id},"form":"sbt"}}'


def test_drawing_is_audited_also_for_whoever_runs_the_machine(database: Database, book: Book, case_id: int) -> None:
    form_desk.cases_for_draft(database, [case_id], FormKind.B2, None, NOW)
    form_desk.cases_for_draft(database, [case_id], FormKind.B2, book.rina, NOW)
    subject = f"case:{case_id}"
    assert actions(database) == [("", "form_drafted", subject), ("rina", "form_drafted", subject)]


def test_two_officers_at_once_get_one_version_each_or_are_told_why(
    database: Database, store: EvidenceStore, book: Book, case_id: int
) -> None:
    def attempt(user: UserRow) -> str:
        try:
            return str(form_desk.issue(database, store, order(case_id), user, NOW).version)
        except PantauError as error:
            return type(error).__name__

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(attempt, [book.rina, book.bayu] * 2))
    assert sorted(told) == ["1", *["UsageError"] * 3]
    with database.read() as session:
        assert [one.version for one in forms.issues_of(session, case_id)] == [1]


def test_a_disk_that_takes_nothing_leaves_no_row(
    database: Database, vault: Vault, book: Book, case_id: int, tmp_path: Path
) -> None:
    (tmp_path / "full").write_bytes(b"")
    full = replace(EvidenceStore(tmp_path / "evidence", vault), root=tmp_path / "full")
    with pytest.raises(EvidenceError):
        form_desk.issue(database, full, order(case_id), book.rina, NOW)
    with database.read() as session:
        assert forms.issues_of(session, case_id) == ()
    assert actions(database) == []


def test_a_document_that_cannot_be_made_leaves_no_row(
    database: Database, store: EvidenceStore, book: Book, case_id: int
) -> None:
    def broken(case: CaseDetail, version: int) -> MadeDocument:
        raise UsageError(f"Dokumen {case.id} versi {version} masih bertanda DRAF")

    with pytest.raises(UsageError, match="DRAF"):
        form_desk.issue(database, store, IssueOrder(case_id, FormKind.A, "", broken), book.rina, NOW)
    with database.read() as session:
        assert forms.issues_of(session, case_id) == ()


def test_issued_documents_are_among_the_evidence_that_is_checked(
    database: Database, store: EvidenceStore, book: Book, case_id: int
) -> None:
    issued = form_desk.issue(database, store, order(case_id), book.rina, NOW)
    with database.read() as session:
        assert issued.sha256 in verify.evidence_digests(session)
