"""Searching the audit log, within the places that a reader answers for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.audit import AuditRow
from db.connect import Session
from db.contents import chunked
from db.tables import app_user, asn, attribution, audit_detail, audit_log, review_case, role_grant
from monitor.domain import region_covers

_BATCH = 200
_MOST_BATCHES = 25
_OWNER_PLACE = sa.select(asn.c.jurisdiction).where(asn.c.id == attribution.c.asn_id).scalar_subquery()


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to look for; `subject` is a whole one ("case:7") or a kind ("case"). `until` is exclusive."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some rows, newest first; `before` pages on to older ones, None at the end.

    `partial` says that the search stopped early because most rows lay in other places; paging on goes on with it.
    """

    rows: tuple[AuditRow, ...]
    before: int | None
    partial: bool = False


def search(session: Session, wanted: AuditFilter, regions: tuple[str, ...], limit: int) -> AuditPage:
    """Return the newest rows that fit and that the reader may see.

    Whoever answers for the whole country (region "") sees all. Others see rows about cases and people of their places;
    and of the rest what the program did by itself, and what users did who hold a role in their places.
    """
    found: list[AuditRow] = []
    before = wanted.before
    for _ in range(_MOST_BATCHES):
        rows = _batch(session, wanted, before, max(limit + 1, _BATCH))
        seen = rows if "" in regions else _seen(session, rows, regions)
        found += seen
        if len(found) > limit:
            return AuditPage(tuple(found[:limit]), found[limit - 1].id)
        if len(rows) < max(limit + 1, _BATCH):
            return AuditPage(tuple(found), None)
        before = rows[-1].id
    return AuditPage(tuple(found), before, partial=True)


def _batch(session: Session, wanted: AuditFilter, before: int | None, limit: int) -> list[AuditRow]:
    log = audit_log.c
    query = (
        sa.select(audit_log, audit_detail.c.detail)
        .join(audit_detail, audit_detail.c.audit_id == log.id, isouter=True)
        .order_by(log.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(log.id < before)
    if wanted.actor:
        query = query.where(log.actor == wanted.actor)
    if wanted.action:
        query = query.where(log.action == wanted.action)
    if ":" in wanted.subject:
        query = query.where(log.subject == wanted.subject)
    elif wanted.subject:
        # a range, so that the index serves it: ";" follows ":"
        query = query.where(log.subject >= f"{wanted.subject}:", log.subject < f"{wanted.subject};")
    if wanted.since is not None:
        query = query.where(log.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(log.at < wanted.until)
    return [AuditRow(r.id, r.at, r.actor, r.action, r.subject, r.detail) for r in session.execute(query)]


def _seen(session: Session, rows: Iterable[AuditRow], regions: tuple[str, ...]) -> list[AuditRow]:
    rows = list(rows)
    numbers: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        kind, _, number = row.subject.partition(":")
        if number.isdigit():
            numbers[kind].add(int(number))
    places = {
        "case": _places(session, review_case.c.id, review_case.c.jurisdiction, numbers["case"]),
        "asn": _places(session, asn.c.id, asn.c.jurisdiction, numbers["asn"]),
        "attribution": _places(session, attribution.c.id, _OWNER_PLACE, numbers["attribution"]),
    }
    actors = _acting(session, {row.actor for row in rows})
    return [row for row in rows if _may_see(row, regions, places, actors)]


def _may_see(
    row: AuditRow,
    regions: tuple[str, ...],
    places: dict[str, dict[int, str]],
    actors: dict[str, set[str]],
) -> bool:
    kind, _, number = row.subject.partition(":")
    if kind in places:
        place = places[kind].get(int(number), "") if number.isdigit() else ""
        return any(region_covers(region, place) for region in regions)
    held = actors.get(row.actor)
    if held is None:
        return True
    return any(region_covers(region, place) for region in regions for place in held if place)


def _places(session: Session, number: Any, place: Any, wanted: Collection[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for ids in chunked(sorted(wanted)):
        found |= {row[0]: row[1] for row in session.execute(sa.select(number, place).where(number.in_(ids)))}
    return found


def _acting(session: Session, names: Collection[str]) -> dict[str, set[str]]:
    """Return where each of these holds a role now, by name; whoever is no user (the program) is left out."""
    living = sa.and_(role_grant.c.user_id == app_user.c.id, role_grant.c.revoked_at.is_(None))
    held: dict[str, set[str]] = {}
    for some in chunked(sorted(names)):
        query = sa.select(app_user.c.name, role_grant.c.jurisdiction).join(role_grant, living, isouter=True)
        for row in session.execute(query.where(app_user.c.name.in_(some))):
            held.setdefault(row.name, set()).update({row.jurisdiction} if row.jurisdiction is not None else ())
    return held
