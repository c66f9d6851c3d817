"""Files whose time is over: which bodies and register copies go, and what of their removal is not done yet.

A removal is recorded first, together with what is left to do; the file goes after that is committed. So nothing is
removed without a record, and what a stop leaves undone is found again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from db import evidence_files, keeping
from db.connect import Session
from db.contents import chunked
from db.purging import Scope, note
from db.tables import (
    capture,
    evidence_file,
    evidence_manifest,
    item,
    pending_removal,
    retention_event,
    review_case,
    roster_batch,
    run_capture,
    screenshot,
    warc_file,
)
from db.upsert import insert_missing

EVIDENCE, ROSTER = "evidence", "roster"
_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What a step recorded as removed: files and their bytes, those that are due but stay, and where it stopped."""

    purged: int = 0
    size: int = 0
    kept: int = 0
    last: str | None = None


def purge_answers(session: Session, scope: Scope, after: str) -> Taken:
    """Record the removal of kept answers, typed finds and brought files that no night received within their time."""
    again = (run_capture.c.capture_id == capture.c.id, run_capture.c.fetched_at > retention_event.c.at)
    later = sa.exists().where(*again).correlate_except(run_capture)  # of this very answer, two questions further out
    gone = sa.exists().where(
        _is_purge(),
        retention_event.c.subject_id == capture.c.sha256,
        retention_event.c.at >= capture.c.fetched_at,
        ~later,
    )
    query = (
        sa.select(capture.c.sha256)
        .where(capture.c.sha256 > after, capture.c.fetched_at < _due(scope), ~gone)
        .distinct()
        .order_by(capture.c.sha256)
        .limit(scope.batch)
    )
    return _take_out(session, scope, list(session.execute(query).scalars()))


def purge_pictures(session: Session, scope: Scope, after: str) -> Taken:
    """Record the removal of pictures of pages, and of their masked copies."""
    pages = []
    for column in (screenshot.c.sha256, screenshot.c.masked_sha256):
        query = (
            sa.select(column.label("sha256"))
            .join(item, item.c.id == screenshot.c.item_id)
            .where(column > after, screenshot.c.taken_at < _picture_due(scope), ~_purged(column))
        )
        pages.append(query)
    both = sa.union(*pages).subquery()
    query = sa.select(both.c.sha256).order_by(both.c.sha256).limit(scope.batch)
    return _take_out(session, scope, list(session.execute(query).scalars()))


def purge_manifests(session: Session, scope: Scope, after: str) -> Taken:
    """Record the removal of the manifests of cases that are closed long enough; the chain of their hashes stays."""
    due = evidence_manifest.c.created_at < scope.before(scope.terms.closed_case_days)
    query = (
        sa.select(evidence_manifest.c.sha256)
        .join(review_case, review_case.c.id == evidence_manifest.c.case_id)
        .where(evidence_manifest.c.sha256 > after, due, ~scope.keep().cases(), ~_purged(evidence_manifest.c.sha256))
        .order_by(evidence_manifest.c.sha256)
        .limit(scope.batch)
    )
    return _take_out(session, scope, list(session.execute(query).scalars()))


def purge_register_copies(session: Session, scope: Scope, after: str) -> Taken:
    """Record the removal of old register copies; each kind's newest stays, and all while anybody is held."""
    newest = sa.select(sa.func.max(roster_batch.c.id)).group_by(roster_batch.c.kind)
    number = sa.cast(roster_batch.c.id, sa.String)
    told = sa.exists().where(
        retention_event.c.action == "purged", retention_event.c.subject_kind == "roster_batch",
        retention_event.c.subject_id == number,
    )  # fmt: skip
    query = sa.select(roster_batch.c.id, roster_batch.c.stored_as).where(
        roster_batch.c.imported_at < scope.before(scope.terms.register_copy_days),
        ~told,
        roster_batch.c.id > int(after or 0),
    )
    rows = session.execute(query.where(roster_batch.c.id.not_in(newest)).order_by(roster_batch.c.id)).all()
    if keeping.anybody_held(session):
        return Taken(kept=len(rows))
    needed = sa.select(roster_batch.c.stored_as).where(roster_batch.c.id.not_in([row.id for row in rows]))
    still = set(session.execute(needed.where(roster_batch.c.stored_as.in_({row.stored_as for row in rows}))).scalars())
    note(session, scope, "roster_batch", [row.id for row in rows])
    _await(session, ROSTER, {row.stored_as for row in rows} - still, scope)
    return Taken(purged=len(rows))


STEPS: Final[Mapping[str, Callable[[Session, Scope, str], Taken]]] = {
    "capture": purge_answers,
    "screenshot": purge_pictures,
    "evidence_manifest": purge_manifests,
    "roster_batch": purge_register_copies,
}
"""Every step by the table that names the files."""


