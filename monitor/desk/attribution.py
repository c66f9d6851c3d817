"""Whose account is it? One person proposes, another answers; what rests on the answer is told on the cases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from db import attribution_steps, attributions, audit, cases
from db.connect import Database, Session
from db.events import EventDraft
from monitor.desk.access import must_hold
from monitor.desk.recusal import must_be_free
from monitor.domain import AttributionStatus, CaseState, EventKind, NoteKind, PersonBrief, UserRow
from monitor.domain.attributions import (
    Attribution,
    AttributionDetail,
    AttributionFilter,
    AttributionPage,
    AttributionWish,
    NearName,
    RestingCase,
)
from monitor.errors import ConflictError, RefusedError, UsageError
from monitor.review import machine
from monitor.vault import Vault

TEXT_LIMIT = 2000
_NEAR_FROM = 85
_NEAR_SHOWN = 5
_NEAR_READ = 5_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LIST = "lihat daftar di Meja atribusi"


def places_of(user: UserRow) -> tuple[str, ...]:
    """Return the regions whose attributions the user works with; none is nothing."""
    return user.regions(*machine.REVIEWERS) if user.active else ()


def list_attributions(database: Database, wanted: AttributionFilter, user: UserRow, now: datetime) -> AttributionPage:
    """Return one page within the user's places; whose names were shown is audited."""
    with database.read() as session:
        page = attributions.list_attributions(session, replace(wanted, scope=places_of(user), user=user.name))
    detail = {"people": sorted({row.person.id for row in page.rows})}
    with database.write() as session:
        _audit(session, user, "attributions_listed", "attributions", detail, now)
    return page


def look_at_attribution(database: Database, number: int, user: UserRow, now: datetime) -> AttributionDetail:
    """Return one attribution with what helps to judge it; the view is audited.

    UsageError when there is none of that number, in the same words for one that lies elsewhere.
    """
    scope = places_of(user)
    with database.read() as session:
        row = _one(session, number, user)
        near = _near(row, attributions.people_near(session, row.person.jurisdiction, scope, _NEAR_READ))
        same_account = attributions.linked(session, scope, account_id=row.account_id)
        detail = AttributionDetail(
            row,
            handles=attributions.handles_of(session, row.account_id),
            cases=attributions.resting_cases(session, row.account_id, row.person.id),
            same_account=tuple(other for other in same_account if other.id != row.id),
            same_person=tuple(
                other
                for other in attributions.linked(session, scope, person_id=row.person.id)
                if other.account_id != row.account_id
            ),
            elsewhere=attributions.owners_elsewhere(session, row.account_id, scope),
            near=near,
            capture_kept=attributions.capture_kept(session, row.capture_sha256) if row.capture_sha256 else None,
        )
    seen = {"person": row.person.id, "near": [one.person.id for one in near]}
    with database.write() as session:
        _audit(session, user, "attribution_viewed", f"attribution:{number}", seen, now)
    return detail


def find_people(database: Database, text: str, user: UserRow, now: datetime, limit: int = 20) -> list[PersonBrief]:
    """Return people of the user's places by name or agency, to propose an account for; whose names is audited."""
    if not text.strip():
        return []
    with database.write() as session:
        found = attributions.find_people(session, text, places_of(user), limit)
        _audit(session, user, "people_searched", "people", {"people": [person.id for person in found]}, now)
    return found


def person_to_propose(database: Database, person_id: int, user: UserRow, now: datetime) -> PersonBrief:
    """Return the person of a proposal form; the view is audited, UsageError for nobody of the user's places."""
    with database.write() as session:
        person = _somebody(session, person_id, user)
        _audit(session, user, "person_viewed", f"asn:{person_id}", {"for": "attribution"}, now)
    return person


def propose_attribution(
    database: Database, vault: Vault, wish: AttributionWish, user: UserRow, now: datetime
) -> Attribution:
    """Propose an account as a person's; until somebody else verifies it, no case rests on it for a hand-over."""
    wish = _checked(wish)
    with database.write() as session:
        _may(session, user, _somebody(session, wish.person_id, user))
        if wish.capture_sha256 and not attributions.capture_kept(session, wish.capture_sha256):
            raise UsageError(
                "Tidak ada tangkapan tersimpan dengan sidik jari itu", "salin sha256 dari bukti, atau kosongkan"
            )
        number = attribution_steps.propose(session, vault, wish, user.name, now)
        detail = {"person": wish.person_id, "platform": wish.account.platform}
        _audit(session, user, "attribution_proposed", f"attribution:{number}", detail, now)
        return _again(session, number)


def verify_attribution(
    database: Database, number: int, user: UserRow, now: datetime, *, reason: str = ""
) -> Attribution:
    """Verify a proposal as its second person; cases that waited for it are told so, people take the step."""
    return _answer(database, number, AttributionStatus.VERIFIED, reason, user, now)


