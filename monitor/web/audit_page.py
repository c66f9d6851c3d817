"""The audit log: who did or saw what, searched by words of the URL, and the chains that prove it unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from db import audit, audit_pages, events
from db.audit_pages import AuditFilter
from db.connect import Session
from monitor.domain import Role, UserRow
from monitor.errors import RefusedError
from monitor.web.audit_words import ACTIONS, SUBJECTS, action_words, detail_words, subject_words
from monitor.web.frame import FrameDep, VisitorDep, WriterDep, page
from monitor.web.moments import midnight, read_day
from monitor.web.tokens import whole_number

routes = APIRouter(prefix="/audit")

READERS = (Role.AUDITOR, Role.DPO, Role.KOORDINATOR)
_PAGE = 50
_FAULTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class AuditAsked:
    """What the log was asked for; words that mean nothing are dropped. Days are the office's, both inside."""

    actor: str = ""
    action: str = ""
    kind: str = ""
    number: str = ""
    first_day: date | None = None
    last_day: date | None = None
    before: int | None = None

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.actor or self.action or self.kind or self.first_day or self.last_day)

    def wanted(self, zone: ZoneInfo) -> AuditFilter:
        """Return what to ask the database for."""
        subject = f"{self.kind}:{self.number}" if self.kind and self.number else self.kind
        return AuditFilter(
            actor=self.actor,
            action=self.action,
            subject=subject,
            since=midnight(self.first_day, zone),
            until=midnight(self.last_day, zone, days=1),
            before=self.before,
        )

    def words(self, before: int | None = None) -> dict[str, str]:
        """Return the words of the URL that ask for this, from the start or on from a row."""
        said = {
            "pelaku": self.actor,
            "tindakan": self.action,
            "sasaran": self.kind,
            "nomor": self.number,
            "dari": self.first_day.isoformat() if self.first_day else "",
            "sampai": self.last_day.isoformat() if self.last_day else "",
            "sebelum": str(before or ""),
        }
        return {name: value for name, value in said.items() if value}

    def url(self, before: int | None = None) -> str:
        """Return the address of this list, from its start or on from a row."""
        query = urlencode(self.words(before))
        return "/audit" + (f"?{query}" if query else "")


def read_audit_asked(words: Mapping[str, str]) -> AuditAsked:
    """Read the filters from a query string."""
    kind = words.get("sasaran", "")
    action = words.get("tindakan", "")
    return AuditAsked(
        actor=_plain(words.get("pelaku", "")),
        action=action if action in ACTIONS else "",
        kind=kind if kind in SUBJECTS else "",
        number=_plain(words.get("nomor", "")),
        first_day=read_day(words.get("dari", "")),
        last_day=read_day(words.get("sampai", "")),
        before=whole_number(words.get("sebelum", "")),
    )


@routes.get("")
def show(request: Request, frame: FrameDep, visitor: VisitorDep) -> HTMLResponse:
    """Show one page of the log, within the reader's places; that it was searched is a row of its own."""
    regions = _must_read(visitor.user)
    asked = read_audit_asked(request.query_params)
    with frame.deps.database.write() as session:
        found = audit_pages.search(session, asked.wanted(frame.deps.zone), regions, _PAGE)
        _note(session, visitor.user, "audit_searched", asked.words(asked.before), frame.deps.clock())
    return page(
        request,
        "audit.html",
        section="audit",
        asked=asked,
        found=found,
        actions=ACTIONS,
        subjects=SUBJECTS,
        action_words=action_words,
        subject_words=subject_words,
        detail_words=detail_words,
        first_url=asked.url(),
        next_url=asked.url(found.before) if found.before else "",
    )


@routes.post("/periksa")
def verify(request: Request, frame: FrameDep, visitor: WriterDep) -> HTMLResponse:
    """Recompute both hash chains from their first rows and show what does not fit."""
    _must_read(visitor.user)
    with frame.deps.database.inspect() as session:
        faults = [("Catatan audit", number, fault) for number, fault in audit.broken_rows(session)]
        faults += [("Peristiwa peninjauan", number, fault) for number, fault in events.broken_events(session)]
        last = (audit.last_row(session), events.last_event(session))
    with frame.deps.database.write() as session:
        told = {"audit": last[0], "events": last[1], "faults": len(faults)}
        _note(session, visitor.user, "chains_verified", told, frame.deps.clock())
    return page(
        request,
        "audit_verified.html",
        section="audit",
        faults=faults[:_FAULTS_SHOWN],
        more=max(0, len(faults) - _FAULTS_SHOWN),
        last=last,
    )


def _must_read(user: UserRow) -> tuple[str, ...]:
    regions = user.regions(*READERS) if user.active else ()
    if not regions:
        raise RefusedError(
            "Catatan audit hanya untuk auditor, DPO, dan koordinator", "mintalah admin memberi peran yang sesuai"
        )
    return regions


def _note(session: Session, user: UserRow, action: str, detail: Mapping[str, object], now: datetime) -> None:
    audit.record(session, actor=user.name, action=action, subject="audit:", detail=detail, now=now)


def _plain(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:64]
