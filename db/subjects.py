"""Whose data is asked for: a person's rows, accounts, acts and cases, and whom a copy may name beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.tables import (
    account,
    account_handle,
    asn,
    attribution,
    candidate_account,
    interaction,
    manual_find,
    neutral_account,
    review_case,
    rule_hit,
)
from monitor.domain import AttributionStatus

Section = list[dict[str, Any]]

LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data it is: the person's row, accounts said to be theirs, acts and cases."""

    person: int
    accounts: tuple[int, ...]
    acts: tuple[int, ...]
    cases: tuple[int, ...]


def subject_of(session: Session, asn_id: int) -> Subject:
    """Return which rows are about a person; an account that is certainly another's is not, whoever proposed it."""
    other = attribution.alias("other")
    anothers = sa.exists().where(
        other.c.account_id == attribution.c.account_id,
        other.c.asn_id != asn_id,
        other.c.status == AttributionStatus.VERIFIED,
    )
    mine = sa.or_(
        attribution.c.status == AttributionStatus.VERIFIED,
        sa.and_(attribution.c.status == AttributionStatus.PROPOSED, ~anothers),
    )
    owned = sa.select(attribution.c.account_id).where(attribution.c.asn_id == asn_id, mine)
    accounts = tuple(session.execute(owned.distinct().order_by(attribution.c.account_id)).scalars())
    theirs = sa.select(interaction.c.id).where(interaction.c.actor_account_id.in_(accounts))
    judged = sa.select(rule_hit.c.interaction_id).where(rule_hit.c.asn_id == asn_id)
    acts = tuple(sorted(session.execute(sa.union(theirs, judged)).scalars()))
    cases = sa.select(review_case.c.id).where(review_case.c.asn_id == asn_id).order_by(review_case.c.id)
    return Subject(asn_id, accounts, acts, tuple(session.execute(cases).scalars()))


def public_handles(session: Session) -> set[str]:
    """Return the names of accounts of contestants and public bodies, which a copy may name."""
    of = sa.union(sa.select(candidate_account.c.account_id), sa.select(neutral_account.c.account_id))
    handles = sa.union(
        sa.select(account.c.handle).where(account.c.id.in_(of), account.c.handle.is_not(None)),
        sa.select(account_handle.c.handle).where(account_handle.c.account_id.in_(of)),
    )
    return set(session.execute(handles).scalars())


def own_handles(session: Session, of: Subject) -> set[str]:
    """Return every name that the person's accounts bore."""
    handles = sa.union(
        sa.select(account.c.handle).where(account.c.id.in_(of.accounts), account.c.handle.is_not(None)),
        sa.select(account_handle.c.handle).where(account_handle.c.account_id.in_(of.accounts)),
    )
    return set(session.execute(handles).scalars())


def others_named(session: Session, text: str, but: int) -> set[str]:
    """Return the names of other watched people that a text holds, in any case of letters."""
    where = sa.func.instr if session.dialect.name == "sqlite" else sa.func.strpos
    found = where(sa.func.lower(sa.literal(text)), sa.func.lower(asn.c.name)) > 0
    query = sa.select(asn.c.name).where(found, asn.c.id != but, asn.c.name != "")
    return set(session.execute(query).scalars())


def reports_about(session: Session, of: Subject) -> list[int]:
    """Return the numbers of finds about a person, so that nobody who reported is named by mistake."""
    return list(session.execute(sa.select(manual_find.c.id).where(manual_find.c.asn_id == of.person)).scalars())


def told(session: Session, query: sa.Executable) -> Section:
    """Return the rows of a question as plain values."""
    return [{name: _plain(value) for name, value in row.items()} for row in session.execute(query).mappings()]


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, datetime | date) else value
