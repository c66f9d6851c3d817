"""An office that looked at a small invented election once, on either database, and is a year older when asked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from db.connect import Database
from tests.peers.world import Size, World, make_world
from tests.scan.offices import NOW, Office, office_of
from tests.scan.written_bluesky import URLS, WrittenBluesky

YEARS = timedelta(days=800)


@pytest.fixture(scope="session")
def small_world() -> World:
    return make_world(7, NOW, Size(asn=6, bystanders=4, posts=2, likes=2, bystander_likes=2))


@pytest.fixture
def network(small_world: World) -> WrittenBluesky:
    return WrittenBluesky(small_world, page=3)


@pytest.fixture
def office(network: WrittenBluesky, database: Database, tmp_path: Path) -> Office:
    """The office has looked once and has cases."""
    made = office_of(network.world, tmp_path / "office", database, network.accounts, URLS)
    made.scan(network)
    return made
