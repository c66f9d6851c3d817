"""Inserting what may be there already, in the dialect's own words, in thousands of rows sorted by key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from db.connect import Found, Session

T = TypeVar("T")

BATCH = 2_000
"""Rows in one statement: large enough that round trips do not count, small enough for SQLite's variables."""

Row = Mapping[str, Any]


def chunks(values: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Yield lists of at most `size` values."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def insert_missing(session: Session, table: sa.Table, rows: Iterable[Row], key: Sequence[str]) -> int:
    """Insert the rows whose key is not there yet, in key order; return how many were added.

    Every row names the same columns. Rows that break another constraint raise.
    """
    return _run(session, _missing(session.dialect.name, table, tuple(key)), rows, key)


def upsert(session: Session, table: sa.Table, rows: Iterable[Row], key: Sequence[str], columns: Sequence[str]) -> None:
    """Insert the rows, or set `columns` where the key is there already and one of them differs."""
    _run(session, _set(session.dialect.name, table, tuple(key), tuple(columns)), rows, key)


def insert_all(session: Session, table: sa.Table, rows: Iterable[Row]) -> int:
    """Insert rows that cannot be there yet; return how many."""
    added = 0
    for part in chunks(rows):
        session.execute(table.insert(), part)
        added += len(part)
    return added


def insert_one(session: Session, table: sa.Table, **values: Any) -> int:
    """Insert one row and return its id."""
    made = session.execute(table.insert().values(**values)).inserted_primary_key
    assert made is not None  # one row with a surrogate key was inserted
    return int(made[0])


def update_rows(session: Session, table: sa.Table, rows: Iterable[Row], key: str = "id") -> int:
    """Set the columns of each row (all rows name the same ones) where `key` equals; return how many were given."""
    changed = 0
    for part in chunks(rows):
        names = [name for name in part[0] if name != key]
        statement = (
            sa.update(table)
            .where(table.c[key] == sa.bindparam("row_key"))
            .values({name: sa.bindparam(f"_{name}") for name in names})
        )
        bound = [{"row_key": row[key], **{f"_{name}": row[name] for name in names}} for row in part]
        session.execute(statement, bound)
        changed += len(part)
    return changed


def rows_by(
    session: Session, columns: Sequence[Any], column: sa.Column[Any], values: Iterable[Any], *where: Any
) -> Iterator[Found]:
    """Yield the columns of all rows whose `column` is among the values, asking for thousands at once."""
    statement = _among(tuple(columns), column)
    if where:
        statement = statement.where(*where)
    for part in chunks(sorted(set(values))):
        yield from session.execute(statement, {"among": part})


@lru_cache(maxsize=512)
def _among(columns: tuple[Any, ...], column: sa.Column[Any]) -> sa.Select[Any]:
    """Return the question for rows by one column: a night asks few, again and again, and making one is dear."""
    return sa.select(*columns).where(column.in_(sa.bindparam("among", expanding=True)))


@lru_cache(maxsize=256)
def _missing(dialect: str, table: sa.Table, key: tuple[str, ...]) -> sa.Executable:
    """Return the statement, which like that of `_set` takes longer to make than to run for one row."""
    insert = _insert(dialect, table).on_conflict_do_nothing(index_elements=list(key))
    return insert.execution_options(preserve_rowcount=True)


@lru_cache(maxsize=256)
def _set(dialect: str, table: sa.Table, key: tuple[str, ...], columns: tuple[str, ...]) -> sa.Executable:
    insert = _insert(dialect, table)
    new = {name: insert.excluded[name] for name in columns}
    differs = sa.or_(*(table.c[name].is_distinct_from(value) for name, value in new.items()))
    update = insert.on_conflict_do_update(index_elements=list(key), set_=new, where=differs)
    return update.execution_options(preserve_rowcount=True)


def _insert(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def _run(session: Session, statement: sa.Executable, rows: Iterable[Row], key: Sequence[str]) -> int:
    ordered = sorted(rows, key=lambda row: tuple(row[name] for name in key))
    return sum(session.execute(statement, list(part)).rowcount for part in chunks(ordered))
