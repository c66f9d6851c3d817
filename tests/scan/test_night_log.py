"""What a night logs: the number of its run on every line, in every thread, and nobody who can be recognised."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from db.connect import Database
from monitor import log
from monitor.errors import EvidenceError
from monitor.scan.night import run_night
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from scrapers.wire import Answer
from tests.peers.truth import truth_of
from tests.peers.world import make_world
from tests.scan.conftest import SMALL
from tests.scan.offices import NOW, Office, office_of
from tests.scan.written_bluesky import URLS, WrittenBluesky

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """Log as `pantau --log-json` does, and return what was logged so far."""
    before = structlog.get_config()
    log.configure(json=True)
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.configure(**before)


@pytest.fixture
def network() -> WrittenBluesky:
    return WrittenBluesky(make_world(7, NOW, SMALL), page=3)


@pytest.fixture
def office(network: WrittenBluesky, sqlite_database: Database, tmp_path: Path) -> Office:
    return office_of(network.world, tmp_path / "office", sqlite_database, network.accounts, URLS)


def test_every_line_of_a_night_carries_its_run_and_names_nobody(
    network: WrittenBluesky, office: Office, lines: Lines
) -> None:
    broken = iter((True, True, False))
    network.faults["getLikes"] = lambda url: Answer(500, {}, b"", url) if next(broken, False) else None
    summary = office.scan(network)
    said = lines()
    assert {line["run"] for line in said} == {summary.run}
    assert said[0]["event"] == "night begun"
    assert said[-1]["event"] == "night ended"
    assert len([line for line in said if line["event"] == "visit ended"]) == len(summary.targets)
    world = network.world
    secret = {word for actor in world.actors for word in (actor.name, actor.handle, actor.nip) if len(word) > 3}
    secret |= {*network.accounts.values(), *truth_of(world, "bluesky", network.accounts, network.items).bystanders}
    text = json.dumps(said, ensure_ascii=False)
    assert [word for word in sorted(secret) if word in text] == []


def test_a_night_that_breaks_off_says_with_what_and_not_in_whose_words(
    network: WrittenBluesky, office: Office, lines: Lines
) -> None:
    def broken(url: str) -> None:
        raise EvidenceError(f"rahasia {url}")

    network.faults["getAuthorFeed"] = broken
    with office.parts(network) as parts, pytest.raises(EvidenceError):
        run_night(parts, ScanOrder(), Silent())
    said = lines()
    last = said[-1]
    assert (last["event"], last["error"], last["run"]) == ("night broken off", "EvidenceError", 1)
    assert "rahasia" not in json.dumps(said)


def test_people_at_a_terminal_are_told_of_warnings_only(capsys: pytest.CaptureFixture[str]) -> None:
    before = structlog.get_config()
    log.configure(json=False, quiet=True)
    structlog.get_logger().info("satu")
    structlog.get_logger().warning("dua")
    structlog.configure(**before)
    said = capsys.readouterr().err
    assert ("satu" in said, "dua" in said) == (False, True)
