"""Messages to officers and webhooks: made once by their key, claimed by one sender, kept with why they failed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from db import blind, health
from db.case_filters import OPEN, SOON, within
from db.connect import Session
from db.places import in_region
from db.tables import notification, review_case, second_review
from db.upsert import chunks, insert_missing
from db.visit_facts import GOOD
from monitor.domain import CaseState, Role, UserRow

WORKERS = (Role.PENGAWAS, Role.KOORDINATOR)
WORTH_TRYING = timedelta(days=2)
"""A digest that is older says nothing new any more."""

SENDING = timedelta(minutes=15)
"""Longer than one message can take: who began earlier and did not end has died."""

_MOST = 500


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be made; `key` says what makes it the same message, `user_id` is None for a webhook."""

    channel: str
    kind: str
    key: str
    target: str
    subject: str
    body: str
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a user, as numbers of cases."""

    overdue: tuple[int, ...]
    due_soon: tuple[int, ...]
    returned: tuple[int, ...]
    to_approve: tuple[int, ...]
    blind_looks: int
    last_due: datetime | None
    """When the newest of the overdue ones fell due."""
    warned: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as it stands."""

    id: int
    channel: str
    kind: str
    key: str | None
    target: str | None
    subject: str
    body: str | None
    created_at: datetime
    sent_at: datetime | None
    error: str | None
    attempts: int
    user_id: int | None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """How many messages were tried and not taken, and since when the oldest waits."""

    count: int = 0
    since: datetime | None = None


def waiting_for(session: Session, user: UserRow, now: datetime, warned: Collection[int] = ()) -> Waiting:
    """Return what waits for a user within their places; `warned` are all cases on a day of warning."""
    scope, approves = user.regions(*WORKERS), user.regions(Role.KOORDINATOR)
    seen = within(scope) if scope else sa.false()
    latest = _latest_proposal()
    mine = (latest.c.proposed_by == user.id, latest.c.decided_state == CaseState.DIKEMBALIKAN)
    others = (latest.c.proposed_by != user.id, latest.c.approved_by.is_(None))
    theirs = sa.or_(sa.false(), *(in_region(review_case.c.jurisdiction, code) for code in approves))
    return Waiting(
        overdue=_numbers(session, seen, OPEN, review_case.c.due_at < now),
        due_soon=_numbers(session, seen, OPEN, review_case.c.due_at.between(now, now + SOON)),
        returned=_proposed(session, latest, seen, review_case.c.state == CaseState.DIKEMBALIKAN, *mine),
        to_approve=_proposed(session, latest, theirs, review_case.c.state == CaseState.DIUSULKAN, *others),
        blind_looks=len(blind.waiting(session, user, scope, limit=_MOST)) if scope else 0,
        last_due=_last_due(session, seen, now),
        warned=_among(session, seen, warned),
    )


def waiting_for_office(session: Session, now: datetime, warned: Collection[int] = ()) -> Waiting:
    """Return what is due in the whole office."""
    everything = within(None)
    return Waiting(
        overdue=_numbers(session, everything, OPEN, review_case.c.due_at < now),
        due_soon=_numbers(session, everything, OPEN, review_case.c.due_at.between(now, now + SOON)),
        returned=_numbers(session, review_case.c.state == CaseState.DIKEMBALIKAN),
        to_approve=_numbers(session, review_case.c.state == CaseState.DIUSULKAN),
        blind_looks=0,
        last_due=_last_due(session, everything, now),
        warned=tuple(sorted(warned)[:_MOST]),
    )


def blind_sources(session: Session) -> tuple[str, ...]:
    """Return the sources that did not show a canary, or of which nothing could be read in their newest night."""
    found = health.source_health(session)
    return tuple(
        one.source
        for one in found
        if one.blind
        or (one.nights and one.nights[0].outcomes and not any(o in GOOD for o, _ in one.nights[0].outcomes))
    )


def last_made(session: Session, channel: str, target: str) -> datetime | None:
    """Return when the newest digest for a target was made."""
    query = sa.select(notification.c.created_at).where(
        notification.c.channel == channel, notification.c.target == target, notification.c.kind == "digest"
    )
    return session.execute(query.order_by(notification.c.created_at.desc()).limit(1)).scalar_one_or_none()


def make(session: Session, messages: Sequence[NewMessage], now: datetime) -> int:
    """Write the messages that were not made before; return how many were new."""
    rows = [
        {name: getattr(message, name) for name in NewMessage.__slots__} | {"created_at": now, "attempts": 0}
        for message in messages
    ]
    return insert_missing(session, notification, rows, ["key"]) if rows else 0


def known_keys(session: Session, keys: Sequence[str]) -> frozenset[str]:
    """Return which of the keys were used."""
    query = sa.select(notification.c.key).where(notification.c.key.in_(sorted(keys)))
    return frozenset(session.execute(query).scalars()) if keys else frozenset()


