"""The front page: what waits, what is due, and what last night could see."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from db import cases, runs, unjudged
from db.connect import Session
from monitor import desk
from monitor.domain import CaseState
from monitor.web import imports
from monitor.web.frame import FrameDep, VisitorDep, page
from monitor.web.night import Night, issue_lines, judged_of, rule_troubles, source_nights

routes = APIRouter()

_SAID = {"konfirmasi": "Impor dikonfirmasi. Terima kasih telah memeriksanya."}


@routes.get("/")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, kabar: str = "") -> HTMLResponse:
    """Show counts within the user's places and the health of the last night."""
    now, scope = frame.deps.clock(), desk.scope_of(visitor.user)
    with frame.deps.database.read() as session:
        tallies = cases.tallies(session, scope, now)
        night = last_night(session)
        waiting = imports.waiting(session, visitor.user)
        not_evaluable = unjudged.count_not_evaluable(session, scope)
    return page(
        request,
        "home.html",
        section="beranda",
        tallies=tallies,
        states=tuple(CaseState),
        new_state=CaseState.BARU,
        night=night,
        waiting=waiting,
        not_evaluable=not_evaluable,
        said=_SAID.get(kabar, ""),
    )


def last_night(session: Session) -> Night | None:
    """Return the newest run, None before the first."""
    run = next(iter(runs.last_runs(session, 1)), None)
    if run is None:
        return None
    issues = runs.run_issues(session, run.id)
    return Night(
        started_at=run.started_at,
        finished_at=run.finished_at,
        ok=bool(run.ok),
        sources=source_nights(runs.run_targets(session, run.id)),
        issues=issue_lines(issues),
        judged=judged_of(run.summary),
        rule_troubles=rule_troubles(issues),
    )
