"""Legal holds: whose data, or which case, no retention may touch; and what retention did so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import app_user, asn, legal_hold, retention_event, review_case
from db.upsert import insert_one
from monitor.domain.keeping import Hold

PERSON, CASE = "asn", "review_case"
_SUBJECT: Final = 64


@dataclass(frozen=True, slots=True)
class Month:
    """How many rows or files of a kind retention removed in a month, which is told as `2026-11` in UTC."""

    month: str
    kind: str
    count: int


def place_of(session: Session, person_id: int | None, case_id: int | None) -> str | None:
    """Return the jurisdiction of a person or a case, empty when unknown, None when there is no such row."""
    query = (
        sa.select(asn.c.jurisdiction).where(asn.c.id == person_id)
        if person_id is not None
        else sa.select(review_case.c.jurisdiction).where(review_case.c.id == case_id)
    )
    row = session.execute(query).one_or_none()
    return (row.jurisdiction or "") if row is not None else None


def add(session: Session, person_id: int | None, case_id: int | None, reason: str, user_id: int, now: datetime) -> int:
    """Write a hold and return its number."""
    values = {"asn_id": person_id, "case_id": case_id, "reason": reason, "held_by": user_id, "held_at": now}
    return insert_one(session, legal_hold, **values)


def ask_release(session: Session, number: int, reason: str, user_id: int, now: datetime) -> bool:
    """Write down that somebody wants a hold to end; False when it has ended, or somebody asked already."""
    asked = {"release_asked_by": user_id, "release_asked_at": now, "release_reason": reason}
    return _change(session, number, asked, legal_hold.c.release_asked_by.is_(None))


def refuse_release(session: Session, number: int) -> bool:
    """Let a hold stay whose end was asked for; False when nobody asks, or it has ended."""
    nobody = dict.fromkeys(("release_asked_by", "release_asked_at", "release_reason"))
    return _change(session, number, nobody, legal_hold.c.release_asked_by.is_not(None))


def release(session: Session, number: int, user_id: int, now: datetime) -> bool:
    """End a hold whose end another asked for; False when nobody else asks, or it has ended already."""
    ended = {"released_by": user_id, "released_at": now}
    return _change(session, number, ended, legal_hold.c.release_asked_by != user_id)


def _change(session: Session, number: int, values: dict[str, Any], only: sa.ColumnElement[bool]) -> bool:
    query = sa.update(legal_hold).where(legal_hold.c.id == number, legal_hold.c.released_at.is_(None), only)
    return bool(session.execute(query.values(values)).rowcount)


def keep_still(session: Session, number: int) -> None:
    """Let nobody else change a hold until this transaction ends; what is read from now on is how it stands."""
    session.execute(sa.select(legal_hold.c.id).where(legal_hold.c.id == number).with_for_update())


def list_holds(session: Session, *, only: int | None = None, live: bool = False) -> list[Hold]:
    """Return holds: those whose end waits for a second person, others in force, ended ones; the newest first in each.

    `only` asks for one, `live` for those in force.
    """
    holder, asker, releaser = (app_user.alias(name) for name in ("holder", "asker", "releaser"))
    query = (
        sa.select(
            legal_hold, asn.c.name, asn.c.identifier_masked, holder.c.display_name.label("holder"),
            releaser.c.display_name.label("releaser"), asker.c.display_name.label("asker"),
            sa.func.coalesce(asn.c.jurisdiction, review_case.c.jurisdiction, "").label("place"),
        )
        .join(asn, asn.c.id == legal_hold.c.asn_id, isouter=True)
        .join(review_case, review_case.c.id == legal_hold.c.case_id, isouter=True)
        .join(holder, holder.c.id == legal_hold.c.held_by)
        .join(asker, asker.c.id == legal_hold.c.release_asked_by, isouter=True)
        .join(releaser, releaser.c.id == legal_hold.c.released_by, isouter=True)
        .order_by(
            legal_hold.c.released_at.is_not(None), legal_hold.c.release_asked_at.is_(None), legal_hold.c.id.desc()
        )
    )  # fmt: skip
    if only is not None:
        query = query.where(legal_hold.c.id == only)
    if live:
        query = query.where(legal_hold.c.released_at.is_(None))
    return [_hold(row) for row in session.execute(query)]


def same(session: Session, person_id: int | None, case_id: int | None, reason: str) -> int | None:
    """Return the number of a hold of the same person or case and reason that is to stay in force, None without one."""
    subject = legal_hold.c.asn_id == person_id if person_id is not None else legal_hold.c.case_id == case_id
    stays = sa.and_(legal_hold.c.released_at.is_(None), legal_hold.c.release_asked_by.is_(None))
    query = sa.select(legal_hold.c.id).where(subject, legal_hold.c.reason == reason, stays).order_by(legal_hold.c.id)
    return session.execute(query.limit(1)).scalar()


def note(session: Session, action: str, subject: tuple[str, int], actor: str, reason: str, now: datetime) -> None:
    """Write down that data was held, released or exported."""
    kind, number = subject
    values = {"at": now, "actor": actor, "action": action, "subject_kind": kind, "subject_id": str(number)[:_SUBJECT]}
    session.execute(sa.insert(retention_event).values(values | {"reason": reason}))


def purged_by_month(session: Session, months: int = 24) -> list[Month]:
    """Return what retention removed, by month and kind, the newest month first."""
    month: sa.ColumnElement[Any]
    if session.dialect.name == "sqlite":
        month = sa.func.strftime("%Y-%m", retention_event.c.at)
    else:
        month = sa.func.to_char(sa.func.timezone("UTC", retention_event.c.at), "YYYY-MM")
    columns = (month.label("month"), retention_event.c.subject_kind.label("kind"), sa.func.count().label("number"))
    query = sa.select(*columns).where(retention_event.c.action == "purged").group_by(sa.text("1"), sa.text("2"))
    rows = session.execute(query.order_by(sa.text("1 DESC"), sa.text("2"))).all()
    newest = sorted({row.month for row in rows}, reverse=True)[:months]
    return [Month(row.month, row.kind, int(row.number)) for row in rows if row.month in newest]


def _hold(row: Found) -> Hold:
    person = f"{row.name} ({row.identifier_masked})" if row.asn_id is not None else f"Informasi awal {row.case_id}"
    return Hold(
        id=row.id,
        person_id=row.asn_id,
        case_id=row.case_id,
        subject=person,
        jurisdiction=row.place or "",
        reason=row.reason,
        held_by=row.holder,
        held_at=row.held_at,
        released_by=row.releaser or "",
        released_at=row.released_at,
        release_reason=row.release_reason or "",
        asked_id=row.release_asked_by or 0,
        asked_by=row.asker or "",
        asked_at=row.release_asked_at,
    )
