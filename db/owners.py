"""Whose stored acts are: the people to whom their accounts may have belonged at the time, and what is said of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from sys import intern
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.among import among
from db.bulk import Values, driver_rows
from db.connect import Session
from db.register import ZONE_NAME
from db.tables import account, asn, attribution, interaction
from db.upsert import chunks
from monitor.domain import AccountRef, AttributionStatus, Employment

_MANY = 5_000  # attributions asked for at once
_STATUS = {status.value: status for status in AttributionStatus}
_EMPLOYMENT = {employment.value: employment for employment in Employment}


class Owner(NamedTuple):
    """A person as an attribution of an account names them, and the account."""

    asn_id: int
    status: AttributionStatus
    employment: Employment
    jurisdiction: str
    note: str
    actor: AccountRef


def owned(session: Session, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
    """Select columns of acts and of the attributions of their accounts that may have held at the time."""
    return sa.select(*columns).join(attribution, _may_be_theirs(session))


def is_owned(session: Session, *where: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Whether the account of an act may have been somebody's at the time, by an attribution that meets `where`."""
    return sa.exists().where(_may_be_theirs(session), *where).correlate_except(attribution)


def _may_be_theirs(session: Session) -> sa.ColumnElement[bool]:
    first = _local_day(session, sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_lo))
    last = _local_day(session, sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi))
    return sa.and_(
        attribution.c.account_id == interaction.c.actor_account_id,
        _unindexed(session, attribution.c.status).in_((AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)),
        sa.or_(attribution.c.valid_from.is_(None), last >= attribution.c.valid_from),
        sa.or_(attribution.c.valid_to.is_(None), first.is_(None), first <= attribution.c.valid_to),
    )


def best_owner(session: Session) -> tuple[sa.ColumnElement[Any], ...]:
    """Order the owners of one act: first whose the account was at its latest time, then the verified one."""
    last = _local_day(session, sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi))
    at_end = sa.or_(attribution.c.valid_to.is_(None), last <= attribution.c.valid_to)
    verified = sa.case((attribution.c.status == AttributionStatus.VERIFIED, 0), else_=1)
    return sa.case((at_end, 0), else_=1), verified, attribution.c.id


def one_owner(rows: Iterable[Values]) -> list[Values]:
    """Return the first of the rows of each act, whose number stands first in them and by which they are sorted."""
    chosen: list[Values] = []
    last = None
    for row in rows:
        if row[0] != last:
            chosen.append(row)
            last = row[0]
    return chosen


def load_owners(session: Session, attribution_ids: Collection[int]) -> dict[int, Owner]:
    """Return whom some attributions name, by number."""
    query = (
        sa.select(
            attribution.c.id, attribution.c.asn_id, attribution.c.status, asn.c.employment, asn.c.jurisdiction,
            asn.c.note, account.c.platform, account.c.platform_user_id, account.c.handle,
        )
        .join(account, account.c.id == attribution.c.account_id)
        .join(asn, asn.c.id == attribution.c.asn_id)
        .where(among(session.dialect.name, attribution.c.id))
    )  # fmt: skip
    owners: dict[int, Owner] = {}
    for ids in chunks(sorted(attribution_ids), _MANY):
        for number, person, status, employment, place, note, platform, *name in driver_rows(
            session, query, {"ids": ids}
        ):
            actor = AccountRef(intern(platform), *name)
            owners[number] = Owner(person, _STATUS[status], _EMPLOYMENT[employment], intern(place), note, actor)
    return owners


def _local_day(session: Session, moment: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return the day of a time where register dates are days."""
    if session.dialect.name == "postgresql":
        return sa.func.date(sa.func.timezone(ZONE_NAME, moment))
    return sa.func.date(moment, "+7 hours")


def _unindexed(session: Session, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return a column whose index SQLite leaves alone: for a few acts it went through all attributions of a status."""
    if session.dialect.name != "sqlite":
        return column
    return sa.UnaryExpression(column, operator=sa.sql.operators.custom_op("+"), type_=column.type)
