from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from db import patterns
from db.connect import Database, Session, open_database
from db.tables import app_user
from monitor.domain import Act, Level, Pattern, Span, Stance
from monitor.vault import Vault
from monitor.web.app import WebDeps
from tests import casebook
from tests.casebook import NOW, Book, act, hit, judge, post, regroup
from tests.web.screens import SIZES, keep, overflow, served, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DAY = timedelta(days=1)


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of its own: the console's has users already."""
    shutil.copyfile(sqlite_template, tmp_path / "pola.db")
    database = open_database(f"sqlite:///{tmp_path / 'pola.db'}")
    yield database
    database.dispose()


@pytest.fixture
def console(deps: WebDeps, empty: Database, vault: Vault, password_hash: str) -> Iterator[str]:
    """Serve the cases of a person who commented twice and liked three times within a week, all for one pair."""
    book = casebook.open_book(empty, vault)
    with empty.write() as session:
        session.execute(sa.update(app_user).values(password_hash=password_hash))
        members = [_comment(session, book, n) for n in (6, 4)] + [_like(session, book, n) for n in (3, 2, 1)]
        regroup(session)
        times = (NOW - 6 * DAY, NOW - DAY, 7 * DAY)
        person = patterns.counted_acts(session, range(1, 10))[0].person_id
        found = Pattern("pola-berulang", 1, Level.MENENGAH, person, book.pairs[1], *times, 7, tuple(members))
        patterns.store_patterns(session, [found], [person], book.ruleset_id, NOW)
    with served(replace(deps, database=empty)) as address:
        yield address


def _comment(session: Session, book: Book, days: int) -> int:
    number = act(session, book, 1, Act.COMMENT, post(session, book, f"k{days}"), own=f"k{days}", at=NOW - days * DAY)
    words = Span("own.text", 0, 9, "Lanjutkan", "dukungan")
    judge(session, book, {number: [hit(book, stance=Stance.DUKUNGAN, stance_spans=(words,))]})
    return number


def _like(session: Session, book: Book, days: int) -> int:
    number = act(session, book, 1, Act.LIKE, post(session, book, f"s{days}"), at=NOW - days * DAY)
    words = Span("target.text", 5, 11, "coblos", "celaan")
    judge(session, book, {number: [hit(book, law_row="B2", stance=Stance.CELAAN, stance_spans=(words,))]})
    return number


@pytest.mark.parametrize("page", SIZES, indirect=True)
def test_the_words_of_a_hint_and_the_acts_of_a_pattern_are_seen(page: Page, console: str, tmp_path: Path) -> None:
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    expect(page.get_by_role("heading", name="Pola berulang: 5 tindakan dalam 7 hari")).to_be_visible()
    expect(page.get_by_text("Petunjuk sikap: dukungan").first).to_be_visible()
    expect(page.locator("mark.stance.dukungan").first).to_have_text("Lanjutkan")
    keep(page, tmp_path, "petunjuk-dan-pola")
    page.locator("ol.pattern li").last.get_by_role("link", name="informasi awal 2").click()
    expect(page.locator("mark.stance.celaan").first).to_have_text("coblos")
    keep(page, tmp_path, "petunjuk-celaan")


def test_a_hint_is_underlined_and_not_only_coloured(page: Page, console: str) -> None:
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    look = "element => getComputedStyle(element).textDecorationLine"
    assert page.locator("mark.stance").first.evaluate(look) == "underline"
    label = "element => getComputedStyle(element, '::after').content"
    assert page.locator("mark.stance").first.evaluate(label) == '"dukungan"'


@pytest.mark.parametrize("page", [pytest.param((320, 700), id="small")], indirect=True)
def test_a_pattern_does_not_make_the_page_scroll_sideways(page: Page, console: str) -> None:
    sign_in(page, console)
    page.goto(f"{console}/informasi-awal/1")
    assert overflow(page) <= 0
