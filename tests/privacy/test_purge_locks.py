"""Two purges at once, and a purge beside a night: the second is told, nothing is done twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.connect import Database
from monitor.assembly import purge_parts
from monitor.errors import LockHeld
from monitor.privacy.purge import LOCK, purge_due
from monitor.scan.night import LOCK as NIGHT
from monitor.workspace import workspace
from tests.scan.offices import NOW, make_office


def test_a_second_purge_is_refused_and_one_beside_a_night_leaves_the_files(database: Database, tmp_path: Path) -> None:
    home = make_office(tmp_path / "office", database, '[agency]\nname = "Contoh"\njurisdiction = "99.01"\n').home
    with workspace(home) as space:
        parts = purge_parts(space)
        with parts.lock(LOCK), pytest.raises(LockHeld):
            purge_due(parts, NOW)
        with parts.lock(NIGHT):
            assert "berkas belum dihapus" in purge_due(parts, NOW).problem
        assert purge_due(parts, NOW).problem == ""
