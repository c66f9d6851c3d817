"""A night of three workers: what befalls one of them, or all, and how the others bring the night to its end."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from monitor.jobs import queue
from monitor.scan.plan import ScanOrder
from monitor.scan.spread import asked_as_json
from tests.campaign.campaigns import Campaign, Ended, Running
from tests.campaign.faults import Blow, Fault, Told, mishap_of, paused, requests_of, writes_of
from tests.campaign.playing import PATIENCE, Mishap

CREW = 3
ON_MANY: tuple[Fault, ...] = tuple(
    fault for fault in Fault if fault is not Fault.JUMP
)  # pace and order are the database's clock's
_WORKER = ("worker", "--once", "--concurrency", "1")
_AT_WORK = 30  # writes after which a worker has something in its hands
_PART = 0.15  # of a night's steps, what every one of three workers surely makes


def strike_crew(
    campaign: Campaign, night: int, blow: Blow, usual: tuple[int, int], restart: Callable[[], None]
) -> Told:
    """Run a night of three workers that is struck; see `strike_office`. `restart` crashes the database's server."""
    with campaign.database.write() as session:
        queue.put(session, [queue.begin_order(asked_as_json(ScanOrder()), campaign.story.moment(night))])
    step = 1 + int(blow.share * _PART * usual[0])
    write = _AT_WORK + int(blow.share * _PART * usual[1])
    struck, others = True, []
    match blow.fault:
        case Fault.STORM | Fault.BLIND:
            crew = [_worker(campaign, night, mishap_of(blow), step) for _ in range(CREW)]
        case Fault.OVERLAP | Fault.RESTART:
            crew = _joined(campaign, night, _worker(campaign, night, Mishap.PAUSE, step))
            others = _while_paused(campaign, night, crew[0], restart if blow.fault is Fault.RESTART else None)
        case Fault.FULL:
            crew = _joined(campaign, night, _worker(campaign, night, most_file_bytes=500))
        case Fault.POWER:
            crew = _joined(campaign, night, _worker(campaign, night, mishap_of(blow), write))
        case _:
            crew = _joined(campaign, night, _worker(campaign, night))
            _kill_at(crew[0], write)
    ends = _ended(crew)
    if blow.fault in (Fault.POWER, Fault.KILLED):
        struck = ends[0].code == -signal.SIGKILL
    return Told(blow, (*ends, *others), struck, campaign.told(night))


def _worker(campaign: Campaign, night: int, mishap: Mishap = Mishap.NONE, step: int = 0, **more: Any) -> Running:
    waited = campaign.office.home.parent / f"{campaign.office.home.name}-night{night}-waited"
    return campaign.start(night, mishap, step, command=_WORKER, waited=waited, **more)


def _joined(campaign: Campaign, night: int, first: Running) -> list[Running]:
    """Return a worker at work and the others, who come once it asked something: so it has work in its hands."""
    until = time.monotonic() + PATIENCE
    while first.process.poll() is None and not requests_of(first):
        assert time.monotonic() < until
        time.sleep(0.002)
    return [first, *_others(campaign, night)]


def _others(campaign: Campaign, night: int) -> list[Running]:
    return [_worker(campaign, night) for _ in range(CREW - 1)]


def _while_paused(campaign: Campaign, night: int, worker: Running, restart: Callable[[], None] | None) -> list[Ended]:
    """Restart the server while a worker waits for an answer, or else start a night by hand, which is refused."""
    paused(worker)
    refused = []
    if restart is not None:
        restart()
    else:
        refused = [campaign.start(night, late=timedelta(minutes=10)).end()]
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
