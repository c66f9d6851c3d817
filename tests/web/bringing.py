"""An office whose console takes files: a real workspace, its register of X accounts, users, and the real readers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fastapi.testclient import TestClient
from httpx import Response

from db import users
from db.connect import Database
from monitor.cli.console_uploads import bringing
from monitor.domain import Grant, Role
from monitor.web.deps import WebDeps
from monitor.workspace import Workspace
from tests.peers.registers import write_registers
from tests.peers.world import make_world
from tests.scan.offices import HeldClock, Office, make_office
from tests.scrapers.captured_items import line, tweet, x_id, x_user
from tests.web.browsing import hidden_fields, words

NOW = datetime(2024, 10, 22, 3, 0, tzinfo=UTC)
CONFIG = '[agency]\nname = "Bawaslu Kabupaten Contoh"\njurisdiction = "99.01"\n'
PEOPLE = (
    ("rina", Role.PENGAWAS, "99.01"),
    ("joko", Role.KOORDINATOR, "99.01"),
    ("tetangga", Role.PENGAWAS, "98.02"),
    ("admin", Role.ADMIN, ""),
    ("ani", Role.ANALIS, "99.01"),
)
BELOW = {
    "in_reply_to_status_id_str": x_id(1),
    "in_reply_to_user_id_str": "7001",
    "in_reply_to_screen_name": "busi_contoh",
    "conversation_id_str": x_id(1),
}
POST = tweet(1, "Contoh Bangkit! #BusiMenang", core=x_user("7001", "busi_contoh"))
COMMENT = tweet(2, "Semoga sukses.", core=x_user("7101", "asn01_contoh"), **BELOW)
STRANGER = tweet(3, "Setuju @asn01_contoh", core=x_user("66601234567", "tetangga_rekaan"), **BELOW)
CAPTURE = b"".join(line(item, "x.com") for item in (POST, COMMENT, STRANGER))


def office_with_register(home: Path, database: Database) -> Office:
    """Return an office that knows five civil servants and a pair by their names on X."""
    made = make_office(home, database, CONFIG, HeldClock(NOW))
    world = make_world(5, datetime(2024, 10, 5, tzinfo=UTC))
    write_registers(home.parent / "register", world, "x", {a.key: f"{a.key}_contoh" for a in world.actors})
    made.register(home.parent / "register")
    return made


def add_users(database: Database, password_hash: str) -> None:
    with database.write() as session:
        for name, role, region in PEOPLE:
            user = users.add_user(session, name, f"{name.title()} Contoh", password_hash, NOW)
            users.grant_role(session, user.id, Grant(role, region), NOW)


@contextmanager
def console_deps(office: Office, *, limit_mb: float = 1.0) -> Iterator[WebDeps]:
    with office.space() as space:
        yield deps_of(space, limit_mb)


def deps_of(space: Workspace, limit_mb: float) -> WebDeps:
    return WebDeps(
        database=space.database,
        vault=space.vault,
        agency="Bawaslu Kabupaten Contoh",
        zone=space.settings.agency.zone,
        clock=space.clock,
        health=lambda: {"ok": True},
        second_factor=False,
        bringing=replace(bringing(space, limit_mb)),
    )


def send(client: TestClient, data: bytes, name: str = "tangkapan.ndjson", kind: str = "", token: str = "") -> Response:
    """Send a file as the form of the page does: the token first."""
    given = token or hidden_fields(client.get("/unggah"), "/unggah/kirim")["tanda"]
    return client.post(
        "/unggah/kirim",
        data={"tanda": given, "jenis": kind},
        files={"berkas": (name, data, "application/octet-stream")},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def settled(client: TestClient, path: str) -> Response:
    """Return the page of an upload once nothing works on it any more."""
    for _ in range(150):
        answer = client.get(path)
        if "hx-trigger" not in answer.text.split('id="keadaan"')[1][:200]:
            return answer
        time.sleep(0.2)
    raise AssertionError(words(answer))
