"""Whole nights against loopback servers that speak Meta's Graph APIs of Facebook, Instagram and Threads.

Every page of theirs links to the next one with the caller's token in the link.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from db.connect import Database, open_database
from monitor.domain import Act, Coverage, Direction, Outcome
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
from tests.scan.offices import Office
from tests.scrapers.loopback import answer, peer
from tests.scrapers.meta_answers import error, when

PAGE, OFFICIAL, STRANGER = "61550000000001", "61550000000002", "61550000000003"
FB_POST, IG_POST = "122100000000000001", "3505085467659364085"
CODE = "DCkkKl_OGb1"


@pytest.fixture
def served() -> Iterator[Served]:
    with peer() as running:
        yield Served(running)


def paged(served: Served, token: str, after: str) -> dict[str, Any]:
    link = f"{served.peer.url}/x?access_token={token}&after={after}"
    return {"cursors": {"before": "b", "after": after}, "next": link}


def facebook(served: Served, token: str) -> dict[str, str]:
    """Serve a page with one post on its second page, three comments on two pages, and two reactions."""
    joined = f"{PAGE}_{FB_POST}"
    counts = {"reactions": {"data": [], "summary": {"total_count": 2}},
              "comments": {"data": [], "summary": {"total_count": 3}}}  # fmt: skip
    post = {"id": joined, "created_time": when(), "message": "Bersama BUDI CONTOH", "from": {"id": PAGE}, **counts}
    quiet = {"reactions": {"summary": {"total_count": 0}}, "comments": {"summary": {"total_count": 0}}}
    old = {"id": f"{PAGE}_122100000000000002", "created_time": when(5), "message": "Selamat pagi", **quiet}

    def comment(number: int, who: str | None) -> dict[str, Any]:
        named = {"from": {"id": who, "name": "Nama Orang"}} if who else {}
        return {"id": f"{FB_POST}_{number}", "created_time": when(0.5), "message": "Dukung", **named}

    served.route(f"/v25.0/{PAGE}/posts", {"data": [old], "paging": paged(served, token, "c1")}, {"data": [post]})
    first = {"data": [comment(1, OFFICIAL), comment(2, STRANGER)], "paging": paged(served, token, "c1")}
    served.route(f"/v25.0/{joined}/comments", first, {"data": [comment(3, None)], "summary": {"total_count": 3}})
    reactions = {"data": [{"id": OFFICIAL, "type": "LOVE"}, {"id": STRANGER, "type": "LIKE"}]}
    served.route(f"/v25.0/{joined}/reactions", reactions)
    served.route(f"/v25.0/{joined}/sharedposts", {"data": []})
    served.route(f"/v25.0/{OFFICIAL}/posts", error(100, 33), status=400)
    for who in (PAGE, OFFICIAL):
        served.route(f"/v25.0/{who}", {"id": who})
    return {"graph_url": f"{served.peer.url}/v25.0"}


def instagram(served: Served, token: str) -> dict[str, str]:
    """Serve the owner's posts with comments, and discovery with counts only."""
    post = {"id": "17890000000000001", "caption": "Bersama BUDI CONTOH", "timestamp": when(),
            "permalink": f"https://www.instagram.com/p/{CODE}/", "like_count": 3, "comments_count": 2}  # fmt: skip

    def comment(number: int, who: str) -> dict[str, Any]:
        return {"id": f"1790000000000000{number}", "text": "Dukung", "timestamp": when(0.5), "username": who}

    served.route("/v25.0/me/media", {"data": [post]})
    first = {"data": [comment(1, "pegawai_contoh")], "paging": paged(served, token, "c1")}
    served.route("/v25.0/17890000000000001/comments", first, {"data": [comment(2, "warga_contoh")]})

    def discovery(handler: Any) -> None:
        shown = [post] if "username(paslon_contoh)" in handler.path else []
        page = {"business_discovery": {"id": "1", "media": {"data": shown}}, "id": "2"}
        answer(200, json.dumps(page).encode())(handler)

    served.route("/v25.0/17841400000000000", discovery)
    return {"graph_url": f"{served.peer.url}/v25.0", "discovery_url": f"{served.peer.url}/v25.0/17841400000000000"}


def threads(served: Served, token: str) -> dict[str, str]:
    """Serve a profile with one answered post, and another that reposted it."""
    shown = {"media_type": "TEXT_POST", "timestamp": when(), "shortcode": CODE, "username": "paslon_contoh"}
    post = {"id": "18050000000000001", "text": "Bersama BUDI CONTOH", "has_replies": True, **shown}
    original = {"id": "18050000000000001", "shortcode": CODE, "username": "paslon_contoh"}
    share = {"id": "18050000000000009", "media_type": "REPOST_FACADE", "timestamp": when(0.3),
             "username": "pegawai_contoh", "reposted_post": original}  # fmt: skip

    def reply(number: int, who: str) -> dict[str, Any]:
        above = {"replied_to": {"id": post["id"]}, "root_post": {"id": post["id"]}}
        return {"id": f"1805000000000010{number}", "shortcode": f"DCkkKl_OGc{number}", "username": who,
                "text": "Dukung", "timestamp": when(0.5), **above}  # fmt: skip

    def by_name(handler: Any) -> None:
        who = [post] if "username=paslon_contoh" in handler.path else [share]
        page = {"data": who, "paging": {"cursors": {"after": "c1"}}}
        answer(200, json.dumps(page).encode())(handler)

    served.route("/v1.0/profile_posts", by_name, {"data": []})
    served.route("/v1.0/me/threads", {"data": [post]})
    first = {"data": [reply(1, "pegawai_contoh")], "paging": paged(served, token, "c1")}
    last = {"data": []}
    second = {"data": [reply(2, "warga_contoh")], "paging": paged(served, token, "c2")}
    served.route(f"/v1.0/{post['id']}/conversation", first, second, last)
    return {"graph_url": f"{served.peer.url}/v1.0"}