def unsent(session: Session, most_attempts: int, now: datetime) -> list[MessageRow]:
    """Return what was not handed over yet and is still worth trying, the oldest first."""
    query = _rows().where(
        notification.c.sent_at.is_(None),
        notification.c.body.is_not(None),
        notification.c.attempts < most_attempts,
        notification.c.created_at >= now - WORTH_TRYING,
        notification.c.channel.in_(("mail", "webhook")),
        _free(now),
    )
    return [MessageRow(*row) for row in session.execute(query.order_by(notification.c.id))]


def claim(session: Session, message: MessageRow, now: datetime) -> bool:
    """Take a message to send it; False when another sender has it or was faster."""
    where = (
        notification.c.id == message.id,
        notification.c.attempts == message.attempts,
        notification.c.sent_at.is_(None),
        _free(now),
    )
    taken = {"attempts": message.attempts + 1, "claimed_at": now}
    return bool(session.execute(sa.update(notification).where(*where).values(taken)).rowcount)


def note_sent(session: Session, number: int, now: datetime) -> None:
    """Write that a message was handed over."""
    values = {"sent_at": now, "error": None, "claimed_at": None}
    session.execute(sa.update(notification).where(notification.c.id == number).values(values))


def note_failed(session: Session, number: int, error: str) -> None:
    """Write why a message was not taken."""
    values = {"error": error[:500], "claimed_at": None}
    session.execute(sa.update(notification).where(notification.c.id == number).values(values))


def list_messages(session: Session, *, before: int | None = None, limit: int = 50) -> list[MessageRow]:
    """Return messages, newest first; `before` pages on from a number."""
    query = _rows().order_by(notification.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(notification.c.id < before)
    return [MessageRow(*row) for row in session.execute(query)]


def dead(session: Session, most_attempts: int, now: datetime, days: int = 7) -> int:
    """Return how many messages of the last days were given up."""
    where = (
        notification.c.sent_at.is_(None),
        sa.or_(notification.c.attempts >= most_attempts, notification.c.created_at < now - WORTH_TRYING),
        notification.c.created_at >= now - timedelta(days=days),
        notification.c.channel.in_(("mail", "webhook")),
    )
    return int(session.execute(sa.select(sa.func.count()).select_from(notification).where(*where)).scalar_one())


def undelivered(session: Session, now: datetime, days: int = 7) -> Undelivered:
    """Return what the last days' messages that nobody took yet come to."""
    where = (
        notification.c.sent_at.is_(None),
        notification.c.error.is_not(None),
        notification.c.created_at >= now - timedelta(days=days),
        notification.c.channel.in_(("mail", "webhook")),
    )
    oldest = sa.func.min(notification.c.created_at, type_=notification.c.created_at.type)
    return Undelivered(*session.execute(sa.select(sa.func.count(), oldest).where(*where)).one())


def _free(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that nobody is sending a message right now; a sender that died lets go after a while."""
    return sa.or_(notification.c.claimed_at.is_(None), notification.c.claimed_at < now - SENDING)


def _rows() -> sa.Select[Any]:
    return sa.select(*(notification.c[name] for name in MessageRow.__slots__))


def _numbers(session: Session, *where: sa.ColumnElement[bool]) -> tuple[int, ...]:
    query = sa.select(review_case.c.id).where(*where).order_by(review_case.c.due_at, review_case.c.id).limit(_MOST)
    return tuple(session.execute(query).scalars())


def _among(session: Session, seen: sa.ColumnElement[bool], numbers: Collection[int]) -> tuple[int, ...]:
    """Return those of the cases that a user sees."""
    found: list[int] = []
    for part in chunks(sorted(numbers)):
        found += session.execute(sa.select(review_case.c.id).where(review_case.c.id.in_(part), seen)).scalars()
    return tuple(sorted(found)[:_MOST])


def _last_due(session: Session, seen: sa.ColumnElement[bool], now: datetime) -> datetime | None:
    query = sa.select(review_case.c.due_at).where(seen, OPEN, review_case.c.due_at < now)
    return session.execute(query.order_by(review_case.c.due_at.desc()).limit(1)).scalar_one_or_none()


def _latest_proposal() -> sa.Subquery:
    """Select the newest proposal of every case that has one."""
    newest = sa.select(sa.func.max(second_review.c.id)).where(second_review.c.kind == "four_eyes")
    return sa.select(second_review).where(second_review.c.id.in_(newest.group_by(second_review.c.case_id))).subquery()


def _proposed(session: Session, latest: sa.Subquery, *where: sa.ColumnElement[bool]) -> tuple[int, ...]:
    query = sa.select(review_case.c.id).join(latest, latest.c.case_id == review_case.c.id).where(*where)
    return tuple(session.execute(query.order_by(review_case.c.id).limit(_MOST)).scalars())
