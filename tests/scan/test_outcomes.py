"""Every way in which a platform can fail ends in its own outcome, is named on stderr and gives the right exit code."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitor import installation
from monitor.cli.main import app
from tests.peers.registers import settings, write_registers
from tests.peers.world import World
from tests.scan.offices import REGISTERS
from tests.scan.written_bluesky import did
from tests.scrapers.loopback import Handler, Peer, answer, peer

FEED = "/xrpc/app.bsky.feed.getAuthorFeed"
TARGET = did("busi")
EMPTY_FEED = b'{"feed": []}'


@dataclass(frozen=True)
class Scanned:
    """What a scan of one candidate account printed and how it ended."""

    code: int
    said: str
    summary: dict[str, Any]

    @property
    def outcome(self) -> str:
        return str(self.summary["targets"][0]["outcome"])


@pytest.fixture(scope="module")
def office(small_world: World, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose register knows one campaign account, made once and copied by every test."""
    folder = tmp_path_factory.mktemp("outcomes")
    home = folder / "office"
    (home / "data").mkdir(parents=True)
    shutil.copyfile(sqlite_template, home / "data" / "pantau.db")
    (home / "pantau.toml").write_text(settings("bluesky", {}), encoding="utf-8")
    installation.create(home)
    names = {a.key: did(a.key) for a in small_world.actors}
    write_registers(folder / "register", small_world, "bluesky", names)
    for kind, name in REGISTERS:
        assert pantau(home, "roster", "import", kind.value, str(folder / "register" / name)).exit_code == 0
    return home


@pytest.fixture
def home(office: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(office, tmp_path / "office"))


@pytest.fixture
def platform() -> Iterator[Peer]:
    with peer() as running:
        yield running


