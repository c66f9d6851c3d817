"""A worker of several machines: takes jobs from the queue until it is told to stop.

Told to stop it finishes the answer in hand and hands the rest back. Killed, it is noticed by its silent heartbeat, and
whoever is alive puts its jobs back.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType
from typing import Any, cast

import structlog
from procrastinate import JobContext
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Status

from db import planned_visits, queue_tables, schema
from db.shards import unstaffed
from monitor.domain import Starter
from monitor.errors import DatabaseError, EvidenceElsewhere
from monitor.jobs import errands, queue
from monitor.jobs.queue import Order
from monitor.jobs.starting import noted
from monitor.jobs.station import OtherVersion, Station
from monitor.jobs.waiting import patiently
from monitor.scan.plan import ScanOrder
from monitor.scan.shift import Stopped, sleeper
from monitor.scan.spread import asked_as_json
from monitor.workspace import Workspace

_BEATS = 6  # heartbeats in the time after which a silent worker counts as dead
_LONGEST_BEAT = 30.0  # whoever asks who is alive looks two minutes back, whatever the settings say
_POLL = 2.0  # seconds after which a worker looks for jobs that nobody announced
_ONCE = 0.5
_AGAIN = 5.0  # seconds until a database that went away is asked again
_KEPT_HOURS = 14 * 24
_PATIENCE = 100  # seconds in which a worker that is told to stop hands its work back; systemd kills after 120
_LAST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Duty:
    """What a worker is to do: whose visits, how many jobs at once, and whether it goes home when all is done."""

    shards: tuple[str, ...] = ()
    concurrency: int = 1
    once: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of asking for a night: whether none waited before, the open one it goes on with, who is alive."""

    fresh: bool
    open_night: int | None
    workers: int


def ask_for_night(space: Workspace) -> Asked:
    """Put a night for all workers into the queue."""
    queue.lay_queue(space.database)
    hours = timedelta(hours=space.settings.scan.resume_hours)
    with space.database.write() as session:
        fresh = queue.put(session, [queue.begin_order(asked_as_json(ScanOrder()))]) > 0
        night = planned_visits.open_night(session, space.clock(), hours)
        workers = queue_tables.state(session).workers
    return Asked(fresh, night.run.id if night is not None else None, workers)


def queue_state(space: Workspace) -> tuple[queue_tables.QueueState, tuple[tuple[str, int], ...]]:
    """Return how the queue stands, and by province how many visits no living worker takes."""
    queue_tables.address(space.database)
    with space.database.read() as session:
        return queue_tables.state(session), unstaffed(session, space.clock())


def work(space: Workspace, duty: Duty) -> None:
    """Work until told to stop, or with `once` until nothing is to be done; only for the main thread.

    A database that goes away is waited for. DatabaseError when this program is not the one that the database needs,
    EvidenceElsewhere when this machine does not see the evidence: what was in hand is left to others.
    """
    with noted(space.settings.home, Starter.WORKER, space.clock):
        patiently(lambda: queue.lay_queue(space.database), time.sleep, lambda _: None)
    # The library writes arguments of jobs into its lines, and those name accounts.
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL + 1)
    stop = threading.Event()
    station = Station(space, stop)
    log = structlog.get_logger()
    log.info("worker at work", shards=list(duty.shards), concurrency=duty.concurrency)
    try:
        with _told_to_stop(stop):
            with suppress(Stopped), noted(space.settings.home, Starter.WORKER, space.clock):
                patiently(lambda: errands.ensure_equipped(space), sleeper(stop), lambda _: None)
            while not stop.is_set():
                shift = _Shift(station, duty)
                try:
                    asyncio.run(shift.run())
                except (ConnectorException, DatabaseError, OSError) as error:
                    log.warning("database away", error=type(error).__name__)
                if shift.of_other_version:
                    schema.ensure_current(space.database)
                if shift.elsewhere is not None:
                    raise shift.elsewhere
                if shift.finished:
                    break
                stop.wait(0 if stop.is_set() else _AGAIN)
    finally:
        station.close()
    log.info("worker stopped")


