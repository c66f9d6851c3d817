"""Whose data is asked for: a person's rows, accounts, acts and cases, and whom a copy may name beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from db.connect import Session
from db.register import ZONE_NAME
from db.tables import (
    account,
    account_handle,
    asn,
    attribution,
    candidate_account,
    interaction,
    item,
    manual_find,
    neutral_account,
    review_case,
    rule_hit,
    source_credential,
)
from monitor.domain import AttributionStatus

Section = list[dict[str, Any]]

LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data it is: the person's row, accounts said to be theirs, acts and cases; asked for on a day."""

    person: int
    day: date
    accounts: tuple[int, ...]
    acts: tuple[int, ...]
    cases: tuple[int, ...]


def subject_of(session: Session, asn_id: int, now: datetime) -> Subject:
    """Return which rows are about a person; an account that is certainly another's is not, whoever proposed it.

    Of acts only those that were done while the account was said to be the person's, or were judged as theirs.
    """
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
    first = sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_lo)
    last = sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi)
    acted = interaction.c.actor_account_id
    theirs = sa.select(interaction.c.id).where(acted.in_(accounts), _while(session, asn_id, acted, first, last))
    judged = sa.select(rule_hit.c.interaction_id).where(rule_hit.c.asn_id == asn_id)
    acts = tuple(sorted(session.execute(sa.union(theirs, judged)).scalars()))
    cases = sa.select(review_case.c.id).where(review_case.c.asn_id == asn_id).order_by(review_case.c.id)
    day = now.astimezone(ZoneInfo(ZONE_NAME)).date()
    return Subject(asn_id, day, accounts, acts, tuple(session.execute(cases).scalars()))


def own_texts(session: Session, of: Subject) -> sa.ColumnElement[bool]:
    """Return the condition that a text was published while its account was said to be the person's."""
    first = sa.func.coalesce(item.c.published_at, item.c.published_lo)
    last = sa.func.coalesce(item.c.published_at, item.c.published_hi)
    author = item.c.author_account_id
    return sa.and_(author.in_(of.accounts), _while(session, of.person, author, first, last))


def own_names(session: Session, of: Subject) -> sa.ColumnElement[bool]:
    """Return the condition that an account bore a name while it was said to be the person's."""
    name = account_handle.c
    during = _while(session, of.person, name.account_id, name.first_seen_at, name.last_seen_at)
    return sa.and_(name.account_id.in_(of.accounts), during)


def own_keys(session: Session, of: Subject) -> sa.ColumnElement[bool]:
    """Return the condition that a key was lent while its account was said to be the person's."""
    lent = source_credential.c
    during = _while(session, of.person, lent.account_id, lent.added_at, lent.added_at)
    return sa.and_(lent.account_id.in_(of.accounts), during)


def _while(
    session: Session,
    person: int,
    owned: sa.ColumnElement[int],
    first: sa.ColumnElement[Any],
    last: sa.ColumnElement[Any],
) -> sa.ColumnElement[bool]:
    """Return the condition that an account may have been a person's between two moments, by the days of the register.

    What has no time at all is theirs only where nobody dated the account's beginning.
    """
    said = attribution.alias()
    return sa.exists().where(
        said.c.asn_id == person,
        said.c.account_id == owned,
        said.c.status.in_(LIVE),
        sa.or_(said.c.valid_from.is_(None), _day(session, last) >= said.c.valid_from),
        sa.or_(said.c.valid_to.is_(None), first.is_(None), _day(session, first) <= said.c.valid_to),
    )


def _day(session: Session, moment: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return the day of a time where register dates are days."""
    if session.dialect.name == "postgresql":
        return sa.func.date(sa.func.timezone(ZONE_NAME, moment))
    return sa.func.date(moment, "+7 hours")


def still(of: Subject) -> sa.ColumnElement[bool]:
    """Return the condition that an attribution holds on the day of the question, so that today's name is theirs."""
    began = sa.or_(attribution.c.valid_from.is_(None), attribution.c.valid_from <= of.day)
    return sa.and_(began, sa.or_(attribution.c.valid_to.is_(None), attribution.c.valid_to >= of.day))


def public_handles(session: Session) -> set[str]:
    """Return the names of accounts of contestants and public bodies, which a copy may name."""
    of = sa.union(sa.select(candidate_account.c.account_id), sa.select(neutral_account.c.account_id))
    handles = sa.union(
        sa.select(account.c.handle).where(account.c.id.in_(of), account.c.handle.is_not(None)),
        sa.select(account_handle.c.handle).where(account_handle.c.account_id.in_(of)),
    )
    return set(session.execute(handles).scalars())


def own_handles(session: Session, of: Subject) -> set[str]:
    """Return every name that the person's accounts bore while they were the person's."""
    named = sa.select(account_handle.c.handle).where(own_names(session, of))
    dated = sa.exists().where(
        attribution.c.account_id == account.c.id,
        attribution.c.asn_id == of.person,
        attribution.c.status.in_(LIVE),
        still(of),
    )
    now = sa.select(account.c.handle).where(account.c.id.in_(of.accounts), account.c.handle.is_not(None), dated)
    return set(session.execute(sa.union(named, now)).scalars())


def handles_named(session: Session, text: str, of: Subject) -> set[str]:
    """Return the names of accounts of others that a text holds; only names that no word of a language could be."""
    where = sa.func.instr if session.dialect.name == "sqlite" else sa.func.strpos
    found = where(sa.func.lower(sa.literal(text)), sa.func.lower(account.c.handle)) > 0
    query = sa.select(account.c.handle).where(account.c.id.not_in(of.accounts), account.c.handle.is_not(None), found)
    return {name for name in session.execute(query).scalars() if not name.isalpha()}


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
