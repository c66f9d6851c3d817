"""Stored acts as rules see them: whose each was at the time, and the texts it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.contents import Contents, act_time, contents_of
from db.recirculated import earlier_sightings
from db.register import ZONE_NAME, midnight
from db.tables import account, asn, attribution, interaction, item
from monitor.domain import AccountRef, Act, ActTime, AttributionStatus, InteractionView


@dataclass(frozen=True, slots=True)
class ViewPage:
    """Some stored acts, all of one account together; `after` continues behind them and is None at the end."""

    views: tuple[InteractionView, ...]
    after: tuple[int, int] | None


def views_of(session: Session, ids: Collection[int]) -> list[InteractionView]:
    """Return these acts as rules see them, in order of number; those that are nobody's are left out."""
    query = owned(session).where(interaction.c.id.in_(ids)).order_by(interaction.c.id, *best_owner(session))
    return build_views(session, list(one_owner(session.execute(query)).values()))


def page_of_views(
    session: Session, after: tuple[int, int] | None, limit: int, since: datetime | None = None
) -> ViewPage:
    """Return the next stored acts that are somebody's, account by account; `since` leaves out what is surely older.

    A page looks at `limit` acts, of which those that are nobody's are left out.
    """
    columns = (interaction.c.actor_account_id, interaction.c.id)
    # The acts alone first: their index gives them in order, whereas with their owners every page would sort the rest.
    query = sa.select(*columns).order_by(*columns).limit(limit)
    if after is not None:
        query = query.where(sa.tuple_(*columns) > sa.tuple_(*after))
    if since is not None:
        query = query.where(sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi) >= since)
    keys = session.execute(query).all()
    found = {view.id: view for view in views_of(session, [key.id for key in keys])}
    last = (keys[-1].actor_account_id, keys[-1].id) if len(keys) == limit else None
    return ViewPage(tuple(found[key.id] for key in keys if key.id in found), last)


