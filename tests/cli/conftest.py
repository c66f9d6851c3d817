"""A workspace after one night, for whoever types commands in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from db.connect import open_database
from tests.cli.terminal import PASSWORD, pantau
from tests.peers.world import make_world
from tests.scan.offices import NOW, office_of
from tests.scan.written_bluesky import URLS, WrittenBluesky


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A workspace after one night, with two users."""
    folder = tmp_path_factory.mktemp("command-line")
    path = folder / "office" / "data" / "pantau.db"
    path.parent.mkdir(parents=True)
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    network = WrittenBluesky(make_world(7, NOW))
    office = office_of(network.world, folder / "office", database, network.accounts, URLS)
    office.scan(network)
    database.dispose()
    config = office.home / "pantau.toml"
    text = config.read_text(encoding="utf-8").replace(f'database_url = "{database.url}"', "")
    config.write_text(text, encoding="utf-8")  # so that copies of the workspace have their own database
    for name, role in (("rina", "pengawas"), ("bayu", "koordinator")):
        added = pantau(office.home, "users", "add", name, "--role", role, "--jurisdiction", "99.01", typed=PASSWORD)
        assert added.exit_code == 0, added.output
    return office.home


@pytest.fixture
def home(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "office"))
