"""Forms at the desk: who may draw, unlock, issue and open them; each of these is audited."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db import audit, cases, forms
from db.connect import Database, Session
from monitor.desk.access import facts_for, must_hold
from monitor.domain import CaseDetail, CaseFacts, CaseState, FormIssue, FormKind, UserRow
from monitor.errors import ConflictError, RefusedError, UsageError
from monitor.evidence.store import EvidenceStore
from monitor.labels import label
from monitor.review import machine
from monitor.vault import Vault

LONGEST_REASON = 500
_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_MEDIA: Final = {
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_DECIDED: Final = (
    CaseState.TERDAFTAR, CaseState.DITERUSKAN, CaseState.TINDAK_LANJUT, CaseState.DITUTUP, CaseState.DIARSIPKAN,
)  # fmt: skip
_FROM: Final[dict[FormKind, Collection[CaseState]]] = {
    FormKind.A: tuple(state for state in CaseState if state is not CaseState.BARU),
    FormKind.B2: (CaseState.DISETUJUI, *_DECIDED),
    FormKind.REKOMENDASI: _DECIDED,
    FormKind.SBT: _DECIDED,
}
_WHEN: Final = {
    FormKind.A: "setelah informasi awal mulai ditinjau",
    FormKind.B2: "setelah usulan disetujui orang kedua",
    FormKind.REKOMENDASI: "setelah hasil pleno dicatat dan informasi awal terdaftar",
    FormKind.SBT: "setelah hasil pleno dicatat dan informasi awal terdaftar",
}


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A document to be issued; `by_officer` says that a person edited it."""

    data: bytes
    template_sha256: str
    by_officer: bool = False
    blanks: int = 0


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """What to issue: the form, why (needed from the second version on), and how the document of a version is made."""

    case_id: int
    form: FormKind
    reason: str
    make: Callable[[CaseDetail, int], MadeDocument]


@dataclass(frozen=True, slots=True)
class FormWish:
    """What somebody wants drawn; `user` is None for whoever runs the machine, `with_number` needs one just proven."""

    form: FormKind
    case_ids: tuple[int, ...]
    user: UserRow | None = None
    with_number: bool = False


@dataclass(frozen=True, slots=True)
class IssueWish:
    """What somebody wants issued: the program's draft, or a document that they edited."""

    form: FormKind
    case_id: int
    user: UserRow
    reason: str = ""
    document: bytes | None = None
    blanks_allowed: bool = False
    with_number: bool = False


@dataclass(frozen=True, slots=True)
class FormFile:
    """A file to hand out; `blanks` are its visible gaps."""

    name: str
    data: bytes
    blanks: tuple[str, ...] = ()

    @property
    def media_type(self) -> str:
        """What kind of file it is, for a browser."""
        return _MEDIA[self.name.rpartition(".")[2]]


@dataclass(frozen=True, slots=True)
class FormVersion:
    """One issued version of a form of a case."""

    case_id: int
    form: FormKind
    version: int


def issuable(form: FormKind, state: CaseState) -> str:
    """Return when a form may be issued if that is not yet so, empty when it may."""
    return "" if state in _FROM[form] else f"{label(form)} diterbitkan {_WHEN[form]}"


def cases_for_draft(
    database: Database, case_ids: Sequence[int], form: FormKind, user: UserRow | None, now: datetime
) -> tuple[CaseDetail, ...]:
    """Return the cases that a draft is drawn from; who drew it is audited. No user is whoever runs the machine."""
    with database.write() as session:
        return tuple(_drawn(session, case_id, form, user, now) for case_id in dict.fromkeys(case_ids))


def numbers_for_form(
    database: Database, vault: Vault, case_ids: Sequence[int], form: FormKind, user: UserRow, now: datetime
) -> dict[int, str]:
    """Return the full numbers of the people of these cases; the caller has just been sure of the user. Audited."""
    numbers: dict[int, str] = {}
    with database.write() as session:
        for case_id in dict.fromkeys(case_ids):
            facts = facts_for(session, case_id, user, now)
            must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
            machine.check_free(facts, user)
            person = cases.case_detail(session, case_id, now).row.person
            detail = {"case": case_id, "form": form.value}
            subject = f"asn:{person.id}"
            audit.record(
                session, actor=user.name, action="identifier_revealed", subject=subject, detail=detail, now=now
            )
            numbers[case_id] = cases.identifier_of(session, vault, person.id)
    return numbers


