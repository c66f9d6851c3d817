"""What a night writes into the log: its run's number, sources, outcomes and counts; nobody's name, account or words.

And what the log, or a start that failed before the night, could not tell: the night remarks it.

An account is told by the number of its row, which says nothing outside the office's own database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import copy_context
from typing import ParamSpec, TypeVar

import structlog

from db.runs import RunHandle
from monitor.domain import FailedStart, Issue, TargetResult
from monitor.labels import label
from monitor.log import LOST
from monitor.moments import short
from monitor.scan.parts import Parts
from monitor.scan.summary import ScanSummary

START_FAILED = "start_failed"
_LOST = Issue(
    "", "log_lost", "cakram atau pipa yang menampung log tidak menerima baris lagi; pekerjaannya sendiri berjalan"
)

P = ParamSpec("P")
R = TypeVar("R")


def bound(run_id: int) -> AbstractContextManager[object]:
    """Put the run's number on every line that is logged within the block."""
    return structlog.contextvars.bound_contextvars(run=run_id)


def carried(work: Callable[P, R]) -> Callable[P, R]:
    """Return work for another thread that logs with what is bound here."""
    context = copy_context()

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return context.run(work, *args, **kwargs)

    return run


@contextmanager
def lost() -> Iterator[tuple[Issue, ...]]:
    """Give a remark where lines of this process could not be written; they count as told once the block ends well."""
    lines = LOST.lines
    yield (_LOST,) if lines else ()
    LOST.told(lines)


@contextmanager
def failed_starts(parts: Parts) -> Iterator[tuple[Issue, ...]]:
    """Give remarks of starts that failed before any record; their words are removed once the block ends well."""
    starts = parts.last_words.read() if parts.last_words is not None else ()
    yield tuple(_failed_start(parts, start) for start in starts)
    if parts.last_words is not None:
        with suppress(OSError):  # a disk that takes nothing now: they are told once more
            parts.last_words.forget(starts)


def _failed_start(parts: Parts, start: FailedStart) -> Issue:
    last = short(start.last, parts.zone)
    when = last if start.times == 1 else f"{start.times} kali, dari {short(start.first, parts.zone)} sampai {last}"
    return Issue("", START_FAILED, f"{label(start.what)} ({when}): {label(start.why)}", needs_person=False)


def begun(run: RunHandle) -> None:
    """Log that a night begins, or is taken up again."""
    structlog.get_logger().info("night begun", run=run.id, resumed=run.resumed, done_before=len(run.done))


def visit_ended(result: TargetResult, account_id: int) -> None:
    """Log how a visit ended."""
    start, end = result.started_at, result.finished_at
    structlog.get_logger().info(
        "visit ended",
        source=result.source,
        direction=result.direction.value,
        account=account_id,
        outcome=result.outcome.value,
        requests=result.requests,
        items=result.items,
        acts=result.interactions,
        bystanders=result.bystanders_discarded,
        seconds=(end - start).total_seconds() if start is not None and end is not None else None,
    )


def remarked(issues: Iterable[Issue]) -> None:
    """Log that issues were written, counted by kind: their words may quote accounts."""
    for (source, kind, needs), count in Counter((i.source, i.kind, i.needs_person) for i in issues).items():
        structlog.get_logger().info("night remarked", source=source, kind=kind, needs_person=needs, count=count)


def broken_off(failure: BaseException) -> None:
    """Log what kind of failure ended a night early; its words stand in the run's record."""
    structlog.get_logger().error("night broken off", error=type(failure).__name__)


def ended(summary: ScanSummary) -> None:
    """Log what a night came to."""
    judged, cases = summary.judged, summary.cases
    structlog.get_logger().info(
        "night ended",
        ok=summary.ok,
        seconds=(summary.finished - summary.started).total_seconds(),
        targets=dict(Counter(target.outcome.value for target in summary.targets)),
        evaluated=judged.evaluated,
        hits=judged.hits,
        misses=judged.misses,
        not_evaluable=judged.not_evaluable,
        errors=judged.errors,
        new_cases=cases.new,
        joined=cases.joined,
        issues=len(summary.issues),
    )
