"""The front page: what one had in hand, what waits and is due, what is new, and how last night went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from db import cases, changes, leases, registers, runs, unjudged
from db.connect import Session
from monitor import desk
from monitor.desk import night_summary
from monitor.desk.night_summary import NightTold
from monitor.domain import CaseFilter, CaseRow, CaseState, Role, UserRow
from monitor.web import imports
from monitor.web.frame import FrameDep, VisitorDep, page
from monitor.web.night import Night, issue_lines, source_nights

routes = APIRouter()

SINCE = timedelta(hours=24)
SHOWN_IMPORTS = 5
_SAID = {"konfirmasi": "Impor dikonfirmasi. Terima kasih telah memeriksanya."}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do on the first day; `done` once it shows in the database."""

    words: str
    how: str
    done: bool
    path: str = ""


@routes.get("/")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, kabar: str = "") -> HTMLResponse:
    """Show what waits within the user's places; who sees no cases gets the rooms they have and the night."""
    now, scope = frame.deps.clock(), desk.scope_of(visitor.user)
    with frame.deps.database.read() as session:
        tallies = cases.tallies(session, scope, now)
        told = night_summary.last_night(session, frame.deps.zone, now, query=frame.deps.night_query or None)
        night = last_night(session, told)
        waiting = imports.waiting(session, visitor.user)
        mine = in_hand(session, visitor.user, scope, now)
        not_evaluable = unjudged.count_not_evaluable(session, scope)
        since = changes.changes_since(session, scope, now - SINCE)
        steps = first_steps(session, night, bool(tallies.by_state))
    return page(
        request,
        "home.html",
        section="beranda",
        reads=bool(scope),
        approves=Role.KOORDINATOR in visitor.user.roles,
        tallies=tallies,
        states=tuple(CaseState),
        new_state=CaseState.BARU,
        proposed=CaseState.DIUSULKAN,
        night=night,
        told=told,
        blind_pairs=night_summary.blind_pairs(told.facts) if told else (),
        waiting=waiting[:SHOWN_IMPORTS],
        more_waiting=len(waiting[SHOWN_IMPORTS:]),
        said=_SAID.get(kabar, ""),
        mine=mine,
        not_evaluable=not_evaluable,
        changes=since,
        steps=steps,
    )


def in_hand(session: Session, user: UserRow, scope: tuple[str, ...], now: datetime) -> CaseRow | None:
    """Return the case that the user took last and still holds."""
    held = leases.held_by(session, user.id, now)
    if held is None:
        return None
    found = cases.list_cases(session, CaseFilter(ids=(held.case_id,), scope=scope, limit=1), now)
    return next(iter(found.rows), None)


def first_steps(session: Session, night: Night | None, any_case: bool) -> tuple[Step, ...]:
    """Return what is left to do before the first case can appear; nothing once there is one, or a night was run."""
    if any_case or night is not None:
        return ()
    kinds = {batch.kind for batch in registers.list_batches(session)}
    return (
        Step(
            "Masukkan daftar pegawai dan akunnya", "berkas asn.csv dan akun.csv", {"asn", "akun"} <= kinds, "/register"
        ),
        Step("Masukkan kontes dan pasangan calon", "berkas kontes", "kontes" in kinds, "/register"),
        Step("Catat dasar hukum tiap sumber", "bagian [sources] di pantau.toml", False, "/kesehatan"),
        Step("Jalankan pemindaian pertama", "pantau scan, oleh admin", False),
    )


def last_night(session: Session, told: NightTold | None) -> Night | None:
    """Return the night that is told as the pages show it, None before the first."""
    if told is None:
        return None
    facts = told.facts
    return Night(
        started_at=facts.started_at,
        finished_at=facts.finished_at,
        ok=facts.ok,
        sources=source_nights(runs.run_targets(session, facts.run)),
        issues=issue_lines(facts.issues),
        judged=facts.judged,
    )
