"""Stored acts as rules see them: whose each was at the time, and the texts it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from db.among import among
from db.bulk import Values, driver_rows, read_time
from db.connect import Session
from db.contents import ActTexts, Contents, Parts, contents_of
from db.owners import Owner, best_owner, is_owned, load_owners, one_owner, owned
from db.recirculated import earlier_sightings
from db.register import midnight
from db.tables import asn, attribution, interaction, item
from monitor.domain import Act, ActTime, InteractionView

_PEOPLE = 8  # who weigh as much as a text
_ACTS = {act.value: act for act in Act}
_ACT = (
    interaction.c.id, interaction.c.platform, interaction.c.target_id, interaction.c.own_item_key,
    interaction.c.target_author_account_id, interaction.c.key, interaction.c.act, interaction.c.occurred_at,
    interaction.c.bracket_lo, interaction.c.bracket_hi, attribution.c.id.label("attribution_id"),
    attribution.c.valid_from, attribution.c.valid_to,
)  # fmt: skip
_OWNER = 10
"""Where the attribution stands in these."""


@dataclass(frozen=True, slots=True)
class ViewPage:
    """Some stored acts, all of one account together; `after` continues behind them and is None at the end."""

    views: tuple[InteractionView, ...]
    after: tuple[int, int] | None


def views_of(session: Session, ids: Collection[int]) -> list[InteractionView]:
    """Return these acts as rules see them, in order of number; those that are nobody's are left out."""
    query = acts_of(session).where(among(session.dialect.name, interaction.c.id))
    return build_views(session, driver_rows(session, query, {"ids": list(ids)}))


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
    query = sa.select(sa.func.count()).select_from(interaction).where(is_owned(session))
    if since is not None:
        query = query.where(sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi) >= since)
    return int(session.execute(query).scalar_one())


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
        query = owned(session, interaction.c.id, interaction.c.act).join(asn, asn.c.id == attribution.c.asn_id)
        wanted = query.where(way, within(scope)).distinct().order_by(interaction.c.id).limit(limit)
        rows = session.execute(wanted).all()
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


@dataclass(slots=True)
class Held:
    """What acts rest on, kept from one batch to the next; most acts are of few texts, and of people seen before.

    `parts` are the own, the target's and the thread's first text, by platform, target and its author, of acts without
    words of their own: all these read the same.
    """

    contents: Contents = field(default_factory=Contents)
    owners: dict[int, Owner] = field(default_factory=dict)
    parts: dict[tuple[Any, ...], Parts] = field(default_factory=dict)

    def keep(self, most: int) -> None:
        """Hold nothing any more of what takes more room than so many texts; people are smaller."""
        if max(self.contents.size, len(self.parts)) > most:
            self.contents.forget()
            self.parts.clear()
        if len(self.owners) > most * _PEOPLE:
            self.owners.clear()


def acts_of(session: Session) -> sa.Select[Any]:
    """Select acts with their owners, the best one of each act first, in order of number; `build_views` reads these."""
    return owned(session, *_ACT).order_by(interaction.c.id, *best_owner(session))


def build_views(session: Session, found: Iterable[Values], held: Held | None = None) -> list[InteractionView]:
    """Return what `acts_of` finds, as the driver gives it, as rules see it, in the same order.

    What these acts rest on is asked where it is not `held`, and held then, but for words of their own.
    """
    rows, kept = one_owner(found), held if held is not None else Held()
    kept.owners |= load_owners(session, {row[_OWNER] for row in rows} - kept.owners.keys())
    own = _load_parts(session, rows, kept)
    time, owners, parts = read_time(session), kept.owners, kept.parts
    views = []
    for number, platform, target, words, by, key, act, at, lo, hi, given, first, last in rows:
        when = ActTime(time(at)) if at is not None else ActTime(None, time(lo), time(hi))
        owner = owners[given]
        mine, targeted, root = own[number] if words is not None else parts[platform, target, by]
        sure = (first is None and last is None) or _theirs_throughout(when, first, last)
        views.append(
            InteractionView(
                number, key, platform, _ACTS[act], when, owner.actor, owner.asn_id, owner.employment,
                owner.jurisdiction, owner.status, target, mine, targeted, root, sure, owner.note,
            )
        )  # fmt: skip
    return views


def _load_parts(session: Session, rows: Collection[Values], held: Held) -> dict[int, Parts]:
    """Hold the texts that acts without own words rest on, and return those of the acts that have words, by act."""
    speaking: list[ActTexts] = []
    silent: dict[tuple[Any, ...], ActTexts] = {}
    for number, platform, target, words, by, *_ in rows:
        if words is not None:
            speaking.append(ActTexts(number, platform, target, words, by))
        elif (platform, target, by) not in held.parts:
            silent[platform, target, by] = ActTexts(number, platform, target, words, by)
    contents = contents_of(session, [*speaking, *silent.values()], held.contents)
    contents.earlier |= earlier_sightings(session, contents.loaded)
    held.parts |= {alike: contents.parts(act) for alike, act in silent.items()}
    own = {act.id: contents.parts(act) for act in speaking}
    contents.let_go((act.platform, act.own_item_key) for act in speaking if act.own_item_key)
    return own


def _theirs_throughout(time: ActTime, first: date | str | None, last: date | str | None) -> bool:
    """Whether the account was its owner's at every time at which the act may have happened."""
    starts, ends = midnight(_day(first)), midnight(_day(last), days=1)
    early = starts is not None and (time.earliest is None or time.earliest < starts)
    return not early and (ends is None or time.latest < ends)


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
