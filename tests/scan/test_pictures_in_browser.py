"""Pictures at a night's end with Debian's Chromium: what lies in the store, and what comes beside it later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from db import observations
from monitor.cli.main import app
from monitor.domain import ChangeKind, PictureState
from monitor.evidence.camera import Lens, camera
from monitor.scan.liveness import recheck
from monitor.scan.pictures import Pictured, take_pictures
from tests.conftest import unavailable
from tests.scan.gated_offices import parts_of
from tests.scan.offices import NOW, Office
from tests.scan.telegram_night import PAGE, copied, html, play, rows
from tests.scrapers.loopback import Peer, peer

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
LENS = Lens(CHROMIUM, "pantau-uji")
GONE = '<html><body><div class="tgme_widget_message_error">Post not found</div></body></html>'


@pytest.fixture(autouse=True)
def chromium() -> None:
    if not CHROMIUM.exists():
        unavailable("Chromium dari Debian tidak terpasang")


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


def take(office: Office, **how: bool) -> Pictured:
    with parts_of(office) as parts:
        return take_pictures(parts, partial(camera, LENS), **how)


def test_a_page_is_pictured_once_and_both_files_lie_sealed_in_the_store(office: Office) -> None:
    done = take(office)
    assert set(done.states) == {PictureState.LENGKAP}
    (row,) = rows(office)
    assert row.browser.startswith("Chromium ")
    with office.space() as space:
        raw, copy = space.evidence.get(row.sha256 or ""), space.evidence.get(row.masked_sha256 or "")
    assert raw != copy
    assert all(one.startswith(b"\x89PNG") for one in (raw, copy))
    sealed = [path.read_bytes() for path in (office.home / "data" / "evidence").rglob("*") if path.is_file()]
    assert not any(b"\x89PNG" in one for one in sealed)
    assert take(office).states == {}


def test_a_text_that_is_gone_is_pictured_again_beside_the_old_picture(office: Office, running: Peer) -> None:
    take(office)
    html(running, PAGE, GONE)
    office.clock.now = NOW + timedelta(days=2)
    with parts_of(office) as parts:
        changed = recheck(parts).changes
    assert ChangeKind.GONE in {change.kind for change in changed}
    take(office)
    assert [row.state for row in rows(office)] == [PictureState.LENGKAP, PictureState.HILANG]
    with office.space() as space, space.database.read() as session:
        story = observations.of_texts(session, "telegram", [rows(office)[0].item_id])
    (gone,) = next(iter(story.values()))
    assert None not in (gone.before_capture_id, gone.capture_id)


def test_the_command_takes_the_pictures_and_counts_them(office: Office) -> None:
    told = CliRunner().invoke(app, ["--workspace", str(office.home), "evidence", "picture", "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["states"] == {"lengkap": json.loads(told.stdout)["taken"]}