def count_views(session: Session, since: datetime | None = None) -> int:
    """Return how many stored acts `page_of_views` gives in all."""
    query = owned(session).with_only_columns(interaction.c.id).distinct()
    if since is not None:
        query = query.where(sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi) >= since)
    return int(session.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one())


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A watched person as anybody may read them: the identifier is masked."""

    name: str
    identifier_masked: str


@dataclass(frozen=True, slots=True)
class ActFound:
    """A stored act by its number."""

    id: int
    act: Act


def person_shown(session: Session, person_id: int) -> PersonShown:
    """Return a watched person."""
    row = session.execute(sa.select(asn.c.name, asn.c.identifier_masked).where(asn.c.id == person_id)).one()
    return PersonShown(row.name, row.identifier_masked)


def find_acts(session: Session, name: str, scope: tuple[str, ...] | None, limit: int) -> list[ActFound]:
    """Return the acts of people within some places (None: everywhere) that a number, key or address names.

    An address or canonical id is of the act's own text or, where no text bears it so, of what it acts on.
    """
    if name.isascii() and name.isdigit():
        ways = [interaction.c.id == int(name)] if len(name) < 19 else []
    else:
        texts = sa.select(item.c.platform_item_id).where(sa.or_(item.c.url == name, item.c.platform_item_id == name))
        ways = [
            interaction.c.key == name,
            interaction.c.own_item_key.in_(texts),
            sa.or_(interaction.c.target_id == name, interaction.c.target_id.in_(texts)),
        ]
    for way in ways:
        query = owned(session).with_only_columns(interaction.c.id, interaction.c.act).where(way, within(scope))
        rows = session.execute(query.distinct().order_by(interaction.c.id).limit(limit)).all()
        if rows:
            return [ActFound(row.id, row.act) for row in rows]
    return []


def within(scope: tuple[str, ...] | None) -> sa.ColumnElement[bool]:
    """Whether a person is of one of the places, or of none known, which every reader sees."""
    if scope is None or "" in scope:
        return sa.true()
    if not scope:
        return sa.false()
    place = asn.c.jurisdiction
    inside = (sa.or_(place == code, place.startswith(f"{code}.", autoescape=True)) for code in scope)
    return sa.or_(place == "", *inside)


def one_owner(rows: Iterable[Any]) -> dict[int, Any]:
    """Return rows of `owned`, sorted by `best_owner` within each act, by act: the first of each."""
    chosen: dict[int, Any] = {}
    for row in rows:
        chosen.setdefault(row.id, row)
    return chosen


def build_views(session: Session, rows: Collection[Any], held: Contents | None = None) -> list[InteractionView]:
    """Return rows of `owned` with their texts, in the same order; what these bring is added to what is `held`."""
    contents = contents_of(session, rows, held)
    contents.earlier |= earlier_sightings(session, contents.loaded)
    return [_view(row, contents) for row in rows]


def _view(row: Any, contents: Contents) -> InteractionView:
    number, key, platform, act, target_id, *_ = row  # by place: by name it takes longer, and there are millions
    occurred, lo, hi, user_id, handle, status, asn_id, _, _, employment, jurisdiction, note = row[7:]
    trio = contents.trios[number]
    return InteractionView(
        number, key, platform, act, ActTime(occurred) if occurred is not None else ActTime(None, lo, hi),
        AccountRef(platform, user_id, handle), asn_id, employment, jurisdiction, status, target_id,
        contents.judged(platform, trio.own), contents.judged(platform, trio.target),
        contents.judged(platform, trio.root), _owned_throughout(row), note,
    )  # fmt: skip


def _local_day(session: Session, moment: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """Return the day of a time where register dates are days."""
    if session.dialect.name == "postgresql":
        return sa.func.date(sa.func.timezone(ZONE_NAME, moment))
    return sa.func.date(moment, "+7 hours")


def owned(session: Session) -> sa.Select[Any]:
    """Select acts with the people to whom their accounts may have belonged at the time."""
    first = _local_day(session, sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_lo))
    last = _local_day(session, sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi))
    return (
        sa.select(
            interaction.c.id,
            interaction.c.key,
            interaction.c.platform,
            interaction.c.act,
            interaction.c.target_id,
            interaction.c.target_author_account_id,
            interaction.c.own_item_key,
            interaction.c.occurred_at,
            interaction.c.bracket_lo,
            interaction.c.bracket_hi,
            account.c.platform_user_id,
            account.c.handle,
            attribution.c.status,
            attribution.c.asn_id,
            attribution.c.valid_from,
            attribution.c.valid_to,
            asn.c.employment,
            asn.c.jurisdiction,
            asn.c.note.label("person_note"),
        )
        .join(account, account.c.id == interaction.c.actor_account_id)
        .join(attribution, attribution.c.account_id == account.c.id)
        .join(asn, asn.c.id == attribution.c.asn_id)
        .where(
            _unindexed(session, attribution.c.status).in_((AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)),
            sa.or_(attribution.c.valid_from.is_(None), last >= attribution.c.valid_from),
            sa.or_(attribution.c.valid_to.is_(None), first.is_(None), first <= attribution.c.valid_to),
        )
    )


def _unindexed(session: Session, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return a column whose index SQLite leaves alone: for a few acts it went through all attributions of a status."""
    if session.dialect.name != "sqlite":
        return column
    return sa.UnaryExpression(column, operator=sa.sql.operators.custom_op("+"), type_=column.type)


def _owned_throughout(row: Any) -> bool:
    """Whether the account was its owner's at every time at which the act may have happened."""
    if row.valid_from is None and row.valid_to is None:
        return True
    time = act_time(row)
    starts, ends = midnight(row.valid_from), midnight(row.valid_to, days=1)
    early = starts is not None and (time.earliest is None or time.earliest < starts)
    return not early and (ends is None or time.latest < ends)


def best_owner(session: Session) -> tuple[sa.ColumnElement[Any], ...]:
    """Order the owners of one act: first whose the account was at its latest time, then the verified one."""
    last = _local_day(session, sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi))
    at_end = sa.or_(attribution.c.valid_to.is_(None), last <= attribution.c.valid_to)
    verified = sa.case((attribution.c.status == AttributionStatus.VERIFIED, 0), else_=1)
    return sa.case((at_end, 0), else_=1), verified, attribution.c.id
