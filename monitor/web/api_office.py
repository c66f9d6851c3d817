"""Sources, nights, the audit log, users, reports and saved views as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from db import audit, audit_pages, health, report_runs, runs, saved_views, user_lists
from db.audit_pages import AuditFilter
from db.user_lists import UserFilter
from monitor.desk.access import READERS as CASE_READERS
from monitor.desk.access import scope_of
from monitor.domain import Role, UserRow
from monitor.errors import RefusedError
from monitor.reports.weekly import KIND
from monitor.web import api_office_models as models
from monitor.web import audit_page, reports_page
from monitor.web.api_base import MOST, Limit, Text, clean
from monitor.web.frame import ApiUserDep, FrameDep

routes = APIRouter()
_COUNTS = ("evaluated", "hits", "misses", "not_evaluable", "errors")


@dataclass(frozen=True, slots=True)
class What:
    """Which lines of the audit log."""

    actor: Annotated[str, Query(max_length=64, description="Sign-in name.")] = ""
    action: Annotated[str, Query(max_length=64)] = ""
    subject: Annotated[str, Query(max_length=64, description="One (`case:7`) or a kind (`case`).")] = ""


@routes.get("/sources", tags=["sources"], summary="How well sources are seen", response_model=models.SourceList)
def list_sources(frame: FrameDep, user: ApiUserDep) -> dict[str, Any]:
    """Return every source that was ever visited; no account is named."""
    del user  # everybody who may sign in may see what is blind
    with frame.deps.database.read() as session:
        found = health.source_health(session)
    told = [
        {
            "source": one.source,
            "last_worked_at": one.last_worked_at,
            "well": one.well,
            "blind": one.blind,
            "suspicious_empty": one.suspicious_empty,
            "drift": one.drift,
            "issues": {issue.kind: issue.count for issue in one.issues},
        }
        for one in found
    ]
    return {"sources": told}


@routes.get("/nights", tags=["sources"], summary="The newest nights", response_model=models.NightList)
def list_nights(frame: FrameDep, user: ApiUserDep, limit: Limit = 50) -> dict[str, Any]:
    """Return the newest nights with the sums of what was judged."""
    del user
    with frame.deps.database.read() as session:
        found = runs.last_runs(session, limit)
    told = []
    for run in found:
        judged = (run.summary or {}).get("judged")
        counts = {name: int(judged[name]) for name in _COUNTS} if judged else None
        told.append(
            {"id": run.id, "started_at": run.started_at, "finished_at": run.finished_at, "ok": run.ok, "judged": counts}
        )
    return {"nights": told}


@routes.get("/audit", tags=["audit"], summary="The audit log, newest first", response_model=models.AuditList)
def list_audit(
    frame: FrameDep,
    user: ApiUserDep,
    what: Annotated[What, Depends()],
    before: Annotated[int | None, Query(ge=1, le=MOST, description="`next` of the page before.")] = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Return lines about your places; that the log was read is a line of its own. Auditors, DPOs, coordinators."""
    regions = _must(user, *audit_page.READERS)
    wanted = AuditFilter(actor=clean(what.actor), action=clean(what.action), subject=clean(what.subject), before=before)
    with frame.deps.database.write() as session:
        found = audit_pages.search(session, wanted, regions, limit)
        asked = {"actor": wanted.actor, "action": wanted.action, "subject": wanted.subject, "before": before}
        audit.record(
            session, actor=user.name, action="audit_searched", subject="audit:", detail=asked, now=frame.deps.clock()
        )
    names = ("id", "at", "actor", "action", "subject", "detail")
    rows = [{name: getattr(row, name) for name in names} for row in found.rows]
    return {"rows": rows, "next": found.before}


@routes.get("/users", tags=["users"], summary="Users and their grants", response_model=models.UserList)
def list_users(
    frame: FrameDep,
    user: ApiUserDep,
    text: Text = "",
    after: Annotated[str, Query(max_length=64, description="`next` of the page before.")] = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """Return users of the regions that you administer, without secrets. Administrators only."""
    regions = _must(user, Role.ADMIN)
    with frame.deps.database.read() as session:
        found, last = user_lists.page(session, regions, UserFilter(text=clean(text)), after=clean(after), limit=limit)
    told = [
        {
            "id": one.id,
            "name": one.name,
            "full_name": one.full_name,
            "active": one.active,
            "agency": one.agency,
            "grants": [{"role": grant.role, "jurisdiction": grant.jurisdiction} for grant in one.grants],
        }
        for one in found
    ]
    return {"users": told, "next": last or None}


@routes.get("/reports", tags=["reports"], summary="Report files that were made", response_model=models.ReportList)
def list_reports(frame: FrameDep, user: ApiUserDep, limit: Limit = 50) -> dict[str, Any]:
    """Return the newest weekly reports about your places. Reviewers, coordinators, analysts."""
    regions = _must(user, *reports_page.READERS)
    with frame.deps.database.read() as session:
        found = report_runs.made(session, KIND, regions, limit)
    names = ("id", "week", "jurisdiction", "file_name", "sha256")
    return {"reports": [{name: getattr(row, name) for name in names} for row in found]}


@routes.get("/views", tags=["cases"], summary="Saved filters of the queue", response_model=models.ViewList)
def list_views(frame: FrameDep, user: ApiUserDep) -> dict[str, Any]:
    """Return your own views and those that others share; each shows you only what you may see."""
    _must(user, *CASE_READERS)
    with frame.deps.database.read() as session:
        found = saved_views.views_for(session, user.id, scope_of(user))
    told = [
        {"id": one.id, "owner": one.owner, "name": one.name, "query": dict(one.query), "shared": one.shared}
        for one in found
    ]
    return {"views": told}


def _must(user: UserRow, *roles: Role) -> tuple[str, ...]:
    """Return the regions over which the user holds one of the roles; RefusedError for none."""
    regions = user.regions(*roles) if user.active else ()
    if not regions:
        raise RefusedError("Daftar ini tidak terbuka bagi peran Anda", "minta token dengan peran yang sesuai")
    return regions
