"""One decision for several cases: each is decided by itself, and each says what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from db import audit, events, leases
from db.connect import Database
from monitor.desk.decisions import Manner, decide
from monitor.domain import CaseState, DecisionCommand, EventKind, UserRow
from monitor.errors import ConflictError, EvidenceError, PantauError, RefusedError, UsageError
from monitor.labels import label
from monitor.review import machine

MOST = 50


class Became(StrEnum):
    """What became of one case."""

    DONE = "done"
    BEFORE = "before"
    HELD = "held"
    STALE = "stale"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class BulkWish:
    """The cases with the version that was shown of each, and the one decision for all."""

    items: tuple[tuple[int, int], ...]
    to: CaseState
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class BulkResult:
    """One case and what became of it, in words when it was not decided."""

    case_id: int
    became: Became
    error: PantauError | None = None

    @property
    def done(self) -> bool:
        """Whether the decision stands, made now or by the same form before."""
        return self.became in (Became.DONE, Became.BEFORE)


def decide_many(
    database: Database, user: UserRow, wish: BulkWish, now: datetime, given: tuple[frozenset[int], Manner]
) -> tuple[BulkResult, ...]:
    """Decide each case in a transaction of its own; `given` are the cases that were shown, and the manner.

    Nothing is taken from others: a case that somebody reviews, or that changed since it was shown, stays as it is.
    UsageError for none, for too many, without a reason, or for a step that cases take one by one.
    """
    if not wish.items:
        raise UsageError("Belum ada yang dicentang", "centang informasi awal yang Anda maksud")
    if len(wish.items) > MOST:
        raise UsageError(f"Paling banyak {MOST} sekaligus", "kurangi yang dicentang")
    if wish.to not in machine.TOGETHER:
        raise UsageError(f"Langkah “{label(wish.to)}” diambil satu per satu", "buka informasi awalnya, lalu putuskan")
    if not wish.reason and wish.to is not CaseState.DITINJAU:
        raise UsageError("Keputusan ini perlu alasan", "pilih satu alasan untuk semua yang dicentang")
    inside, manner = given
    results = tuple(_decide_one(database, user, wish, item, (now, manner, inside)) for item in wish.items)
    counts = {kind.value: sum(result.became is kind for result in results) for kind in Became}
    with database.write() as session:
        detail = {"to": wish.to.value, "reason": wish.reason, **counts}
        audit.record(session, actor=user.name, action="bulk_decided", subject="cases", detail=detail, now=now)
    return results


def _decide_one(
    database: Database,
    user: UserRow,
    wish: BulkWish,
    item: tuple[int, int],
    given: tuple[datetime, Manner, frozenset[int]],
) -> BulkResult:
    (case_id, version), (now, manner, inside) = item, given
    if case_id not in inside:
        return BulkResult(case_id, Became.REFUSED, _outside(case_id))
    command = DecisionCommand(case_id, wish.to, wish.reason, user, note=wish.note, version=version)
    try:
        decide(database, command, now, manner)
    except ConflictError as error:
        return _conflict(database, user, wish, case_id, (now, error))
    except (RefusedError, UsageError, EvidenceError) as error:
        return BulkResult(case_id, Became.REFUSED, error)
    return BulkResult(case_id, Became.DONE)


def _conflict(
    database: Database, user: UserRow, wish: BulkWish, case_id: int, given: tuple[datetime, ConflictError]
) -> BulkResult:
    """Tell a form that was sent twice from a case that somebody else changed or holds."""
    now, error = given
    with database.read() as session:
        last = events.history(session, case_id)[-1]
        holder = leases.current(session, [case_id], now).get(case_id)
    same = (last.kind, last.user_id, last.to_state, last.reason, last.note) == (
        EventKind.DECIDED, user.id, wish.to, wish.reason, wish.note,
    )  # fmt: skip
    if same:
        return BulkResult(case_id, Became.BEFORE)
    held = holder is not None and holder.user_id != user.id
    return BulkResult(case_id, Became.HELD if held else Became.STALE, error)


def _outside(case_id: int) -> UsageError:
    return UsageError(f"Informasi awal {case_id} tidak ada dalam kelompok ini", "buka kelompoknya lagi")
