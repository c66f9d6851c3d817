"""A whole office for browsers: a workspace after one night, and its console with everything wired as `serve` does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from db import users
from db.connect import open_database
from monitor.cli.console import console_parts
from monitor.domain import Grant, Role
from monitor.web.app import WebDeps
from monitor.workspace import workspace
from tests.peers.world import make_world
from tests.scan.offices import NOW, office_of
from tests.scan.written_bluesky import URLS, WrittenBluesky

PLACE = "99.01"
STAFF = {
    "rina": (Role.PENGAWAS,),
    "dewi": (Role.PENGAWAS,),
    "bayu": (Role.KOORDINATOR,),
    "tia": (Role.PENGAWAS,),
    "semua": tuple(Role),
}
"""Users by name with what they may do; the last one may open every room."""


def fill(folder: Path, template: Path, password_hash: str) -> Path:
    """Make an office with its staff, let it scan one night of an invented network and return its workspace."""
    path = folder / "office" / "data" / "pantau.db"
    path.parent.mkdir(parents=True)
    shutil.copyfile(template, path)
    database = open_database(f"sqlite:///{path}")
    network = WrittenBluesky(make_world(7, NOW))
    office = office_of(network.world, folder / "office", database, network.accounts, URLS)
    office.scan(network)
    with database.write() as session:
        for name, roles in STAFF.items():
            user = users.add_user(session, name, f"{name.title()} Contoh", password_hash, NOW)
            for role in roles:
                users.grant_role(session, user.id, Grant(role, PLACE), NOW)
    database.dispose()
    config = office.home / "pantau.toml"
    text = config.read_text(encoding="utf-8").replace(f'database_url = "{database.url}"', "")
    config.write_text(text, encoding="utf-8")  # so that copies of the workspace have their own database
    return office.home


@contextmanager
def parts_of(home: Path) -> Iterator[WebDeps]:
    """Wire the console of a workspace as `serve` does, at the time of its night and without second factors."""
    with workspace(home) as space:
        yield replace(console_parts(space), clock=lambda: NOW, second_factor=False)
