"""What keeps readings fast as tables grow: figures about them, by which the planner chooses its way."""

from __future__ import annotations

from db.connect import Session

_LOOKED_AT = 1000


def refresh_statistics(session: Session) -> None:
    """Renew the planner's figures on SQLite, which has none of its own accord; PostgreSQL sees to its own.

    Every index is sampled, so a million rows cost some ten milliseconds.
    """
    if session.dialect.name != "sqlite":
        return
    session.exec_driver_sql(f"PRAGMA analysis_limit = {_LOOKED_AT}")
    session.exec_driver_sql("ANALYZE")
