"""An office with its workspace for a peer's world: made, filled and scanned through the command line, as in life."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db.connect import open_database
from db.tables.items import interaction
from monitor.settings import load_settings
from tests.peers.fixtures import PeerWorld
from tests.peers.registers import settings, write_registers
from tests.peers.truth import ExpectedCase
from tests.peers.warm import start
from tests.peers.world import Part

COMMAND_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Office:
    """One workspace on disk."""

    home: Path

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run one `pantau` command in the workspace and return what it printed; fails on another exit code."""
        done = start(["--workspace", str(self.home), *arguments], os.environ)
        out, said = done.communicate(timeout=COMMAND_SECONDS)
        assert done.returncode == code, f"{arguments}: exit {done.returncode}\n{out[-4000:]}\n{said[-4000:]}"
        return out

    def read(self, *arguments: str, code: int = 0) -> Any:
        """Run one command with --json and return its values."""
        return json.loads(self.run(*arguments, "--json", code=code))

    @property
    def database_url(self) -> str:
        """The workspace's database."""
        return load_settings(self.home).url

    def stored_acts(self) -> dict[str, datetime | None]:
        """Return every stored interaction: its key, and its exact time or None."""
        database = open_database(self.database_url)
        try:
            with database.read() as session:
                rows = session.execute(sa.select(interaction.c.key, interaction.c.occurred_at)).all()
        finally:
            database.dispose()
        return {row.key: row.occurred_at for row in rows}

    def stored_cases(self, peer: PeerWorld) -> frozenset[ExpectedCase]:
        """Return every case of the queue in the words of the truth."""
        numbers = {a.name: a.nip for a in peer.world.having(Part.ASN)}
        return frozenset(
            ExpectedCase(
                numbers[case["asn"]["name"]], case["candidate"]["number"], case["law"], case["law_row"], case["stage"]
            )
            for case in self.read("queue", "list")
        )

    def files_holding(self, words: frozenset[str]) -> dict[str, list[str]]:
        """Return which of the words stand in which file of the workspace, database, logs and reports included."""
        found: dict[str, list[str]] = {}
        for path in self.home.rglob("*"):
            if path.is_file():
                content = path.read_bytes().lower()
                hits = sorted(word for word in words if word.lower().encode() in content)
                if hits:
                    found[str(path.relative_to(self.home))] = hits
        return found


def found_office(home: Path, peer: PeerWorld, urls: Mapping[str, str] | None = None, more: str = "") -> Office:
    """Make a workspace for a peer's world and import its registers; `more` is added to pantau.toml."""
    office = Office(home)
    office.run("init", str(home))
    (home / "pantau.toml").write_text(
        settings(peer.platform, urls or peer.urls, peer.allow_hosts, more), encoding="utf-8"
    )
    files = home.parent / f"{home.name}-register"
    write_registers(files, peer.world, peer.platform, peer.names)
    for kind, name in (("asn", "asn.csv"), ("akun", "akun.csv"), ("kontes", "kontes.yml")):
        office.run("roster", "import", kind, str(files / name))
    return office
