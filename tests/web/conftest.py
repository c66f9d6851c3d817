from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from db import users
from db.connect import Database, Session
from monitor.domain import Grant, Role
from monitor.vault import Vault
from monitor.web.app import WebDeps, create_app
from tests.beginnings import begin
from tests.conftest import unavailable
from tests.web.browsing import PASSWORD, sign_in
from tests.web.samples import NOW
from tests.web.screens import CHROMIUM, FLAGS


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **length: float) -> None:
        self.now += timedelta(**length)


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Hash at the lowest cost: what checks a password reads the cost from its hash."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(PASSWORD)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


STAFF = (
    ("rina", Role.PENGAWAS, "99.01"),
    ("joko", Role.KOORDINATOR, "99.01"),
    ("tetangga", Role.PENGAWAS, "98.02"),
    ("admin", Role.ADMIN, ""),
)


@pytest.fixture
def database(sqlite_database: Database, password_hash: str) -> Database:
    def write(session: Session) -> None:
        for name, role, region in STAFF:
            user = users.add_user(session, name, f"{name.title()} Contoh", password_hash, NOW)
            users.grant_role(session, user.id, Grant(role, region), NOW)

    begin(sqlite_database, ("staff", STAFF, password_hash), write)
    return sqlite_database


@pytest.fixture
def deps(database: Database, clock: Clock) -> WebDeps:
    return WebDeps(
        database=database,
        vault=Vault(b"k" * 32),
        agency="Bawaslu Kabupaten Contoh",
        zone=ZoneInfo("Asia/Jakarta"),
        clock=clock,
        health=lambda: {"ok": True},
        second_factor=False,
    )


Browser = Callable[..., TestClient]


@pytest.fixture
def browser(deps: WebDeps) -> Iterator[Browser]:
    """Open a browser on the console, signed in when a name is given."""
    opened: list[TestClient] = []

    def start(name: str = "", **changes: object) -> TestClient:
        app = create_app(replace(deps, **changes))  # type: ignore[arg-type]
        client = TestClient(app, base_url="http://localhost:8000", follow_redirects=False)
        opened.append(client)
        if name:
            sign_in(client, name)
        return client

    yield start
    for client in opened:
        client.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    if not Path(CHROMIUM).exists():
        unavailable("Chromium dari Debian tidak terpasang")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Chromium, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = getattr(request, "param", (1280, 800))
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="id-ID")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert [c for c in complaints if "status of 4" not in c] == []
