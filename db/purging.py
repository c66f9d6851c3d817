"""Emptying rows whose time is over: texts, notes, details, finds, reporters, messages; their hashes and rows stay.

Every step looks at so many rows after a number, in the transaction it is called in, and says where it stopped; what
must stay (`db.keeping`) is decided there and then. What is emptied is written down as a `retention_event` each.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from db import exchanges, keeping, locks, manifests, search
from db.among import among
from db.base import Utc
from db.bulk import add_rows, stored_time
from db.connect import Found, Session
from db.contents import chunked
from db.judgements import QUOTING
from db.keeping import Keep
from db.tables import (
    audit_detail,
    audit_log,
    capture,
    item,
    item_capture,
    item_text,
    item_version,
    judgement,
    manual_find,
    notification,
    purged_act,
    reporter,
    retention_event,
    review_event,
    review_event_note,
    rule_hit,
)
from monitor.domain.keeping import KeepingTerms

PROOFS: Final = (manifests.SEALED, manifests.STAMPED, exchanges.SEALED)
"""Audit rows whose details hold hashes only, by which manifests, stamps and archives are proven: never emptied."""

_MANY: Final = 5_000
"""Rows of one statement."""
_LOOK: Final = 4
"""At how many texts a step looks for each that it may empty."""
_PAYLOAD: Final = ("text", "links", "hashtags", "alt_texts", "mentioned", "lang")
_OF_HITS: Final = ("explanation", "spans", "stance_spans", "counter_signals", "trace")
_OF_JUDGEMENTS: Final = ("near_misses", "not_evaluable", "errors")


@dataclass(frozen=True, slots=True)
class Scope:
    """By whom, when, on what ground and by which terms is purged."""

    terms: KeepingTerms
    now: datetime
    actor: str
    reason: str = "masa simpan berakhir"
    batch: int = 500

    def before(self, days: int) -> datetime:
        """Return the time before which what is kept so many days is due."""
        return self.now - timedelta(days=days)

    def keep(self, days: int | None = None) -> Keep:
        """Return which closed cases still hold back what they rest on."""
        return Keep.for_days(self.now, self.terms.closed_case_days if days is None else days)

    def cutoff(self, source: sa.ColumnElement[str]) -> sa.ColumnElement[datetime]:
        """Return the time before which what a source gave is due, as a column."""
        other = sa.literal(self.before(self.terms.other_source_days), Utc)
        named = {name: sa.literal(self.before(days), Utc) for name, days in sorted(self.terms.sources.items())}
        return sa.case(named, value=source, else_=other) if named else other


@dataclass(frozen=True, slots=True)
class Step:
    """What a step did: rows emptied and rows that are due but stay; `last` is where it stopped, None at the end."""

    purged: int = 0
    kept: int = 0
    last: int | None = None


def purge_texts(session: Session, scope: Scope, after: int) -> Step:
    """Empty the texts that were not seen within their time, with what rules quoted of them."""
    locks.one_at_a_time(session, QUOTING)
    last = _end_of_look(session, scope, after)
    looked = _due_texts(scope).where(item.c.id > after, item.c.id <= last if last is not None else sa.true())
    ids = list(session.execute(looked.order_by(item.c.id).limit(scope.batch)).scalars())
    kept = keeping.kept_items(session, ids, scope.keep())
    due = set(ids) - kept
    versions = _empty_texts(session, due, scope.now)
    acts = sorted(keeping.acts_of_items(session, due))
    _empty_judgements(session, acts, scope.now)
    note(session, scope, "item_text", versions)
    search.refresh_cases(session, keeping.cases_of(session, acts), scope.now)  # their words went with the texts
    return Step(len(versions), len(kept), ids[-1] if len(ids) == scope.batch else last)


def purge_notes(session: Session, scope: Scope, after: int) -> Step:
    """Empty what people wrote into the history of cases that are closed long enough."""
    query = (
        sa.select(review_event_note.c.event_id.label("id"), review_event.c.case_id)
        .join(review_event, review_event.c.id == review_event_note.c.event_id)
        .where(review_event_note.c.purged_at.is_(None), review_event_note.c.note.is_not(None))
        .where(review_event.c.at < scope.before(scope.terms.note_days), review_event_note.c.event_id > after)
    )
    rows = session.execute(query.order_by(review_event_note.c.event_id).limit(scope.batch)).all()
    kept = keeping.kept_cases(session, {row.case_id for row in rows}, scope.keep(scope.terms.note_days))
    due = [row.id for row in rows if row.case_id not in kept]
    _empty(session, review_event_note, review_event_note.c.event_id, due, {"note": None, "purged_at": scope.now})
    note(session, scope, "review_event_note", due)
    return Step(len(due), len(rows) - len(due), _last(rows, scope))


def purge_details(session: Session, scope: Scope, after: int) -> Step:
    """Empty the details of old audit rows; those by which evidence is proven, and those of kept cases, stay."""
    query = (
        sa.select(audit_log.c.id, audit_log.c.subject)
        .join(audit_detail, audit_detail.c.audit_id == audit_log.c.id)
        .where(audit_detail.c.detail.is_not(None), audit_log.c.action.not_in(PROOFS))
        .where(audit_log.c.at < scope.before(scope.terms.audit_days), audit_log.c.id > after)
    )
    rows = session.execute(query.order_by(audit_log.c.id).limit(scope.batch)).all()
    kept = _kept_subjects(session, {row.subject for row in rows}, scope)
    due = [row.id for row in rows if row.subject not in kept]
    _empty(session, audit_detail, audit_detail.c.audit_id, due, {"detail": None, "purged_at": scope.now})
    note(session, scope, "audit_detail", due)
    return Step(len(due), len(rows) - len(due), _last(rows, scope))


def purge_finds(session: Session, scope: Scope, after: int) -> Step:
    """Empty what finders said about circumstances; that there was a find stays."""
    query = sa.select(manual_find.c.id, manual_find.c.capture_id).where(
        manual_find.c.note != "", manual_find.c.received_at < scope.before(scope.terms.brought_days)
    )
    rows = session.execute(query.where(manual_find.c.id > after).order_by(manual_find.c.id).limit(scope.batch)).all()
    kept = keeping.kept_captures(session, {row.capture_id for row in rows}, scope.keep())
    due = [row.id for row in rows if row.capture_id not in kept]
    _empty(session, manual_find, manual_find.c.id, due, {"note": ""})
    note(session, scope, "manual_find", due)
    return Step(len(due), len(rows) - len(due), _last(rows, scope))


def purge_reporters(session: Session, scope: Scope, after: int) -> Step:
    """Empty who reported, once no case that a report led to needs them."""
    days = scope.terms.reporter_days
    query = (
        sa.select(reporter.c.find_id.label("id"), manual_find.c.capture_id)
        .join(manual_find, manual_find.c.id == reporter.c.find_id)
        .where(reporter.c.sealed.is_not(None), reporter.c.purged_at.is_(None))
        .where(manual_find.c.received_at < scope.before(days), reporter.c.find_id > after)
    )
    rows = session.execute(query.order_by(reporter.c.find_id).limit(scope.batch)).all()
    kept = keeping.kept_captures(session, {row.capture_id for row in rows}, scope.keep(days))
    due = [row.id for row in rows if row.capture_id not in kept]
    _empty(session, reporter, reporter.c.find_id, due, {"sealed": None, "purged_at": scope.now})
    note(session, scope, "reporter", due)
    return Step(len(due), len(rows) - len(due), _last(rows, scope))


def purge_messages(session: Session, scope: Scope, after: int) -> Step:
    """Empty messages that were handed over long ago, or never could be."""
    when = sa.func.coalesce(notification.c.sent_at, notification.c.created_at, type_=Utc)
    query = sa.select(notification.c.id).where(notification.c.body.is_not(None), notification.c.id > after)
    query = query.where(when < scope.before(scope.terms.message_days))
    rows = session.execute(query.order_by(notification.c.id).limit(scope.batch)).all()
    due = [row.id for row in rows]
    _empty(session, notification, notification.c.id, due, {"body": None})
    note(session, scope, "notification", due)
    return Step(len(due), 0, _last(rows, scope))


STEPS: Final[Mapping[str, Callable[[Session, Scope, int], Step]]] = {
    "item_text": purge_texts,
    "review_event_note": purge_notes,
    "audit_detail": purge_details,
    "manual_find": purge_finds,
    "reporter": purge_reporters,
    "notification": purge_messages,
}
"""Every step by the table it empties."""


def note(session: Session, scope: Scope, kind: str, numbers: Iterable[int]) -> None:
    """Write down that rows of a table were emptied."""
    rows = [
        {"at": scope.now, "actor": scope.actor, "action": "purged", "subject_kind": kind, "subject_id": str(number),
         "reason": scope.reason}
        for number in numbers
    ]  # fmt: skip
    if rows:
        session.execute(sa.insert(retention_event), rows)


def emptied_silently(session: Session) -> Iterable[tuple[str, int]]:
    """Yield table and number of rows that say they were emptied although no retention event tells of it."""
    for table, number in (
        (item_text, item_text.c.version_id),
        (review_event_note, review_event_note.c.event_id),
        (audit_detail, audit_detail.c.audit_id),
        (reporter, reporter.c.find_id),
    ):
        told = sa.exists().where(
            retention_event.c.subject_id == sa.cast(number, sa.String),
            retention_event.c.subject_kind == table.name,
            retention_event.c.action == "purged",
        )
        query = sa.select(number).where(table.c.purged_at.is_not(None), ~told).order_by(number)
        for found in session.execute(query).scalars():
            yield table.name, int(found)


def _end_of_look(session: Session, scope: Scope, after: int) -> int | None:
    """Return up to which text a step looks, None for all that are left: else each would look at all of them."""
    texts = sa.select(item.c.id).where(item.c.id > after).order_by(item.c.id)
    return session.execute(texts.offset(_LOOK * scope.batch - 1).limit(1)).scalar()


def _due_texts(scope: Scope) -> sa.Select[Any]:
    """Ask for the texts with words whose last sight, by the program or in a file, is over their time."""
    cutoff = scope.cutoff(item.c.platform)
    seen = sa.func.coalesce(
        item_text.c.seen_last_at, item_text.c.seen_first_at, item.c.published_at, item.c.published_hi, type_=Utc
    )
    of_item = sa.and_(item_version.c.item_id == item.c.id, item_text.c.version_id == item_version.c.id)
    old = sa.exists().where(of_item, item_text.c.purged_at.is_(None), seen < cutoff)
    fresh = sa.exists().where(of_item, seen >= cutoff)
    shown = sa.and_(item_capture.c.item_id == item.c.id, capture.c.id == item_capture.c.capture_id)
    brought = sa.and_(capture.c.collector != "", capture.c.fetched_at >= scope.before(scope.terms.brought_days))
    answered = sa.exists().where(shown, sa.or_(capture.c.fetched_at >= cutoff, brought))
    return sa.select(item.c.id).where(old, ~fresh, ~answered)


def _empty_texts(session: Session, item_ids: Collection[int], now: datetime) -> list[int]:
    """Empty every version of these texts and return their numbers."""
    query = sa.select(item_text.c.version_id).join(item_version, item_version.c.id == item_text.c.version_id)
    query = query.where(among(session.dialect.name, item_version.c.item_id), item_text.c.purged_at.is_(None))
    emptied = sorted(session.execute(query, {"ids": list(item_ids)}).scalars())
    values = dict.fromkeys(_PAYLOAD) | {"purged_at": now}
    _empty(session, item_text, item_text.c.version_id, emptied, values)
    return emptied


def _empty_judgements(session: Session, act_ids: list[int], now: datetime) -> None:
    """Take the quoted words out of what was judged of these acts; the outcome stands, and is not judged anew."""
    _empty(session, rule_hit, rule_hit.c.interaction_id, act_ids, dict.fromkeys(_OF_HITS))
    _empty(session, judgement, judgement.c.interaction_id, act_ids, dict.fromkeys(_OF_JUDGEMENTS))
    at = stored_time(session)(now)
    key = ("interaction_id",)
    add_rows(session, purged_act, (*key, "purged_at"), [(number, at) for number in act_ids], key)


def _kept_subjects(session: Session, subjects: Iterable[str], scope: Scope) -> set[str]:
    """Return those subjects of audit rows that are a kept case or a held person."""
    numbers: dict[str, dict[int, str]] = {"case": {}, "asn": {}}
    for subject in subjects:
        kind, _, number = subject.partition(":")
        if kind in numbers and number.isdecimal():
            numbers[kind][int(number)] = subject
    kept = keeping.kept_cases(session, numbers["case"], scope.keep(scope.terms.audit_days))
    held = keeping.held_people(session, numbers["asn"])
    return {numbers["case"][number] for number in kept} | {numbers["asn"][number] for number in held}


def _empty(
    session: Session, table: sa.Table, column: sa.Column[Any], numbers: Collection[int], values: Mapping[str, object]
) -> None:
    given = {name: sa.null() if value is None else value for name, value in values.items()}
    statement = sa.update(table).where(among(session.dialect.name, column)).values(given)
    for part in chunked(numbers, _MANY):
        session.execute(statement, {"ids": part})


def _last(rows: Collection[Found], scope: Scope) -> int | None:
    return int(list(rows)[-1].id) if len(rows) == scope.batch else None
