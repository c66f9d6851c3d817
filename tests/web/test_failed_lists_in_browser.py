from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from db import sign_ins
from db.connect import Database
from monitor.vault import Vault
from monitor.web.app import WebDeps
from tests.web import world
from tests.web.samples import NOW
from tests.web.screens import enter, served, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def console(deps: WebDeps, database: Database, vault: Vault) -> Iterator[str]:
    world.found(database, vault)
    with served(deps) as address:
        yield address


@pytest.fixture
def queue(chromium: Browser, console: str) -> Iterator[Page]:
    """Open the queue in a browser that may complain of answers that fail."""
    context = chromium.new_context()
    opened = context.new_page()
    sign_in(opened, console)
    opened.goto(f"{console}/antrean")
    yield opened
    context.close()


def ask_for(queue: Page, status: str) -> None:
    queue.get_by_label("Status", exact=True).select_option(status)


def test_a_list_asked_for_after_the_session_ended_leads_to_the_sign_in_and_back(
    queue: Page, database: Database
) -> None:
    with database.write() as session:
        sign_ins.end_all_sessions(session, 1, NOW)
    ask_for(queue, "semua")
    expect(queue.get_by_role("heading", name="Masuk")).to_be_visible()
    enter(queue, "rina")
    expect(queue.get_by_role("heading", name="Antrean")).to_be_visible()
    assert "status=semua" in queue.url


def test_a_list_that_cannot_be_read_says_why_in_its_place(queue: Page, database: Database) -> None:
    with database.write() as session:
        session.exec_driver_sql("ALTER TABLE case_hit RENAME TO lain")
    ask_for(queue, "semua")
    said = queue.locator("#hasil").get_by_role("heading", name="Basis data sedang tidak dapat dipakai")
    expect(said).to_be_visible()
    with database.write() as session:
        session.exec_driver_sql("ALTER TABLE lain RENAME TO case_hit")
    ask_for(queue, "")
    expect(queue.get_by_role("link", name="ANI CONTOH")).to_be_visible()


def test_a_list_that_does_not_come_says_so_in_its_place(queue: Page) -> None:
    queue.context.set_offline(True)
    ask_for(queue, "semua")
    expect(queue.locator("#hasil").get_by_text("Konsol tidak menjawab.")).to_be_visible()
    queue.context.set_offline(False)
    ask_for(queue, "")
    expect(queue.get_by_role("link", name="ANI CONTOH")).to_be_visible()
