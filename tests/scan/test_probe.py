"""One source is tried with one request: what works, what does not, and how to mend it; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from db.connect import Database
from monitor.errors import PolicyBlocked, RefusedError, UsageError
from monitor.scan.parts import Canary, Parts
from monitor.scan.probe import Probe, State, probe
from scrapers.wire import Answer
from tests.scan.offices import Office
from tests.scan.rows import counts
from tests.scan.written_bluesky import WrittenBluesky, did


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def parts(office: Office, network: WrittenBluesky) -> Iterator[Parts]:
    with office.parts(network) as parts:
        yield parts


def states(tried: Probe) -> dict[str, State]:
    return {finding.aspect: finding.state for finding in tried.findings}


def test_a_source_that_works_is_asked_once_and_nothing_is_stored(
    parts: Parts, network: WrittenBluesky, database: Database
) -> None:
    before = counts(database)
    tried = probe(parts, "bluesky")
    assert tried.ok
    assert {"kebijakan", "jawaban", "bentuk", "batas laju", "malam"} <= states(tried).keys()
    assert len([url for url in network.asked if "robots.txt" not in url]) == 1
    assert counts(database) == before


def test_a_target_may_be_named_but_only_a_registered_one(parts: Parts, network: WrittenBluesky) -> None:
    assert probe(parts, "bluesky", did("busi")).ok
    assert did("busi") in network.asked[-1].replace("%3A", ":")
    with pytest.raises(RefusedError):
        probe(parts, "bluesky", "did:plc:orangbiasa")


def test_a_source_that_does_not_exist_is_a_wrong_use_and_one_without_policy_refused(parts: Parts) -> None:
    with pytest.raises(UsageError):
        probe(parts, "friendster")
    with pytest.raises(PolicyBlocked):
        probe(replace(parts, policies={}), "bluesky")


@pytest.mark.parametrize(
    ("answer", "aspect", "words"),
    [
        (Answer(500, {}, b"", ""), "jawaban", "gangguan"),
        (Answer(401, {}, b"", ""), "jawaban", "masuk"),
        (Answer(200, {"content-type": "application/json"}, b'{"lain": 1}', ""), "bentuk", "bentuk"),
    ],
)
def test_what_does_not_work_is_named_with_what_to_do(
    parts: Parts, network: WrittenBluesky, answer: Answer, aspect: str, words: str
) -> None:
    network.faults["getAuthorFeed"] = lambda url: replace(answer, final_url=url)
    tried = probe(parts, "bluesky")
    bad = [finding for finding in tried.findings if finding.state is State.BAD]
    assert (tried.ok, [finding.aspect for finding in bad]) == (False, [aspect])
    assert words in bad[0].mend + bad[0].detail


def test_a_spent_cap_is_told_before_anything_is_asked(parts: Parts) -> None:
    assert states(probe(replace(parts, left=lambda _: 0), "bluesky"))["jatah hari ini"] is State.BAD


def test_how_little_the_platform_still_allows_is_told(parts: Parts, network: WrittenBluesky) -> None:
    plain = network.faults
    network.faults = {}

    def limited(url: str) -> Answer:
        body = b'{"feed": []}'
        headers = {"content-type": "application/json", "ratelimit-limit": "3000", "ratelimit-remaining": "2",
                   "ratelimit-reset": "60"}  # fmt: skip
        return Answer(200, headers, body, url)

    network.faults = {**plain, "getAuthorFeed": limited}
    assert states(probe(parts, "bluesky"))["batas laju"] is State.LOOK


def test_a_platform_for_captures_says_by_which_formats(parts: Parts) -> None:
    tried = probe(parts, "tiktok")
    assert (tried.ok, states(tried)["pintu langsung"]) == (True, State.UNTRIED)


def test_without_any_account_the_canary_is_tried(parts: Parts, database: Database) -> None:
    from db.tables import attribution, candidate_account, neutral_account

    with database.write() as session:
        for table in (attribution, candidate_account, neutral_account):
            session.execute(table.delete())
    assert states(probe(parts, "bluesky"))["jawaban"] is State.UNTRIED
    canary = Canary("bluesky", did("kpu"), "at://x")
    assert states(probe(replace(parts, canaries=(canary,)), "bluesky"))["jawaban"] is State.WELL
