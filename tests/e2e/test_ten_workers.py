"""Ten workers and one network that refuses what is beyond its limit: they stay below it and find everything."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.connect import open_database
from db.tables import host_pace, scan_run
from tests.conftest import PostgresServer
from tests.peers.bluesky import devnet
from tests.peers.fixtures import SEED, PeerWorld, played_on_bluesky, this_hour
from tests.peers.office import Office, found_office
from tests.peers.require import leave_out
from tests.peers.warm import start
from tests.peers.world import Size, make_world

pytestmark = [pytest.mark.peer, pytest.mark.slow, pytest.mark.timeout(900)]
WORKERS = 10
POINTS, SECONDS = 20, 10


@dataclass(frozen=True, slots=True)
class Night:
    peer: PeerWorld
    summary: dict[str, object]
    stored: frozenset[str]
    refused: int
    booked: int


@pytest.fixture(scope="module")
def night(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    if reason := devnet.why_not():
        leave_out("Bluesky network", reason)
    world = make_world(SEED + 7, this_hour(), Size(asn=24))
    limits = {"PDS_RATE_LIMITS": "1", "PDS_LIMIT": f"{POINTS}/{SECONDS}"}
    name = postgres_server.create()
    with devnet.devnet(world.seed(), limits) as answer, pytest.MonkeyPatch.context() as environment:
        environment.setenv("PANTAU_DATABASE_URL", postgres_server.url(name))
        peer, log = played_on_bluesky(world, answer), Path(answer["refused"])
        office = found_office(tmp_path_factory.mktemp("sepuluh") / "office", peer, more="\n[schedule]\nrevisit = {}\n")
        before = lines(log)
        work_together(office)
        yield told(office, peer, lines(log) - before)
    postgres_server.drop(name)


def work_together(office: Office) -> None:
    office.run("worker", "--night")
    asked = ["--workspace", str(office.home), "worker", "--once", "--concurrency", "1"]
    workers = [start(asked, os.environ) for _ in range(WORKERS)]
    for worker in workers:
        out, said = worker.communicate(timeout=600)
        assert worker.returncode == 0, f"{out[-2000:]}\n{said[-4000:]}"


def told(office: Office, peer: PeerWorld, refused: int) -> Night:
    database = open_database(office.database_url)
    try:
        with database.read() as session:
            summary = session.execute(sa.select(scan_run.c.summary)).scalar_one()
            pds = peer.urls["pds_url"].rsplit(":", 1)[1]
            counted = sa.select(host_pace.c.booked).where(host_pace.c.host.endswith(f":{pds}"))
            booked = session.execute(counted).scalar_one()
    finally:
        database.dispose()
    return Night(peer, summary, frozenset(office.stored_acts()), refused, booked)


def lines(log: Path) -> int:
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_the_network_refuses_nothing(night: Night) -> None:
    assert night.booked > POINTS  # more than one window's worth was asked
    assert night.refused == 0


def test_ten_workers_find_everything_and_nothing_else(night: Night) -> None:
    assert night.summary["ok"], night.summary["issues"]
    assert night.stored == {act.key for act in night.peer.truth.acts}
