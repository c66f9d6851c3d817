"""Workers that claim one case after the other at once: how long each waits, and that every case goes to one of them.

Every tenth of a second all of them ask for the same case. On PostgreSQL every worker is a process of its own with a
connection of its own, so that none waits for another's turn at Python. On SQLite they are threads, as in the console,
whose writers stand in one line.
"""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier

import sqlalchemy as sa

from db import leases, next_cases
from db.connect import Database, Session, open_database
from db.tables import lease, review_case
from monitor.errors import ConflictError

_FIRST_USER = 3
_EVERY = 0.1
"""Seconds from one case to the next: a crowd at one case is measured, not a machine that never comes to rest."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one worker does: it claims every one of these cases."""

    url: str
    user_id: int
    cases: tuple[int, ...]
    now: datetime


@dataclass(slots=True)
class Claimed:
    """Milliseconds of a worker's claims: seen from the worker with and without the transaction, and in the server."""

    whole: list[float]
    call: list[float]
    server: list[float]
    won: list[int]


def measure(database: Database, workers: int, each: int) -> list[tuple[str, int, list[float]]]:
    """Let workers claim `each` cases a head, all of them every one; return what was measured with its bar."""
    now = datetime.now(UTC)
    held = sa.select(lease.c.case_id).where(lease.c.expires_at > now)
    free = sa.select(review_case.c.id).where(review_case.c.id.not_in(held)).order_by(review_case.c.id.desc())
    with database.read() as session:
        cases = tuple(session.execute(free.limit(each * workers)).scalars())
    tasks = [Task(database.url, _FIRST_USER + number, cases, now) for number in range(workers)]
    found = _in_processes(tasks) if database.dialect == "postgresql" else _in_threads(tasks)
    won = [case_id for one in found for case_id in one.won]
    assert sorted(won) == sorted(cases), "a case went to two, or to nobody"
    whole, call, server = ([ms for one in found for ms in getattr(one, name)] for name in ("whole", "call", "server"))
    name = f"claim, {workers} workers"
    if not server:
        return [(f"{name}, with its transaction", 20, whole), (f"{name}, the call", 0, call)]
    return [
        (f"{name}, the call in the server", 20, server),
        (f"{name}, the call", 0, call),
        (f"{name}, with its transaction", 0, whole),
    ]


def _in_threads(tasks: list[Task]) -> list[Claimed]:
    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(_work, tasks))


def _in_processes(tasks: list[Task]) -> list[Claimed]:
    context = multiprocessing.get_context("spawn")
    begin = context.Barrier(len(tasks))
    with context.Pool(len(tasks), initializer=_wait_for, initargs=(begin,)) as pool:
        return pool.map(_begin, tasks, chunksize=1)


_begins: list[Barrier] = []


def _wait_for(begin: Barrier) -> None:
    _begins.append(begin)


def _begin(task: Task) -> Claimed:
    with open_database(task.url).read() as session:  # the connection is open before anybody begins
        session.execute(sa.select(1))
    _begins[0].wait()
    return _work(task)


def _work(task: Task) -> Claimed:
    database, done = open_database(task.url), Claimed([], [], [], [])
    at = time.monotonic()
    for case_id in task.cases:
        at += _EVERY
        time.sleep(max(at - time.monotonic(), 0))
        began = time.perf_counter()
        with database.write() as session:
            asked = time.perf_counter()
            free = next_cases.lock_free(session, case_id)  # as whoever takes the next case does
            mine, server = _claim(session, case_id, task) if free else (False, None)
            done.call.append((time.perf_counter() - asked) * 1000)
        done.whole.append((time.perf_counter() - began) * 1000)
        done.server.extend([server] if server is not None else [])
        done.won.extend([case_id] if mine else [])
    return done


def _claim(session: Session, case_id: int, task: Task) -> tuple[bool, float | None]:
    """Claim a case, and say whether it was had and how many milliseconds the server took, where it can be asked."""
    if session.dialect.name == "sqlite":
        try:
            leases.claim(session, case_id, task.user_id, task.now)
        except ConflictError:
            return False, None
        return True, None
    claimed = leases.claiming("postgresql").cte()
    spent = sa.extract("epoch", sa.func.clock_timestamp() - sa.func.statement_timestamp()) * 1000
    bound = {"of_case": case_id, "for_user": task.user_id, "moment": task.now, "until": task.now + leases.LENGTH}
    had, took = session.execute(sa.select(sa.func.count(), spent).select_from(claimed), bound).one()
    return bool(had), float(took)
