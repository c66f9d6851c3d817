"""The rules desk: what each rule says and how it does, trials, status by two people, suppressions with an end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from db import activations, audit, backtests, rule_desk, verdicts
from db.audit import AuditRow
from db.rule_desk import RuleHits
from monitor import desk
from monitor.desk.rule_hits import look_at_hits
from monitor.desk.ruling import APPROVERS, PROPOSERS, must_hold_at
from monitor.domain import Backtest, Role, RuleFile, RuleOrder, RuleStatus, UserRow, VerdictReason, region_covers
from monitor.domain.rule_sheets import RuleSheet
from monitor.errors import ConflictError, PantauError, RefusedError, UsageError
from monitor.labels import label
from monitor.review.precision import Precision, precisions
from monitor.web.answers import mended
from monitor.web.deps import RuleRoom
from monitor.web.frame import FieldsDep, Frame, FrameDep, Visitor, VisitorDep, WriterDep, frame_of, page, see
from monitor.web.rules_access import room_of
from monitor.web.suppression_page import visible_suppressions
from monitor.web.tokens import member

routes = APIRouter(prefix="/aturan")

RuleId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,80}$")]
DAYS: Final = 30
_HITS_SHOWN = 20
_TRIED = "rule_trial_started"
_SAID: Final = {
    "usul": "Usul tersimpan; orang kedua menyetujuinya.",
    "setuju": "Status disetujui; berlaku mulai malam berikutnya.",
    "tarik": "Usul ditarik; status yang berlaku tidak berubah.",
    "uji": "Uji balik dimulai.",
}
_TARGETS: Final = (RuleStatus.SHADOW, RuleStatus.ACTIVE, RuleStatus.RETIRED)


@dataclass(frozen=True, slots=True)
class Listed:
    """One rule of the list with what is known of it; `precision` is None before the first verdict."""

    sheet: RuleSheet
    order: RuleOrder | None
    waiting: RuleOrder | None
    precision: Precision | None
    hits: RuleHits


@routes.get("")
def show_list(request: Request, frame: FrameDep, visitor: VisitorDep, status: str = "") -> HTMLResponse:
    """Show all rules with their status, precision and hits."""
    room = room_of(frame, visitor.user)
    rows = listed(frame, room)
    wanted = member(RuleStatus, status)
    return page(
        request,
        "rules.html",
        section="aturan",
        rows=[row for row in rows if wanted is None or row.sheet.status is wanted],
        counts={kind: sum(row.sheet.status is kind for row in rows) for kind in RuleStatus},
        all_rules=len(rows),
        wanted=wanted,
        statuses=tuple(RuleStatus),
        days=DAYS,
        waiting=sum(row.waiting is not None for row in rows),
    )


@routes.get("/{rule_id}")
def show(request: Request, frame: FrameDep, visitor: VisitorDep, rule_id: RuleId, kabar: str = "") -> HTMLResponse:
    """Show one rule."""
    return _page(request, frame, visitor, rule_id, said=_SAID.get(kabar, ""))


@routes.post("/{rule_id}/uji")
def try_rule(request: Request, frame: FrameDep, visitor: WriterDep, rule_id: RuleId) -> Response:
    """Begin a trial on all stored acts; it runs beside the console."""
    room = room_of(frame, visitor.user)
    sheet = _sheet(room, rule_id)

    def start() -> None:
        _must(visitor.user, PROPOSERS, room)
        if sheet.pattern or sheet.gone:
            raise UsageError("Aturan ini tidak diuji balik", "aturan pola menghitung indikasi aturan lain")
        began, by = frame.deps.clock(), visitor.user.name  # before the trial, whose figures must not look older
        room.start_trial(rule_id, by)
        with frame.deps.database.write() as session:
            audit.record(session, actor=by, action=_TRIED, subject=f"rule:{rule_id}", detail={}, now=began)

    return _step(request, visitor, rule_id, "uji", start)


@routes.post("/{rule_id}/usul")
def propose(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, rule_id: RuleId) -> Response:
    """Propose a status."""
    room = room_of(frame, visitor.user)
    _sheet(room, rule_id)

    def step() -> None:
        wish = room.wish(rule_id, _target(fields))
        desk.propose_status(frame.deps.database, wish, fields.get("alasan", ""), visitor.user, frame.deps.clock())

    return _step(request, visitor, rule_id, "usul", step)


@routes.post("/{rule_id}/setujui")
def approve(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, rule_id: RuleId) -> Response:
    """Approve the status that waits, as the second person."""
    room = room_of(frame, visitor.user)
    _sheet(room, rule_id)

    def step() -> None:
        wish = room.wish(rule_id, _target(fields))
        desk.approve_status(frame.deps.database, wish, visitor.user, frame.deps.clock())

    return _step(request, visitor, rule_id, "setuju", step)


@routes.post("/{rule_id}/tarik")
def withdraw(request: Request, frame: FrameDep, visitor: WriterDep, fields: FieldsDep, rule_id: RuleId) -> Response:
    """Take back or refuse the proposal that waits."""
    room = room_of(frame, visitor.user)
    _sheet(room, rule_id)
    reason = fields.get("alasan", "")

    def step() -> None:
        desk.withdraw_status(frame.deps.database, rule_id, reason, visitor.user, frame.deps.clock(), place=room.place)

    return _step(request, visitor, rule_id, "tarik", step)


def listed(frame: Frame, room: RuleRoom) -> list[Listed]:
    """Return all rules with their orders, precision over all places, and hits of the last days."""
    since = frame.deps.clock() - timedelta(days=DAYS)
    with frame.deps.database.read() as session:
        orders = activations.standing(session)
        waiting = {order.rule_id: order for order in activations.waiting(session)}
        judged = precisions(verdicts.verdict_counts(session), frame.deps.bars)
        hits = rule_desk.hits_since(session, since)
    overall = {(row.rule_id, row.version): row for row in judged if row.jurisdiction is None}
    return [
        Listed(
            sheet,
            orders.get(sheet.rule_id),
            waiting.get(sheet.rule_id),
            overall.get((sheet.rule_id, sheet.version)),
            hits.get(sheet.rule_id, RuleHits()),
        )
        for sheet in room.shelf()
    ]


def _step(request: Request, visitor: Visitor, rule_id: str, news: str, step: Callable[[], None]) -> Response:
    try:
        step()
    except (UsageError, RefusedError, ConflictError) as error:
        return _page(request, frame_of(request), visitor, rule_id, error=error)
    return see(f"/aturan/{rule_id}?kabar={news}")


def _page(
    request: Request,
    frame: Frame,
    visitor: Visitor,
    rule_id: str,
    *,
    said: str = "",
    error: PantauError | None = None,
) -> HTMLResponse:
    room, user = room_of(frame, visitor.user), visitor.user
    row = next((row for row in listed(frame, room) if row.sheet.rule_id == rule_id), None)
    if row is None:
        raise _missing(rule_id)
    trial, by_place = _known(frame, row.sheet, user)
    mine = row.waiting is not None and row.waiting.proposer_id == user.id
    return page(
        request,
        "rule.html",
        status=_status(error),
        section="aturan",
        row=row,
        sheet=row.sheet,
        trial=trial,
        running=room.trial(rule_id),
        lost=_lost(frame, rule_id, trial) if room.trial(rule_id) is None else None,
        hits=look_at_hits(frame.deps.database, rule_id, user, frame.deps.clock(), _HITS_SHOWN),
        by_place=by_place,
        suppressions=[one for one in visible_suppressions(frame, user)[0] if one.scope.rule_id == rule_id],
        targets=[to for to in _TARGETS if to is not row.sheet.status],
        may_propose=_may(user, PROPOSERS, room),
        may_approve=_may(user, APPROVERS, room) and not mine,
        mine=mine,
        reasons={reason.value: label(reason) for reason in VerdictReason},
        days=DAYS,
        said=said,
        problem=mended(error) if error else "",
    )


def _lost(frame: Frame, rule_id: str, trial: Backtest | None) -> AuditRow | None:
    """Return the start of a trial that ended without figures because the console ended before it."""
    with frame.deps.database.read() as session:
        started = next(iter(audit.tail(session, 1, action=_TRIED, subject=f"rule:{rule_id}")), None)
    return started if started is not None and (trial is None or trial.ran_at < started.at) else None


def _known(frame: Frame, sheet: RuleSheet, user: UserRow) -> tuple[Backtest | None, tuple[Precision, ...]]:
    """Return the newest trial of this content, and its precision in the places of the user."""
    regions = user.regions()
    with frame.deps.database.read() as session:
        trial = backtests.last_backtest(session, RuleFile(sheet.rule_id, sheet.version, sheet.content_hash))
        counts = verdicts.verdict_counts(session)
    here = [
        count
        for count in counts
        if (count.rule_id, count.version) == (sheet.rule_id, sheet.version)
        and any(region_covers(region, count.jurisdiction) for region in regions)
    ]
    return trial, tuple(one for one in precisions(here, frame.deps.bars) if one.jurisdiction is not None)


def _sheet(room: RuleRoom, rule_id: str) -> RuleSheet:
    sheet = next((sheet for sheet in room.shelf() if sheet.rule_id == rule_id), None)
    if sheet is None:
        raise _missing(rule_id)
    return sheet


def _missing(rule_id: str) -> UsageError:
    return UsageError(f"Aturan {rule_id} tidak ada", "lihat daftarnya di Meja aturan")


def _target(fields: dict[str, str]) -> RuleStatus:
    to = member(RuleStatus, fields.get("ke", ""))
    if to not in _TARGETS:
        raise UsageError("Status tujuan belum dipilih", "pilih uji bayangan, aktif, atau dihentikan")
    return to


def _may(user: UserRow, roles: tuple[Role, ...], room: RuleRoom) -> bool:
    try:
        _must(user, roles, room)
    except RefusedError:
        return False
    return True


def _must(user: UserRow, roles: tuple[Role, ...], room: RuleRoom) -> None:
    must_hold_at(user, room.place, roles)


def _status(error: PantauError | None) -> int:
    if error is None:
        return 200
    return 403 if isinstance(error, RefusedError) else 409 if isinstance(error, ConflictError) else 422
