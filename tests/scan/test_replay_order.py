"""What a night was told, stored again in any order, in parts or twice, leaves the same rows."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from db import accounts, contests, items, runs
from db.connect import Database, open_database
from monitor.domain import AccountRef
from monitor.scan.judging import judge_pending
from monitor.scan.night import run_night
from monitor.scan.parts import Parts
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from monitor.scan.reconcile import reconcile
from monitor.scan.resolve import resolve_handles
from monitor.scan.store import Origin, Sieve, sift
from monitor.scan.watchlist import watchlist
from scrapers.contract import Adapter, Page, Request, Response, SourceOptions, Target
from tests.peers.world import World
from tests.scan.offices import NOW, Office, office_of
from tests.scan.rows import contents, differences
from tests.scan.written_bluesky import URLS, WrittenBluesky

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Told:
    """One answer of the night and what was read in it."""

    request: Request
    response: Response
    page: Page


@dataclass
class Listening:
    """The real adapter, with everything that it read kept."""

    inner: Adapter
    heard: list[Told] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def version(self) -> str:
        return self.inner.version

    def plan(self, target: Target, options: SourceOptions) -> tuple[Request, ...]:
        return self.inner.plan(target, options)

    def read(self, request: Request, response: Response, options: SourceOptions) -> Page:
        page = self.inner.read(request, response, options)
        self.heard.append(Told(request, response, page))
        return page

    def resolve(self, handle: str, options: SourceOptions) -> Request:
        return self.inner.resolve(handle, options)

    def read_identity(self, response: Response) -> AccountRef:
        return self.inner.read_identity(response)

    def hydrate(self, item_ids: tuple[str, ...], options: SourceOptions) -> tuple[Request, ...]:
        return self.inner.hydrate(item_ids, options)


@pytest.fixture(scope="module")
def captures(small_world: World, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    """Two nights a day apart, so that the same answers come at several times."""
    folder = tmp_path_factory.mktemp("captures")
    database = copied(sqlite_template, folder)
    network = WrittenBluesky(small_world, page=4)
    office = office_of(small_world, folder / "office", database, network.accounts, URLS)
    office.clock.tick = timedelta(seconds=1)
    with office.parts(network) as parts:
        listening = Listening(parts.adapters["bluesky"])
        for _ in range(2):
            run_night(replace(parts, adapters={"bluesky": listening}), ScanOrder(), Silent())
            office.clock.now += timedelta(days=1)
    database.dispose()
    return [told for told in listening.heard if told.request.endpoint != "getPosts"]


def store(parts: Parts, told: Sequence[Told]) -> None:
    """Put answers through the same sieve and store as the night and the imports do."""
    with parts.database.read() as session:
        watch = watchlist(accounts.load_register(session))
        sieve = Sieve(watch, parts.rule(contests.load_contests(session)).concerns)
    for one in told:
        sifted = sift(
            one.page, one.response, Origin("bluesky", one.request.endpoint, "bluesky/1"), sieve, parts.evidence
        )
        with parts.database.write() as session:
            items.store_batch(session, sifted.batch, parts.clock())


def learn_names(parts: Parts) -> None:
    """Do what every night begins with."""
    with parts.database.write() as session:
        run = runs.open_run(session, "0" * 32, parts.clock(), timedelta(hours=1))
    assert resolve_handles(parts, run.id, None) == []


def judge(parts: Parts) -> None:
    with parts.database.read() as session:
        known = contests.load_contests(session)
    ruling = parts.rule(known)
    judge_pending(parts, ruling, Silent())
    reconcile(parts, None, ruling)


@pytest.fixture
def filled(office: Office, network: WrittenBluesky, captures: list[Told]) -> Office:
    with office.parts(network) as parts:
        learn_names(parts)
        store(parts, captures)
        judge(parts)
    return office


@pytest.fixture(scope="module")
def as_told(
    small_world: World, captures: list[Told], sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Counter[str]]:
    return stored(small_world, sqlite_template, tmp_path_factory.mktemp("as-told"), captures)


def halves(told: list[Told]) -> list[Told]:
    return told[len(told) // 2 :] + told[: len(told) // 2]


def shuffled(seed: int) -> Callable[[list[Told]], list[Told]]:
    return lambda told: random.Random(seed).sample(told, len(told))


ORDERS = {
    "again": list,
    "first half": lambda told: told[: len(told) // 2],
    "second half": lambda told: told[len(told) // 2 :],
    "reversed": lambda told: told[::-1],
    "shuffled": shuffled(1),
    "twice each": lambda told: [one for one in told for _ in range(2)],
}


def test_replaying_a_night_in_any_order_changes_no_row(
    filled: Office, network: WrittenBluesky, captures: list[Told], database: Database
) -> None:
    before = contents(database)
    with filled.parts(network) as parts:
        for order in ORDERS.values():
            store(parts, order(captures))
            judge(parts)
    assert differences(before, contents(database)) == {}


@pytest.mark.parametrize("order", [lambda told: told[::-1], halves, shuffled(2), shuffled(3)])
def test_the_order_in_which_answers_come_first_does_not_matter(
    small_world: World,
    captures: list[Told],
    as_told: dict[str, Counter[str]],
    sqlite_template: Path,
    tmp_path: Path,
    order: Callable[[list[Told]], list[Told]],
) -> None:
    assert differences(as_told, stored(small_world, sqlite_template, tmp_path / "other", order(captures))) == {}


def stored(world: World, template: Path, folder: Path, told: list[Told]) -> dict[str, Counter[str]]:
    """Return what an office of its own holds after these answers, in this order."""
    database = copied(template, folder)
    network = WrittenBluesky(world)
    office = office_of(world, folder / "office", database, network.accounts, URLS)
    with office.parts(network) as parts:
        learn_names(parts)
        store(parts, told)
        office.clock.now = NOW
        judge(parts)
    rows = contents(database)
    database.dispose()
    return rows


def copied(template: Path, folder: Path) -> Database:
    folder.mkdir(exist_ok=True)
    shutil.copyfile(template, folder / "pantau.db")
    return open_database(f"sqlite:///{folder / 'pantau.db'}")
