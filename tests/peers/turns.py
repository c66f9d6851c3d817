"""The order in which workers take the tests: what shares a costly fixture stays together, and what takes long is first.

The last worker to end decides how long a run takes, so nothing long may be begun late (`--no-loadscope-reorder`).
"""

from __future__ import annotations

import gc

import pytest

_LONG = (
    "test_ten_workers", "test_many_workers", "test_campaign",
    "test_nights_on_peers", "test_changed_mastodon", "test_rate_limited_bluesky", "test_bluesky_peer",
    "test_killed_night", "test_rules_at_night", "test_meta_nights", "test_changes_between_nights",
    "test_replay_order", "test_public_nights", "test_outcomes", "test_large_listing", "test_new_platform_guide",
)  # fmt: skip
_DATABASES = ("sqlite", "postgresql")


def pytest_collection() -> None:
    """Search for no rubbish while tests are collected: hardly any is made, and a search goes through all of them."""
    gc.disable()


@pytest.hookimpl(trylast=True)  # after the peers' own groups
def pytest_itemcollected(item: pytest.Item) -> None:
    """Give the tests of a file with fixtures of its own to one worker for each database."""
    if item.get_closest_marker("xdist_group") is None and _shares(item):
        item.add_marker(pytest.mark.xdist_group("-".join([item.path.stem, *_database(item)])))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first."""
    items.sort(key=_turn)


def _shares(item: pytest.Item) -> bool:
    known = getattr(item, "_fixtureinfo", None)  # pytest has no public name for it
    fixtures = known.name2fixturedefs if known is not None else {}
    made = [one for found in fixtures.values() for one in found if one.scope != "function"]
    return any(one.scope in ("module", "package") or one.baseid.endswith(item.path.name) for one in made)


def _database(item: pytest.Item) -> list[str]:
    called = getattr(item, "callspec", None)
    return [name for name in _DATABASES if called is not None and name in called.id.split("-")]


def _turn(item: pytest.Item) -> int:
    if item.path.stem in _LONG:
        return _LONG.index(item.path.stem)
    heavy = any(item.get_closest_marker(name) is not None for name in ("peer", "slow", "browser"))
    return len(_LONG) + (0 if heavy else 1)


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of every later search for rubbish: it is much, and stays to the end."""
    gc.freeze()
    gc.enable()
