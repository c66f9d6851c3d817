"""Asking after the texts of open cases, of a loopback server that speaks X's oEmbed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from db import liveness, observations
from db.connect import Database, open_database
from monitor.cli.main import app
from monitor.domain import ChangeKind, ItemKind, LiveState, Outcome, WatchedText
from monitor.scan.liveness import STEPS, Rechecked, next_check, recheck
from tests.scan.gated_offices import APP_TOKEN, Play, Served, lend, make, parts_of, scan
from tests.scan.offices import NOW, HeldClock, Office
from tests.scrapers.loopback import Peer, answer, peer
from tests.scrapers.x_answers import OFFICIAL, PAIR, POST, a_post, refers

REPLY = "1860000000000000003"
SHOWN = json.dumps({"type": "rich", "html": "<blockquote>rekaan</blockquote>"}).encode()
RECORD = """cost_cap_daily = 5

[sources.x_oembed]
enabled = true
mode = "live_api"
legal_basis = "UU 7/2017 (contoh)"
permission_ref = "ND-013/2026"
approved_by = "Kordiv Pengawasan"
approved_at = 2026-09-01
max_rps = 1000
robots = "not_applicable"
"""


def serve(running: Peer) -> None:
    world = Served(running)
    counts = {"retweet_count": 1, "quote_count": 0, "reply_count": 1, "like_count": 0}
    world.route(f"/2/users/{PAIR}/tweets", {"data": [a_post(public_metrics=counts)]})
    shared = {"id": "1860000000000000010", "author_id": OFFICIAL, "created_at": "2026-11-20T17:20:00.000Z"}
    world.route(f"/2/tweets/{POST}/retweets", {"data": [shared]})
    above = {"referenced_tweets": refers("replied_to", POST), "in_reply_to_user_id": PAIR, "conversation_id": POST}
    reply = a_post(REPLY, OFFICIAL, 0.5, text="Ayo pilih BUDI CONTOH nomor 1", **above)
    world.route("/2/tweets/search/recent", {"data": [reply]})
    world.route(f"/2/users/{OFFICIAL}/tweets", {"meta": {"result_count": 0}})
    for who in (PAIR, OFFICIAL):
        world.route(f"/2/users/{who}", {"data": {"id": who, "username": f"akun_{who[-1]}"}})


def play_night(home: Path, database: Database, running: Peer, *, record: str = RECORD) -> Office:
    serve(running)
    more = record + f'oembed_url = "{running.url}/oembed"\nallow_hosts = ["{running.place}"]\n'
    office = make(home, database, Play("x", PAIR, OFFICIAL, {"api_url": running.url}, more=more))
    lend(office, "x", "app", APP_TOKEN)
    scan(office)
    return office


@pytest.fixture
def running() -> Iterator[Peer]:
    with peer() as world:
        yield world


@pytest.fixture(scope="module")
def one_night(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Path, str]:
    """A workspace after one night, and the address of the server that it knows."""
    folder = tmp_path_factory.mktemp("night")
    shutil.copyfile(sqlite_template, folder / "pantau.db")
    database = open_database(f"sqlite:///{folder / 'pantau.db'}")
    with peer() as world:
        play_night(folder / "office", database, world)
        place = world.place
    database.dispose()
    return folder, place


@pytest.fixture
def office(one_night: tuple[Path, str], running: Peer, tmp_path: Path) -> Office:
    folder, place = one_night
    shutil.copyfile(folder / "pantau.db", tmp_path / "pantau.db")
    shutil.copytree(folder / "office", tmp_path / "office")
    settings = tmp_path / "office" / "pantau.toml"
    text = settings.read_text(encoding="utf-8").replace(place, running.place).replace(str(folder), str(tmp_path))
    settings.write_text(text, encoding="utf-8")
    return Office(tmp_path / "office", HeldClock(NOW + timedelta(days=2)))


def ask(office: Office, **how: bool) -> Rechecked:
    with parts_of(office) as parts:
        return recheck(parts, **how)


def story(office: Office, item: str = POST) -> list[ChangeKind]:
    with office.space() as space, space.database.read() as session:
        return [change.kind for change in observations.of_texts(session, "x", [item]).get(item, ())]


def test_the_texts_of_open_cases_are_asked_after_by_their_addresses(office: Office, running: Peer) -> None:
    running.routes["/oembed"] = answer(200, SHOWN)
    assert ask(office).states == {LiveState.ONLINE: 2}
    asked = [path for path, _ in running.seen]
    assert sum("status%2F" + POST in path for path in asked) == 1
    assert sum("status%2F" + REPLY in path for path in asked) == 1


def test_a_text_is_not_asked_after_before_its_time(office: Office, running: Peer) -> None:
    running.routes["/oembed"] = answer(200, SHOWN)
    office.clock.now = NOW + timedelta(hours=1)
    assert ask(office).states == {}
    assert ask(office, everything=True).states == {LiveState.ONLINE: 2}
    office.clock.now += timedelta(hours=1)
    assert ask(office).states == {}


def test_a_deletion_is_an_event_with_both_answers(office: Office, running: Peer) -> None:
    running.routes["/oembed"] = answer(404, b'{"error":"not found"}')
    done = ask(office)
    assert done.states == {LiveState.DELETED: 2}
    change = next(change for change in done.changes if change.item_id == POST)
    assert change.kind is ChangeKind.GONE
    assert change.before_capture_id is not None
    assert change.capture_id is not None
    assert change.before_capture_id != change.capture_id


def test_a_text_that_stays_gone_is_told_once_and_let_be_after_three_answers(office: Office, running: Peer) -> None:
    running.routes["/oembed"] = answer(404, b'{"error":"not found"}')
    for _ in range(4):
        ask(office)
        office.clock.now += timedelta(days=40)
    assert story(office) == [ChangeKind.GONE]
    with office.space() as space, space.database.read() as session:
        checks = liveness.checks_of(session, [("x", POST)])["x", POST]
    assert (len(checks), checks[-1].next_at) == (3, None)


def test_a_text_that_comes_back_is_told(office: Office, running: Peer) -> None:
    running.routes["/oembed"] = answer(404, b"{}")
    ask(office)
    running.routes["/oembed"] = answer(200, SHOWN)
    office.clock.now += timedelta(days=40)
    assert {change.kind for change in ask(office).changes} == {ChangeKind.BACK}
    assert story(office) == [ChangeKind.GONE, ChangeKind.BACK]


def test_a_locked_account_is_private_not_gone(office: Office, running: Peer) -> None:
    running.routes["/oembed"] = answer(403, b'{"error":"Sorry, you are not authorized to see this status."}')
    assert ask(office).states == {LiveState.PRIVATE: 2}
    assert story(office) == [ChangeKind.PRIVATE]


def test_an_answer_that_says_nothing_changes_nothing_and_is_asked_for_again(office: Office, running: Peer) -> None:
    running.routes["/oembed"] = answer(500, b"{}")
    assert ask(office).states == {LiveState.UNKNOWN: 2}
    assert story(office) == []
    office.clock.now += timedelta(days=1)
    running.routes["/oembed"] = answer(200, SHOWN)
    assert ask(office).states == {LiveState.ONLINE: 2}


def test_a_platform_that_asks_to_be_left_alone_is(office: Office, running: Peer) -> None:
    running.routes["/oembed"] = answer(429, b"{}", retry_after="86000")
    done = ask(office)
    assert (done.states, done.unasked) == ({}, {"x": 2})
    assert [issue.kind for issue in done.issues] == [Outcome.RATE_LIMITED.value]
    assert running.asked("/oembed") == 0
    assert sum(path.startswith("/oembed?") for path, _ in running.seen) == 1


@pytest.mark.parametrize(
    "gap", ['permission_ref = "ND-013/2026"', "enabled = true", 'legal_basis = "UU 7/2017 (contoh)"']
)
def test_without_a_record_of_its_own_nothing_is_asked(office: Office, running: Peer, gap: str) -> None:
    settings = office.home / "pantau.toml"
    before, after = settings.read_text(encoding="utf-8").split("[sources.x_oembed]")
    settings.write_text(before + "[sources.x_oembed]" + after.replace(gap, "", 1), encoding="utf-8")
    done = ask(office)
    assert (done.states, done.unasked) == ({}, {"x": 2})
    assert [issue.kind for issue in done.issues] == [Outcome.POLICY_BLOCKED.value]
    assert running.seen == []


def test_the_answer_of_a_text_that_is_there_is_not_kept(office: Office, running: Peer) -> None:
    running.routes["/oembed"] = answer(200, SHOWN)
    before = {path for path in (office.home / "data" / "evidence").rglob("*") if path.is_file()}
    ask(office)
    assert {path for path in (office.home / "data" / "evidence").rglob("*") if path.is_file()} == before


def test_the_command_tells_what_became_of_the_texts(office: Office, running: Peer) -> None:
    running.routes["/oembed"] = answer(404, b"{}")
    done = CliRunner().invoke(app, ["--workspace", str(office.home), "evidence", "recheck", "--all", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["asked"], told["states"]) == (2, {"deleted": 2})
    assert {change["kind"] for change in told["changes"]} == {"gone"}


def test_it_runs_on_either_database(database: Database, running: Peer, tmp_path: Path) -> None:
    office = play_night(tmp_path / "office", database, running)
    office.clock.now = NOW + timedelta(days=2)
    running.routes["/oembed"] = answer(404, b"{}")
    assert ask(office).states == {LiveState.DELETED: 2}
    assert story(office) == [ChangeKind.GONE]


TEXT = WatchedText("x", POST, "https://x.com/a/status/1", ItemKind.POST)


@given(st.integers(0, 50))
def test_questions_grow_rarer_and_never_stop_while_the_text_is_there(answered: int) -> None:
    text = WatchedText("x", POST, "https://x.com/a/status/1", ItemKind.POST, answered)
    following = WatchedText("x", POST, "https://x.com/a/status/1", ItemKind.POST, answered + 1)
    now, later = next_check(NOW, text, LiveState.ONLINE), next_check(NOW, following, LiveState.ONLINE)
    assert now is not None
    assert later is not None
    assert NOW + timedelta(days=STEPS[0]) <= now <= later <= NOW + timedelta(days=STEPS[-1])


def test_an_answer_that_says_nothing_does_not_count() -> None:
    assert next_check(NOW, TEXT, LiveState.UNKNOWN) == NOW + timedelta(days=1)


def test_a_night_tells_of_an_account_that_was_locked_since(office: Office, running: Peer) -> None:
    serve(running)
    world = Served(running)
    counts = {"retweet_count": 1, "quote_count": 0, "reply_count": 0, "like_count": 0}
    world.route(f"/2/users/{PAIR}/tweets", {"data": [a_post(public_metrics=counts)]})
    world.route("/2/tweets/search/recent", {"meta": {"result_count": 0}})
    kind = "https://api.twitter.com/2/problems/not-authorized-for-resource"
    world.route("/2/tweets", {"errors": [{"title": "Authorization Error", "type": kind}]})
    scan(office)
    assert story(office, REPLY) == [ChangeKind.LOCKED]
