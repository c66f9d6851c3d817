"""One night from plan to summary; whatever happens, the run ends with a record of it.

A night has three parts: `open_night` and `plan_visits` begin it, `make_visits` reads, `end_night` judges and closes it.
One machine does them one after the other; many machines do the same parts as jobs (`monitor.scan.spread`). So nothing
is handed from one part to the next but what the database holds.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from db import backfills, checkpoints, runs
from db.connect import Session
from monitor.domain import Direction, Issue, Outcome, TargetResult
from monitor.errors import DatabaseError, PantauError, plainly
from monitor.scan import night_log
from monitor.scan.archive import archive_left, archive_night, record
from monitor.scan.canary import look_for_canaries
from monitor.scan.collect import Collector
from monitor.scan.drift import Endpoint, drifted
from monitor.scan.evenness import Evenness
from monitor.scan.judging import judge_pending
from monitor.scan.keys import note_keys
from monitor.scan.mounted import ensure_evidence, ensure_marked
from monitor.scan.noted import note_policies
from monitor.scan.outlook import Outlook, look_out, ruling_now
from monitor.scan.parts import Parts
from monitor.scan.plan import Plan, Register, ScanOrder, plan_night, resume
from monitor.scan.progress import Progress
from monitor.scan.reconcile import reconcile
from monitor.scan.refresh import refresh_texts
from monitor.scan.reobserve import reobserve
from monitor.scan.resolve import resolve_handles
from monitor.scan.sealed import seal_evidence, stamp_evidence
from monitor.scan.shift import Shift
from monitor.scan.summary import TOLERATED, ScanSummary
from monitor.scan.texts import fetch_missing_texts
from monitor.scan.visit import Visit

LOCK = "pemindaian"
_RUN_FAILED = "run_failed"
_RESTARTED = Issue(
    "",
    "database_restarted",
    "peladennya menyala kembali selagi pemindaian berjalan; yang terputus olehnya dikerjakan ulang",
    needs_person=False,
)
# Sources of which only such results are known tonight were asked nothing, or ask for peace.
_UNASKED = frozenset({Outcome.POLICY_BLOCKED, Outcome.BUDGET_SPENT})


def run_night(parts: Parts, order: ScanOrder, progress: Progress) -> ScanSummary:
    """Plan, collect, store, judge and reconcile; return the summary that was also stored.

    Raises LockHeld when a night is already running, PolicyBlocked and RefusedError before anything is fetched. Any
    other failure is recorded with the run before it is raised; the run is then taken up again by the next one.
    """
    with ExitStack() as held:
        with parts.starting():
            held.enter_context(parts.lock(LOCK))
            run, even = open_night(parts, order), Evenness.since_now(parts)
        with failure_told(parts, run.id):
            marked = parts.evidence.mark(run.id)
            plan, outlook = plan_visits(parts, order, run)
            visits = [visit for visit in plan.visits if _key(visit) not in run.done]
            if marked:  # the visits look for it only where it lies as they begin
                ensure_marked(parts.evidence, run.id)
            read = make_visits(parts, run.id, outlook, visits, progress)
            _tell(parts, run.id, even.issues())
            if marked:
                ensure_marked(parts.evidence, run.id)
            return end_night(parts, order, run, outlook, read, progress)


def open_night(parts: Parts, order: ScanOrder) -> runs.RunHandle:
    """Open the run of a night, or take up the interrupted one; a refused order fails before that."""
    ensure_evidence(parts.database, parts.evidence)
    with parts.database.read() as session:
        register = Register.load(session, parts.clock())
    plan_night(parts, order, register, parts.clock())
    parts.evidence.discard_partial()
    with parts.database.write() as session:
        run = runs.open_run(session, order.query, parts.clock(), parts.resume_after)
    night_log.begun(run)
    return run


def plan_visits(parts: Parts, order: ScanOrder, run: runs.RunHandle) -> tuple[Plan, Outlook]:
    """Do what comes before the first visit and return tonight's plan; what cannot be visited is recorded."""
    tell_failed_starts(parts, run.id, order)
    _tell(parts, run.id, (*parts.noted, *archive_left(parts, run.id)))
    note_policies(parts, run.id, order.source)
    note_keys(parts, run.id, order.source)
    look_for_canaries(parts, run.id, order.source)
    resolve_handles(parts, run.id, order.source)
    outlook = look_out(parts, order, run.began)
    plan = plan_night(parts, order, outlook.register, parts.clock())
    with parts.database.write() as session:
        runs.add_issues(session, run.id, plan.issues)
        for result in plan.refused:
            if _result_key(result) not in run.done:
                runs.record_target(session, run.id, result)
    return plan, outlook


def make_visits(
    parts: Parts,
    run_id: int,
    outlook: Outlook,
    visits: Collection[Visit],
    progress: Progress,
    shift: Shift | None = None,
) -> frozenset[Endpoint]:
    """Make visits from where they were left, and return the endpoints that were read; `shift` may break them off."""
    collector = Collector(parts, outlook.sieve, run_id, progress, outlook.revisits, outlook.blind)
    collector.shift = shift or collector.shift
    collector.marked = parts.evidence.marked(run_id)
    with parts.database.read() as session:
        visits = [_resumed(session, parts, visit) for visit in visits]
        challenged = {r.source for r in runs.run_targets(session, run_id) if r.outcome is Outcome.CHALLENGE}
    collector.closed_sources.update(dict.fromkeys(sorted(challenged), Outcome.CHALLENGE))
    with night_log.bound(run_id):
        collector.collect(visits)
    with night_log.lost() as lost, parts.database.write() as session:
        runs.add_issues(session, run_id, lost)
        return collector.book.keep(session, parts.clock())