def must_be_issuable(database: Database, case_id: int, form: FormKind, user: UserRow, now: datetime) -> None:
    """Raise RefusedError where the user could not issue the form now, before a number is unlocked for it."""
    with database.read() as session:
        _check_issuer(facts_for(session, case_id, user, now), form, user)


def issue(database: Database, store: EvidenceStore, order: IssueOrder, user: UserRow, now: datetime) -> FormIssue:
    """Lock a document as the next version of a form of a case; a later change is a new version.

    RefusedError without right, too early, or for somebody tied to the person; UsageError without a reason that is
    needed, ConflictError for a document that was issued before.
    """
    form, reason = order.form, " ".join(order.reason.split())
    with database.write() as session:
        facts = facts_for(session, order.case_id, user, now, lock=True)
        _check_issuer(facts, form, user)
        version = forms.next_version(session, order.case_id, form)
        _check_reason(form, version, reason)
        made = order.make(cases.case_detail(session, order.case_id, now), version)
        _check_new(session, order.case_id, form, made)
        digest = store.put(made.data)
        new = forms.NewIssue(
            case_id=order.case_id,
            form=form,
            version=version,
            sha256=digest,
            size=len(made.data),
            by_officer=made.by_officer,
            template_sha256=made.template_sha256,
            reason=reason,
        )
        forms.add_issue(session, new, user.id, now)
        detail = {"form": form.value, "version": version, "sha256": digest, "blanks": made.blanks, "reason": reason}
        subject = f"case:{order.case_id}"
        audit.record(session, actor=user.name, action="form_issued", subject=subject, detail=detail, now=now)
        found = forms.find_issue(session, order.case_id, form, version)
    assert found is not None  # written in the same transaction
    return found


def open_issue(
    database: Database, store: EvidenceStore, which: FormVersion, user: UserRow, now: datetime
) -> tuple[FormIssue, bytes]:
    """Return an issued document as it was locked; that it was opened is audited. UsageError when there is none.

    For a form that holds a person's number the caller has just been sure of the user.
    """
    case_id, form, version = which.case_id, which.form, which.version
    with database.write() as session:
        facts = facts_for(session, case_id, user, now)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
        found = forms.find_issue(session, case_id, form, version)
        if found is None:
            raise UsageError(
                f"{label(form)} versi {version} dari informasi awal {case_id} tidak ada",
                f"lihat `pantau form list {case_id}`",
            )
        detail = {"form": form.value, "version": version, "sha256": found.sha256}
        audit.record(session, actor=user.name, action="form_opened", subject=f"case:{case_id}", detail=detail, now=now)
    return found, store.get(found.sha256)


def _drawn(session: Session, case_id: int, form: FormKind, user: UserRow | None, now: datetime) -> CaseDetail:
    if user is not None:
        facts = facts_for(session, case_id, user, now)
        must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
    detail = cases.case_detail(session, case_id, now)
    actor, drawn = (user.name if user is not None else ""), {"form": form.value}
    audit.record(session, actor=actor, action="form_drafted", subject=f"case:{case_id}", detail=drawn, now=now)
    return detail


def _check_issuer(facts: CaseFacts, form: FormKind, user: UserRow) -> None:
    must_hold(user, facts.jurisdiction, *machine.REVIEWERS)
    machine.check_free(facts, user)
    early = issuable(form, facts.state)
    if early:
        raise RefusedError(f"{early[:1].upper()}{early[1:]}", f"informasi awal ini sekarang {label(facts.state)}")


def _check_reason(form: FormKind, version: int, reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise UsageError("Alasan terlalu panjang", f"tulis paling banyak {LONGEST_REASON} huruf")
    if version > 1 and not reason:
        raise UsageError(
            f"{label(form)} sudah diterbitkan sebagai versi {version - 1}; versi baru perlu alasan",
            "tulis apa yang berubah dan mengapa",
        )


def _check_new(session: Session, case_id: int, form: FormKind, made: MadeDocument) -> None:
    digest = hashlib.sha256(made.data).hexdigest()
    before = [one for one in forms.issues_of(session, case_id) if one.form is form and one.sha256 == digest]
    if before:
        raise ConflictError(
            f"Dokumen yang sama sudah diterbitkan sebagai versi {before[0].version}", "tidak ada yang berubah"
        )
