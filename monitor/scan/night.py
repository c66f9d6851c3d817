"""One night from plan to summary; whatever happens, the run ends with a record of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from db import backfills, checkpoints, contests, runs
from db.connect import Session
from monitor.domain import ChangeKind, Contest, Direction, Issue, TargetResult
from monitor.errors import DatabaseError, PantauError
from monitor.scan.archive import archive_left, archive_night, record
from monitor.scan.canary import look_for_canaries
from monitor.scan.collect import Collector
from monitor.scan.judging import judge_pending
from monitor.scan.keys import note_keys
from monitor.scan.noted import note_policies
from monitor.scan.parts import Parts, Ruling
from monitor.scan.plan import Plan, Register, ScanOrder, plan_night, resume
from monitor.scan.progress import Progress
from monitor.scan.reconcile import reconcile
from monitor.scan.refresh import refresh_texts
from monitor.scan.reobserve import reobserve
from monitor.scan.resolve import resolve_handles
from monitor.scan.sealed import seal_evidence, stamp_evidence
from monitor.scan.store import Sieve
from monitor.scan.summary import TOLERATED, ScanSummary
from monitor.scan.texts import fetch_missing_texts
from monitor.scan.visit import Visit
from monitor.scan.watchlist import watchlist

LOCK = "pemindaian"
_RUN_FAILED = "run_failed"


@dataclass(frozen=True, slots=True)
class Collected:
    """What the collecting half of a night hands to the judging half."""

    results: tuple[TargetResult, ...]
    issues: tuple[Issue, ...]
    changes: dict[ChangeKind, int]


def run_night(parts: Parts, order: ScanOrder, progress: Progress) -> ScanSummary:
    """Plan, collect, store, judge and reconcile; return the summary that was also stored.

    Raises LockHeld when a night is already running, PolicyBlocked and RefusedError before anything is fetched. Any
    other failure is recorded with the run before it is raised; the run is then taken up again by the next one.
    """
    with parts.lock(LOCK):
        _refuse_early(parts, order)
        parts.evidence.discard_partial()
        started = parts.clock()
        with parts.database.write() as session:
            run = runs.open_run(session, order.query, started, parts.resume_after)
        try:
            collected = _collect(parts, order, run, progress)
            ruling = _ruling(parts)
            judged = judge_pending(parts, ruling, progress)
            with parts.database.write() as session:
                runs.add_issues(session, run.id, ruling.issues)
            cases, issues = reconcile(parts, run.id, ruling)
            issues += _told(parts, run.id, [*seal_evidence(parts, progress), *stamp_evidence(parts, progress)])
            archived = archive_night(parts, run.id, progress)
            issues += _told(parts, run.id, archived.issues)
            summary = ScanSummary(
                run=run.id,
                started=started,
                finished=parts.clock(),
                targets=collected.results,
                judged=judged.counts,
                cases=cases,
                issues=(*collected.issues, *ruling.issues, *issues),
                rules=judged.rules,
                ruleset=ruling.judge.hash if ruling.judge is not None else "",
                changes=collected.changes,
            )
        except BaseException as failure:
            _record_failure(parts, run.id, failure)
            raise
        with parts.database.write() as session:
            record(session, archived)
            runs.finish_run(session, run.id, json.dumps(summary.as_json()), summary.ok, summary.finished)
        return summary


def _told(parts: Parts, run_id: int, issues: Iterable[Issue]) -> list[Issue]:
    """Write issues with the night and return them."""
    found = list(issues)
    with parts.database.write() as session:
        runs.add_issues(session, run_id, found)
    return found


def _refuse_early(parts: Parts, order: ScanOrder) -> None:
    """Let a refused order fail before a run is opened or a host is asked."""
    with parts.database.read() as session:
        register = Register.load(session, parts.clock())
    plan_night(parts, order, register, parts.clock())


def _collect(parts: Parts, order: ScanOrder, run: runs.RunHandle, progress: Progress) -> Collected:
    issues = _told(parts, run.id, archive_left(parts, run.id))
    issues += note_policies(parts, run.id, order.source)
    issues += note_keys(parts, run.id, order.source)
    watchers = look_for_canaries(parts, run.id, order.source)
    issues += watchers.issues
    issues += resolve_handles(parts, run.id, order.source)
    ruling = _ruling(parts)
    with parts.database.read() as session:
        register = Register.load(session, parts.clock())
        plan = plan_night(parts, order, register, parts.clock())
        visits = [_resumed(session, parts, visit) for visit in plan.visits if _key(visit) not in run.done]
        earlier = [r for r in runs.run_targets(session, run.id) if run.resumed]
        if run.resumed:  # that the night was stopped needs nobody any more once it is taken up again
            issues.extend(i for i in runs.run_issues(session, run.id) if i.kind != _RUN_FAILED)
    _record_refused(parts, run, plan)
    sieve = Sieve(watchlist(register.accounts), ruling.concerns)
    collector = Collector(parts, sieve, run.id, progress, plan.revisits, watchers.blind)
    collector.collect(visits)
    issues += _drift(parts, collector, run.id)
    open_sources = sorted({visit.target.source for visit in plan.visits} - set(collector.closed_sources))
    issues.extend(fetch_missing_texts(parts, sieve, run, open_sources))
    issues.extend(refresh_texts(parts, sieve, run, open_sources))
    changed = reobserve(parts, sieve, run, open_sources)
    results = (*earlier, *(r for r in plan.refused if _result_key(r) not in run.done), *collector.results)
    if order == ScanOrder() and all(result.outcome in TOLERATED for result in results):
        with parts.database.write() as session:
            backfills.finish(session, register.backfills, parts.clock())
    return Collected(
        tuple(sorted(results, key=_candidates_first)),
        tuple(dict.fromkeys((*issues, *plan.issues, *collector.issues, *changed.issues))),
        changed.counts,
    )


def _drift(parts: Parts, collector: Collector, run_id: int) -> list[Issue]:
    """Keep what tonight's answers were made of, and return what has changed in them."""
    with parts.database.write() as session:
        found = collector.book.settle(session, parts.clock())
        runs.add_issues(session, run_id, found)
    return found


