"""A clock that is set in the middle of a night, either way: no wait of days, no act lost or doubled, sound chains."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.connect import Database, open_database
from db.tables import interaction, observation
from db.verify import verify
from monitor.domain import ChangeKind
from scrapers.wire import Answer
from tests.peers.world import Size, make_world
from tests.scan.offices import NOW, HeldClock, Office, office_of
from tests.scan.written_bluesky import URLS, WrittenBluesky

pytestmark = pytest.mark.slow

SMALL = Size(asn=8, bystanders=8, posts=2, likes=2, bystander_likes=4)
NIGHT = timedelta(hours=6)


def acts(database: Database) -> Counter[str]:
    with database.read() as session:
        return Counter(session.execute(sa.select(interaction.c.key)).scalars())


def set_once(clock: HeldClock, network: WrittenBluesky, jump: timedelta) -> None:
    """Set the clock while the third list of likes is asked for."""
    asked = 0

    def fault(_url: str) -> Answer | None:
        nonlocal asked
        asked += 1
        if asked == 3:
            clock.now += jump
        return None

    network.faults["getLikes"] = fault


def calm_acts(network: WrittenBluesky, folder: Path, template: Path) -> Counter[str]:
    shutil.copyfile(template, folder / "tenang.db")
    database = open_database(f"sqlite:///{folder / 'tenang.db'}")
    office_of(network.world, folder / "tenang", database, network.accounts, URLS).scan(network)
    found = acts(database)
    database.dispose()
    return found


@pytest.mark.parametrize("jump", [timedelta(days=2), timedelta(days=-2), timedelta(hours=-1), timedelta(minutes=20)])
def test_a_clock_set_in_the_middle_of_a_night_costs_nothing(
    sqlite_database: Database, sqlite_template: Path, tmp_path: Path, jump: timedelta
) -> None:
    network = WrittenBluesky(make_world(7, NOW, SMALL), page=3)
    office: Office = office_of(network.world, tmp_path / "kantor", sqlite_database, network.accounts, URLS)
    slept: list[float] = []
    sleep = office.clock.sleep
    office.clock.sleep = lambda seconds: (slept.append(seconds), sleep(seconds))[1]  # type: ignore[method-assign]
    set_once(office.clock, network, jump)
    office.scan(network)
    assert sum(slept) < NIGHT.total_seconds()
    office.clock.now = NOW + timedelta(days=1)  # somebody has set it right
    after = office.scan(network)
    assert after.sums_agree
    assert acts(sqlite_database) == calm_acts(network, tmp_path, sqlite_template)
    with sqlite_database.read() as session:
        assert verify(session) == []


def edited(network: WrittenBluesky, home: Path, database: Database, jump: timedelta | None) -> Counter[str]:
    """Return what is noted as edited after two nights, every post edited between them, the clock set in the second."""
    office = office_of(network.world, home, database, network.accounts, URLS)
    office.scan(network)
    before, office.clock.now = network.events, NOW + timedelta(days=1)
    network.events = [replace(e, text=f"{e.text} Diubah.") if e.act == "post" else e for e in before]
    network.texts |= {e.ref: e for e in network.events if e.act == "post"}
    for event in network.events:
        if event.act == "post":
            told = network.done[event.act, event.target or ""]
            told[:] = [event if e.ref == event.ref else e for e in told]
    if jump is not None:
        set_once(office.clock, network, jump)
    office.scan(network)
    with database.read() as session:
        found = sa.select(observation.c.platform_item_id).where(observation.c.kind == ChangeKind.EDITED)
        return Counter(session.execute(found).scalars())


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(hours=5)])
def test_what_was_edited_is_noted_by_a_night_whose_clock_is_set(
    sqlite_database: Database, sqlite_template: Path, tmp_path: Path, jump: timedelta
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "tenang.db")
    world, other = make_world(7, NOW, SMALL), open_database(f"sqlite:///{tmp_path / 'tenang.db'}")
    calm = edited(WrittenBluesky(world, page=3), tmp_path / "tenang", other, None)
    other.dispose()
    assert calm
    assert edited(WrittenBluesky(world, page=3), tmp_path / "kantor", sqlite_database, jump) == calm
