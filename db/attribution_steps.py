"""Steps of attributions: proposed, answered by a second person, ended; the account's acts are then judged again.

Rows are never removed: what ended stays with who ended it and why.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from db.account_rows import account_rows
from db.connect import Session
from db.dirty import mark_accounts
from db.identifiers import without_number
from db.tables import account, attribution, register_change
from db.upsert import insert_one
from monitor.domain import AttributionStatus
from monitor.domain.attributions import Attribution, AttributionWish
from monitor.errors import ConflictError
from monitor.vault import Vault

_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)


def propose(session: Session, vault: Vault, wish: AttributionWish, user: str, now: datetime) -> int:
    """Write a proposal down, queue the account's backfill, and return the number.

    The account gets a row when it had none. ConflictError when it is this person's already, or another's at that time.
    """
    ref = without_number(vault, wish.account)
    account_id = account_rows(session, [ref], now)[ref.platform, ref.user_id]
    _refuse_overlap(session, account_id, wish)
    number = insert_one(
        session,
        attribution,
        account_id=account_id,
        asn_id=wish.person_id,
        status=AttributionStatus.PROPOSED,
        method=wish.method,
        evidence=wish.evidence,
        link=wish.link or None,
        capture_sha256=wish.capture_sha256 or None,
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        proposed_by=user,
        proposed_at=now,
    )
    _changed(session, "added", account_id, wish.person_id, now)
    return number


def answer(session: Session, row: Attribution, to: AttributionStatus, reason: str, user: str, now: datetime) -> bool:
    """Verify or reject a proposal as its second person; False when it waits no more.

    IntegrityError for its proposer.
    """
    done = session.execute(
        sa.update(attribution)
        .where(attribution.c.id == row.id, attribution.c.status == AttributionStatus.PROPOSED)
        .values(status=to, verified_by=user, verified_at=now, reason=reason or None)
    )
    if not done.rowcount:
        return False
    if to is AttributionStatus.VERIFIED:
        _changed(session, "verified", row.account_id, row.person.id, now)
    else:
        mark_accounts(session, [row.account_id])
    return True


def end(session: Session, row: Attribution, reason: str, user: str, now: datetime) -> bool:
    """Revoke an attribution, or take a proposal back; False when it has ended already."""
    done = session.execute(
        sa.update(attribution)
        .where(attribution.c.id == row.id, attribution.c.status.in_(_LIVE))
        .values(status=AttributionStatus.REVOKED, ended_by=user, ended_at=now, reason=reason)
    )
    if done.rowcount:
        mark_accounts(session, [row.account_id])
    return bool(done.rowcount)


def redate(session: Session, row: Attribution, dates: tuple[date | None, date | None], user: str, now: datetime) -> int:
    """Propose a just ended attribution again for other days, and queue the backfill; return the new number.

    ConflictError when the account is another person's on one of those days.
    """
    wish = AttributionWish(
        row.person.id, row.account, row.method, row.evidence, row.link, row.capture_sha256, dates[0], dates[1]
    )
    _refuse_overlap(session, row.account_id, wish)
    number = insert_one(
        session,
        attribution,
        account_id=row.account_id,
        asn_id=row.person.id,
        status=AttributionStatus.PROPOSED,
        method=row.method,
        evidence=row.evidence,
        link=row.link or None,
        capture_sha256=row.capture_sha256 or None,
        valid_from=dates[0],
        valid_to=dates[1],
        proposed_by=user,
        proposed_at=now,
    )
    _changed(session, "redated", row.account_id, row.person.id, now)
    return number


def _refuse_overlap(session: Session, account_id: int, wish: AttributionWish) -> None:
    # Two proposals at once for one account wait for each other here.
    session.execute(sa.select(account.c.id).where(account.c.id == account_id).with_for_update())
    live = sa.select(attribution).where(attribution.c.account_id == account_id, attribution.c.status.in_(_LIVE))
    for row in session.execute(live):
        if row.asn_id == wish.person_id:
            raise ConflictError(
                "Akun ini sudah tercatat pada orang yang sama", f"lihat atribusi {row.id}; ubah masa berlakunya di sana"
            )
        if _meet((wish.valid_from, wish.valid_to), (row.valid_from, row.valid_to)):
            raise ConflictError(
                "Akun ini sudah tercatat pada orang lain di masa yang sama",
                "periksa siapa pemiliknya: cabut atau batasi masa kaitan yang lama lebih dahulu",
            )


def _meet(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    before = one[1] is not None and other[0] is not None and one[1] < other[0]
    after = other[1] is not None and one[0] is not None and other[1] < one[0]
    return not before and not after


def _changed(session: Session, reason: str, account_id: int, person_id: int, now: datetime) -> None:
    change = {"kind": "account", "reason": reason, "account_id": account_id, "asn_id": person_id, "created_at": now}
    session.execute(register_change.insert().values(**change))
    mark_accounts(session, [account_id])
