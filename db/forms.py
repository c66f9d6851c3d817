"""Forms as issued: one row a version, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.tables import app_user, evidence_file, form_issue
from db.upsert import insert_missing, insert_one
from monitor.domain import FormIssue, FormKind


@dataclass(frozen=True, slots=True)
class NewIssue:
    """A document to be issued: its hash and size as it lies in the store, who brought it, and why a new version."""

    case_id: int
    form: FormKind
    version: int
    sha256: str
    size: int
    by_officer: bool
    template_sha256: str
    reason: str


def next_version(session: Session, case_id: int, form: FormKind) -> int:
    """Return the number that the next issue of a form gets; whoever takes it holds the case locked."""
    last = sa.select(sa.func.max(form_issue.c.version)).where(
        form_issue.c.case_id == case_id, form_issue.c.form == form.value
    )
    return int(session.execute(last).scalar() or 0) + 1


def add_issue(session: Session, issue: NewIssue, user_id: int, now: datetime) -> int:
    """Record an issued document and return its number."""
    origin = "officer" if issue.by_officer else "program"
    insert_missing(session, evidence_file, [{"sha256": issue.sha256, "size": issue.size, "origin": origin}], ["sha256"])
    return insert_one(
        session,
        form_issue,
        case_id=issue.case_id,
        form=issue.form.value,
        version=issue.version,
        sha256=issue.sha256,
        template_sha256=issue.template_sha256,
        reason=issue.reason,
        issued_by=user_id,
        issued_at=now,
    )


def issues_of(session: Session, case_id: int) -> tuple[FormIssue, ...]:
    """Return everything that was issued for a case, by form and version."""
    query = _query().where(form_issue.c.case_id == case_id)
    rows = session.execute(query.order_by(form_issue.c.form, form_issue.c.version))
    return tuple(_issue(row) for row in rows)


def find_issue(session: Session, case_id: int, form: FormKind, version: int) -> FormIssue | None:
    """Return one issued version of a case, None when there is none."""
    query = _query().where(
        form_issue.c.case_id == case_id, form_issue.c.form == form.value, form_issue.c.version == version
    )
    row = session.execute(query).one_or_none()
    return _issue(row) if row is not None else None


def _query() -> sa.Select[Any]:
    return sa.select(form_issue, app_user.c.name, app_user.c.display_name).join(
        app_user, app_user.c.id == form_issue.c.issued_by
    )


def _issue(row: Any) -> FormIssue:
    return FormIssue(
        id=row.id,
        case_id=row.case_id,
        form=FormKind(row.form),
        version=row.version,
        sha256=row.sha256,
        template_sha256=row.template_sha256,
        reason=row.reason,
        issued_by=row.issued_by,
        issuer=row.display_name or row.name,
        issued_at=row.issued_at,
    )
