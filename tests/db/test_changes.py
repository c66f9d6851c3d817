from __future__ import annotations

from datetime import timedelta

from db import changes
from db.connect import Database
from monitor.vault import Vault
from tests.web import world
from tests.web.samples import NOW

DAY = timedelta(days=1)


def test_opened_cases_are_counted_within_the_places(database: Database, vault: Vault) -> None:
    world.found(database, vault)
    with database.read() as session:
        assert changes.changes_since(session, None, NOW - DAY).opened == 3
        assert changes.changes_since(session, ("98",), NOW - DAY).opened == 1
        assert not changes.changes_since(session, (), NOW - DAY).any


def test_what_was_before_the_moment_is_not_counted(database: Database, vault: Vault) -> None:
    world.found(database, vault)
    with database.read() as session:
        assert not changes.changes_since(session, None, NOW + DAY).any
