"""Reports that were made: what was asked, how far they looked, and the hashes of their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.places import inside
from db.report_facts import AsOf, ReportFile
from db.tables import app_user, report_run


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """What was asked and how far the answer looks; `user_id` is None for the schedule and the command line."""

    kind: str
    question: Mapping[str, object]
    as_of: AsOf
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReportMade:
    """One file of a report; `by` is empty for the schedule and for whoever runs the machine."""

    id: int
    week: str
    jurisdiction: str
    as_of: int
    file_name: str
    sha256: str
    by: str
    at: datetime


def known_at(session: Session, kind: str, question: Mapping[str, object], event: int) -> AsOf | None:
    """Return the as-of of the newest report of the same question and event, None when there is none."""
    query = (
        sa.select(report_run.c.parameters)
        .where(report_run.c.kind == kind, report_run.c.as_of == event)
        .order_by(report_run.c.id.desc())
    )
    for parameters in session.execute(query).scalars():
        if all(parameters.get(key) == value for key, value in question.items()):
            return AsOf(
                event, int(parameters["run"]), int(parameters["judgement"]), int(parameters.get("verdict") or 0)
            )
    return None


def record_report(session: Session, order: ReportOrder, files: Sequence[ReportFile], now: datetime) -> None:
    """Append one row for every file of a report; the parameters carry the whole as-of."""
    as_of = order.as_of
    known = {"run": as_of.run, "judgement": as_of.judgement, "verdict": as_of.verdict}
    rows = [
        {
            "kind": order.kind,
            "jurisdiction": order.question["jurisdiction"],
            "parameters": {**order.question, **known},
            "as_of": as_of.event,
            "file_name": file.name,
            "sha256": file.sha256,
            "user_id": order.user_id,
            "created_at": now,
        }
        for file in files
    ]
    if rows:
        session.execute(sa.insert(report_run), rows)


def recorded(session: Session, kind: str) -> Iterator[ReportFile]:
    """Give every recorded file of a kind of report, oldest first."""
    query = sa.select(report_run).where(report_run.c.kind == kind).order_by(report_run.c.id)
    return (ReportFile(row.file_name, row.sha256) for row in session.execute(query))


def made(session: Session, kind: str, regions: tuple[str, ...], limit: int) -> list[ReportMade]:
    """Return the newest files of reports about these places, newest first."""
    query = (
        sa.select(report_run, app_user.c.display_name)
        .join(app_user, app_user.c.id == report_run.c.user_id, isouter=True)
        .where(report_run.c.kind == kind, inside(report_run.c.jurisdiction, regions))
        .order_by(report_run.c.id.desc())
        .limit(limit)
    )
    return [
        ReportMade(
            id=row.id,
            week=str(row.parameters.get("week", "")),
            jurisdiction=row.jurisdiction,
            as_of=row.as_of,
            file_name=row.file_name,
            sha256=row.sha256,
            by=row.display_name or "",
            at=row.created_at,
        )
        for row in session.execute(query)
    ]
