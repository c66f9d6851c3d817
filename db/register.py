"""The register as a night uses it: every account that acts are matched against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import account, attribution, candidate, candidate_account, neutral_account
from monitor.domain import AccountKind, AccountRef, AttributionStatus, RegisteredAccount

ZONE_NAME = "Asia/Jakarta"
WIB = timezone(timedelta(hours=7))
"""Register dates are days in western Indonesia, the zone of the central office; they bound months, not minutes."""

TWO_PERSONS = (AccountKind.PERSONAL, AccountKind.VOLUNTEER)
"""Kinds of private people's accounts: not scanned before a second person confirmed the ground."""

_REF = (account.c.platform, account.c.platform_user_id, account.c.handle)


def load_register(session: Session) -> tuple[RegisteredAccount, ...]:
    """Return everything that the night matches against, in a fixed order: neutral bodies, pairs, then people.

    An account in two of these roles, or of two people at different times, appears once for each.
    """
    return tuple(registered(session))


def registered(session: Session, *where: Any) -> Iterator[RegisteredAccount]:
    """Yield the registered accounts that meet the conditions on their `account` row."""
    yield from _neutral(session, where)
    yield from _of_pairs(session, where)
    yield from _of_people(session, where)


def _neutral(session: Session, where: tuple[Any, ...]) -> Iterator[RegisteredAccount]:
    statement = (
        sa.select(neutral_account.c.account_id, sa.func.min(neutral_account.c.kind).label("kind"), *_REF)
        .join(account, account.c.id == neutral_account.c.account_id)
        .where(*where)
        .group_by(neutral_account.c.account_id, *_REF)
        .order_by(neutral_account.c.account_id)
    )
    for row in session.execute(statement):
        yield RegisteredAccount(row.account_id, _ref(row), AccountKind(row.kind))


def _of_pairs(session: Session, where: tuple[Any, ...]) -> Iterator[RegisteredAccount]:
    columns = (candidate_account.c.account_id, candidate_account.c.kind, candidate_account.c.candidate_id)
    statement = (
        sa.select(*columns, candidate_account.c.confirmed_by, *_REF)
        .join(account, account.c.id == candidate_account.c.account_id)
        .join(candidate, candidate.c.id == candidate_account.c.candidate_id)
        .where(candidate.c.removed_at.is_(None), *where)
        .order_by(candidate_account.c.account_id, candidate_account.c.candidate_id)
    )
    grouped: dict[int, list[Found]] = {}
    for row in session.execute(statement):
        grouped.setdefault(row.account_id, []).append(row)
    for account_id, rows in grouped.items():
        yield RegisteredAccount(
            account_id,
            _ref(rows[0]),
            rows[0].kind,
            candidate_ids=tuple(row.candidate_id for row in rows),
            scannable=any(row.kind not in TWO_PERSONS or row.confirmed_by is not None for row in rows),
        )


def _of_people(session: Session, where: tuple[Any, ...]) -> Iterator[RegisteredAccount]:
    columns = (attribution.c.account_id, attribution.c.asn_id, attribution.c.status)
    live = attribution.c.status.in_((AttributionStatus.PROPOSED, AttributionStatus.VERIFIED))
    statement = (
        sa.select(*columns, attribution.c.valid_from, attribution.c.valid_to, *_REF)
        .join(account, account.c.id == attribution.c.account_id)
        .where(live, *where)
        .order_by(attribution.c.account_id, attribution.c.asn_id)
    )
    for row in session.execute(statement):
        yield RegisteredAccount(
            row.account_id,
            _ref(row),
            AccountKind.ASN,
            person_id=row.asn_id,
            attribution=row.status,
            valid_from=midnight(row.valid_from),
            valid_to=midnight(row.valid_to, days=1),
        )


def _ref(row: Found) -> AccountRef:
    return AccountRef(row.platform, row.platform_user_id, row.handle)


def midnight(day: date | None, *, days: int = 0) -> datetime | None:
    """Return when a day of the register begins, or the one so many days later; None for no day."""
    return datetime.combine(day + timedelta(days=days), time(), WIB).astimezone(UTC) if day else None