def reject_attribution(database: Database, number: int, reason: str, user: UserRow, now: datetime) -> Attribution:
    """Reject a proposal as its second person; open cases with acts of the account are told so."""
    _needs_reason(reason, "Penolakan ini belum beralasan")
    return _answer(database, number, AttributionStatus.REJECTED, reason, user, now)


def revoke_attribution(
    database: Database, number: int, reason: str, user: UserRow, now: datetime, *, known_cases: int | None = None
) -> Attribution:
    """Revoke an attribution, or take a proposal back; one person is enough, since nothing is passed on without it.

    `known_cases` is how many open cases the person was told rest on it; ConflictError when it is another number.
    """
    _needs_reason(reason, "Pencabutan ini belum beralasan")
    with database.write() as session:
        row = _one(session, number, user)
        _may(session, user, row.person)
        resting = attributions.resting_cases(session, row.account_id, row.person.id)
        _check_known(resting, known_cases)
        if not attribution_steps.end(session, row, reason.strip(), user.name, now):
            raise ConflictError(f"Atribusi {number} sudah berakhir", _LIST)
        _tell(session, resting, user, f"Kaitan akun {_named(row)} dengan orang ini dicabut: {reason.strip()}", now)
        detail = {"from": row.status.value, "reason": reason.strip(), "cases": [case.id for case in resting]}
        _audit(session, user, "attribution_revoked", f"attribution:{number}", detail, now)
        return _again(session, number)


def redate_attribution(
    database: Database, number: int, dates: tuple[date | None, date | None], reason: str, user: UserRow, now: datetime
) -> Attribution:
    """Give an attribution other days (first and last, None is open) and return it: a new proposal for a second person.

    The old one ends and stays in history. UsageError for days in the wrong order or the same ones.
    """
    _needs_reason(reason, "Perubahan masa berlaku ini belum beralasan")
    _check_dates(*dates)
    with database.write() as session:
        row = _one(session, number, user)
        _may(session, user, row.person)
        if (row.valid_from, row.valid_to) == dates:
            raise UsageError("Masa berlakunya sudah demikian", "ubah tanggalnya, lalu simpan")
        words = f"Masa berlaku diubah: {reason.strip()}"
        if not attribution_steps.end(session, row, words, user.name, now):
            raise ConflictError(f"Atribusi {number} sudah berakhir", _LIST)
        made = attribution_steps.redate(session, row, dates, user.name, now)
        resting = attributions.resting_cases(session, row.account_id, row.person.id)
        told = f"Masa berlaku kaitan akun {_named(row)} diubah dan menunggu orang kedua: {reason.strip()}"
        _tell(session, resting, user, told, now)
        days = [day.isoformat() if day else None for day in dates]
        detail = {"before": number, "days": days, "reason": reason.strip()}
        _audit(session, user, "attribution_redated", f"attribution:{made}", detail, now)
        return _again(session, made)


def _answer(
    database: Database, number: int, to: AttributionStatus, reason: str, user: UserRow, now: datetime
) -> Attribution:
    with database.write() as session:
        row = _one(session, number, user)
        _may(session, user, row.person)
        if row.status is not AttributionStatus.PROPOSED:
            raise ConflictError(f"Atribusi {number} tidak lagi menunggu orang kedua", "muat ulang halamannya")
        if row.proposed_by == user.name:
            raise RefusedError(
                f"{user.full_name or user.name} mengusulkannya sendiri", "mintalah petugas lain memeriksa"
            )
        if not attribution_steps.answer(session, row, to, reason.strip(), user.name, now):
            raise ConflictError(f"Atribusi {number} baru saja dijawab orang lain", "muat ulang halamannya")
        resting = attributions.resting_cases(session, row.account_id, row.person.id)
        if to is AttributionStatus.VERIFIED:
            resting = tuple(case for case in resting if case.state is CaseState.PERLU_ATRIBUSI)
            words = f"Kaitan akun {_named(row)} dengan orang ini dipastikan dua orang; dapat ditinjau kembali."
        else:
            words = f"Kaitan akun {_named(row)} dengan orang ini ditolak: {reason.strip()}"
        _tell(session, resting, user, words, now)
        detail = {"proposer": row.proposed_by, "reason": reason.strip(), "cases": [case.id for case in resting]}
        _audit(session, user, f"attribution_{to.value}", f"attribution:{number}", detail, now)
        return _again(session, number)


