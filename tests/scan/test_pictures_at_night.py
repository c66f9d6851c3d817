"""Pictures of pages that are no pages: states, doors and caps, for which no browser is started."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from monitor.domain import PictureState
from monitor.errors import ConfigError
from monitor.evidence.camera import Lens, camera
from monitor.scan import pictures
from monitor.scan.pictures import Pictured, take_pictures
from tests.scan.gated_offices import parts_of
from tests.scan.offices import Office
from tests.scan.telegram_night import PAGE, copied, play, rows
from tests.scrapers.loopback import Handler, Peer, answer, peer

LENS = Lens(Path(sys.executable), "tidak dijalankan")
ELSEWHERE = answer(302, b"", location="http://10.1.2.3/rahasia")
PDF = answer(200, b"%PDF-", content_type="application/pdf")
LARGE = answer(200, b"x" * 21_000_000, content_type="text/html")
RECORD = """
[sources.telegram_page]
enabled = true
mode = "live_public_html"
legal_basis = "UU 7/2017 (contoh)"
approved_by = "Kordiv Pengawasan"
approved_at = 2026-09-01
max_rps = 1000
"""


@pytest.fixture
def running() -> Iterator[Peer]:
    with peer() as world:
        yield world


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Path, str]:
    return play(tmp_path_factory.mktemp("night"), sqlite_template)


@pytest.fixture
def office(night: tuple[Path, str], running: Peer, tmp_path: Path) -> Office:
    return copied(night, running, tmp_path)


def take(office: Office, **how: Any) -> Pictured:
    with parts_of(office) as parts:
        return take_pictures(parts, partial(camera, LENS), **how)


def write(office: Office, old: str, new: str) -> None:
    """Change a word of the settings, or add to them."""
    settings = office.home / "pantau.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")


@pytest.mark.parametrize(("page", "state", "said"), [
    pytest.param(ELSEWHERE, PictureState.GAGAL, "mengalihkan", id="elsewhere"),
    pytest.param(answer(302, b"", location="/login?x=1"), PictureState.LOGIN_WALL, "masuk", id="login"),
    pytest.param(answer(403, b"Forbidden"), PictureState.GAGAL, "menolak", id="refused"),
    pytest.param(answer(500, b"<p>rusak"), PictureState.GAGAL, "bermasalah", id="broken"),
    pytest.param(PDF, PictureState.GAGAL, "bukan halaman", id="no page"),
    pytest.param(LARGE, PictureState.GAGAL, "batas", id="huge"),
])  # fmt: skip
def test_what_a_page_is_instead_is_the_state_of_its_picture(
    office: Office, running: Peer, page: Callable[[Handler], None], state: PictureState, said: str
) -> None:
    running.routes[PAGE] = page
    take(office)
    (row,) = rows(office)
    assert (row.state, row.sha256, row.masked_sha256) == (state, None, None)
    assert said in row.detail
    assert "10.1.2.3/rahasia" not in row.detail


def test_a_page_that_robots_close_is_not_asked(office: Office, running: Peer) -> None:
    running.routes["/robots.txt"] = answer(200, b"User-agent: *\nDisallow: /", content_type="text/plain")
    running.seen.clear()
    take(office)
    assert {row.state for row in rows(office)} == {PictureState.GAGAL}
    assert {path for path, _ in running.seen} == {"/robots.txt"}


def test_when_the_days_cap_is_spent_the_rest_waits_without_a_state(office: Office, running: Peer) -> None:
    settings = office.home / "pantau.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"daily_cap = \d+", "daily_cap = 0", text), encoding="utf-8")
    done = take(office)
    assert (done.states, rows(office)) == ({}, ())
    assert sum(done.unasked.values()) >= 1
    assert {issue.kind for issue in done.issues} == {"budget_spent"}


def test_texts_beyond_the_most_wait_and_are_not_told_as_impossible(office: Office) -> None:
    done = take(office, most=0)
    assert (done.later >= 1, done.unasked) == (True, {})


def test_a_platform_that_asks_for_patience_is_left_alone(office: Office, running: Peer) -> None:
    running.routes[PAGE] = answer(429, b"", retry_after="86400")
    done = take(office)
    assert (rows(office), {issue.kind for issue in done.issues}) == ((), {"rate_limited"})


def test_without_a_record_for_its_pages_nothing_of_a_platform_is_asked(office: Office, running: Peer) -> None:
    write(office, 'mode = "live_public_html"', 'mode = "import"')
    running.seen.clear()
    done = take(office)
    assert (done.states, done.issues, running.seen) == ({}, [], [])
    assert sum(done.unasked.values()) >= 1


def test_a_record_of_its_own_opens_the_pages_under_its_own_name(office: Office, running: Peer) -> None:
    write(office, 'mode = "live_public_html"', 'mode = "import"')
    write(office, "", RECORD + f'web_url = "{running.url}"\nallow_hosts = ["{running.place}"]\n')
    running.routes[PAGE] = answer(403, b"Forbidden")
    assert set(take(office).states) == {PictureState.GAGAL}
    assert running.asked(f"{PAGE}?embed=1&mode=tme") >= 1


def test_a_record_that_nobody_approved_opens_nothing_and_says_so(office: Office, running: Peer) -> None:
    write(office, "", RECORD.replace('approved_by = "Kordiv Pengawasan"', 'approved_by = ""'))
    running.seen.clear()
    done = take(office)
    assert (done.states, running.seen) == ({}, [])
    assert "approved_by" in done.issues[0].detail


@pytest.mark.parametrize(("url", "base", "asked"), [
    ("https://bsky.app/profile/a/post/b?x=1#c", "", "https://bsky.app/profile/a/post/b?x=1#c"),
    ("https://bsky.app/profile/a/post/b?x=1#c", "http://127.0.0.1/d/", "http://127.0.0.1/d/profile/a/post/b?x=1"),
    ("at://did:plc:a/app.bsky.feed.post/b", "http://127.0.0.1:9", ""),
    ("file:///etc/passwd", "", ""),
])  # fmt: skip
def test_only_web_addresses_are_asked_and_below_the_base_that_is_set(url: str, base: str, asked: str) -> None:
    assert pictures._based(url, base) == asked


def test_a_machine_without_the_browser_is_told_before_anything_is_asked(office: Office, running: Peer) -> None:
    running.seen.clear()
    with parts_of(office) as parts, pytest.raises(ConfigError):
        take_pictures(parts, partial(camera, Lens(Path("/tidak/ada"), "x")))
    assert running.seen == []
