"""A night of three workers: what befalls one of them, or all, and how the others bring the night to its end."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence

from monitor.jobs import queue
from monitor.scan.plan import ScanOrder
from monitor.scan.spread import asked_as_json
from tests.campaign.campaigns import Campaign, Ended, Running
from tests.campaign.faults import Blow, Fault, Told, mishap_of, paused, writes_of
from tests.campaign.playing import PATIENCE, Mishap

CREW = 3
ON_MANY: tuple[Fault, ...] = tuple(
    fault for fault in Fault if fault is not Fault.JUMP
)  # pace and order are the database's clock's
_WORKER = ("worker", "--once", "--concurrency", "1")
_PART = 0.15  # of a night's steps, what every one of three workers surely makes


def strike_crew(
    campaign: Campaign, night: int, blow: Blow, usual: tuple[int, int], restart: Callable[[], None]
) -> Told:
    """Run a night of three workers that is struck; see `strike_office`. `restart` crashes the database's server."""
    with campaign.database.write() as session:
        queue.put(session, [queue.begin_order(asked_as_json(ScanOrder()), campaign.story.moment(night))])
    step = 1 + int(blow.share * _PART * usual[0])
    write = 1 + int(blow.share * _PART * usual[1])
    struck, others = True, []
    match blow.fault:
        case Fault.STORM | Fault.BLIND:
            crew = [_worker(campaign, night, mishap_of(blow), step) for _ in range(CREW)]
        case Fault.OVERLAP | Fault.RESTART:
            crew = [_worker(campaign, night, Mishap.PAUSE, step), *_well(campaign, night)]
            others = _while_paused(campaign, night, crew[0], restart if blow.fault is Fault.RESTART else None)
        case Fault.FULL:
            crew = [campaign.start(night, command=_WORKER, most_file_bytes=500), *_well(campaign, night)]
        case Fault.POWER:
            crew = [_worker(campaign, night, mishap_of(blow), write), *_well(campaign, night)]
        case _:
            crew = [_worker(campaign, night), *_well(campaign, night)]
            _kill_at(crew[0], write)
    ends = _ended(crew)
    if blow.fault in (Fault.POWER, Fault.KILLED):
        struck = ends[0].code == -signal.SIGKILL
    return Told(blow, (*ends, *others), struck, campaign.told(night))


def _worker(campaign: Campaign, night: int, mishap: Mishap = Mishap.NONE, step: int = 0) -> Running:
    return campaign.start(night, mishap, step, command=_WORKER)


def _well(campaign: Campaign, night: int) -> list[Running]:
    return [_worker(campaign, night) for _ in range(CREW - 1)]


def _while_paused(campaign: Campaign, night: int, worker: Running, restart: Callable[[], None] | None) -> list[Ended]:
    """Restart the server while a worker waits for an answer, or else start a night by hand, which is refused."""
    paused(worker)
    refused = []
    if restart is not None:
        restart()
    else:
        refused = [campaign.start(night).end()]
        assert refused[0].code == 3, refused
    (worker.play.folder / "go").touch()
    return refused


def _kill_at(worker: Running, write: int) -> None:
    until = time.monotonic() + PATIENCE
    while worker.process.poll() is None and writes_of(worker) < write:
        assert time.monotonic() < until
        time.sleep(0.002)
    worker.process.kill()


def _ended(crew: Sequence[Running]) -> tuple[Ended, ...]:
    ends = tuple(worker.end() for worker in crew)
    assert any(end.code == 0 for end in ends), ends
    return ends