def _tell(session: Session, resting: tuple[RestingCase, ...], user: UserRow, words: str, now: datetime) -> None:
    """Write on cases what became of an account they rest on; the cases themselves stay where they are."""
    drafts = []
    for case in resting:
        facts = cases.facts_of(session, case.id, now, lock=True)
        assert facts is not None  # the case was read in this transaction
        drafts.append(
            EventDraft(
                case_id=case.id,
                version=facts.version + 1,
                kind=EventKind.NOTED,
                to_state=facts.state,
                at=now,
                actor=user.name,
                from_state=facts.state,
                user_id=user.id,
                note=words,
                note_kind=NoteKind.CATATAN,
            )
        )
    cases.record(session, drafts)


def _one(session: Session, number: int, user: UserRow) -> Attribution:
    row = attributions.attribution_of(session, number, places_of(user))
    if row is None:
        raise UsageError(f"Atribusi {number} tidak ada dalam wilayah Anda", _LIST)
    return row


def _again(session: Session, number: int) -> Attribution:
    row = attributions.attribution_of(session, number)
    assert row is not None  # written in this transaction
    return row


def _somebody(session: Session, person_id: int, user: UserRow) -> PersonBrief:
    person = attributions.person_brief(session, person_id, places_of(user))
    if person is None:
        raise UsageError(f"Orang {person_id} tidak ada dalam wilayah Anda", "cari namanya di Meja atribusi")
    return person


def _may(session: Session, user: UserRow, person: PersonBrief) -> None:
    """Raise RefusedError unless the user reviews the person's place and nothing ties the two."""
    must_hold(user, person.jurisdiction, *machine.REVIEWERS)
    must_be_free(session, user, person)


def _checked(wish: AttributionWish) -> AttributionWish:
    """Return a wish with its texts trimmed; UsageError for what cannot be kept."""
    wish = replace(
        wish,
        method=wish.method.strip()[:TEXT_LIMIT],
        evidence=wish.evidence.strip()[:TEXT_LIMIT],
        link=wish.link.strip(),
        capture_sha256=wish.capture_sha256.strip().lower(),
    )
    if not wish.method or not wish.evidence:
        raise UsageError("Cara dan bukti kaitan wajib ditulis", "tulis bagaimana Anda mengetahuinya dan apa buktinya")
    if wish.link and (len(wish.link) > TEXT_LIMIT or not _is_page(wish.link)):
        raise UsageError("Tautan bukti bukan alamat web", "tulis alamat lengkap yang diawali https://")
    if wish.capture_sha256 and not _SHA256.fullmatch(wish.capture_sha256):
        raise UsageError("Sidik jari tangkapan tidak lengkap", "salin 64 huruf heksadesimal sha256 dari bukti")
    _check_dates(wish.valid_from, wish.valid_to)
    return wish


def _is_page(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _check_dates(first: date | None, last: date | None) -> None:
    if first is not None and last is not None and last < first:
        raise UsageError("Masa berlaku berakhir sebelum dimulai", "periksa kedua tanggalnya")


def _check_known(resting: tuple[RestingCase, ...], known: int | None) -> None:
    if known is not None and known != len(resting):
        numbers = ", ".join(str(case.id) for case in resting) or "tidak ada"
        raise ConflictError(
            f"{len(resting)} informasi awal terbuka bersandar pada kaitan ini ({numbers})",
            "periksa dahulu, lalu ulangi pencabutannya",
        )


def _needs_reason(reason: str, problem: str) -> None:
    if not reason.strip():
        raise UsageError(problem, "tulis alasannya")
    if len(reason) > TEXT_LIMIT:
        raise UsageError("Alasan terlalu panjang", f"ringkas sampai {TEXT_LIMIT} huruf")


def _near(row: Attribution, people: list[PersonBrief]) -> tuple[NearName, ...]:
    """Return others whose name is close to the person's or to the handle, the closest first."""
    handle = re.sub(r"[^a-z]", "", (row.account.handle or "").partition(".")[0].casefold())
    found = []
    for person in people:
        if person.id == row.person.id:
            continue
        by_name = fuzz.token_sort_ratio(person.name.casefold(), row.person.name.casefold())
        by_handle = fuzz.ratio(re.sub(r"[^a-z]", "", person.name.casefold()), handle) if len(handle) >= 5 else 0.0
        if max(by_name, by_handle) >= _NEAR_FROM:
            found.append(NearName(person, round(max(by_name, by_handle)), to_handle=by_handle > by_name))
    return tuple(sorted(found, key=lambda one: (-one.score, one.person.name, one.person.id))[:_NEAR_SHOWN])


def _named(row: Attribution) -> str:
    return f"{row.name} ({row.account.platform})"


def _audit(
    session: Session, user: UserRow, action: str, subject: str, detail: Mapping[str, object], now: datetime
) -> None:
    audit.record(session, actor=user.name, action=action, subject=subject, detail=detail, now=now)
