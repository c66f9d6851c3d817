"""Whole nights against a loopback server that speaks X's API v2."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pytest

from db import budgets
from db.connect import Database, open_database
from monitor.domain import Act, Coverage, Outcome
from monitor.errors import PolicyBlocked
from monitor.scan.plan import ScanOrder
from monitor.scan.summary import ScanSummary
from tests.scan.gated_offices import (
    APP_TOKEN,
    OWNER_TOKEN,
    Play,
    Served,
    account_ids,
    acts,
    files_that_hold,
    lend,
    make,
    scan,
)
from tests.scan.offices import NOW, Office
from tests.scrapers.loopback import Peer, answer, in_turn, peer
from tests.scrapers.x_answers import BYSTANDER, OFFICIAL, PAIR, POST, a_post, problem, refers

OTHER, REPLY, QUOTE = "1860000000000000002", "1860000000000000003", "1860000000000000004"
CAPS = "cost_cap_daily = 5\n"


def metrics(**counts: int) -> dict[str, int]:
    return {"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0} | counts


def serve(running: Peer) -> Served:
    world = Served(running)
    world.route("/2/users/by/username/paslon_contoh", {"data": {"id": PAIR, "username": "paslon_contoh"}})
    world.route("/2/users/by/username/pegawai_contoh", {"data": {"id": OFFICIAL, "username": "pegawai_contoh"}})
    counts = metrics(retweet_count=3, quote_count=1, reply_count=2, like_count=2)
    posts = [a_post(public_metrics=counts), a_post(OTHER, hours=2)]
    errors = [problem("resource-not-found")]
    world.route(f"/2/users/{PAIR}/tweets", {"data": posts, "errors": errors, "meta": {"result_count": 2}})
    shares = [{"id": f"18600000000000001{n}0", "author_id": who, "created_at": "2026-11-20T17:20:00.000Z"}
              for n, who in enumerate((OFFICIAL, BYSTANDER, "900000000000000004"))]  # fmt: skip
    limit = str(int(datetime(2026, 11, 20, 18, 0, 5, tzinfo=NOW.tzinfo).timestamp()))
    first = in_turn(
        answer(429, b"{}", x_rate_limit_reset=limit, x_rate_limit_remaining="0"),
        answer(200, json.dumps({"data": shares[:2], "meta": {"next_token": "c1"}}).encode()),
    )
    world.route(f"/2/tweets/{POST}/retweets", first, {"data": shares[2:], "meta": {"result_count": 1}})
    quoting = a_post(QUOTE, BYSTANDER, 0.4, referenced_tweets=refers("quoted", POST))
    world.route(f"/2/tweets/{POST}/quote_tweets", {"data": [quoting]})
    answering = {
        "referenced_tweets": refers("replied_to", POST),
        "in_reply_to_user_id": PAIR,
        "conversation_id": POST,
    }
    replies = [a_post(REPLY, OFFICIAL, 0.5, text="Dukung nomor 1", **answering),
               a_post("1860000000000000005", BYSTANDER, 0.5, **answering)]  # fmt: skip
    world.route("/2/tweets/search/recent", {"data": replies, "meta": {"result_count": 2}})
    world.route(f"/2/tweets/{POST}/liking_users", {"data": [{"id": OFFICIAL}, {"id": BYSTANDER}]})
    world.route(f"/2/users/{OFFICIAL}/tweets", {"meta": {"result_count": 0}})
    return world


@pytest.fixture
def served() -> Iterator[Served]:
    with peer() as running:
        yield serve(running)


@dataclass(frozen=True)
class Played:
    """One night with the program's own key, over."""

    office: Office
    folder: Path
    database: Database
    summary: ScanSummary
    served: Served


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Played]:
    folder = tmp_path_factory.mktemp("night")
    shutil.copyfile(sqlite_template, folder / "pantau.db")
    database = open_database(f"sqlite:///{folder / 'pantau.db'}")
    with peer() as running:
        served = serve(running)
        office = office_for(served, folder / "office", database)
        lend(office, "x", "app", APP_TOKEN)
        yield Played(office, folder, database, scan(office), served)
    database.dispose()


