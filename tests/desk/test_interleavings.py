from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import cases, events
from db.connect import Database, open_database
from monitor import desk
from monitor.domain import CaseFacts, CaseState, DecisionCommand, EventKind, UserRow
from monitor.errors import PantauError
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, comment_case

S = CaseState
MANNER = desk.Manner(start=True, blind_share=0.5)
NEXT = {
    S.BARU: (S.DIKESAMPINGKAN, "ganda"),
    S.DITINJAU: (S.DIKESAMPINGKAN, "ganda"),
    S.DIKESAMPINGKAN: (S.DITINJAU, "informasi_baru"),
}


@dataclass
class Office:
    """Two reviewers at the same cases; `pages` are what each has open, `taken` the decisions that went through."""

    database: Database
    people: tuple[UserRow, ...]
    numbers: tuple[int, ...]
    now: datetime = NOW
    pages: dict[tuple[int, int], CaseFacts] = field(default_factory=dict)
    taken: list[tuple[int, int]] = field(default_factory=list)

    def open(self, who: int, case: int) -> None:
        self.pages[who, case] = desk.standing_of(self.database, self.numbers[case], self.people[who], self.now)

    def claim(self, who: int, case: int) -> None:
        desk.claim(self.database, self.numbers[case], self.people[who], self.now)
        self.open(who, case)

    def take_next(self, who: int, case: int) -> None:
        desk.claim_next(self.database, self.people[who], self.now)

    def renew(self, who: int, case: int) -> None:
        page = self.pages.get((who, case))
        if page is not None:
            desk.renew(self.database, self.numbers[case], self.people[who], page.fence, self.now)

    def skip(self, who: int, case: int) -> None:
        desk.skip(self.database, self.numbers[case], self.people[who], self.now)

    def undo(self, who: int, case: int) -> None:
        page = self.pages.get((who, case))
        if page is not None:
            desk.undo(self.database, self.numbers[case], self.people[who], self.now, version=page.version)

    def wait(self, who: int, case: int) -> None:
        self.now += timedelta(minutes=3)

    def decide(self, who: int, case: int) -> None:
        page = self.pages.get((who, case))
        if page is None or page.state not in NEXT:
            return
        to, reason = NEXT[page.state]
        user = self.people[who]
        command = DecisionCommand(page.case_id, to, reason, user, version=page.version, fence=page.fence)
        desk.decide(self.database, command, self.now, MANNER)
        self.taken.append((page.case_id, page.version))


ACTIONS = ("open", "claim", "take_next", "renew", "decide", "skip", "undo", "wait")


def attempt(office: Office, action: str, who: int, case: int) -> None:
    act: Callable[[int, int], None] = getattr(office, action)
    try:
        act(who, case)
    except PantauError:
        return  # refused in words; what must hold is checked afterwards


def holds(office: Office) -> None:
    """No decision twice from one page, no event lost, one after the other, rows as the events say."""
    assert len(office.taken) == len(set(office.taken))
    with office.database.read() as session:
        assert cases.projection_faults(session) == []
        assert events.broken_events(session) == []
        drafts = list(events.drafts_of(session, office.numbers))
    for number in office.numbers:
        versions = [draft.version for draft in drafts if draft.case_id == number]
        assert versions == list(range(1, len(versions) + 1))
    decided = [d for d in drafts if d.kind is EventKind.DECIDED and d.reason != "mulai_tinjau"]
    assert len(decided) == len(office.taken)


@pytest.fixture(scope="module")
def furnished(sqlite_template: Path, vault: Vault, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Book, int]:
    path = tmp_path_factory.mktemp("office") / "pantau.db"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    book = casebook.open_book(database, vault)
    comment_case(database, book)
    second = comment_case(database, book, who=2, name="k2")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path, book, second


@contextmanager
def office_of(furnished: tuple[Path, Book, int]) -> Iterator[Office]:
    path, book, second = furnished
    copy = path.with_name("copy.db")
    for left in path.parent.glob("copy.db*"):
        left.unlink()
    shutil.copyfile(path, copy)
    database = open_database(f"sqlite:///{copy}")
    yield Office(database, (book.rina, book.bayu), (1, second))
    database.dispose()


@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 1), st.integers(0, 1)), max_size=14))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_doings_decides_twice_or_loses_an_event(
    furnished: tuple[Path, Book, int], doings: list[tuple[str, int, int]]
) -> None:
    with office_of(furnished) as office:
        for action, who, case in doings:
            attempt(office, action, who, case)
        holds(office)


def test_nor_does_everybody_at_once(database: Database, vault: Vault) -> None:
    book = casebook.open_book(database, vault)
    numbers = (comment_case(database, book), comment_case(database, book, who=2, name="k2"))
    office = Office(database, (book.rina, book.bayu), numbers)

    def morning(who: int) -> None:
        order = random.Random(who)
        for _ in range(15):
            attempt(office, order.choice(ACTIONS[:-1]), who % 2, order.randrange(2))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(morning, range(4)))
    holds(office)
