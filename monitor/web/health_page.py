"""How well the sources were seen: for everybody, because what was not seen must not be read as nothing there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse

from db import health, health_targets, job_runs, notifications, policies, runs
from db.connect import Session
from db.policies import PolicyRecord
from db.visit_facts import GOOD
from monitor import desk
from monitor.desk import night_summary
from monitor.domain import Job, NightOfSource, SourceHealth, SourceStanding
from monitor.errors import UsageError
from monitor.web.frame import FrameDep, VisitorDep, page
from monitor.web.home import last_night
from monitor.web.night import IssueLine, SourceNight, issue_lines, source_nights

routes = APIRouter(prefix="/kesehatan")

PAGE = 50
SourceName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]


@dataclass(frozen=True, slots=True)
class Bar:
    """One night of a source as a bar: tenths of its visits that went well, and the same in words."""

    night: NightOfSource
    good: int
    visits: int

    @property
    def height(self) -> int:
        """From 1 to 10, so that a night in which nothing went well still shows."""
        return max(1, round(10 * self.good / self.visits)) if self.visits else 1


@dataclass(frozen=True, slots=True)
class SourceCard:
    """One source in the list: settings of today beside what the nights recorded; either may be missing."""

    name: str
    standing: SourceStanding | None
    health: SourceHealth | None
    policy: PolicyRecord | None

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The newest nights, oldest first, as one reads a time line."""
        return bars_of(self.health.nights) if self.health else ()


@routes.get("")
def show(request: Request, frame: FrameDep, _visitor: VisitorDep) -> HTMLResponse:
    """Show all sources that are in the settings or were ever visited, and what the last night remarked."""
    with frame.deps.database.read() as session:
        found = {one.source: one for one in health.source_health(session)}
        cards = cards_of(session, frame.deps.standings(), found)
        query = frame.deps.night_query or None
        told = night_summary.last_night(session, frame.deps.zone, frame.deps.clock(), query=query)
        night = last_night(session, told)
        undelivered = notifications.undelivered(session, frame.deps.clock())
        newest = job_runs.newest(session)
    troubled = [card for card in cards if card.health is not None and not card.health.well]
    around = frame.deps.around()
    return page(
        request,
        "health.html",
        section="kesehatan",
        cards=cards,
        night=night,
        told=told,
        troubled=troubled,
        undelivered=undelivered,
        jobs=tuple(newest[job] for job in Job if job in newest),
        late=dict(around.late),
        unreadable=around.unreadable,
        never_since=around.never_since,
    )


@routes.get("/{source}")
def show_source(
    request: Request,
    frame: FrameDep,
    visitor: VisitorDep,
    source: SourceName,
    kampanye: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    diawasi: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> HTMLResponse:
    """Show one source: its nights, what each verb showed, its caps, its record and its accounts, by key."""
    scope = desk.scope_of(visitor.user)
    with frame.deps.database.read() as session:
        found = {one.source: one for one in health.source_health(session, source)}
        standings = tuple(one for one in frame.deps.standings() if one.source == source)
        if not found and not standings:
            raise UsageError("Sumber ini tidak dikenal", "pilih sumber dari halaman Kesehatan sumber")
        (card,) = cards_of(session, standings, found)
        newest = card.health.nights[0].run if card.health and card.health.nights else None
        seen, issues = _newest(session, source, newest)
        campaign = health_targets.campaign_targets(session, source, kampanye, PAGE)
        watched = health_targets.watched_targets(session, source, scope, diawasi, PAGE)
        records = policies.records(session, source)
    return page(
        request,
        "health_source.html",
        section="kesehatan",
        card=card,
        seen=seen,
        issues=issues,
        campaign=campaign,
        watched=watched,
        reads=bool(scope),
        records=records,
        at={"kampanye": kampanye, "diawasi": diawasi},
    )


def cards_of(
    session: Session, standings: Sequence[SourceStanding], found: dict[str, SourceHealth]
) -> tuple[SourceCard, ...]:
    """Return the sources by name, each with its newest recorded policy."""
    known = {one.source: one for one in standings}
    return tuple(
        SourceCard(name, known.get(name), found.get(name), next(iter(policies.records(session, name, 1)), None))
        for name in sorted({*known, *found})
    )


def bars_of(nights: Sequence[NightOfSource]) -> tuple[Bar, ...]:
    """Return nights as bars, oldest first."""
    return tuple(
        Bar(
            night,
            sum(count for outcome, count in night.outcomes if outcome in GOOD),
            sum(count for _, count in night.outcomes),
        )
        for night in reversed(nights)
    )


def _newest(session: Session, source: str, run: int | None) -> tuple[SourceNight | None, tuple[IssueLine, ...]]:
    """Return what the newest night of a source saw and remarked; issues of single accounts are only counted."""
    if run is None:
        return None, ()
    visits = [visit for visit in runs.run_targets(session, run) if visit.source == source]
    remarked = [issue for issue in runs.run_issues(session, run) if issue.source == source]
    return next(iter(source_nights(visits)), None), issue_lines(remarked)
