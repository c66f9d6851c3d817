"""Legal holds at the desk: who may lay them where, for a written reason, and that it is written down.

A hold ends by two people: one asks with a reason, another agrees; until then it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db import audit, holds
from db.connect import Database, Session
from monitor.desk.access import must_hold, sees
from monitor.domain import Role, UserRow
from monitor.domain.keeping import Hold
from monitor.errors import ConflictError, RefusedError, UsageError

HOLDERS = (Role.KOORDINATOR, Role.DPO)
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class HoldWish:
    """Whose data is to be held, or which case; one of the two."""

    person_id: int | None
    case_id: int | None
    reason: str


def add_hold(database: Database, wish: HoldWish, user: UserRow, now: datetime) -> Hold:
    """Hold the data of a person, or of a case, and return the hold; one of the same reason in force stays as it is.

    Another reason is a hold of its own: the data is held until each has ended. One whose end is asked for may end any
    time, and its end takes nothing from a hold that is laid meanwhile.
    UsageError for what is not in the user's places, in the same words as for what does not exist.
    """
    if (wish.person_id is None) == (wish.case_id is None):
        raise UsageError("Sebut satu orang atau satu informasi awal", "isi salah satu nomor")
    reason = _reason(wish.reason, "Penahanan data")
    with database.write() as session:
        place = holds.place_of(session, wish.person_id, wish.case_id)
        if place is None or not sees(user, place):
            raise UsageError("Nomor itu tidak ada dalam wilayah Anda", "lihat nomornya di antrean atau halaman Orang")
        must_hold(user, place, *HOLDERS)
        known = holds.same(session, wish.person_id, wish.case_id, reason)
        if known is not None:
            return holds.list_holds(session, only=known)[0]
        number = holds.add(session, wish.person_id, wish.case_id, reason, user.id, now)
        subject = (holds.PERSON, wish.person_id) if wish.person_id is not None else (holds.CASE, wish.case_id or 0)
        holds.note(session, "held", subject, user.name, reason, now)
        made = holds.list_holds(session, only=number)[0]
        _audit(session, "hold_added", made, reason, user, now)
        return made


def ask_release(database: Database, number: int, reason: str, user: UserRow, now: datetime) -> Hold:
    """Ask that a hold end; it holds on until a second person agrees. UsageError for what the user cannot see."""
    said = _reason(reason, "Permintaan pelepasan")
    with database.write() as session:
        found = _found(session, number, user)
        if not holds.ask_release(session, number, said, user.id, now):
            raise UsageError(f"Pelepasan penahanan {number} sudah diminta", "mintalah orang kedua memeriksanya")
        _audit(session, "hold_release_asked", found, said, user, now)
        return holds.list_holds(session, only=number)[0]


def approve_release(database: Database, number: int, request: str, user: UserRow, now: datetime) -> Hold:
    """End a hold whose end somebody else asked for; what it held is purged in its turn.

    `request` is the one that was read (`Hold.request`); ConflictError when another has taken its place.
    """
    with database.write() as session:
        holds.keep_still(session, number)
        found = _found(session, number, user)
        if not found.asked:
            raise UsageError(f"Pelepasan penahanan {number} belum diminta", "mintalah dahulu, dengan alasannya")
        if found.asked_id == user.id:
            raise RefusedError(f"Pelepasan penahanan {number} Anda sendiri yang meminta", "mintalah orang kedua")
        if found.request != request:
            raise ConflictError(
                f"Permintaan pelepasan penahanan {number} bukan lagi yang Anda baca", "baca yang sekarang, lalu setujui"
            )
        if not holds.release(session, number, user.id, now):
            raise ConflictError(f"Penahanan {number} baru saja berubah", "muat ulang daftarnya")
        person = found.person_id is not None
        subject = (holds.PERSON if person else holds.CASE, found.person_id or found.case_id or 0)
        holds.note(session, "released", subject, user.name, found.release_reason, now)
        _audit(session, "hold_released", found, found.release_reason, user, now)
        return holds.list_holds(session, only=number)[0]


def refuse_release(database: Database, number: int, user: UserRow, now: datetime) -> Hold:
    """Let a hold stay although its end was asked for; whoever asked may take it back in the same way."""
    with database.write() as session:
        found = _found(session, number, user)
        if not holds.refuse_release(session, number):
            raise UsageError(f"Pelepasan penahanan {number} tidak sedang diminta", "muat ulang daftarnya")
        _audit(session, "hold_release_refused", found, found.release_reason, user, now)
        return holds.list_holds(session, only=number)[0]


def list_holds(database: Database, user: UserRow, now: datetime, *, live: bool = False) -> list[Hold]:
    """Return the holds where the user may lay them; that they were listed is audited."""
    if not (user.active and user.regions(*HOLDERS)):
        raise RefusedError("Penahanan hanya untuk koordinator dan DPO", "mintalah admin memberi peran yang sesuai")
    with database.write() as session:
        rows = [row for row in holds.list_holds(session, live=live) if _may_hold(user, row.jurisdiction)]
        detail = {"holds": [row.id for row in rows]}
        audit.record(session, actor=user.name, action="holds_listed", subject="holds", detail=detail, now=now)
    return rows


def _found(session: Session, number: int, user: UserRow) -> Hold:
    """Return a hold in force where the user may lay holds, in the same words elsewhere as for what does not exist."""
    found = next(iter(holds.list_holds(session, only=number)), None)
    if found is None or not _may_hold(user, found.jurisdiction):
        must_hold(user, next(iter(user.regions(*HOLDERS)), ""), *HOLDERS)
        raise UsageError(f"Penahanan {number} tidak ada dalam wilayah Anda", "lihat `pantau privacy hold list`")
    if found.released_at is not None:
        raise UsageError(f"Penahanan {number} sudah dilepas", "lihat `pantau privacy hold list`")
    return found


def _may_hold(user: UserRow, place: str) -> bool:
    return user.active and any(user.has(role, place) for role in HOLDERS)


def _audit(session: Session, action: str, found: Hold, reason: str, user: UserRow, now: datetime) -> None:
    audited = f"asn:{found.person_id}" if found.person_id is not None else f"case:{found.case_id}"
    detail = {"hold": found.id, "reason": reason}
    audit.record(session, actor=user.name, action=action, subject=audited, detail=detail, now=now)


def _reason(text: str, what: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise UsageError(f"{what} harus beralasan", "tulis dasarnya, misalnya nomor surat permintaan")
    if len(said) > _LONGEST:
        raise UsageError("Alasannya terlalu panjang", f"tulis paling banyak {_LONGEST} huruf")
    return said
