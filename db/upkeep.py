"""What keeps readings fast as tables grow: figures about them, by which the planner chooses its way."""

from __future__ import annotations

from db.connect import Session
from db.tables import review_case

_LOOKED_AT = 1000


def refresh_statistics(session: Session) -> None:
    """Renew the planner's figures on SQLite, which has none of its own accord; PostgreSQL sees to its own.

    Every index is sampled, so a million rows cost some ten milliseconds. Cases are counted whole: a sample of an index
    with few states tells of a table a tenth as large, and lists would read all of it instead of a page.
    """
    if session.dialect.name != "sqlite":
        return
    session.exec_driver_sql(f"PRAGMA analysis_limit = {_LOOKED_AT}")
    session.exec_driver_sql("ANALYZE")
    session.exec_driver_sql("PRAGMA analysis_limit = 0")
    session.exec_driver_sql(f"ANALYZE {review_case.name}")
