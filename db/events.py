"""Review events: the only truth about cases, append-only and hash-chained; a case row is what they add up to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from db.base import FIRST_HASH, as_they_lie
from db.chain import canonical, link_hash, lock_head, text_hash
from db.connect import Session
from db.tables import app_user, review_event, review_event_note
from monitor.domain import CaseState, EventKind, EventRow, NoteKind, WhyHere

_BODY = (
    "case_id", "case_version", "kind", "from_state", "to_state", "reason", "actor", "user_id", "undoes_id", "detail",
    "note_hash", "note_kind", "at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event to append. `detail` holds no personal payload; `note` goes to a side row that retention may empty."""

    case_id: int
    version: int
    kind: EventKind
    to_state: CaseState
    at: datetime
    actor: str
    from_state: CaseState | None = None
    reason: str = ""
    user_id: int | None = None
    undoes: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)
    note: str = ""
    note_kind: NoteKind | None = None


@dataclass(frozen=True, slots=True)
class Projected:
    """What the events of one case add up to."""

    state: CaseState
    version: int
    why: WhyHere
    hit_count: int
    last_hit_at: datetime
    changed_at: datetime
    created_at: datetime
    first_opened_at: datetime | None = None
    known_at: datetime | None = None
    known_by: int | None = None


def append(session: Session, drafts: Sequence[EventDraft]) -> list[int]:
    """Append events in the given order and return their numbers.

    IntegrityError when another transaction already gave a case the same version.
    """
    if not drafts:
        return []
    prev = lock_head(session, review_event)
    rows = []
    for draft in drafts:
        row = _row(draft)
        row |= {"prev_hash": prev, "hash": link_hash(prev, row)}
        prev = str(row["hash"])
        rows.append(row)
    statement = sa.insert(review_event).returning(review_event.c.id, sort_by_parameter_order=True)
    ids = [int(number) for number in session.execute(statement, rows).scalars()]
    notes = [
        {"event_id": number, "note": draft.note, "purged_at": None}
        for number, draft in zip(ids, drafts, strict=True)
        if draft.note
    ]
    if notes:
        session.execute(sa.insert(review_event_note), notes)
    return ids


def fold(before: Projected | None, draft: EventDraft) -> Projected:
    """Return what a case is after one more event; the one place that says so."""
    hits = draft.detail.get("hits", ())
    count = len(hits) if isinstance(hits, list | tuple) else 0
    if before is None:
        return Projected(draft.to_state, draft.version, WhyHere.BARU, count, draft.at, draft.at, draft.at)
    after = replace(
        before,
        state=draft.to_state,
        version=draft.version,
        changed_at=draft.at,
        hit_count=before.hit_count + count,
        last_hit_at=draft.at if count else before.last_hit_at,
        why=_why(before, draft),
    )
    if draft.kind is EventKind.FIRST_OPENED and before.first_opened_at is None:
        after = replace(after, first_opened_at=draft.at)
    known = draft.detail.get("known_at")
    if known is not None:
        moment = known if isinstance(known, datetime) else datetime.fromisoformat(str(known))
        after = replace(after, known_at=moment, known_by=draft.user_id)
    return after


def history(session: Session, case_id: int) -> tuple[EventRow, ...]:
    """Return the events of a case, oldest first, with the names and notes of people."""
    rows = session.execute(_history(), {"of_case": case_id}).all()
    undone = {row.undoes_id for row in rows if row.undoes_id is not None}
    return tuple(
        EventRow(
            seq=row.id,
            kind=row.kind,
            at=row.at,
            user_id=row.user_id,
            user_name=row.display_name or row.actor,
            from_state=row.from_state,
            to_state=row.to_state,
            reason=row.reason or "",
            note=row.note or "",
            note_kind=row.note_kind,
            note_purged=row.purged_at is not None,
            undone=row.id in undone,
        )
        for row in rows
    )


@cache
def _history() -> sa.Select[Any]:
    return (
        sa.select(review_event, review_event_note.c.note, review_event_note.c.purged_at, app_user.c.display_name)
        .join(review_event_note, review_event_note.c.event_id == review_event.c.id, isouter=True)
        .join(app_user, app_user.c.id == review_event.c.user_id, isouter=True)
        .where(review_event.c.case_id == sa.bindparam("of_case"))
        .order_by(review_event.c.case_version)
    )


def drafts_of(session: Session, case_ids: Iterable[int] | None = None) -> Iterable[EventDraft]:
    """Give the stored events again as drafts, without notes, by case and version; all cases when none is named."""
    query = sa.select(review_event).order_by(review_event.c.case_id, review_event.c.case_version)
    if case_ids is not None:
        query = query.where(review_event.c.case_id.in_(tuple(case_ids)))
    for row in session.execute(query):
        yield EventDraft(
            case_id=row.case_id,
            version=row.case_version,
            kind=row.kind,
            to_state=row.to_state,
            at=row.at,
            actor=row.actor,
            from_state=row.from_state,
            reason=row.reason or "",
            user_id=row.user_id,
            undoes=row.undoes_id,
            detail=json.loads(row.detail),
            note_kind=row.note_kind,
        )


def broken_events(session: Session) -> list[tuple[int, str]]:
    """Return number and fault of every event whose hash, place in the chain or note does not fit."""
    faults: list[tuple[int, str]] = []
    prev, emptied = FIRST_HASH, review_event_note.c.purged_at.is_not(None).label("emptied")
    query = (
        sa.select(*as_they_lie(review_event), review_event_note.c.note, emptied)
        .join(review_event_note, review_event_note.c.event_id == review_event.c.id, isouter=True)
        .order_by(review_event.c.id)
    )
    for row in session.execute(query):
        if row.prev_hash != prev:
            faults.append((row.id, "chain"))
        if link_hash(row.prev_hash, {name: getattr(row, name) for name in _BODY}) != row.hash:
            faults.append((row.id, "hash"))
        if row.note_hash is not None and not row.emptied and text_hash(row.note or "") != row.note_hash:
            faults.append((row.id, "note"))
        prev = row.hash
    return faults


def last_event(session: Session) -> int:
    """Return the number of the newest event of all cases, 0 before the first; the as-of of reports."""
    return int(session.execute(sa.select(sa.func.max(review_event.c.id))).scalar() or 0)


def _row(draft: EventDraft) -> dict[str, Any]:
    return {
        "case_id": draft.case_id,
        "case_version": draft.version,
        "kind": draft.kind,
        "from_state": draft.from_state,
        "to_state": draft.to_state,
        "reason": draft.reason or None,
        "actor": draft.actor,
        "user_id": draft.user_id,
        "undoes_id": draft.undoes,
        "detail": canonical(draft.detail),
        "note_hash": text_hash(draft.note) if draft.note else None,
        "note_kind": draft.note_kind,
        "at": draft.at,
    }


def _why(before: Projected, draft: EventDraft) -> WhyHere:
    if draft.kind is EventKind.REOPENED:
        return WhyHere.MUNCUL_LAGI
    if draft.kind is EventKind.UNDONE:
        return WhyHere(str(draft.detail["why"]))
    if draft.kind is not EventKind.DECIDED:
        return before.why
    if not before.state.open and draft.to_state.open:
        return WhyHere.DIBUKA_KEMBALI
    return {CaseState.DIUSULKAN: WhyHere.ESKALASI, CaseState.DIKEMBALIKAN: WhyHere.DIKEMBALIKAN}.get(
        draft.to_state, before.why
    )
