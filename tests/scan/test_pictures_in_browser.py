"""Pictures at a night's end: pages of a loopback Telegram, their states, and what becomes of them in the store."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from db import observations, screenshots
from db.connect import open_database
from monitor.cli.main import app
from monitor.domain import ChangeKind, PictureRow, PictureState
from monitor.evidence.camera import Lens, camera
from monitor.scan.liveness import recheck
from monitor.scan.pictures import Pictured, take_pictures
from tests.conftest import unavailable
from tests.scan.gated_offices import Play, make, parts_of, scan
from tests.scan.offices import NOW, HeldClock, Office
from tests.scrapers import telegram_pages as t
from tests.scrapers.loopback import Peer, answer, peer

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
LENS = Lens(CHROMIUM, "pantau-uji", seconds=8)
PAGE = "/asn_contoh/7"
GONE = '<html><body><div class="tgme_widget_message_error">Post not found</div></body></html>'
ELSEWHERE = answer(302, b"", location="http://10.1.2.3/rahasia")
PDF = answer(200, b"%PDF-", content_type="application/pdf")
WORDS = "Ayo coblos BUDI CONTOH nomor 1, Contoh Bangkit"


@pytest.fixture(autouse=True)
def chromium() -> None:
    if not CHROMIUM.exists():
        unavailable("Chromium dari Debian tidak terpasang")


@pytest.fixture
def running() -> Iterator[Peer]:
    with peer() as world:
        yield world


def html(running: Peer, path: str, body: str, status: int = 200) -> None:
    running.routes[path] = answer(status, body.encode(), content_type="text/html; charset=utf-8")


def serve(running: Peer) -> None:
    own = t.message(7, t.OFFICIAL, text=WORDS, view=False)
    html(running, "/s/budi_contoh", t.channel_page(t.message(1, hours=40)))
    html(running, "/budi_contoh/1", t.widget(header="No comments"))
    html(running, "/s/asn_contoh", t.channel_page(t.message(1, t.OFFICIAL), own, channel=t.OFFICIAL))
    html(running, PAGE, t.channel_page(own, channel=t.OFFICIAL))
    html(running, "/asn_contoh/1", t.channel_page(t.message(1, t.OFFICIAL), channel=t.OFFICIAL))


@pytest.fixture(scope="module")
def one_night(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> tuple[Path, str]:
    """A workspace after a night in which an official's own channel praised a pair, and the server that it knows."""
    folder = tmp_path_factory.mktemp("night")
    shutil.copyfile(sqlite_template, folder / "pantau.db")
    database = open_database(f"sqlite:///{folder / 'pantau.db'}")
    with peer() as running:
        serve(running)
        play = Play("telegram", "@budi_contoh", "@asn_contoh", {"web_url": running.url}, mode="live_public_html")
        assert scan(make(folder / "kantor", database, play)).judged.hits >= 1
        place = running.place
    database.dispose()
    return folder, place


@pytest.fixture
def office(one_night: tuple[Path, str], running: Peer, tmp_path: Path) -> Office:
    folder, place = one_night
    serve(running)
    shutil.copyfile(folder / "pantau.db", tmp_path / "pantau.db")
    shutil.copytree(folder / "kantor", tmp_path / "kantor")
    settings = tmp_path / "kantor" / "pantau.toml"
    text = settings.read_text(encoding="utf-8").replace(place, running.place).replace(str(folder), str(tmp_path))
    settings.write_text(text, encoding="utf-8")
    return Office(tmp_path / "kantor", HeldClock(NOW))


def take(office: Office, **how: bool) -> Pictured:
    with parts_of(office) as parts:
        return take_pictures(parts, partial(camera, LENS), **how)


def rows(office: Office) -> tuple[PictureRow, ...]:
    with office.space() as space, space.database.read() as session:
        found = screenshots.of_texts(session, [("telegram", f"{t.OFFICIAL.user_id}/7")])
    return next(iter(found.values()), ())


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


@pytest.mark.parametrize(("page", "state", "said"), [
    pytest.param(ELSEWHERE, PictureState.GAGAL, "mengalihkan", id="elsewhere"),
    pytest.param(answer(302, b"", location="/login?x=1"), PictureState.LOGIN_WALL, "masuk", id="login"),
    pytest.param(answer(403, b"Forbidden"), PictureState.GAGAL, "menolak", id="refused"),
    pytest.param(answer(404, b"<p>tidak ada", content_type="text/html"), PictureState.HILANG, "tidak", id="not there"),
    pytest.param(PDF, PictureState.GAGAL, "bukan halaman", id="no page"),
    pytest.param(answer(200, b"x" * 21_000_000, content_type="text/html"), PictureState.GAGAL, "batas", id="huge"),
])  # fmt: skip
def test_what_a_page_is_instead_is_the_state_of_its_picture(
    office: Office, running: Peer, page: object, state: PictureState, said: str
) -> None:
    running.routes[PAGE] = page  # type: ignore[assignment]  # an answer of the loopback server
    take(office)
    (row,) = rows(office)
    assert row.state is state
    assert said in row.detail
    assert (row.sha256 is None) == (state is not PictureState.HILANG)


def test_without_a_record_for_its_pages_nothing_of_a_platform_is_asked(office: Office, running: Peer) -> None:
    settings = office.home / "pantau.toml"
    text = settings.read_text(encoding="utf-8").replace('mode = "live_public_html"', 'mode = "import"')
    settings.write_text(text, encoding="utf-8")
    running.seen.clear()
    done = take(office)
    assert (done.states, running.seen) == ({}, [])
    assert sum(done.unasked.values()) >= 1


def test_the_command_takes_the_pictures_and_counts_them(office: Office) -> None:
    told = CliRunner().invoke(app, ["--workspace", str(office.home), "evidence", "picture", "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["states"] == {"lengkap": json.loads(told.stdout)["taken"]}
