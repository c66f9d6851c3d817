"""A workspace after a Telegram night in which an official's own channel praised a pair, played once and copied."""

from __future__ import annotations

import shutil
from pathlib import Path

from db import screenshots
from db.connect import open_database
from monitor.domain import PictureRow
from tests.scan.gated_offices import Play, make, scan
from tests.scan.offices import NOW, HeldClock, Office
from tests.scrapers import telegram_pages as t
from tests.scrapers.loopback import Peer, answer, peer

PAGE = "/asn_contoh/7"
WORDS = "Ayo coblos BUDI CONTOH nomor 1, Contoh Bangkit"


def html(running: Peer, path: str, body: str, status: int = 200) -> None:
    running.routes[path] = answer(status, body.encode(), content_type="text/html; charset=utf-8")


def serve(running: Peer) -> None:
    own = t.message(7, t.OFFICIAL, text=WORDS, view=False)
    plain = t.message(1, t.OFFICIAL, text="Apel pagi besok pukul tujuh")
    html(running, "/s/budi_contoh", t.channel_page(t.message(1, hours=40)))
    html(running, "/budi_contoh/1", t.widget(header="No comments"))
    html(running, "/s/asn_contoh", t.channel_page(plain, own, channel=t.OFFICIAL))
    html(running, PAGE, t.channel_page(own, channel=t.OFFICIAL))
    html(running, "/asn_contoh/1", t.channel_page(plain, channel=t.OFFICIAL))


def play(folder: Path, template: Path) -> tuple[Path, str]:
    """Play the night and return its folder and the server that it knows."""
    shutil.copyfile(template, folder / "pantau.db")
    database = open_database(f"sqlite:///{folder / 'pantau.db'}")
    with peer() as running:
        serve(running)
        told = Play("telegram", "@budi_contoh", "@asn_contoh", {"web_url": running.url}, mode="live_public_html")
        assert scan(make(folder / "kantor", database, told)).judged.hits >= 1
        place = running.place
    database.dispose()
    return folder, place


def copied(night: tuple[Path, str], running: Peer, folder: Path) -> Office:
    """Return a copy of the workspace that knows another server."""
    before, place = night
    serve(running)
    shutil.copyfile(before / "pantau.db", folder / "pantau.db")
    shutil.copytree(before / "kantor", folder / "kantor")
    settings = folder / "kantor" / "pantau.toml"
    text = settings.read_text(encoding="utf-8").replace(place, running.place).replace(str(before), str(folder))
    settings.write_text(text, encoding="utf-8")
    return Office(folder / "kantor", HeldClock(NOW))


def rows(office: Office) -> tuple[PictureRow, ...]:
    with office.space() as space, space.database.read() as session:
        found = screenshots.of_texts(session, [("telegram", f"{t.OFFICIAL.user_id}/7")])
    return next(iter(found.values()), ())
