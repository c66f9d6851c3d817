"""The queue of many machines: jobs by name and kind, kept by Procrastinate on the program's own PostgreSQL.

All jobs are carried by one task of the library, so that a worker of an older program meets no unknown task: a kind of
job that it does not know is left for others. Whether a piece of work is done stands in the program's own tables; a job
is only the errand to do it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.jobs import Job as Errand
from procrastinate.schema import SchemaManager
from psycopg import AsyncConnection

from db import queue_tables
from db.connect import LINE, Database, Session
from db.planned_visits import PlannedVisit
from db.runs import TargetKey
from db.shards import SIGN, signs

TASK = "pantau"
FORM = 1
"""How the arguments of jobs are written; a worker leaves those of a newer form to others."""

NIGHT, WORK = "malam", "kerja"


@dataclass(frozen=True, slots=True)
class Order:
    """One job: its kind and arguments, the queue it waits in, and the lock it is done under.

    Of two jobs of one name only one waits at a time. `tries` counts how often it failed or died so far.
    """

    kind: str
    name: str
    args: Mapping[str, Any]
    queue: str = WORK
    lock: str | None = None
    tries: int = 0
    form: int = FORM

    @property
    def written(self) -> dict[str, Any]:
        """As it lies in the queue."""
        return {
            "kind": self.kind, "name": self.name, "args": dict(self.args), "tries": self.tries, "form": self.form,
            "lane": self.lock,
        }  # fmt: skip

    @classmethod
    def read(cls, written: Mapping[str, Any], queue: str) -> Order:
        """Return the job that lies in a queue."""
        return cls(
            str(written.get("kind", "")), str(written.get("name", "")), written.get("args", {}), queue,
            written.get("lane"), int(written.get("tries", 0)), int(written.get("form", 0)),
        )  # fmt: skip

    @property
    def why(self) -> str:
        """Why it is tried again, where nothing but the job itself can remember that."""
        return str(self.args.get("why", ""))

    def again(self) -> Order:
        """Return the job with one more try counted."""
        return replace(self, tries=self.tries + 1)

    def because(self, why: str) -> Order:
        """Return the job with the reason for which it is tried again."""
        return replace(self, args={**self.args, "why": why})


def begin_order(asked: str, due_at: datetime | None = None) -> Order:
    """Return the job that begins a shared night."""
    args = {"asked": asked, "due_at": due_at.isoformat() if due_at is not None else None}
    return Order("night_begin", "begin", args, NIGHT, "night")


def visit_order(run_id: int, visit: PlannedVisit) -> Order:
    """Return the job of one visit; it lies with the workers of its province."""
    key: TargetKey = visit.key
    name = f"{visit_prefix(run_id)}{'|'.join(key)}"
    return Order("visit", name, {"run": run_id, "key": list(key)}, f"{queue_tables.REGION}{visit.shard}", visit.lane)


def visit_prefix(run_id: int) -> str:
    """Return how the names of the visits of a night begin."""
    return f"visit|{run_id}|"


def end_order(run_id: int) -> Order:
    """Return the job that ends a shared night."""
    return Order("night_end", f"end|{run_id}", {"run": run_id}, NIGHT, "night")


def work_order(job: str, due_at: datetime) -> Order:
    """Return the job that does another piece of the schedule."""
    return Order("job", f"job|{job}", {"job": job, "due_at": due_at.isoformat()}, WORK, f"job|{job}")


def queues_of(shards: Iterable[str]) -> list[str] | None:
    """Return the queues of the workers of these provinces; None is every queue."""
    wanted = sorted(set(shards))
    return (
        [NIGHT, WORK, queue_tables.REGION, *(f"{queue_tables.REGION}{shard}" for shard in wanted)] if wanted else None
    )


def lay_queue(database: Database) -> None:
    """Make sure that the queue's tables are there."""
    queue_tables.address(database)
    queue_tables.lay(database, SchemaManager.get_schema(), f"procrastinate {version('procrastinate')}")


def app_of(database: Database, connections: int, shards: Iterable[str] | None = None) -> App:
    """Return the library's app on the program's database; with `shards` it is a worker that takes their visits."""
    signed = signs(secrets.randbits(31), shards) if shards is not None else ()

    async def configure(connection: AsyncConnection[Any]) -> None:
        # No transaction outlasts its statement: who freezes between the two would hold a lane's lock for all.
        await connection.set_autocommit(True)
        for sign in signed:
            await connection.execute(SIGN, sign)

    connector = PsycopgConnector(
        conninfo=queue_tables.address(database),
        kwargs={"options": f"-c search_path={queue_tables.SCHEMA}", **LINE},
        configure=configure,
        min_size=1,
        max_size=max(connections, 4),
    )
    return App(connector=connector)


def put(session: Session, orders: Iterable[Order], wait: timedelta = timedelta(0)) -> int:
    """Put jobs into the queue within a transaction, but for those whose name waits there; return how many."""
    wanted = {order.name: order for order in orders}
    known = queue_tables.to_do(session, list(wanted))
    at = datetime.now(UTC) + wait if wait else None  # the queue's clock is the machines', never a held one
    errands = [_errand(order, at) for name, order in wanted.items() if name not in known]
    if errands:
        manager = App(connector=SyncPsycopgConnector()).job_manager
        with queue_tables.driver_of(session) as driver:
            manager.batch_defer_jobs(errands, connection=driver)
    return len(errands)


def _errand(order: Order, at: datetime | None) -> Errand:
    return Errand(
        id=None, queue=order.queue, lock=order.lock, queueing_lock=order.name, task_name=TASK,
        task_kwargs={"order": order.written}, scheduled_at=at,
    )  # fmt: skip
