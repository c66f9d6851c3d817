"""Two people agree not to show some hits for a time; one person is enough to show them again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from db import audit, person_pages, suppressions
from db.connect import Database, Session
from monitor.desk.recusal import must_be_free
from monitor.desk.ruling import must_hold_at
from monitor.domain import Role, Suppression, SuppressionScope, UserRow
from monitor.errors import ConflictError, RefusedError, UsageError

PROPOSERS = (Role.PENGAWAS, Role.KOORDINATOR)
APPROVERS = (Role.KOORDINATOR,)


@dataclass(frozen=True, slots=True)
class SuppressionWish:
    """Which hits to hide, why and until when; `place` is the office's region, empty when not set."""

    scope: SuppressionScope
    reason: str
    expires_at: datetime
    longest: timedelta
    place: str = ""


def propose_suppression(
    database: Database, wish: SuppressionWish, user: UserRow, now: datetime
) -> tuple[Suppression, int]:
    """Propose one and return it with the number of standing hits that fit it; until approved it hides nothing."""
    _check(wish, now)
    with database.write() as session:
        must_hold_at(user, _place(session, wish), PROPOSERS)
        _must_be_free(session, user, wish.scope)
        number = suppressions.propose(session, wish.scope, wish.reason.strip(), wish.expires_at, user.id, now)
        detail = {"expires_at": wish.expires_at, "rule": wish.scope.rule_id, "person": wish.scope.person_id}
        _audit(session, user, "suppression_proposed", number, detail, now)
        return _one(session, number), suppressions.matching(session, wish.scope)


def approve_suppression(
    database: Database, number: int, user: UserRow, now: datetime, *, place: str = ""
) -> Suppression:
    """Approve one as its second person; it hides from the next night on."""
    with database.write() as session:
        one = _one(session, number)
        must_hold_at(user, _seat(one, place), APPROVERS)
        _must_be_free(session, user, one.scope)
        if one.proposer_id == user.id:
            raise RefusedError(
                f"{user.full_name or user.name} mengusulkannya sendiri", "perlu orang kedua yang berwenang"
            )
        if one.expires_at <= now:
            raise ConflictError(f"Penangguhan {number} sudah lewat waktunya", "usulkan yang baru")
        if not suppressions.approve(session, number, user.id, now):
            raise ConflictError(f"Penangguhan {number} sudah disetujui atau berakhir", "lihat `rules suppress list`")
        _audit(session, user, "suppression_approved", number, {"proposer": one.proposer}, now)
        return _one(session, number)


def end_suppression(
    database: Database, number: int, reason: str, user: UserRow, now: datetime, *, place: str = ""
) -> Suppression:
    """End one early, or refuse a proposal; what it hides comes back at the next night."""
    if not reason.strip():
        raise UsageError("Pengakhiran ini belum beralasan", "tulis alasannya (--reason)")
    with database.write() as session:
        one = _one(session, number)
        must_hold_at(user, _seat(one, place), PROPOSERS)
        if not suppressions.end(session, number, user.id, now):
            raise ConflictError(f"Penangguhan {number} sudah berakhir", "lihat `pantau rules suppress list`")
        _audit(session, user, "suppression_ended", number, {"reason": reason.strip()}, now)
        return _one(session, number)


def _check(wish: SuppressionWish, now: datetime) -> None:
    scope = wish.scope
    if scope.rule_id is None and scope.person_id is None and scope.candidate_id is None:
        raise UsageError(
            "Penangguhan tanpa sasaran",
            "pilih aturan, akun, orang, atau pasangan (--rule, --account, --person, --candidate)",
        )
    if not wish.reason.strip():
        raise UsageError("Penangguhan ini belum beralasan", "tulis alasannya (--reason)")
    if wish.expires_at <= now:
        raise UsageError("Batas waktu penangguhan sudah lewat", "sebut waktu yang akan datang")
    if wish.expires_at - now > wish.longest:
        raise UsageError(
            f"Penangguhan paling lama {wish.longest.days} hari",
            "pendekkan batas waktunya (--until); perpanjang nanti bila masih perlu",
        )


def _place(session: Session, wish: SuppressionWish) -> str:
    """Return the place over which a role is needed; UsageError for a person or pair that does not exist."""
    scope = wish.scope
    if scope.candidate_id is not None and not suppressions.pair_exists(session, scope.candidate_id):
        raise UsageError(f"Pasangan {scope.candidate_id} tidak ada", "lihat `pantau roster list kontes`")
    if scope.person_id is None:
        return scope.jurisdiction or wish.place
    place = suppressions.person_place(session, scope.person_id)
    if place is None:
        raise UsageError(f"Orang {scope.person_id} tidak ada", "lihat `pantau roster list asn`")
    return place or wish.place


def _must_be_free(session: Session, user: UserRow, scope: SuppressionScope) -> None:
    """Raise RefusedError when hits of one person are to be hidden to whom the user is tied."""
    person = person_pages.person_row(session, scope.person_id) if scope.person_id is not None else None
    if person is not None:
        must_be_free(session, user, person)


def _seat(one: Suppression, place: str) -> str:
    return one.person_jurisdiction or one.scope.jurisdiction or place


def _one(session: Session, number: int) -> Suppression:
    found = suppressions.list_suppressions(session, [number])
    if not found:
        raise UsageError(f"Penangguhan {number} tidak ada", "lihat `pantau rules suppress list`")
    return found[0]


def _audit(
    session: Session, user: UserRow, action: str, number: int, detail: Mapping[str, object], now: datetime
) -> None:
    audit.record(session, actor=user.name, action=action, subject=f"suppression:{number}", detail=detail, now=now)