@contextmanager
def _told_to_stop(stop: threading.Event) -> Iterator[None]:
    """Set the event on SIGTERM and SIGINT inside the block, which then has its time to come to its end.

    A worker that waits for somebody's lock or for a server that is silent may not wait for ever: it ends as one that
    was killed does, and its work is taken up from where it stands.
    """

    def tell(number: int, frame: FrameType | None) -> None:
        del number, frame
        if not stop.is_set():
            stop.set()
            signal.alarm(_PATIENCE)

    def give_up(number: int, frame: FrameType | None) -> None:
        del frame
        signal.signal(number, signal.SIG_DFL)  # should the log be what it waits for
        signal.alarm(_LAST_WORDS)
        structlog.get_logger().error("worker gave up waiting", seconds=_PATIENCE)
        os._exit(1)

    handlers = {signal.SIGTERM: tell, signal.SIGINT: tell, signal.SIGALRM: give_up}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        yield
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)


class _Shift:
    """One connection to the queue, from its opening until it ends or breaks."""

    def __init__(self, station: Station, duty: Duty) -> None:
        self.station = station
        self.duty = duty
        self.of_other_version = False
        self.elsewhere: EvidenceElsewhere | None = None
        self.finished = False
        self.app = queue.app_of(station.space.database, 4, duty.shards)
        self.lost_after = station.space.settings.workers.lost_seconds
        self.beat = min(self.lost_after / _BEATS, _LONGEST_BEAT)

        @self.app.task(name=queue.TASK, pass_context=True)
        def carry(context: JobContext, order: dict[str, Any]) -> None:
            self._carry(Order.read(order, context.job.queue))

    async def run(self) -> None:
        """Take jobs until told to stop."""
        asyncio.get_running_loop().set_exception_handler(_lost)
        async with self.app.open_async():
            working = asyncio.ensure_future(self.app.run_worker_async(
                queues=cast("list[str]", queue.queues_of(self.duty.shards)),  # None, all queues, is not in its types
                concurrency=self.duty.concurrency,
                fetch_job_polling_interval=_POLL,
                install_signal_handlers=False,
                delete_jobs=DeleteJobCondition.SUCCESSFUL.value,
                update_heartbeat_interval=self.beat,
                stalled_worker_timeout=self.lost_after,
            ))  # fmt: skip
            tending = asyncio.ensure_future(self._tend())
            watching = asyncio.ensure_future(self._watch())
            try:
                await asyncio.wait({working, watching, tending}, return_when=asyncio.FIRST_COMPLETED)
                self.finished = watching.done() and watching.exception() is None
            finally:
                for task in (tending, watching, working):
                    task.cancel()
                for task in (tending, watching, working):
                    await _ended(task)
        for task in (tending, watching, working):
            if not task.cancelled() and (failure := task.exception()) is not None:
                raise failure

    def _carry(self, order: Order) -> None:
        try:
            errands.carry_out(self.station, order)
        except OtherVersion:
            self.of_other_version = True
            self.station.stop.set()
        except EvidenceElsewhere as failure:
            self.elsewhere = failure
            self.station.stop.set()

    async def _tend(self) -> None:
        """Look after the queue as often as a heartbeat is due: what is due, what was lost, whose worker is dead."""
        while True:
            try:
                await self._tend_once()
            except Exception as failure:  # noqa: BLE001 - the queue is looked after again soon, whatever it was
                structlog.get_logger().warning("queue not looked after", error=type(failure).__name__)
            await asyncio.sleep(self.beat)

    async def _tend_once(self) -> None:
        await asyncio.to_thread(errands.tend, self.station)
        for job in await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self.lost_after):
            order = Order.read(cast("dict[str, Any]", job.task_kwargs["order"]), job.queue)
            await asyncio.to_thread(errands.revive, self.station, order)
            with suppress(ConnectorException):  # somebody else was faster
                await self.app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
        await self.app.job_manager.delete_old_jobs(nb_hours=_KEPT_HOURS, include_failed=True)

    async def _watch(self) -> None:
        """End when told to stop, or once nothing is left where that is what was asked for."""
        while not self.station.stop.is_set():
            if self.duty.once and await asyncio.to_thread(self._all_done):
                return
            await asyncio.sleep(_ONCE)

    def _all_done(self) -> bool:
        space = self.station.space
        hours = timedelta(hours=space.settings.scan.resume_hours)
        with space.database.read() as session:
            jobs = queue_tables.state(session).jobs
            night = planned_visits.open_night(session, space.clock(), hours)
        return night is None and not any(count for (_, status), count in jobs.items() if status in ("todo", "doing"))


def _lost(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Tell of what failed beside the work: mostly a job that others took up because this worker was silent too long."""
    del loop
    structlog.get_logger().warning("queue refused", error=type(context.get("exception")).__name__)


async def _ended(task: Awaitable[None]) -> None:
    with suppress(asyncio.CancelledError, Exception):
        await task