def count_pending(session: Session) -> int:
    """Return how many files whose removal is recorded are still there."""
    return int(session.execute(sa.select(sa.func.count()).select_from(pending_removal)).scalar_one())


def archives_to_strike(session: Session) -> Iterator[tuple[str, list[str]]]:
    """Yield every night's archive that may hold a body to be removed, with the hashes."""
    waits = sa.and_(pending_removal.c.place == EVIDENCE, pending_removal.c.name == capture.c.sha256)
    query = (
        sa.select(warc_file.c.run_id, warc_file.c.name)
        .join(run_capture, run_capture.c.run_id == warc_file.c.run_id)
        .join(capture, capture.c.id == run_capture.c.capture_id)
        .join(pending_removal, waits)
        .distinct()
        .order_by(warc_file.c.run_id)
    )
    for row in session.execute(query).all():
        mine = sa.select(capture.c.sha256).join(run_capture, run_capture.c.capture_id == capture.c.id)
        mine = mine.join(pending_removal, waits).where(run_capture.c.run_id == row.run_id).distinct()
        yield row.name, sorted(session.execute(mine).scalars())


def pending(session: Session, place: str, after: str = "", limit: int = _PAGE) -> list[str]:
    """Return names of files that are to be removed, in order, those after a name."""
    query = sa.select(pending_removal.c.name).where(pending_removal.c.place == place, pending_removal.c.name > after)
    return list(session.execute(query.order_by(pending_removal.c.name).limit(limit)).scalars())


def done(session: Session, place: str, names: Collection[str]) -> None:
    """Take files off the list of those that are to be removed."""
    for part in chunked(sorted(names)):
        query = sa.delete(pending_removal).where(pending_removal.c.place == place, pending_removal.c.name.in_(part))
        session.execute(query)


def _take_out(session: Session, scope: Scope, digests: list[str]) -> Taken:
    """Record the removal of those bodies that nothing received lately names and nothing rests on."""
    fresh = _fresh(session, scope, digests)
    over = set(digests) - fresh
    kept = keeping.kept_digests(session, over, scope.keep())
    going = over - kept
    evidence_files.note_purged(session, going, scope.actor, scope.reason, scope.now)
    _await(session, EVIDENCE, going, scope)
    size = 0
    for part in chunked(sorted(going)):
        query = sa.select(sa.func.coalesce(sa.func.sum(evidence_file.c.size), 0))
        size += int(session.execute(query.where(evidence_file.c.sha256.in_(part))).scalar_one())
    return Taken(len(going), size, len(kept), digests[-1] if len(digests) == scope.batch else None)


def _fresh(session: Session, scope: Scope, digests: list[str]) -> set[str]:
    """Return those of the bodies that were received, or pictured, within their time under any address."""
    found: set[str] = set()
    again = sa.exists().where(run_capture.c.capture_id == capture.c.id, run_capture.c.fetched_at >= _due(scope))
    received = sa.or_(capture.c.fetched_at >= _due(scope), again)
    for part in chunked(digests):
        found |= set(session.execute(sa.select(capture.c.sha256).where(capture.c.sha256.in_(part), received)).scalars())
        for column in (screenshot.c.sha256, screenshot.c.masked_sha256):
            query = sa.select(column).join(item, item.c.id == screenshot.c.item_id)
            query = query.where(column.in_(part), screenshot.c.taken_at >= _picture_due(scope))
            found |= set(session.execute(query).scalars())
    return found


def _due(scope: Scope) -> sa.ColumnElement[Any]:
    """Return the time before which an answer is due; what officers brought has a time of its own."""
    brought = sa.literal(scope.before(scope.terms.brought_days), capture.c.fetched_at.type)
    return sa.case((capture.c.collector != "", brought), else_=scope.cutoff(capture.c.source))


def _picture_due(scope: Scope) -> sa.ColumnElement[Any]:
    brought = sa.literal(scope.before(scope.terms.brought_days), screenshot.c.taken_at.type)
    return sa.case((screenshot.c.collector != "", brought), else_=scope.cutoff(item.c.platform))


def _is_purge() -> sa.ColumnElement[bool]:
    return sa.and_(retention_event.c.action == "purged", retention_event.c.subject_kind == "evidence_file")


def _purged(column: sa.Column[str]) -> sa.ColumnElement[bool]:
    return sa.exists().where(_is_purge(), retention_event.c.subject_id == column)


def _await(session: Session, place: str, names: Iterable[str], scope: Scope) -> None:
    rows = [{"place": place, "name": name, "noted_at": scope.now} for name in names]
    insert_missing(session, pending_removal, rows, ["place", "name"])
