"""Which files the evidence store must hold: those that rows name and retention did not purge since."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.tables import capture, evidence_file, evidence_manifest, manual_find, retention_event, run_capture

_SUBJECT = "evidence_file"


@dataclass(frozen=True, slots=True)
class Awaited:
    """Hashes of one range: whose files must be there, and which any row names or retention ever purged."""

    expected: frozenset[str]
    known: frozenset[str]


def awaited(session: Session, low: str, high: str) -> Awaited:
    """Return what is to be found from `low` up to but without `high`.

    A body that retention purged is expected again once it was received after that.
    """
    named = _named(session, low, high)
    purged_at = _purged_at(session, _between(retention_event.c.subject_id, low, high))
    back = _received_after(session, purged_at)
    expected = {digest for digest in named if digest not in purged_at or digest in back}
    return Awaited(frozenset(expected), frozenset(named | purged_at.keys()))


def count(session: Session) -> int:
    """Return how many files rows name, about."""
    return int(session.execute(sa.select(sa.func.count()).select_from(evidence_file)).scalar_one())


def purged(session: Session, digests: Collection[str]) -> set[str]:
    """Return those of the bodies that retention purged at any time."""
    found: set[str] = set()
    for digest in digests:
        found |= set(_purged_at(session, retention_event.c.subject_id == digest))
    return found


def returned(session: Session, digests: Collection[str]) -> set[str]:
    """Return those of the bodies that were received again after retention purged them."""
    moments: dict[str, datetime] = {}
    for digest in digests:
        moments |= _purged_at(session, retention_event.c.subject_id == digest)
    return _received_after(session, moments)


def purged_manifests(session: Session) -> set[str]:
    """Return the manifest files that retention purged."""
    event = retention_event.c
    query = sa.select(evidence_manifest.c.sha256).join(retention_event, event.subject_id == evidence_manifest.c.sha256)
    query = query.where(event.action == "purged", event.subject_kind == _SUBJECT)
    return set(session.execute(query).scalars())


def note_purged(session: Session, digests: Collection[str], actor: str, reason: str, now: datetime) -> None:
    """Write that bodies are removed for good; their files are removed after this is committed, and the rows stay."""
    rows = [
        {"at": now, "actor": actor, "action": "purged", "subject_kind": _SUBJECT, "subject_id": digest,
         "reason": reason}
        for digest in sorted(digests)
    ]  # fmt: skip
    if rows:
        session.execute(sa.insert(retention_event), rows)


def _named(session: Session, low: str, high: str) -> set[str]:
    columns = (evidence_file.c.sha256, evidence_manifest.c.sha256, manual_find.c.screenshot)
    query = sa.union(*(sa.select(column).where(_between(column, low, high)) for column in columns))
    return set(session.execute(query).scalars())


def _purged_at(session: Session, which: sa.ColumnElement[bool]) -> dict[str, datetime]:
    last = sa.func.max(retention_event.c.at, type_=retention_event.c.at.type)
    query = sa.select(retention_event.c.subject_id, last.label("last")).where(
        retention_event.c.action == "purged", retention_event.c.subject_kind == _SUBJECT, which
    )
    return {row.subject_id: row.last for row in session.execute(query.group_by(retention_event.c.subject_id))}


def _received_after(session: Session, moments: dict[str, datetime]) -> set[str]:
    back: set[str] = set()
    for digest, at in moments.items():
        later = sa.select(capture.c.sha256).where(capture.c.sha256 == digest)
        nights = later.join(run_capture, run_capture.c.capture_id == capture.c.id)
        query = sa.union(later.where(capture.c.fetched_at > at), nights.where(run_capture.c.fetched_at > at))
        back |= set(session.execute(query).scalars())
    return back


def _between(column: sa.Column[str], low: str, high: str) -> sa.ColumnElement[bool]:
    return sa.and_(column >= low, column < high)
