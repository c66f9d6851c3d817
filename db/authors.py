"""Accounts as authors of texts: what kind of account each is in the register, and for which pairs it speaks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from db.among import among
from db.bulk import driver_rows
from db.connect import Session
from db.tables import account, attribution, candidate, candidate_account, neutral_account
from db.upsert import chunks
from monitor.domain import AccountKind, AccountRef, AttributionStatus

_MANY = 5_000  # accounts asked for at once
_KINDS = {kind.value: kind for kind in AccountKind}
_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)
# Accounts that enter the register only with a ground and two persons speak for a pair only once both signed.
_TWO_PERSONS = frozenset({AccountKind.PERSONAL, AccountKind.VOLUNTEER})


@dataclass(frozen=True, slots=True)
class Author:
    """A registered account with its place in the register."""

    ref: AccountRef
    kind: AccountKind | None
    candidates: tuple[int, ...] = ()


def load_authors(session: Session, account_ids: Collection[int]) -> dict[int, Author]:
    """Return accounts with their kind: of a pair first, then of a neutral body, then of a watched person."""
    authors: dict[int, Author] = {}
    for ids in chunks(sorted(account_ids), _MANY):
        kinds: dict[int, AccountKind] = {}
        pairs: dict[int, set[int]] = {}
        dialect, of_these = session.dialect.name, {"ids": ids}
        for number, status in driver_rows(session, _owned_accounts(dialect), of_these):
            if status in _LIVE:
                kinds[number] = AccountKind.ASN
        for number, kind in driver_rows(session, _neutral_accounts(dialect), of_these):
            kinds[number] = _KINDS[kind]
        for number, pair, kind, confirmed in driver_rows(session, _pair_accounts(dialect), of_these):
            if confirmed is not None or kind not in _TWO_PERSONS:
                kinds[number] = _KINDS[kind]
                pairs.setdefault(number, set()).add(pair)
        for number, *ref in driver_rows(session, _accounts(dialect), of_these):
            authors[number] = Author(AccountRef(*ref), kinds.get(number), tuple(sorted(pairs.get(number, ()))))
    return authors


@cache
def _accounts(dialect: str) -> sa.Select[Any]:
    columns = (account.c.id, account.c.platform, account.c.platform_user_id, account.c.handle)
    return sa.select(*columns).where(among(dialect, account.c.id))


@cache
def _owned_accounts(dialect: str) -> sa.Select[Any]:
    """Select attributions of accounts, whatever their status: an index on it would lead through all that live."""
    columns = (attribution.c.account_id, attribution.c.status)
    return sa.select(*columns).where(among(dialect, attribution.c.account_id))


@cache
def _neutral_accounts(dialect: str) -> sa.Select[Any]:
    columns = (neutral_account.c.account_id, neutral_account.c.kind)
    return sa.select(*columns).where(among(dialect, neutral_account.c.account_id))


@cache
def _pair_accounts(dialect: str) -> sa.Select[Any]:
    return (
        sa.select(
            candidate_account.c.account_id,
            candidate_account.c.candidate_id,
            candidate_account.c.kind,
            candidate_account.c.confirmed_at,
        )
        .join(candidate, candidate.c.id == candidate_account.c.candidate_id)
        .where(candidate.c.removed_at.is_(None), among(dialect, candidate_account.c.account_id))
        .order_by(candidate_account.c.account_id, candidate_account.c.candidate_id)
    )
