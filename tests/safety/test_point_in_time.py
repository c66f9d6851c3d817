"""PostgreSQL brought back to a moment from a base copy and the WAL archive, as docs/cadangan.md says."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import audit, schema
from db.connect import Database, open_database
from db.tables import audit_log
from db.verify import verify
from tests.safety.server import Server, own_server

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "deploy" / "postgresql" / "arsip-wal.sh"


@pytest.fixture
def server() -> Iterator[Server]:
    with own_server() as started:
        yield started


def note(database: Database, subject: str) -> None:
    with database.write() as session:
        audit.record(session, actor="contoh", action="contoh", subject=subject, detail={}, now=datetime.now(UTC))


def test_a_cluster_comes_back_as_it_was_at_a_moment(server: Server) -> None:
    archive, base, script = (server.folder / name for name in ("arsip", "dasar", "arsip-wal.sh"))
    shutil.copy(SCRIPT, script)
    script.chmod(0o755)
    server.call_shell(f"mkdir -m 700 {archive}")
    with (server.data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"archive_mode = on\narchive_command = '{script} %p %f {archive}'\n")
    server.run("restart")
    url = server.make("pantau")
    schema.upgrade(url)
    database = open_database(url)
    server.call("pg_basebackup", "-h", str(server.folder), "-U", "postgres", "-D", str(base), "--checkpoint=fast")
    note(database, "contoh:sebelum")
    with database.read() as session:
        moment = session.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    note(database, "contoh:sesudah")
    with database.write() as session:
        session.exec_driver_sql("SELECT pg_switch_wal()")
    database.dispose()
    server.run("stop", "-m", "fast")
    shutil.rmtree(server.data)
    base.rename(server.data)
    with (server.data / "postgresql.auto.conf").open("a") as settings:
        settings.write(f"restore_command = 'cp {archive}/%f %p'\nrecovery_target_time = '{moment.isoformat()}'\n")
        settings.write("recovery_target_action = promote\n")
    server.call_shell(f"touch {server.data / 'recovery.signal'}")
    server.run("start")
    back = open_database(url)
    with back.read() as session:
        assert list(session.execute(sa.select(audit_log.c.subject)).scalars()) == ["contoh:sebelum"]
        assert verify(session) == []
    note(back, "contoh:baru")
    back.dispose()


def archived(folder: Path, content: bytes) -> int:
    (folder / "sumber").write_bytes(content)
    arsip = folder / "arsip"
    arsip.mkdir(exist_ok=True)
    return subprocess.run(["sh", str(SCRIPT), str(folder / "sumber"), "00000001", str(arsip)], check=False).returncode


def test_a_file_of_the_archive_is_never_written_over(tmp_path: Path) -> None:
    assert archived(tmp_path, b"isi") == 0
    assert archived(tmp_path, b"isi") == 0
    assert archived(tmp_path, b"lain") == 1
    assert (tmp_path / "arsip" / "00000001").read_bytes() == b"isi"
    assert [path.name for path in (tmp_path / "arsip").iterdir()] == ["00000001"]
