"""Pytest plugin: the real peers with a played election, and what was left out, said in the last lines."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.peers.bluesky import devnet
from tests.peers.mastodon import mock_server
from tests.peers.require import everything_required, leave_out
from tests.peers.truth import Truth, truth_of
from tests.peers.world import Size, World, live_world, make_world

SEED = 20261121


@dataclass(frozen=True, slots=True)
class PeerWorld:
    """A running peer on which an election was played. `urls` are ready for settings; `accounts` map keys to stable ids.

    `names` are what a register may write for an account (stable ids and handles mixed); `allow_hosts` is what a policy
    needs to reach the peer.
    """

    platform: str
    world: World
    truth: Truth
    urls: dict[str, str]
    accounts: dict[str, str]
    names: dict[str, str]
    allow_hosts: tuple[str, ...]


def this_hour() -> datetime:
    """Return the start of the running hour: never after a peer's own clock."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


@pytest.fixture(scope="session")
def bluesky_world() -> Iterator[PeerWorld]:
    """A real Bluesky network with candidates, civil servants and bystanders; read only for the tests."""
    if reason := devnet.why_not():
        leave_out("Bluesky network", reason)
    world = make_world(SEED, this_hour())
    with devnet.devnet(world.seed()) as answer:
        yield played_on_bluesky(world, answer)


def played_on_bluesky(world: World, answer: dict[str, Any]) -> PeerWorld:
    """Return a played world with what the network says of it; the register writes stable ids and handles mixed."""
    accounts = answer["accounts"]
    items = {ref: record["uri"] for ref, record in answer["records"].items()}
    urls = {f"{name}_url": answer["urls"][name] for name in ("appview", "plc", "pds")}
    names = {a.key: a.handle if n % 3 == 0 else accounts[a.key] for n, a in enumerate(world.actors)}
    truth = truth_of(world, "bluesky", accounts, items)
    return PeerWorld("bluesky", world, truth, urls, accounts, names, ("127.0.0.1", "localhost"))


@pytest.fixture(scope="session")
def mastodon_world() -> Iterator[PeerWorld]:
    """A Mastodon API server with the same election, all of it played now; read only for the tests."""
    if reason := mock_server.why_not():
        leave_out("Mastodon server", reason)
    world = live_world(make_world(SEED + 1, this_hour(), Size(asn=9, bystanders=10, posts=2)))
    with mock_server.mastodon_server(world) as answer:
        yield played_on_mastodon(world, answer)


def played_on_mastodon(world: World, answer: dict[str, Any]) -> PeerWorld:
    """Return a played world with what the server says of it; the register writes the actors' addresses."""
    accounts, records = answer["accounts"], answer["records"]
    items = {ref: record["uri"] for ref, record in records.items()}
    times = {ref: datetime.fromisoformat(record["created_at"]) for ref, record in records.items()}
    truth = truth_of(world, "mastodon", accounts, items, times)
    return PeerWorld("mastodon", world, truth, {"base_url": answer["url"]}, accounts, dict(accounts), ("127.0.0.1",))


def _left_out(terminalreporter: Any) -> list[str]:
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = str(report.longrepr[2]).removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else "skipped"
        reasons[reason] = reasons.get(reason, 0) + 1
    return [f"{reason} ({count} tests)" if count > 1 else reason for reason, count in sorted(reasons.items())]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep the tests of one peer in one worker, so that each peer is started once."""
    for peer in ("bluesky", "mastodon"):
        named = item.get_closest_marker("peer") is not None and peer in item.nodeid
        if named or f"{peer}_world" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(peer))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let the run fail when something was left out although everything is required."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if everything_required() and reporter is not None and _left_out(reporter) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any) -> Generator[None, None, None]:
    """Say last of all what this machine could not test."""
    yield
    reasons = _left_out(terminalreporter)
    if reasons:
        verdict = "a failure, since PANTAU_TEST_REQUIRE_ALL=1" if everything_required() else "not tested here"
        terminalreporter.section(f"left out: {verdict}")
        for reason in reasons:
            terminalreporter.line(reason)
