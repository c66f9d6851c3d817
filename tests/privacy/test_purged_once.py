"""What was removed once is not removed, counted and written down again by every later purge."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from db import runs
from db.connect import Database
from db.tables import capture, retention_event, run_capture
from monitor.vault import Vault
from tests.privacy.books import OLD, open_shelf


def written_down(database: Database) -> int:
    with database.read() as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(retention_event)).scalar_one())


def test_an_answer_that_was_removed_is_not_removed_again_when_a_later_night_brings_another(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    shelf = open_shelf(database, vault, tmp_path)
    shelf.close(shelf.case(1, "k1"))
    shelf.case(2, "k2")
    assert shelf.purge(OLD).counts["capture"] == 1
    before, night = written_down(database), OLD + timedelta(days=1)
    with database.write() as session:
        kept = session.execute(sa.select(sa.func.max(capture.c.id))).scalar_one()
        run = runs.open_run(session, "q", night, timedelta(hours=1))
        received = {"run_id": run.id, "capture_id": kept, "fetched_at": night, "status": 200, "headers": []}
        session.execute(sa.insert(run_capture).values(received))
    again = shelf.purge(OLD + timedelta(days=2))
    assert (again.total, written_down(database)) == (0, before)
