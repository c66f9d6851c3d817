from __future__ import annotations

import pytest

from db import queue_options
from db.connect import Database
from db.queue_options import Options
from monitor.vault import Vault
from tests.web import world


def choices(database: Database, scope: tuple[str, ...]) -> Options:
    queue_options._named.cache_clear()  # keeps a statement for how many are listed
    with database.read() as session:
        return queue_options.options(session, scope)


def test_what_a_filter_offers_is_what_is_there_within_reach(database: Database, vault: Vault) -> None:
    world.found(database, vault)
    found = choices(database, ("99",))
    assert [pair.number for pair in found.pairs] == sorted(pair.number for pair in found.pairs) != []
    assert world.RULE in found.rules
    assert "bluesky" in found.platforms
    assert {code[:2] for code in found.regions} == {"99"}
    assert {code[:2] for code in choices(database, ("98",)).regions} == {"98"}


def test_what_is_too_many_for_a_list_is_not_listed(
    database: Database, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.found(database, vault)
    monkeypatch.setattr(queue_options, "MOST", 0)
    found = choices(database, ("99",))
    queue_options._named.cache_clear()
    assert (found.pairs, found.regions) == ((), {})
    assert found.rules
