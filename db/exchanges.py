"""Which nights received which answers, what lies in their WARCs, and the answers that a case rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from db import audit
from db.base import as_they_lie
from db.captures import capture_of, header_pairs
from db.chain import canonical
from db.connect import Found, Session
from db.contents import chunked
from db.tables import (
    audit_detail,
    audit_log,
    capture,
    case_hit,
    interaction,
    interaction_capture,
    item,
    item_capture,
    observation,
    retention_event,
    rule_hit,
    run_capture,
    scan_run,
    warc_file,
)
from db.upsert import insert_one
from monitor.domain import Capture

SEALED = "warc_sealed"
"""What the audit log calls the writing of a night's WARC."""

_PAGE = 500


@dataclass(frozen=True, slots=True)
class ExchangeRow:
    """An answer as one night received it; `earlier` is the night whose WARC holds the same body, with address and time.

    Of a case, and where no night received it, it is the answer as it was first kept, and `run` is None.
    """

    capture_id: int
    capture: Capture
    run: int | None = None
    earlier: tuple[str, datetime] | None = None


@dataclass(frozen=True, slots=True)
class WarcRow:
    """The WARC of a night; `sealed_sha256` is over the seals of its stretches and outlives the purge of one."""

    run: int
    name: str
    sha256: str
    sealed_sha256: str
    size: int
    records: int
    created_at: datetime


def of_run(session: Session, run_id: int) -> Iterator[ExchangeRow]:
    """Yield what a night received in the order in which it came; its numbers and a page of rows are in memory."""
    received = sa.select(run_capture.c.capture_id).where(run_capture.c.run_id == run_id)
    order = session.execute(received.order_by(run_capture.c.fetched_at, run_capture.c.capture_id)).scalars().all()
    for numbers in chunked(order, _PAGE):
        rows = _page(session, run_id, numbers)
        holders = _holders(session, {row.sha256 for row in rows})
        for row in rows:
            kept = replace(
                capture_of(row), fetched_at=row.received_at, status=row.seen_status, headers=header_pairs(row.seen)
            )
            yield ExchangeRow(row.id, kept, run_id, holders.get(row.sha256))


def of_case(session: Session, case_id: int) -> tuple[ExchangeRow, ...]:
    """Return every answer that shows an act of a case, the texts that it published or is on, or what became of them.

    Each once, as it was first kept, in the order in which they came.
    """
    acts = sa.select(rule_hit.c.interaction_id).join(case_hit, case_hit.c.hit_id == rule_hit.c.id)
    mine = interaction.c.id.in_(acts.where(case_hit.c.case_id == case_id))
    texts = (
        sa.select(item.c.id)
        .join(interaction, sa.and_(interaction.c.platform == item.c.platform,
                                   item.c.platform_item_id.in_((interaction.c.target_id, interaction.c.own_item_key))))
        .where(mine)
    )  # fmt: skip
    shown = sa.union(
        sa.select(interaction_capture.c.capture_id).join(interaction).where(mine),
        sa.select(item_capture.c.capture_id).where(item_capture.c.item_id.in_(texts)),
        *(_observed(column, mine) for column in (observation.c.before_capture_id, observation.c.capture_id)),
    )
    query = sa.select(capture).where(capture.c.id.in_(shown)).order_by(capture.c.fetched_at, capture.c.id)
    return tuple(ExchangeRow(row.id, capture_of(row)) for row in session.execute(query))


def without_warc(session: Session, now: datetime, resume_after: timedelta) -> list[int]:
    """Return the nights that kept answers, will not be taken up again and have no WARC, oldest first."""
    newer = scan_run.alias("newer")
    overtaken = sa.exists().where(newer.c.query_hash == scan_run.c.query_hash, newer.c.id > scan_run.c.id)
    over = sa.or_(scan_run.c.finished_at.is_not(None), scan_run.c.started_at <= now - resume_after, overtaken)
    received = sa.exists().where(run_capture.c.run_id == scan_run.c.id)
    written = sa.exists().where(warc_file.c.run_id == scan_run.c.id)
    query = sa.select(scan_run.c.id).where(over, received, ~written).order_by(scan_run.c.id)
    return list(session.execute(query).scalars())


def record_warc(session: Session, warc: WarcRow, actor: str) -> None:
    """Write that a night's WARC lies in the store, with its hashes in the chained audit log."""
    insert_one(
        session,
        warc_file,
        run_id=warc.run,
        name=warc.name,
        sha256=warc.sha256,
        sealed_sha256=warc.sealed_sha256,
        size=warc.size,
        records=warc.records,
        created_at=warc.created_at,
    )
    subject, detail = _subject(warc.run), sealed_detail(warc)
    audit.record(session, actor=actor, action=SEALED, subject=subject, detail=detail, now=warc.created_at)


