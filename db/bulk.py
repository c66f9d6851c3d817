"""Thousands of rows past SQLAlchemy's types: tuples of what the driver itself takes and gives.

For the tables that a night writes most. Who calls brings values in the driver's own form: `stored_time` for times,
plain strings for enums. On PostgreSQL many rows go by COPY through a temporary table, which is faster than any INSERT
with values; on SQLite `executemany` is the fastest there is.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
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


def read_time(session: Session) -> Callable[[Any], datetime | None]:
    """Return what turns the form in which a row holds a time into an aware one in UTC."""
    return _moment if session.dialect.name == "sqlite" else _in_utc


def read_list(session: Session) -> Callable[[Any], tuple[Any, ...]]:
    """Return what turns the form in which a row holds a list into a tuple; nothing becomes an empty one."""
    return _listed if session.dialect.name == "sqlite" else _tuple


def driver_rows(session: Session, query: sa.Select[Any], bound: Mapping[str, Any]) -> list[Values]:
    """Return all that a query finds, in the driver's own form: of thousands of rows the types take the most time."""
    found = session.execute(query, bound)
    assert found.cursor is not None  # a SELECT has rows
    rows: list[Values] = list(found.cursor.fetchall())
    found.close()
    return rows


def read_rows(
    session: Session, table: sa.Table, names: Sequence[str], key: str, values: Iterable[str], *, lock: bool = False
) -> Iterator[Values]:
    """Yield the columns of all rows whose `key`, a hash, is among the values, as they lie; `lock` holds the rows."""
    ask = f"SELECT {', '.join(names)} FROM {table.name} WHERE {key}"  # noqa: S608 - names of this program
    for part in chunks(sorted(set(values)), _SPAN):
        if session.dialect.name == "sqlite":  # a writer is alone there
            yield from session.exec_driver_sql(f"{ask} IN ({', '.join('?' * len(part))})", (*part,))
        else:  # one text is sent much faster than an array of them
            tail = f" ORDER BY {key} FOR UPDATE" if lock else ""
            yield from session.exec_driver_sql(f"{ask} = ANY(string_to_array(%s, ' ')){tail}", (" ".join(part),))


def add_rows(session: Session, table: sa.Table, names: Sequence[str], rows: list[Values], key: Sequence[str]) -> int:
    """Insert the rows whose key is not there yet, in key order; return how many were added."""
    if not rows:
        return 0
    if _one_by_one(session, rows):
        marks = ", ".join([_mark(session)] * len(names))
        into = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of this program
        return session.exec_driver_sql(f"{into} ON CONFLICT ({', '.join(key)}) DO NOTHING", rows).rowcount
    with _staged(session, table, names, rows) as staged:
        return session.exec_driver_sql(_insert_staged(table, names, key, staged)).rowcount


def add_keyed(
    session: Session, table: sa.Table, names: Sequence[str], rows: list[Values], key: str
) -> tuple[int, dict[str, int]]:
    """Insert as `add_rows` does; return how many were added, and the ids by key, a hash that stands first in rows.

    Rows that another worker added meanwhile may or may not have theirs among them.
    """
    if _one_by_one(session, rows):
        added = add_rows(session, table, names, rows, (key,))
        return added, dict(read_rows(session, table, (key, "id"), key, (row[0] for row in rows)))
    with _staged(session, table, names, rows) as staged:
        insert = f"{_insert_staged(table, names, (key,), staged)} RETURNING {key}, id"
        ids: dict[str, int] = {row[0]: row[1] for row in session.exec_driver_sql(insert)}
    return len(ids), ids


def set_rows(session: Session, table: sa.Table, names: Sequence[str], rows: list[Values]) -> None:
    """Set the columns of rows by their `id`, which is the last of each tuple's values and not among `names`."""
    if not rows:
        return
    update = f"UPDATE {table.name} SET "  # noqa: S608 - names of this program
    if _one_by_one(session, rows):
        mark = _mark(session)
        session.exec_driver_sql(f"{update}{', '.join(f'{name} = {mark}' for name in names)} WHERE id = {mark}", rows)
        return
    with _staged(session, table, (*names, "id"), rows) as staged:
        values = ", ".join(f"{name} = {staged}.{name}" for name in names)
        session.exec_driver_sql(f"{update}{values} FROM {staged} WHERE {staged}.id = {table.name}.id")


def _one_by_one(session: Session, rows: list[Values]) -> bool:
    return session.dialect.name == "sqlite" or len(rows) < _MANY


def _mark(session: Session) -> str:
    return "?" if session.dialect.name == "sqlite" else "%s"


def _insert_staged(table: sa.Table, names: Sequence[str], key: Sequence[str], staged: str) -> str:
    columns, order = ", ".join(names), ", ".join(key)
    insert = f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {staged}"  # noqa: S608 - names of this program
    return f"{insert} ORDER BY {order} ON CONFLICT ({order}) DO NOTHING"


@contextmanager
def _staged(session: Session, table: sa.Table, names: Sequence[str], rows: list[Values]) -> Iterator[str]:
    """Put rows into a temporary table with these columns of `table` and give its name."""
    staged, columns = f"staged_{table.name}", ", ".join(names)
    shape = f"SELECT {columns} FROM {table.name} WITH NO DATA"  # noqa: S608 - names of this program
    session.exec_driver_sql(f"CREATE TEMPORARY TABLE {staged} ON COMMIT DROP AS {shape}")
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
    yield staged
    session.exec_driver_sql(f"DROP TABLE {staged}")


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else utc(moment).isoformat(" ", "microseconds")[:26]


def _aware(moment: datetime | None) -> datetime | None:
    return None if moment is None else utc(moment)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def _in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


def _listed(text: str | None) -> tuple[Any, ...]:
    return () if text is None or text == "[]" else tuple(json.loads(text) or ())


def _tuple(values: list[Any] | None) -> tuple[Any, ...]:
    return tuple(values or ())