def office_for(served: Served, home: Path, database: Database, **more: str) -> Office:
    who = {"pair": "paslon_contoh", "official": "pegawai_contoh"}
    return make(home, database, Play("x", urls={"api_url": served.peer.url}, **{**who, "more": CAPS, **more}))


def test_a_night_finds_who_shared_and_answered_and_drops_everybody_else(
    served: Served, database: Database, tmp_path: Path
) -> None:
    office = office_for(served, tmp_path / "office", database)
    lend(office, "x", "app", APP_TOKEN)
    summary = scan(office)
    assert acts(database) == [("comment", POST), ("share", POST)]
    assert BYSTANDER not in account_ids(database)
    (pair, _) = sorted(summary.targets, key=lambda target: target.direction)
    assert pair.outcome in (Outcome.OK, Outcome.PARTIAL)
    assert dict(pair.coverage)[Act.SHARE] is Coverage.OBSERVED
    assert dict(pair.coverage)[Act.LIKE] is Coverage.NOT_PUBLIC
    assert pair.bystanders_discarded == 4
    assert served.tokens == {f"Bearer {APP_TOKEN}"}


def test_the_platforms_limit_is_waited_out(played: Played) -> None:
    assert played.office.clock.now >= datetime(2026, 11, 20, 18, 0, 5, tzinfo=NOW.tzinfo)
    assert ("share", POST) in acts(played.database)


def test_who_liked_is_not_asked_with_the_programs_own_key(played: Played) -> None:
    assert played.served.peer.asked(f"/2/tweets/{POST}/liking_users") == 0


def test_what_was_left_out_is_an_issue_without_a_name(played: Played) -> None:
    told = [issue.detail for issue in played.summary.issues if issue.kind == "platform_error"]
    assert told == ["timeline: X tidak memberikan sebagian isi: resource-not-found (tweet), 1 kali"]


def test_what_x_charges_is_booked(played: Played) -> None:
    with played.database.read() as session:
        spent = budgets.spent(session, "x", date(2026, 11, 21)).day  # the office's day has turned already
    assert spent.micros == 2 * 10_000 + (2 + 3 + 1 + 2) * 5_000


def test_no_token_stands_in_any_file_of_the_workspace(played: Played) -> None:
    assert acts(played.database)
    assert files_that_hold(played.folder, APP_TOKEN[:24]) == []


def test_behind_the_owners_door_the_likers_are_seen_with_the_owners_token(
    served: Served, sqlite_database: Database, tmp_path: Path
) -> None:
    office = office_for(served, tmp_path / "office", sqlite_database, mode="owner_token", pair=PAIR, official=OFFICIAL)
    lend(office, "x", f"owner:{PAIR}", OWNER_TOKEN)
    summary = scan(office)
    assert ("like", POST) in acts(sqlite_database)
    assert {(t.target, t.outcome) for t in summary.targets if t.target == OFFICIAL} == {
        (OFFICIAL, Outcome.POLICY_BLOCKED)
    }
    assert served.tokens == {f"Bearer {OWNER_TOKEN}"}
    assert files_that_hold(tmp_path, OWNER_TOKEN) == []


@pytest.mark.parametrize("gap", [{"permission": ""}, {"more": ""}])
def test_without_permission_or_a_cap_on_costs_nothing_is_asked(
    served: Served, sqlite_database: Database, tmp_path: Path, gap: dict[str, str]
) -> None:
    office = office_for(served, tmp_path / "office", sqlite_database, **gap)
    lend(office, "x", "app", APP_TOKEN)
    with pytest.raises(PolicyBlocked):
        scan(office, ScanOrder(source="x"))
    summary = scan(office)
    assert {(issue.source, issue.kind) for issue in summary.issues} == {("x", "policy_blocked")}
    assert served.peer.seen == []