def pantau(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--workspace", str(home), *arguments])


def scan(home: Path, url: str, more: str = "", *arguments: str) -> Scanned:
    """Scan one candidate account on the platform at `url`; `more` are further lines of its policy."""
    place = url.removeprefix("http://")
    text = settings("bluesky", {"appview_url": url, "plc_url": url}, (place,)) + more
    (home / "pantau.toml").write_text(text, encoding="utf-8")
    done = pantau(home, "scan", "--target", TARGET, "--json", *arguments)
    assert "Traceback" not in done.stderr, done.stderr
    return Scanned(done.exit_code, done.stderr, json.loads(done.stdout) if done.stdout else {})


def plain(status: int, body: bytes = b"", **headers: str) -> Callable[[Handler], None]:
    return answer(status, body, **headers)


def cut_off(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "5000")
    handler.end_headers()
    handler.wfile.write(EMPTY_FEED)
    handler.close_connection = True


def fifty_megabytes(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.end_headers()
    for _ in range(50):
        handler.wfile.write(b" " * 1_000_000)


def login_page(handler: Handler) -> None:
    answer(200, b'<html><form><input type="password" name="pass"></form></html>', content_type="text/html")(handler)


CASES = [
    pytest.param(plain(401, b'{"error":"AuthMissing"}'), "login_wall", id="401"),
    pytest.param(
        plain(403, b'{"error":"AuthRequired","message":"log in first"}'), "login_wall", id="403 that wants login"
    ),
    pytest.param(login_page, "login_wall", id="login page"),
    pytest.param(plain(302, location="/login?next=/feed"), "login_wall", id="redirect to a login"),
    pytest.param(plain(403, b"{}"), "blocked", id="403"),
    pytest.param(plain(302, location="http://lain.contoh.example/feed"), "blocked", id="another host"),
    pytest.param(plain(503, b"<html>Just a moment...</html>", content_type="text/html"), "challenge", id="challenge"),
    pytest.param(plain(429, retry_after="3600"), "rate_limited", id="429 that wants an hour"),
    pytest.param(plain(200), "suspicious_empty", id="empty 200"),
    pytest.param(plain(200, b"<html>Selamat datang</html>", content_type="text/html"), "drift", id="a web page"),
    pytest.param(plain(200, b'{"umpan": []}'), "drift", id="another shape"),
    pytest.param(fifty_megabytes, "drift", id="50 MB"),
    pytest.param(plain(400, b'{"error":"InvalidRequest","message":"Profile not found"}'), "not_found", id="gone"),
    pytest.param(plain(400, b'{"error":"BlockedActor","message":"x"}'), "private", id="not open"),
    pytest.param(plain(200, b'{"feed": [{"post": '), "network", id="half a text"),
    pytest.param(cut_off, "network", id="cut off"),
    pytest.param(plain(500, b"{}"), "server_error", id="500"),
]


@pytest.mark.parametrize(("write", "outcome"), CASES)
def test_each_failure_has_its_outcome_a_name_on_stderr_and_exit_one(
    home: Path, platform: Peer, skipped_waits: None, write: Callable[[Handler], None], outcome: str
) -> None:
    platform.routes[FEED] = write
    done = scan(home, platform.url)
    assert (done.outcome, done.code) == (outcome, 1), done.said
    assert f"{TARGET} {outcome}: getAuthorFeed" in done.said
    assert done.summary["ok"] is False


def test_an_account_that_shows_nothing_and_never_did_is_confirmed_empty(home: Path, platform: Peer) -> None:
    platform.routes[FEED] = answer(200, EMPTY_FEED)
    done = scan(home, platform.url)
    assert (done.outcome, done.code, done.said) == ("empty_confirmed", 0, "")


def test_robots_are_obeyed(home: Path, platform: Peer) -> None:
    platform.routes["/robots.txt"] = answer(200, b"User-agent: *\nDisallow: /xrpc/\n", content_type="text/plain")
    platform.routes[FEED] = answer(200, EMPTY_FEED)
    done = scan(home, platform.url)
    assert (done.outcome, done.code, platform.asked(FEED)) == ("blocked", 1, 0)
    assert "robots.txt" in done.said
    assert {verb: done.summary["targets"][0]["coverage"][verb] for verb in ("post", "like")} == {
        "post": "blocked",
        "like": "blocked",
    }


def test_a_robots_file_that_fails_stops_the_visit(home: Path, platform: Peer) -> None:
    platform.routes["/robots.txt"] = answer(404)
    platform.routes[FEED] = answer(200, EMPTY_FEED)
    assert scan(home, platform.url).outcome == "empty_confirmed"


def test_a_refused_connection_is_a_failure_of_the_network(home: Path, skipped_waits: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    done = scan(home, f"http://127.0.0.1:{port}")
    assert (done.outcome, done.code) == ("network", 1)


def test_a_limited_platform_is_asked_once_and_waits_for_another_night(home: Path, platform: Peer) -> None:
    platform.routes[FEED] = plain(429, retry_after="3600")
    done = scan(home, platform.url)
    assert platform.seen.count(platform.seen[-1]) == 1
    assert done.summary["targets"][0]["coverage"]["post"] == "budget"


def test_the_daily_cap_ends_the_visit_as_our_own_limit(home: Path, platform: Peer) -> None:
    platform.routes[FEED] = answer(200, EMPTY_FEED)
    text = settings("bluesky", {"appview_url": platform.url}, (platform.place,)).replace("100000", "0")
    (home / "pantau.toml").write_text(text, encoding="utf-8")
    done = pantau(home, "scan", "--target", TARGET, "--json")
    summary = json.loads(done.stdout)
    assert (summary["targets"][0]["outcome"], done.exit_code, platform.asked(FEED)) == ("budget_spent", 1, 0)


NO_POLICY = '[agency]\nname = "Bawaslu Kabupaten Contoh"\njurisdiction = "99.01"\n'


def test_a_source_asked_for_by_name_without_policy_is_refused_and_nothing_is_fetched(home: Path) -> None:
    (home / "pantau.toml").write_text(NO_POLICY, encoding="utf-8")
    done = pantau(home, "scan", "--source", "bluesky", "--json")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "belum punya catatan kebijakan" in done.stderr
    assert "[sources.bluesky]" in done.stderr


def test_a_source_without_policy_is_otherwise_a_visible_issue(home: Path) -> None:
    (home / "pantau.toml").write_text(NO_POLICY, encoding="utf-8")
    done = pantau(home, "scan", "--json")
    summary = json.loads(done.stdout)
    assert done.exit_code == 1
    assert {t["outcome"] for t in summary["targets"]} == {"policy_blocked"}
    assert [(i["source"], i["kind"]) for i in summary["issues"]] == [("bluesky", "policy_blocked")]
    assert "policy_blocked" in done.stderr


@pytest.mark.parametrize(
    ("line", "why"), [("enabled = false", "dimatikan"), ('mode = "import"', "hanya mengizinkan mode")]
)
def test_a_policy_that_says_no_is_a_no(home: Path, platform: Peer, line: str, why: str) -> None:
    key = line.split(" =", maxsplit=1)[0]
    text = settings("bluesky", {"appview_url": platform.url}, (platform.place,))
    text = "\n".join(line if row.startswith(f"{key} =") else row for row in text.splitlines())
    (home / "pantau.toml").write_text(text, encoding="utf-8")
    done = pantau(home, "scan", "--source", "bluesky")
    assert (done.exit_code, platform.seen) == (3, [])
    assert why in done.stderr


def test_a_source_that_does_not_exist_is_a_wrong_use(home: Path) -> None:
    assert pantau(home, "scan", "--source", "friendster").exit_code == 2


def test_a_target_that_is_not_registered_is_refused(home: Path, platform: Peer) -> None:
    platform.routes[FEED] = answer(200, EMPTY_FEED)
    done = pantau(home, "scan", "--target", "did:plc:orangbiasa")
    assert (done.exit_code, platform.seen) == (3, [])
    assert "tidak ada dalam daftar pantauan" in done.stderr
