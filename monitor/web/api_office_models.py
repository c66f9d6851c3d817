"""What /api answers about the office: sources, nights, audit, users, reports, saved views."""

from __future__ import annotations

from pydantic import BaseModel, Field

from monitor.domain import Role
from monitor.web.api_models import Moment


class Source(BaseModel):
    """How one source was seen over its newest nights."""

    source: str
    last_worked_at: Moment | None
    well: bool
    blind: bool
    suspicious_empty: int
    drift: list[str]
    issues: dict[str, int] = Field(description="Issues of the newest night, by kind.")


class SourceList(BaseModel):
    """All sources that were ever visited."""

    sources: list[Source]


class Night(BaseModel):
    """One night of the scan; `judged` is null while it is unfinished."""

    id: int
    started_at: Moment
    finished_at: Moment | None
    ok: bool | None
    judged: dict[str, int] | None


class NightList(BaseModel):
    """The newest nights, newest first."""

    nights: list[Night]


class AuditLine(BaseModel):
    """One line of the audit log; `detail` is null once retention emptied it."""

    id: int
    at: Moment
    actor: str
    action: str
    subject: str
    detail: str | None


class AuditList(BaseModel):
    """Some lines, newest first."""

    rows: list[AuditLine]
    next: int | None = Field(description="Pass it as `before` for older lines; null at the end.")


class GrantLine(BaseModel):
    """A role over a region and everything below it; the empty region is the whole country."""

    role: Role
    jurisdiction: str


class User(BaseModel):
    """A user, without secrets."""

    id: int
    name: str
    full_name: str
    active: bool
    agency: str
    grants: list[GrantLine]


class UserList(BaseModel):
    """One page of users, by sign-in name."""

    users: list[User]
    next: str | None


class Report(BaseModel):
    """A report file that was made; the same as-of numbers give the same bytes."""

    id: int
    week: str
    jurisdiction: str
    file_name: str
    sha256: str


class ReportList(BaseModel):
    """The newest report files about your places."""

    reports: list[Report]


class View(BaseModel):
    """A filter of the queue kept under a name; `query` are the words of its address."""

    id: int
    owner: str
    name: str
    query: dict[str, str]
    shared: bool


class ViewList(BaseModel):
    """Your own views, then those that others share."""

    views: list[View]