def _ruling(parts: Parts) -> Ruling:
    with parts.database.read() as session:
        known: tuple[Contest, ...] = contests.load_contests(session)
    return parts.rule(known)


def _resumed(session: Session, parts: Parts, visit: Visit) -> Visit:
    """Take up the checkpoint of an interrupted visit when it asked the same question of the same mapper."""
    target = visit.target
    saved = checkpoints.load(session, target.source, target.direction, target.account.user_id)
    if saved is None or saved.query != visit.query or saved.mapper != visit.mapper:
        return visit
    if saved.expires_at <= parts.clock():
        return visit
    return resume(visit, saved.frontier, saved.sums)


def _record_refused(parts: Parts, run: runs.RunHandle, plan: Plan) -> None:
    with parts.database.write() as session:
        runs.add_issues(session, run.id, plan.issues)
        for result in plan.refused:
            if _result_key(result) not in run.done:
                runs.record_target(session, run.id, result)


def _record_failure(parts: Parts, run_id: int, failure: BaseException) -> None:
    # Only our own errors and the system's choose their words; a database's may quote the row that it refused.
    said = f": {failure}" if isinstance(failure, PantauError | OSError) else ""
    issue = Issue(source="", kind=_RUN_FAILED, detail=f"{type(failure).__name__}{said}")
    # A database that cannot be written is often the very failure, and it is the failure that must be told.
    with suppress(DatabaseError), parts.database.write() as session:
        runs.add_issues(session, run_id, [issue])


def _candidates_first(result: TargetResult) -> tuple[bool, str, str]:
    return result.direction is not Direction.CANDIDATE, result.source, result.target


def _key(visit: Visit) -> tuple[str, str, str]:
    return visit.target.source, visit.target.direction.value, visit.target.account.user_id


def _result_key(result: TargetResult) -> tuple[str, str, str]:
    return result.source, result.direction.value, result.target
