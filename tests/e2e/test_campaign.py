"""A whole campaign with a mishap or more on every night ends as one that nothing befell; each mishap is told.

`make soak` plays it longer and from more seeds.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from db.connect import open_database
from monitor.jobs import queue
from tests.campaign.campaigns import Campaign, found_campaign
from tests.campaign.crews import ON_MANY, strike_crew
from tests.campaign.faults import ON_ONE_MACHINE, SEED, Told, draw, strike_office
from tests.campaign.mornings import Stored
from tests.campaign.servers import OwnServer
from tests.campaign.story import tell

NIGHTS = int(os.environ.get("PANTAU_SOAK_NIGHTS", "12"))  # `make soak` plays a whole campaign
SEEDS = range(SEED, SEED + int(os.environ.get("PANTAU_SOAK_SEEDS", "1")))

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120 * NIGHTS), pytest.mark.xdist_group("campaign")]


@dataclass(frozen=True)
class Calm:
    """A campaign that nothing befell: what it stored, and the requests and writes of each of its nights."""

    stored: Stored
    steps: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Struck:
    """A campaign with its mishaps: how each night told of its own, what was wrong in the morning, what it stored."""

    told: tuple[Told, ...]
    complaints: dict[int, list[str]]
    stored: Stored


def on_sqlite(home: Path, template: Path) -> Campaign:
    home.mkdir()
    shutil.copyfile(template, home / "pantau.db")
    database = open_database(f"sqlite:///{home / 'pantau.db'}")
    return found_campaign(tell(NIGHTS), home / "office", database, os.environ)


def on_postgresql(home: Path, server: OwnServer) -> Campaign:
    home.mkdir()
    database = open_database(server.url(server.create()))
    queue.lay_queue(database)
    return found_campaign(tell(NIGHTS), home / "office", database, os.environ)


@pytest.fixture(scope="module")
def calm(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Calm:
    campaign = on_sqlite(tmp_path_factory.mktemp("calm") / "campaign", sqlite_template)
    for night in range(NIGHTS):
        campaign.evening(night)
        assert campaign.night(night).code == 0
        assert campaign.morning(night) == []
    return Calm(campaign.stored(), tuple(campaign.steps))


@pytest.fixture(scope="module")
def server() -> OwnServer:
    return OwnServer(Path(tempfile.gettempdir()) / f"pantau-pg-campaign-{uuid4().hex[:12]}")


@pytest.fixture(scope="module", params=[(dialect, seed) for dialect in ("sqlite", "postgresql") for seed in SEEDS],
                ids=lambda drawn: f"{drawn[0]}-{drawn[1]}")  # fmt: skip
def struck(request: pytest.FixtureRequest, calm: Calm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Struck]:
    """One machine on SQLite; three workers on PostgreSQL."""
    dialect, seed = request.param
    home = tmp_path_factory.mktemp("struck") / "campaign"
    if dialect == "sqlite":
        campaign = on_sqlite(home, request.getfixturevalue("sqlite_template"))
        play = strike_office
        faults = ON_ONE_MACHINE
    else:
        server = request.getfixturevalue("server")
        campaign = on_postgresql(home, server)
        play = partial(strike_crew, restart=server.restart)
        faults = ON_MANY
    complaints, told = {}, []
    for night, blow in enumerate(draw(NIGHTS, seed, faults)):
        campaign.evening(night)
        told.append(play(campaign, night, blow, calm.steps[night]))
        if said := campaign.morning(night):
            complaints[night] = said
    yield Struck(tuple(told), complaints, campaign.stored())
    campaign.database.dispose()


def test_the_story_holds_what_can_go_wrong(calm: Calm) -> None:
    kinds = {kind for kind, _, _ in calm.stored.changes}
    told = [event[0] for events in calm.stored.events.values() for event in events]
    assert kinds == {"gone", "withdrawn", "back", "edited"}
    wordings = Counter(text for text, *_ in calm.stored.texts)
    assert sum(count == 2 for count in wordings.values()) >= 5
    assert {"opened", "decided", "reopened"} <= set(told)
    assert sum(span.exact is None for span in calm.stored.times.values()) >= 3
    assert len(calm.stored.cases) > 30


def test_every_mishap_really_struck(struck: Struck) -> None:
    assert [told.blow for told in struck.told if not told.struck] == []


def test_what_is_stored_is_what_a_campaign_without_mishaps_stores(struck: Struck, calm: Calm) -> None:
    assert struck.stored.differences(calm.stored) == {}


def test_every_mishap_is_told_in_the_morning(struck: Struck) -> None:
    assert [(n, told.blow, sorted(told.named)) for n, told in enumerate(struck.told) if not told.visible] == []


def test_every_morning_all_that_was_kept_is_whole(struck: Struck) -> None:
    assert struck.complaints == {}
