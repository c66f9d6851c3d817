"""What a monitoring system wants to know, read in one state of the database; counts and times, nobody's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db import canaries, case_lists, health, job_runs, night_facts, notifications, runs
from db.connect import Session
from db.planned_visits import waiting_shards
from db.shards import unstaffed
from db.tables import host_pace, scan_issue, scan_run
from monitor.domain import CaseTallies, Completeness, Job, JobRun
from monitor.domain.nights import NightFacts

_DRIFT = "drift"


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """One source over all nights: when it last worked, whether it hides a canary or changed, how complete it is."""

    name: str
    last_worked_at: datetime | None
    blind: bool
    drifted: bool
    completeness: tuple[Completeness, ...]


@dataclass(frozen=True, slots=True)
class HealthFigures:
    """The program as a whole; `well_at` is when the newest night that needed nobody ended.

    `jobs` and `jobs_done` are the newest runs of each job, and the newest that were done to their end; `unstaffed` are
    visits that no living worker takes, by province.
    """

    night: NightFacts | None
    ended_at: datetime | None
    well_at: datetime | None
    sources: tuple[SourceFigures, ...]
    cases: CaseTallies
    jobs: dict[Job, JobRun]
    jobs_done: dict[Job, JobRun]
    undelivered: int
    hosts_closed: int
    visits_waiting: int
    unstaffed: tuple[tuple[str, int], ...]


def figures(session: Session, now: datetime, query: str | None = None) -> HealthFigures:
    """Return the figures of now; `query` is the question of a whole night, None takes the newest run of any."""
    night = night_facts.night_facts(session, now, query=query)
    return HealthFigures(
        night=night,
        ended_at=last_ended(session, query),
        well_at=last_ended(session, query, well=True),
        sources=_sources(session, night.run if night else 0),
        cases=case_lists.tallies(session, ("",), now),
        jobs=job_runs.newest(session),
        jobs_done=job_runs.newest_done(session),
        undelivered=notifications.undelivered(session, now).count,
        hosts_closed=_count(session, host_pace, host_pace.c.closed_until > now),
        visits_waiting=sum(count for _, count in waiting_shards(session)),
        unstaffed=unstaffed(session, now),
    )


def newest_run(session: Session, query: str) -> runs.RunRow | None:
    """Return the newest night of a question as a list shows it, None when there is none."""
    rows = sa.select(scan_run).where(scan_run.c.query_hash == query).order_by(scan_run.c.id.desc()).limit(1)
    row = session.execute(rows).one_or_none()
    return runs.RunRow(row.id, row.started_at, row.finished_at, row.resumed_at, row.ok, None) if row else None


def last_ended(session: Session, query: str | None = None, *, well: bool = False) -> datetime | None:
    """Return when the newest night, of one question or any, ended; with `well` only nights that needed nobody count."""
    newest = sa.func.max(scan_run.c.finished_at, type_=scan_run.c.finished_at.type)
    where = [scan_run.c.query_hash == query] if query is not None else []
    where += [scan_run.c.ok.is_(True)] if well else []
    return session.execute(sa.select(newest).where(*where)).scalar()


def _sources(session: Session, run_id: int) -> tuple[SourceFigures, ...]:
    worked, complete = health.last_worked(session), health.completeness(session)
    looks = canaries.latest(session)
    drift = sa.select(scan_issue.c.source).where(scan_issue.c.run_id == run_id, scan_issue.c.kind == _DRIFT)
    drifted = set(session.execute(drift.distinct()).scalars())
    names = sorted({*worked, *complete, *drifted, *(look.source for look in looks)})
    return tuple(
        SourceFigures(
            name=name,
            last_worked_at=worked.get(name),
            blind=any(look.source == name and not look.found for look in looks),
            drifted=name in drifted,
            completeness=complete.get(name, ()),
        )
        for name in names
    )


def _count(session: Session, table: sa.Table, where: sa.ColumnElement[bool]) -> int:
    return int(session.execute(sa.select(sa.func.count()).select_from(table).where(where)).scalar_one())
