"""A worker that is told to stop while somebody holds what it waits for: it ends after a bounded time and says why."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from db.connect import Database
from monitor import installation
from monitor.jobs import workers
from tests.peers.warm import Started, start

pytestmark = pytest.mark.slow

LONG = 60.0


def be_impatient() -> None:
    workers._PATIENCE = 1


def wait_for_words(worker: Started, words: str) -> None:
    until, said = time.monotonic() + LONG, worker.said / "err"
    while not said.exists() or words not in said.read_text(encoding="utf-8"):
        assert worker.poll() is None, worker.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_worker_does_not_wait_for_ever_for_what_a_frozen_one_holds(
    postgres_database: Database, tmp_path: Path
) -> None:
    home = tmp_path / "kantor"
    home.mkdir()
    (home / "pantau.toml").write_text(f'database_url = "{postgres_database.url}"\n', encoding="utf-8")
    installation.create(home)
    with postgres_database.write() as frozen:
        frozen.execute(sa.text("lock table scan_run in access exclusive mode"))
        worker = start(["--workspace", str(home), "worker"], os.environ, before=be_impatient)
        wait_for_words(worker, "worker at work")
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=LONG)
    assert worker.returncode == 1
    assert "worker gave up waiting" in said
    assert "Traceback" not in said