NAMES = {
    "facebook": (facebook, PAGE, OFFICIAL),
    "instagram": (instagram, "@paslon_contoh", "@pegawai_contoh"),
    "threads": (threads, "@paslon_contoh", "@pegawai_contoh"),
}
SEEN = {
    ("facebook", "live_api"): [("comment", FB_POST)],
    ("facebook", "owner_token"): [("comment", FB_POST), ("like", FB_POST)],
    ("instagram", "live_api"): [],
    ("instagram", "owner_token"): [("comment", IG_POST)],
    ("threads", "live_api"): [("comment", IG_POST), ("share", IG_POST)],
    ("threads", "owner_token"): [("comment", IG_POST)],
}


def office_for(served: Served, home: Path, database: Database, platform: str, **more: str) -> Office:
    serve, pair, official = NAMES[platform]
    mode = more.get("mode", "live_api")
    token = APP_TOKEN if mode == "live_api" else OWNER_TOKEN
    office = make(home, database, Play(platform, pair, official, serve(served, token), **more))
    lend(office, platform, "app" if mode == "live_api" else f"owner:{pair}", token)
    return office


@dataclass(frozen=True)
class Played:
    """One night behind one door, over."""

    door: tuple[str, str]
    folder: Path
    database: Database
    summary: ScanSummary
    tokens: frozenset[str]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Callable[[tuple[str, str]], Played]:
    @cache
    def play(door: tuple[str, str]) -> Played:
        folder = tmp_path_factory.mktemp("night")
        shutil.copyfile(sqlite_template, folder / "pantau.db")
        database = open_database(f"sqlite:///{folder / 'pantau.db'}")
        with peer() as running:
            served = Served(running)
            summary = scan(office_for(served, folder / "office", database, door[0], mode=door[1]))
            return Played(door, folder, database, summary, frozenset(served.tokens))

    return play


@pytest.fixture(params=list(SEEN), ids="-".join)
def played(request: pytest.FixtureRequest, nights: Callable[[tuple[str, str]], Played]) -> Played:
    return nights(request.param)


def test_each_door_shows_what_it_may(played: Played) -> None:
    assert acts(played.database) == SEEN[played.door], played.summary.issues
    pair = next(t for t in played.summary.targets if t.direction is Direction.CANDIDATE)
    assert dict(pair.coverage)[Act.POST] is Coverage.OBSERVED


def test_bystanders_are_dropped(played: Played) -> None:
    assert not {STRANGER, "@warga_contoh"} & set(account_ids(played.database))


def test_every_call_bears_the_doors_own_token_and_no_file_holds_it(played: Played) -> None:
    secret = APP_TOKEN if played.door[1] == "live_api" else OWNER_TOKEN
    assert {token.removeprefix("Bearer ") for token in played.tokens} == {secret}
    assert files_that_hold(played.folder, secret[:24]) == []


@pytest.mark.parametrize("platform", sorted(NAMES))
def test_without_the_platforms_permission_nothing_is_asked(
    served: Served, sqlite_database: Database, tmp_path: Path, platform: str
) -> None:
    office = office_for(served, tmp_path / "office", sqlite_database, platform, permission="")
    with pytest.raises(PolicyBlocked, match="izin tertulis"):
        scan(office, ScanOrder(source=platform))
    summary = scan(office)
    assert {t.outcome for t in summary.targets} == {Outcome.POLICY_BLOCKED}
    assert served.peer.seen == []


def test_a_night_runs_on_either_database(served: Served, database: Database, tmp_path: Path) -> None:
    office = office_for(served, tmp_path / "office", database, "facebook", mode="owner_token")
    scan(office)
    assert acts(database) == SEEN["facebook", "owner_token"]


def test_comments_whose_authors_are_kept_back_leave_the_listing_partial(
    served: Served, sqlite_database: Database, tmp_path: Path
) -> None:
    office = office_for(served, tmp_path / "office", sqlite_database, "facebook")
    pair = next(t for t in scan(office).targets if t.direction is Direction.CANDIDATE)
    coverage = dict(pair.coverage)
    assert (coverage[Act.COMMENT], coverage[Act.LIKE]) == (Coverage.PARTIAL, Coverage.NOT_PUBLIC)


def test_a_limit_in_a_body_ends_the_visit_and_keeps_its_place(
    served: Served, sqlite_database: Database, tmp_path: Path
) -> None:
    office = office_for(served, tmp_path / "office", sqlite_database, "facebook", mode="owner_token")
    served.route(f"/v25.0/{PAGE}_{FB_POST}/reactions", error(32), status=403)
    pair = next(t for t in scan(office).targets if t.direction is Direction.CANDIDATE)
    assert pair.outcome is Outcome.RATE_LIMITED
    facebook(served, OWNER_TOKEN)
    scan(office)
    assert acts(sqlite_database) == SEEN["facebook", "owner_token"]


def test_a_token_that_no_longer_holds_is_told_as_a_wall(
    served: Served, sqlite_database: Database, tmp_path: Path
) -> None:
    office = office_for(served, tmp_path / "office", sqlite_database, "facebook")
    served.route(f"/v25.0/{PAGE}/posts", error(190), status=400)
    summary = scan(office)
    pair = next(t for t in summary.targets if t.direction is Direction.CANDIDATE)
    assert pair.outcome is Outcome.LOGIN_WALL
    assert "Siti" not in str(summary.as_json())
