"""What a test begins with is the same whether it is written or copied, and covers nothing up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import users
from db.connect import Database, Session, open_database
from db.tables import app_user
from tests import beginnings
from tests.casebook import NOW


class Desk:
    """Adds users to a database that is laid anew, and counts what it had to write for that."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.template, self.place, self.writings = template, folder / "laid.db", 0

    def laid(self) -> Database:
        self.place.unlink(missing_ok=True)
        beginnings.lay(self.template, self.place)
        return open_database(f"sqlite:///{self.place}")

    def begin(self, database: Database, name: str) -> int:
        return beginnings.begin(database, (self.place, name), self._adding(name))

    def _adding(self, name: str) -> Callable[[Session], int]:
        def write(session: Session) -> int:
            self.writings += 1
            return users.add_user(session, name, name.title(), "-", NOW).id

        return write


def names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.execute(sa.select(app_user.c.name).order_by(app_user.c.id)).scalars())


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Desk:
    return Desk(sqlite_template, tmp_path)


def test_what_was_written_once_is_copied_into_the_next_database(desk: Desk) -> None:
    first = desk.begin(desk.laid(), "rina")
    database = desk.laid()
    assert desk.begin(database, "rina") == first
    assert names(database) == ["rina"]
    assert desk.writings == 1


def test_a_database_that_is_laid_anew_holds_nothing_of_the_last(desk: Desk) -> None:
    desk.begin(desk.laid(), "rina")
    assert names(desk.laid()) == []


def test_steps_follow_one_another_in_their_order(desk: Desk) -> None:
    for order in (("rina", "bayu"), ("bayu", "rina"), ("rina", "bayu")):
        database = desk.laid()
        for name in order:
            desk.begin(database, name)
        assert names(database) == list(order)
    assert desk.writings == 4


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_what_a_test_wrote_itself_stays(desk: Desk, closed: bool) -> None:
    desk.begin(desk.laid(), "rina")
    database = desk.laid()
    with database.write() as session:
        users.add_user(session, "tono", "Tono", "-", NOW)
    if closed:
        database.dispose()
    desk.begin(database, "rina")
    assert names(database) == ["tono", "rina"]


def test_a_database_that_is_in_use_is_written_to(desk: Desk) -> None:
    desk.begin(desk.laid(), "rina")
    database = desk.laid()
    with database.read():
        desk.begin(database, "rina")
    assert names(database) == ["rina"]
    assert desk.writings == 2
