"""Thousands of rows past SQLAlchemy's types: tuples of what the driver itself takes and gives.

For the tables that a night writes most. Who calls brings values in the driver's own form: `stored_time` for times,
plain strings for enums. On PostgreSQL many rows go by COPY through a temporary table, which is faster than any INSERT
with values; on SQLite `executemany` is the fastest there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.upsert import chunks
from monitor.domain import utc

Values = tuple[Any, ...]

_SPAN = 10_000
"""Values of one question: below the variables that SQLite takes."""

_MANY = 100
"""Rows from which on a temporary table costs less than it saves."""


def stored_time(session: Session) -> Callable[[datetime | None], Any]:
    """Return what turns an aware time into the form in which a row holds it; forms of one database sort as times do."""
    return _text if session.dialect.name == "sqlite" else _aware


def read_rows(
    session: Session, table: sa.Table, names: Sequence[str], key: str, values: Iterable[Any], *, lock: bool = False
) -> Iterator[Values]:
    """Yield the columns of all rows whose `key` is among the values, as they lie; `lock` keeps them from others."""
    columns = ", ".join(names)
    for part in chunks(sorted(set(values)), _SPAN):
        if session.dialect.name == "sqlite":  # a writer is alone there
            among = ", ".join("?" * len(part))
            yield from session.exec_driver_sql(f"SELECT {columns} FROM {table.name} WHERE {key} IN ({among})", (*part,))  # noqa: S608 - names of this program
        else:
            tail = f" ORDER BY {key} FOR UPDATE" if lock else ""
            yield from session.exec_driver_sql(
                f"SELECT {columns} FROM {table.name} WHERE {key} = ANY(%s){tail}",  # noqa: S608 - names of this program
                (part,),
            )


def add_rows(
    session: Session, table: sa.Table, names: Sequence[str], rows: Iterable[Values], key: Sequence[str]
) -> int:
    """Insert the rows whose key is not there yet, in their order; return how many were added."""
    given = rows if isinstance(rows, list) else list(rows)
    if not given:
        return 0
    into, conflict = f"{table.name} ({', '.join(names)})", f"ON CONFLICT ({', '.join(key)}) DO NOTHING"
    if _one_by_one(session, given):
        marks = ", ".join([_mark(session)] * len(names))
        return session.exec_driver_sql(f"INSERT INTO {into} VALUES ({marks}) {conflict}", given).rowcount  # noqa: S608 - names of this program
    staged = _copied(session, table, names, given)
    order = ", ".join(key)
    added = session.exec_driver_sql(
        f"INSERT INTO {into} SELECT {', '.join(names)} FROM {staged} ORDER BY {order} {conflict}"  # noqa: S608 - names of this program
    ).rowcount
    session.exec_driver_sql(f"DROP TABLE {staged}")
    return added


def set_rows(session: Session, table: sa.Table, names: Sequence[str], rows: Iterable[Values]) -> None:
    """Set the columns of rows by their `id`, which is the last of each tuple's values and not among `names`."""
    given = rows if isinstance(rows, list) else list(rows)
    if not given:
        return
    if _one_by_one(session, given):
        mark = _mark(session)
        values = ", ".join(f"{name} = {mark}" for name in names)
        session.exec_driver_sql(f"UPDATE {table.name} SET {values} WHERE id = {mark}", given)  # noqa: S608 - names of this program
        return
    staged = _copied(session, table, (*names, "id"), given)
    values = ", ".join(f"{name} = {staged}.{name}" for name in names)
    session.exec_driver_sql(f"UPDATE {table.name} SET {values} FROM {staged} WHERE {staged}.id = {table.name}.id")  # noqa: S608 - names of this program
    session.exec_driver_sql(f"DROP TABLE {staged}")


def _one_by_one(session: Session, rows: list[Values]) -> bool:
    return session.dialect.name == "sqlite" or len(rows) < _MANY


def _mark(session: Session) -> str:
    return "?" if session.dialect.name == "sqlite" else "%s"


def _copied(session: Session, table: sa.Table, names: Sequence[str], rows: list[Values]) -> str:
    """Put rows into a temporary table with these columns of `table` and return its name."""
    staged, columns = f"staged_{table.name}", ", ".join(names)
    session.exec_driver_sql(
        f"CREATE TEMPORARY TABLE {staged} ON COMMIT DROP AS SELECT {columns} FROM {table.name} WITH NO DATA"  # noqa: S608 - names of this program
    )
    statement = f"COPY {staged} ({columns}) FROM STDIN"
    driver: Any = session.connection.driver_connection
    assert session.dialect.dbapi is not None  # a session is connected
    failed: Any = session.dialect.dbapi.Error
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except failed as error:
        raise sa.exc.DBAPIError.instance(statement, None, error, failed, hide_parameters=True) from error
    return staged


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else utc(moment).isoformat(" ", "microseconds")[:26]


def _aware(moment: datetime | None) -> datetime | None:
    return None if moment is None else utc(moment)
