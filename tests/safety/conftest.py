"""Offices for tests that take away what the program stands on: room, a database server, memory, the network."""

from __future__ import annotations

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from monitor.cli.demo import make_workspace
from tests.safety.trials import Offices, Trial
from tests.scan.offices import HeldClock, Office
from tests.web.browsing import PASSWORD


@pytest.fixture(scope="session")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Offices:
    """Offices on SQLite."""
    folder = tmp_path_factory.mktemp("safety")
    office = folder / "office"
    make_workspace(office)
    Office(office, HeldClock()).register(office / "peragaan")
    ready = Offices(office, folder, lambda home: f"sqlite:///{home / 'data' / 'pantau.db'}", {})
    first = ready.trial()
    first.finish()
    ready.undisturbed = first.rows()
    return ready


@pytest.fixture
def trial(offices: Offices) -> Trial:
    return offices.trial()


@pytest.fixture(scope="session")
def after_a_night(offices: Offices) -> Offices:
    """Offices that had their night."""
    first = offices.trial()
    first.finish()
    return Offices(first.home, offices.folder / "malam", offices.copy_database, offices.undisturbed)


@pytest.fixture(scope="session")
def password_hash() -> str:
    """Hash at the lowest cost: what checks a password reads the cost from its hash."""
    return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(PASSWORD)
