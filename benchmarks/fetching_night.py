"""The collecting part of a night over many hosts: our collector, fetcher, sieve, evidence, database, real sockets."""

from __future__ import annotations

import logging
import random
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import structlog

from benchmarks.fetching_wire import NotingWire
from benchmarks.ingest_rows import CAMPAIGN, open_stocked, target
from db import runs
from db.connect import Database
from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActRecord,
    ActTime,
    Direction,
    EndKind,
    Outcome,
    RegisteredAccount,
)
from monitor.evidence.store import EvidenceStore
from monitor.scan.collect import Collector
from monitor.scan.parts import Parts, Ruling
from monitor.scan.progress import Silent
from monitor.scan.store import Sieve
from monitor.scan.visit import Visit
from monitor.scan.watchlist import watchlist
from monitor.vault import Vault
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.fetch import Fetcher, Identity
from scrapers.policy import SourcePolicy
from scrapers.wire import Wire

SOURCES = 10
"""Sources of different pace; a host belongs to one."""

_AUTHOR = AccountRef("bluesky", "did:plc:paslon")
IDENTITY = Identity("Bawaslu Kabupaten Contoh", "pengawasan@contoh.example", "0")


class Pages:
    """A platform whose every answer lists likes and names the next page; now and then a watched person's."""

    version = "1"

    def __init__(self, name: str, load: Load) -> None:
        self.name = name
        self.load = load

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        """Return nothing: the benchmark plans."""
        del target, options
        return ()

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        """Read one page."""
        del options
        number, last = int(request.state["page"] or 0), int(request.state["last"] or 0)
        first = 1 if number % self.load.registered_every == 0 else 1_000_000
        host = urlsplit(request.url).netloc
        acts = tuple(
            ActRecord(
                "bluesky",
                AccountRef("bluesky", f"did:plc:asn{(first if one == 0 else 1_000_000) + number * 7 % 24_000 + one}"),
                Act.LIKE,
                target(0),
                ActTime(hi=response.fetched_at),
                target_author=_AUTHOR,
            )
            for one in range(self.load.engagers)
        )
        if number == last:
            return Page(acts=acts, end=EndKind.EXHAUSTED)
        return Page(acts=acts, follow=(page_of(host, number + 1, last),))

    def resolve(self, handle: str, options: SourceOptions) -> Request:
        """Return nothing that is ever asked."""
        raise AssertionError(f"nobody asks for {handle} with {options}")

    def read_identity(self, response: Response) -> AccountRef:
        """Return nothing that is ever asked."""
        raise AssertionError(f"nobody asks for {response}")

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        """Return nothing: texts are known."""
        del item_ids, options
        return ()


