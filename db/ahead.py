"""Indexes of growing tables: laid beside those who write, ahead of the step of the schema that needs them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa

from db.connect import Database, Session
from db.refusals import LOCKED, told
from monitor.errors import DatabaseError

_BESIDE: Final = "CREATE INDEX CONCURRENTLY "
_LONGEST_WAIT: Final = "60s"
"""How long for transactions that were open before; nobody else waits meanwhile."""


def within(statement: str) -> str:
    """Return a statement of a step as its transaction runs it: what was laid ahead is there already."""
    if not statement.startswith(_BESIDE):
        return statement
    return f"CREATE INDEX IF NOT EXISTS {statement.removeprefix(_BESIDE)}"


def lay(database: Database, file: Path, lock: int) -> None:
    """Lay on PostgreSQL what a step's statements want beside those who write, where its table is there already.

    An index that a stop left half built is built anew. DatabaseError while another upgrade holds the advisory `lock`,
    and when somebody's transaction does not end.
    """
    wanted = [part for part in _statements(file) if part.startswith(_BESIDE)]
    if not wanted:
        return
    with told(), database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        if not session.execute(sa.select(sa.func.pg_try_advisory_lock(lock))).scalar():
            raise DatabaseError(*LOCKED)
        try:
            session.exec_driver_sql(f"SET lock_timeout = '{_LONGEST_WAIT}'")
            for statement in wanted:
                _build(session, statement)
        finally:
            session.exec_driver_sql("RESET lock_timeout")
            session.execute(sa.select(sa.func.pg_advisory_unlock(lock)))


def _build(session: Session, statement: str) -> None:
    name, _, table = statement.removeprefix(_BESIDE).split()[:3]
    if session.execute(sa.select(sa.func.to_regclass(table))).scalar() is None:
        return
    broken = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid"
    if session.execute(sa.text(broken), {"name": name}).first() is not None:
        session.exec_driver_sql(f"DROP INDEX CONCURRENTLY {name}")
    if session.execute(sa.select(sa.func.to_regclass(name))).scalar() is None:
        session.exec_driver_sql(statement)


def _statements(file: Path) -> list[str]:
    if not file.exists():
        return []
    return [part.strip().removesuffix(";") for part in file.read_text(encoding="utf-8").split(";\n\n")]