def end_night(
    parts: Parts,
    order: ScanOrder,
    run: runs.RunHandle,
    outlook: Outlook,
    read: Collection[Endpoint],
    progress: Progress,
) -> ScanSummary:
    """Do what comes after the last visit: texts, changes, judging, cases, seals; close the run with its summary."""
    with parts.database.read() as session:
        results = runs.run_targets(session, run.id)
    _tell(parts, run.id, _drift(parts, run, read))
    sources = _open_sources(results)
    fetch_missing_texts(parts, outlook.sieve, run, sources)
    refresh_texts(parts, outlook.sieve, run, sources, {result.source for result in results})
    changed = reobserve(parts, outlook.sieve, run, sources)
    if order == ScanOrder() and all(result.outcome in TOLERATED for result in results):
        with parts.database.write() as session:
            backfills.finish(session, outlook.register.backfills, parts.clock())
    ruling = ruling_now(parts)
    judged = judge_pending(parts, ruling, progress)
    _tell(parts, run.id, ruling.issues)
    cases, _ = reconcile(parts, run.id, ruling)
    _tell(parts, run.id, [*seal_evidence(parts, progress), *stamp_evidence(parts, progress)])
    archived = archive_night(parts, run.id, progress)
    _tell(parts, run.id, archived.issues)
    _tell_unseen(parts, run.id)
    tell_failed_starts(parts, run.id, order)
    summary = ScanSummary(
        run=run.id,
        started=run.began,
        finished=parts.clock(),
        targets=tuple(sorted(results, key=_candidates_first)),
        judged=judged.counts,
        cases=cases,
        issues=_issues(parts, run.id),
        rules=judged.rules,
        ruleset=ruling.judge.hash if ruling.judge is not None else "",
        changes=changed.counts,
    )
    with parts.database.write() as session:
        record(session, archived)
        runs.finish_run(session, run.id, json.dumps(summary.as_json()), summary.ok, summary.finished)
    parts.evidence.unmark(run.id)
    night_log.ended(summary)
    return summary


@contextmanager
def failure_told(parts: Parts, run_id: int) -> Iterator[None]:
    """Record with the run whatever ends the block early; what is logged within it carries the run's number."""
    with night_log.bound(run_id):
        try:
            yield
        except BaseException as failure:
            issue = Issue(source="", kind=_RUN_FAILED, detail=_why(failure))
            # A database that cannot be written is often the very failure, and it is the failure that must be told.
            with suppress(DatabaseError):
                _tell(parts, run_id, [issue])
            night_log.broken_off(failure)
            raise


def _why(failure: BaseException) -> str:
    """Return why a night ended early; of a fault of the program only its kind, for others may quote what they read."""
    match failure:
        case KeyboardInterrupt():
            return "dihentikan dari luar"
        case PantauError():
            return str(failure)
        case OSError():
            return plainly(failure)
    return type(failure).__name__


def _tell(parts: Parts, run_id: int, issues: Iterable[Issue]) -> None:
    """Write issues with the night."""
    issues = tuple(issues)
    with parts.database.write() as session:
        runs.add_issues(session, run_id, issues)
    night_log.remarked(issues)


def _tell_unseen(parts: Parts, run_id: int) -> None:
    """Tell what befell the night and may have met nobody: a restart of the database's server, a log that is full."""
    with night_log.lost() as lost, parts.database.write() as session:
        restarted = (_RESTARTED,) if runs.note_restart(session, run_id) else ()
        runs.add_issues(session, run_id, (*restarted, *lost))
    night_log.remarked(restarted)


def tell_failed_starts(parts: Parts, run_id: int, order: ScanOrder) -> None:
    """Write with the night which starts failed before it; a look between two nights leaves them to the night."""
    if order.stages:
        return
    with night_log.failed_starts(parts) as starts:
        if starts:
            _tell(parts, run_id, starts)


def _issues(parts: Parts, run_id: int) -> tuple[Issue, ...]:
    """Return what the night has to say; that it was stopped needs nobody any more once it comes to its end."""
    with parts.database.read() as session:
        return tuple(dict.fromkeys(i for i in runs.run_issues(session, run_id) if i.kind != _RUN_FAILED))


def _drift(parts: Parts, run: runs.RunHandle, read: Collection[Endpoint]) -> list[Issue]:
    """Return what has changed in tonight's answers."""
    with parts.database.read() as session:
        return drifted(session, read, run.began.date())


def _open_sources(results: Iterable[TargetResult]) -> list[str]:
    """Return the sources that were asked tonight and may be asked more."""
    results = tuple(results)
    closed = {result.source for result in results if result.outcome is Outcome.CHALLENGE}
    return sorted({result.source for result in results if result.outcome not in _UNASKED} - closed)


def _resumed(session: Session, parts: Parts, visit: Visit) -> Visit:
    """Take up the checkpoint of an interrupted visit when it asked the same question of the same mapper."""
    target = visit.target
    saved = checkpoints.load(session, target.source, target.direction, target.account.user_id)
    if saved is None or saved.query != visit.query or saved.mapper != visit.mapper:
        return visit
    if saved.expires_at <= parts.clock():
        return visit
    return resume(visit, saved.frontier, saved.sums)


def _candidates_first(result: TargetResult) -> tuple[bool, str, str]:
    return result.direction is not Direction.CANDIDATE, result.source, result.target


def _key(visit: Visit) -> tuple[str, str, str]:
    return visit.target.source, visit.target.direction.value, visit.target.account.user_id


def _result_key(result: TargetResult) -> tuple[str, str, str]:
    return result.source, result.direction.value, result.target