def page_of(host: str, number: int, last: int) -> Request:
    """Return the request for one page of a host's list."""
    url = f"http://{host}/daftar?halaman={number}"
    return Request("daftar", url, Act.LIKE, target(0), state={"page": number, "last": last})


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked: requests by host, the pauses of the sources (hosts take them in turn), who is on a page."""

    asked: dict[str, int]
    pauses: list[float]
    engagers: int = 20
    registered_every: int = 10

    def pause(self, number: int) -> float:
        """Return the pause of the host of this number."""
        return self.pauses[number % len(self.pauses)]


@dataclass(frozen=True, slots=True)
class Done:
    """What it took: seconds on the wall and of this process, and how many acts were stored."""

    took: float
    cpu: float
    stored: int


def measure(
    places: list[str], port: int, latency: float, seconds: float, delays: tuple[float, float]
) -> dict[str, Any]:
    """Collect from all hosts, each asked as often as fills about so many seconds at its own pace."""
    chance = random.Random(7)
    pauses = [delays[0] + (delays[1] - delays[0]) * n / (SOURCES - 1) for n in range(SOURCES)]
    wanted = [2 + int(seconds * (0.3 + 0.7 * chance.random()) / pauses[n % SOURCES]) for n in range(len(places))]
    load = Load(dict(zip(places, wanted, strict=True)), pauses)
    ideal = max((count - 1) * max(load.pause(n), latency) + latency for n, count in enumerate(wanted))
    wire = NotingWire()
    with tempfile.TemporaryDirectory(prefix="pantau-ukur-") as folder:
        done = collect(Path(folder), load, wire)
    told = httpx.get(f"http://127.0.0.1:{port}/told", trust_env=False).json()
    at = {place: load.pause(number) for number, place in enumerate(places)}
    sent = [gap / at[host] for host, gap in wire.gaps()]
    gaps = [(b - a) / at[f"{host}:{port}"] for host, starts in told.items() for a, b in pairwise(starts)]
    return {
        "hosts": len(places), "delays": delays, "latency": latency, "requests": sum(wanted), "stored": done.stored,
        "seconds": done.took, "ideal": ideal, "ratio": done.took / ideal, "smallest_gap": min(gaps),
        "smallest_sent_gap": min(sent),
        "cpu_ms": done.cpu * 1000 / sum(wanted),
    }  # fmt: skip


def collect(folder: Path, load: Load, wire: Wire | None = None) -> Done:
    """Make a visit to every host with everything that a night does to its answers."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    database = open_stocked(f"sqlite:///{folder}/pantau.db", 1)
    parts = _parts(folder, database, load, wire)
    with database.write() as session:
        run = runs.open_run(session, "0" * 32, parts.clock(), timedelta(hours=1))
    people = [
        RegisteredAccount(n, AccountRef("bluesky", f"did:plc:asn{n}"), AccountKind.ASN, n) for n in range(1, 25_001)
    ]
    collector = Collector(parts, Sieve(watchlist(people), lambda _: False), run.id, Silent())
    visits = [
        _visit(number, place, number % len(load.pauses), count)
        for number, (place, count) in enumerate(load.asked.items())
    ]
    began, cpu = time.monotonic(), time.process_time()
    collector.collect(visits)
    took, cpu = time.monotonic() - began, time.process_time() - cpu
    wrong = [result for result in collector.results if result.outcome not in (Outcome.OK, Outcome.PARTIAL)]
    if wrong or sum(result.requests for result in collector.results) != sum(load.asked.values()):
        raise SystemExit(f"not all was read: {wrong[:3]}")
    parts.fetcher.close()  # type: ignore[attr-defined]  # the real one
    database.dispose()
    return Done(took, cpu, sum(result.interactions for result in collector.results))


def _visit(number: int, place: str, source: int, pages: int) -> Visit:
    account = RegisteredAccount(CAMPAIGN, AccountRef("bluesky", f"did:plc:paslon{number}"), AccountKind.REGISTERED)
    aim = Target(f"contoh{source}", Direction.CANDIDATE, account.ref)
    return Visit(aim, account, {}, "0" * 32, "1", [page_of(place, 0, pages - 1)])


def _parts(folder: Path, database: Database, load: Load, wire: Wire | None) -> Parts:
    policies = {
        f"contoh{n}": SourcePolicy(
            source=f"contoh{n}", enabled=True, legal_basis="-", approved_by="-", approved_at=date(2026, 11, 1),
            robots="not_applicable", max_rps=1 / pause, daily_cap=10**9, allow_hosts=tuple(load.asked),
        )
        for n, pause in enumerate(load.pauses)
    }  # fmt: skip
    return replace(
        bare_parts(folder, database),
        fetcher=Fetcher(policies, IDENTITY, _now, time.sleep, wire),
        adapters={name: Pages(name, load) for name in policies},
        policies=policies,
    )


def bare_parts(folder: Path, database: Database) -> Parts:
    """Return the parts of a night that has no sources and no rules."""
    return Parts(
        database=database,
        evidence=EvidenceStore(folder / "bukti", Vault(b"k" * 32)),
        fetcher=Fetcher({}, IDENTITY, _now, time.sleep),
        adapters={},
        manifests={},
        options={},
        policies={},
        rule=lambda _: Ruling(None, lambda _: False, (), (), "{}"),
        clock=_now,
        lock=lambda _: nullcontext(),
        resume_after=timedelta(hours=1),
        since_days=None,
        judge_batch=1000,
    )


def _now() -> datetime:
    return datetime.now(UTC)