def warcs(session: Session) -> tuple[WarcRow, ...]:
    """Return the WARCs of all nights as their rows lie in the database, oldest night first."""
    query = sa.select(*as_they_lie(warc_file)).order_by(warc_file.c.run_id)
    return tuple(_warc(row) for row in session.execute(query))


def warc_of(session: Session, run_id: int) -> WarcRow | None:
    """Return the WARC of a night, None where it has none."""
    row = session.execute(sa.select(warc_file).where(warc_file.c.run_id == run_id)).one_or_none()
    return _warc(row) if row is not None else None


def broken_warcs(session: Session) -> list[tuple[str, str]]:
    """Return night and fault of every WARC whose row is not what the audit log says: `changed`, `lost` or `added`."""
    query = (
        sa.select(*as_they_lie(audit_log), audit_detail.c.detail)
        .join(audit_detail, audit_detail.c.audit_id == audit_log.c.id)
        .where(audit_log.c.action == SEALED)
    )
    told = {row.subject: (row.at, row.detail) for row in session.execute(query)}
    rows = {_subject(row.run): row for row in warcs(session)}
    faults = [(subject, "lost") for subject in told.keys() - rows.keys()]
    faults += [(subject, "added") for subject in rows.keys() - told.keys()]
    for subject, (at, said) in told.items():
        row = rows.get(subject)
        if row and (at != row.created_at or said not in {None, canonical(sealed_detail(row))}):
            faults.append((subject, "changed"))
    return sorted((subject.removeprefix("run:"), fault) for subject, fault in faults)


def _subject(run: int) -> str:
    return f"run:{run}"


def sealed_detail(warc: WarcRow) -> dict[str, object]:
    """Return what the audit log says of a WARC."""
    return {"name": warc.name, "sha256": warc.sha256, "seal": warc.sealed_sha256, "records": warc.records}


def _page(session: Session, run_id: int, numbers: list[int]) -> list[Found]:
    seen = (
        run_capture.c.fetched_at.label("received_at"),
        run_capture.c.status.label("seen_status"),
        run_capture.c.headers.label("seen"),
    )
    query = sa.select(capture, *seen).join(run_capture, run_capture.c.capture_id == capture.c.id)
    query = query.where(run_capture.c.run_id == run_id, run_capture.c.capture_id.in_(numbers))
    return list(session.execute(query.order_by(run_capture.c.fetched_at, capture.c.id)))


def _holders(session: Session, digests: Collection[str]) -> dict[str, tuple[str, datetime]]:
    """Return under which address and when a WARC that is already written holds a body.

    The first WARC that has a body holds it whole and later ones refer to it; what was received before retention last
    purged the body is held by none.
    """
    purged = (
        sa.select(sa.func.max(retention_event.c.at, type_=retention_event.c.at.type))
        .where(retention_event.c.action == "purged", retention_event.c.subject_kind == "evidence_file")
        .where(retention_event.c.subject_id == capture.c.sha256)
        .scalar_subquery()
    )
    query = (
        sa.select(capture.c.sha256, capture.c.final_url, run_capture.c.fetched_at, purged.label("purged_at"))
        .join(run_capture, run_capture.c.capture_id == capture.c.id)
        .join(warc_file, warc_file.c.run_id == run_capture.c.run_id)
        .where(capture.c.sha256.in_(sorted(digests)))
        .order_by(warc_file.c.id, run_capture.c.fetched_at, capture.c.id)
    )
    held: dict[str, tuple[str, datetime]] = {}
    for row in session.execute(query):
        if row.purged_at is None or row.fetched_at > row.purged_at:
            held.setdefault(row.sha256, (row.final_url, row.fetched_at))
    return held


def _observed(column: sa.Column[Any], mine: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the answers in which a change of an act or of its texts was seen."""
    texts = sa.and_(
        observation.c.interaction_id.is_(None),
        observation.c.platform == interaction.c.platform,
        observation.c.platform_item_id.in_((interaction.c.target_id, interaction.c.own_item_key)),
    )
    of_these = sa.or_(observation.c.interaction_id == interaction.c.id, texts)
    return sa.select(column).join(interaction, of_these).where(mine, column.is_not(None))


def _warc(row: Found) -> WarcRow:
    return WarcRow(row.run_id, row.name, row.sha256, row.sealed_sha256, row.size, row.records, row.created_at)
