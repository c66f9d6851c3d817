"""Legal holds at the desk: who may lay and end them where, for a written reason, and that it is written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db import audit, holds
from db.connect import Database
from monitor.desk.access import must_hold, sees
from monitor.domain import Role, UserRow
from monitor.domain.keeping import Hold
from monitor.errors import RefusedError, UsageError

HOLDERS = (Role.KOORDINATOR, Role.DPO)
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class HoldWish:
    """Whose data is to be held, or which case; one of the two."""

    person_id: int | None
    case_id: int | None
    reason: str


def add_hold(database: Database, wish: HoldWish, user: UserRow, now: datetime) -> Hold:
    """Hold the data of a person, or of a case, and return the hold; one that is in force already stays as it is.

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
        known = holds.same(session, wish.person_id, wish.case_id)
        if known is not None:
            return holds.list_holds(session, only=known)[0]
        number = holds.add(session, wish.person_id, wish.case_id, reason, user.id, now)
        subject = (holds.PERSON, wish.person_id) if wish.person_id is not None else (holds.CASE, wish.case_id or 0)
        holds.note(session, "held", subject, user.name, reason, now)
        audited = f"asn:{wish.person_id}" if wish.person_id is not None else f"case:{wish.case_id}"
        detail = {"hold": number, "reason": reason}
        audit.record(session, actor=user.name, action="hold_added", subject=audited, detail=detail, now=now)
        return holds.list_holds(session, only=number)[0]


def release_hold(database: Database, number: int, reason: str, user: UserRow, now: datetime) -> Hold:
    """End a hold; what it held is purged in its turn. UsageError when the user's places have none of that number."""
    said = _reason(reason, "Pelepasan penahanan")
    with database.write() as session:
        found = next(iter(holds.list_holds(session, only=number)), None)
        if found is None or not sees(user, found.jurisdiction):
            raise UsageError(f"Penahanan {number} tidak ada dalam wilayah Anda", "lihat `pantau privacy hold list`")
        must_hold(user, found.jurisdiction, *HOLDERS)
        if not holds.release(session, number, said, user.id, now):
            raise UsageError(f"Penahanan {number} sudah dilepas", "lihat `pantau privacy hold list`")
        person = found.person_id is not None
        subject = (holds.PERSON if person else holds.CASE, found.person_id or found.case_id or 0)
        holds.note(session, "released", subject, user.name, said, now)
        audited = f"{'asn' if person else 'case'}:{subject[1]}"
        detail = {"hold": number, "reason": said}
        audit.record(session, actor=user.name, action="hold_released", subject=audited, detail=detail, now=now)
        return holds.list_holds(session, only=number)[0]


def list_holds(database: Database, user: UserRow, now: datetime, *, live: bool = False) -> list[Hold]:
    """Return the holds in the user's places, for who may lay them anywhere; that they were listed is audited."""
    if not (user.active and user.regions(*HOLDERS)):
        raise RefusedError("Penahanan hanya untuk koordinator dan DPO", "mintalah admin memberi peran yang sesuai")
    with database.write() as session:
        rows = [row for row in holds.list_holds(session, live=live) if sees(user, row.jurisdiction)]
        detail = {"holds": [row.id for row in rows]}
        audit.record(session, actor=user.name, action="holds_listed", subject="holds", detail=detail, now=now)
    return rows


def _reason(text: str, what: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise UsageError(f"{what} harus beralasan", "tulis dasarnya, misalnya nomor surat permintaan")
    if len(said) > _LONGEST:
        raise UsageError("Alasannya terlalu panjang", f"tulis paling banyak {_LONGEST} huruf")
    return said
