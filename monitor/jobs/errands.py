"""What each kind of job of the queue does, and what becomes of a job that fails, is stopped or was left by the dead."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from db import job_runs, locks, planned_visits, queue_tables, runs
from db.connect import Session
from db.runs import TargetKey
from db.shards import unstaffed
from monitor.assembly import lay_calendar
from monitor.desk.night_faults import EVIDENCE_ELSEWHERE, NO_WORKER
from monitor.domain import Issue, Job, JobState
from monitor.errors import EvidenceElsewhere, LockHeld, PantauError, RefusedError
from monitor.jobs import queue
from monitor.jobs.late import to_do
from monitor.jobs.night_mail import tell_night
from monitor.jobs.perform import perform
from monitor.jobs.queue import Order
from monitor.jobs.rhythm import remarks
from monitor.jobs.station import OtherVersion, Station
from monitor.jobs.tasks import Done, night_done
from monitor.scan.mounted import ensure_evidence
from monitor.scan.plan import ScanOrder
from monitor.scan.shift import HostRests, Stopped
from monitor.scan.spread import (
    asked_as_json,
    asked_from_json,
    begin_shared,
    end_shared,
    ensure_shared,
    give_up,
    visit_shared,
)
from monitor.workspace import Workspace

AGAIN = "work_again"
_LONGEST = timedelta(hours=1)  # between two tries
_BUSY = timedelta(seconds=15)  # until somebody else's work is looked at again
_LACKING = timedelta(minutes=15)  # until a province without a worker is written down and told
_LEFT = timedelta(seconds=30)  # until another worker may take what this one does not know


def carry_out(station: Station, order: Order) -> None:
    """Do a job; one that fails, is stopped or is not known here is put back for later, or given up.

    Raises what was given up, so that the queue keeps it as dead; a visit that is given up has its outcome and is done.
    Raises OtherVersion and EvidenceElsewhere once the job is left to workers that can do it: this one cannot do any.
    """
    log = structlog.get_logger(kind=order.kind, tries=order.tries)
    kind = KINDS.get(order.kind) if order.form <= queue.FORM else None
    if kind is None:
        log.warning("job left for a worker of another version", form=order.form)
        _put(station, order, _LEFT)
        return
    try:
        kind(station, order)
    except Stopped:
        log.info("job handed back")
        _put(station, order)
    except OtherVersion:
        _put(station, order)
        raise
    except EvidenceElsewhere as failure:
        _put(station, order)
        tell_elsewhere(station.space, failure)
        raise
    except LockHeld:
        _put(station, order, _BUSY)
    except HostRests as host:
        _put(station, order, timedelta(seconds=host.seconds))
    except Exception as failure:
        said = str(failure) if isinstance(failure, PantauError) else type(failure).__name__
        log.error("job failed", error=type(failure).__name__)  # noqa: TRY400 - a trace may quote what was read
        if not _tried_again(station, order.again(), said):
            _tell_of_end(station, order)
            raise


def revive(station: Station, order: Order) -> None:
    """Put a job back whose worker died; one that kills workers is given up at last."""
    structlog.get_logger(kind=order.kind, tries=order.tries + 1).warning("job of a lost worker taken up")
    _tried_again(station, order.again(), "pekerjanya berhenti tanpa kabar")


def tend(station: Station) -> None:
    """Put into the queue what is due and what was lost from it: the schedule's jobs, visits and ends of open nights.

    One worker at a time does that for all.
    """
    space = station.space
    try:
        with locks.hold(space.database, "menjaga antrean"):
            _tend(space)
            lacking = _lacking(station)
    except LockHeld:
        return
    if lacking:
        tell_night(space)


def _tend(space: Workspace) -> None:
    now, hours = space.clock(), _taken_up(space)
    with space.database.read() as session:
        night = planned_visits.open_night(session, now, hours)
    due = to_do(space.settings, space.database, now)
    with space.database.write() as session:
        if night is not None:
            _refill(session, night.run.id)
        for job, due_at in due.items():
            if job is not Job.NIGHTLY:
                _put_missing(session, queue.work_order(job.value, due_at))
            elif night is None:
                _put_missing(session, queue.begin_order(asked_as_json(ScanOrder()), due_at))


def _lacking(station: Station) -> bool:
    """Write with the open night which provinces had no worker for long; whether any of them is told anew."""
    space, now = station.space, station.space.clock()
    hours = _taken_up(space)
    with space.database.write() as session:
        night = planned_visits.open_night(session, now, hours)
        found = {name for name, _ in unstaffed(session, now)} if night is not None else set()
        station.lacking = {name: station.lacking.get(name, now) for name in found}
        long = sorted(name for name, since in station.lacking.items() if now - since >= _LACKING)
        if night is None or not long:
            return False
        known = {issue.detail for issue in runs.run_issues(session, night.run.id) if issue.kind == NO_WORKER}
        told = [Issue("", NO_WORKER, f"provinsi {name}", needs_person=False) for name in long]
        runs.add_issues(session, night.run.id, told)
    return any(issue.detail not in known for issue in told)


def _refill(session: Session, run_id: int) -> None:
    left = planned_visits.left(session, run_id)
    if not left:
        _put_missing(session, queue.end_order(run_id))
        return
    known = queue_tables.waiting(session, queue.visit_prefix(run_id))
    orders = (queue.visit_order(run_id, visit) for visit in left)
    queue.put(session, [order for order in orders if order.name not in known])


def _put_missing(session: Session, order: Order) -> None:
    if not queue_tables.waiting(session, order.name):
        queue.put(session, [order])


def _tried_again(station: Station, order: Order, why: str) -> bool:
    """Put a job back with its back-off; False when it was tried often enough and nothing else records it."""
    settings = station.space.settings.workers
    if order.tries < settings.tries:
        wait = timedelta(seconds=settings.retry_seconds * 2 ** (order.tries - 1))
        with station.space.database.write() as session:
            if "run" in order.args:
                _tell_night(session, int(order.args["run"]), why)
            else:
                order = order.because(why)
            queue.put(session, [order], min(wait, _LONGEST))
        return True
    if order.kind != "visit":
        return False
    run_id, key = _visit_of(order)
    with station.kit() as kit:
        detail = f"kunjungan gagal {order.tries} kali dan tidak dicoba lagi malam ini: {why}"
        give_up(kit.parts, run_id, key, detail)
    _end_when_all_made(station, run_id)
    return True


def _tell_night(session: Session, run_id: int, why: str) -> None:
    """Remark with its night that a piece of it had to be done again."""
    runs.add_issues(session, run_id, [Issue("", AGAIN, why, needs_person=False)])


def _tell_of_end(station: Station, order: Order) -> None:
    """Tell the office of a night that nobody can end; it is tried again as long as the night may be taken up."""
    if order.kind == "night_end":
        with station.kit() as kit:
            tell_night(kit.space)


def ensure_equipped(space: Workspace) -> None:
    """Raise EvidenceElsewhere once it is told where this machine does not see the evidence that it is to add to."""
    with space.database.read() as session:
        night = planned_visits.open_night(session, space.clock(), _taken_up(space))
    try:
        if night is not None:
            ensure_shared(space.database, space.evidence, night)
        else:
            ensure_evidence(space.database, space.evidence)
    except EvidenceElsewhere as failure:
        tell_elsewhere(space, failure)
        raise


def tell_elsewhere(space: Workspace, failure: EvidenceElsewhere) -> None:
    """Write with the open night that the workers of this machine can have no part in it."""
    told = Issue("", EVIDENCE_ELSEWHERE, f"{socket.gethostname()[:100]}: {failure.message}")
    with space.database.write() as session:
        night = planned_visits.open_night(session, space.clock(), _taken_up(space))
        if night is not None:
            runs.add_issues(session, night.run.id, [told])


def _taken_up(space: Workspace) -> timedelta:
    return timedelta(hours=space.settings.scan.resume_hours)


def _put(station: Station, order: Order, wait: timedelta = timedelta(0)) -> None:
    with station.space.database.write() as session:
        queue.put(session, [order], wait)


def _begin(station: Station, order: Order) -> None:
    due = order.args.get("due_at")
    asked = asked_from_json(str(order.args["asked"]))

    def begin(space: Workspace) -> Done:
        lay_calendar(space)
        parts = replace(kit.parts, noted=remarks(space.settings))
        run_id, left = begin_shared(parts, asked, space.settings.workers.lanes_for)
        with space.database.write() as session:
            queue.put(session, [queue.visit_order(run_id, visit) for visit in left] or [queue.end_order(run_id)])
            if order.why:
                _tell_night(session, run_id, order.why)
        return Done(True, f"pemindaian {run_id}: {len(left)} kunjungan dibagikan kepada para pekerja", run_id)

    with station.kit() as kit:
        ended = perform(kit.space, Job.NIGHTLY, datetime.fromisoformat(due) if due else None, {Job.NIGHTLY: begin})
        if ended.state is JobState.FAILED:
            tell_night(kit.space)
            ensure_equipped(kit.space)
    if ended.exit_code:
        structlog.get_logger().warning("night not begun", state=ended.state.value, by_hand=due is None)
        if due is None:  # what the schedule asked for, it asks for again
            raise RefusedError(ended.detail)


def _visit(station: Station, order: Order) -> None:
    run_id, key = _visit_of(order)
    with station.kit() as kit:
        crew = kit.crew(run_id)
        if crew is None:
            return
        visit_shared(kit.parts, crew, key, station.stop)
    _end_when_all_made(station, run_id)


def _end(station: Station, order: Order) -> None:
    run_id = int(order.args["run"])
    with station.kit() as kit:
        summary = end_shared(kit.parts, run_id)
        if summary is None:
            if _ended(station, run_id):  # whoever ended it may have died before telling
                tell_night(kit.space)
            return
        done = night_done(summary)
        with kit.space.database.write() as session:
            begun = job_runs.of_night(session, run_id)
            if begun is not None:
                state = JobState.OK if done.ok else JobState.PROBLEMS
                job_runs.finish(session, begun.id, state, done.detail, kit.space.clock(), run_id=run_id)
        tell_night(kit.space)
    structlog.get_logger(run=run_id).info("shared night ended", ok=summary.ok, issues=len(summary.issues))


def _job(station: Station, order: Order) -> None:
    with station.kit() as kit:
        ensure_equipped(kit.space)
        perform(kit.space, Job(order.args["job"]), datetime.fromisoformat(order.args["due_at"]))


def _end_when_all_made(station: Station, run_id: int) -> None:
    with station.space.database.write() as session:
        if not planned_visits.any_left(session, run_id):
            queue.put(session, [queue.end_order(run_id)])


def _ended(station: Station, run_id: int) -> bool:
    with station.space.database.read() as session:
        return planned_visits.night(session, run_id) is None


def _visit_of(order: Order) -> tuple[int, TargetKey]:
    source, direction, target = order.args["key"]
    return int(order.args["run"]), (source, direction, target)


KINDS: dict[str, Callable[[Station, Order], None]] = {
    "night_begin": _begin,
    "visit": _visit,
    "night_end": _end,
    "job": _job,
}
