"""What every table is made of: metadata with names, UTC times, string enums with CHECKs, column helpers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from monitor.domain import utc

E = TypeVar("E", bound=StrEnum)

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Row numbers: 64 bits on both databases (SQLite needs the word INTEGER for its own row number)."""

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""Structured values that no query looks into."""

HASH = sa.String(64)
"""A sha256 or keyed hash in hex."""

FIRST_HASH = "0" * 64
"""The `prev_hash` of the first row of a hash chain."""


class Utc(TypeDecorator[datetime]):
    """A time that goes in aware and comes out aware in UTC; ValueError for a naive one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times; SQLite stores the UTC wall clock, which sorts as text."""
        if value is None:
            return None
        moment = utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - its base names it
        """Return the time in UTC whatever zone the connection has."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class AsItLies(UserDefinedType[Any]):
    """What another type reads; a value that it cannot read comes out as it lies in the database."""

    cache_ok = True

    def __init__(self, kept: TypeEngine[Any]) -> None:
        self.kept = kept

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Return the other type's reader, which raises for nothing."""
        read = self.kept.dialect_impl(dialect).result_processor(dialect, coltype)
        if read is None:
            return None

        def lenient(value: Any) -> Any:
            try:
                return read(value)
            except (ValueError, LookupError, TypeError):
                return value

        return lenient


def as_they_lie(table: sa.Table) -> list[sa.ColumnElement[Any]]:
    """Return all columns of a table for a check that must name a damaged value, not fail on it."""
    return [sa.type_coerce(column, AsItLies(column.type)).label(column.name) for column in table.c]


def choice(enum: type[E], name: str) -> sa.Enum:
    """Return the column type of a string enum: members in and out, tokens in the table, a CHECK named `name`."""
    longest = max(len(member.value) for member in enum)
    return sa.Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=max(longest, 16),
        values_callable=lambda members: [member.value for member in members],
    )


def token(name: str, *values: str) -> sa.Enum:
    """Return the column type of a closed list of plain tokens that no other part of the program names."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def key() -> sa.Column[int]:
    """Return the surrogate key `id`."""
    return sa.Column("id", BIG, primary_key=True, autoincrement=True, comment="Surrogate key.")


def col(
    name: str, type_: TypeEngine[Any] | type[TypeEngine[Any]], comment: str, *rules: Any, null: bool = False, **kw: Any
) -> sa.Column[Any]:
    """Return a column with its comment; NOT NULL unless `null`."""
    return sa.Column(name, type_, *rules, nullable=null, comment=comment, **kw)


def ref(name: str, target: str, comment: str, *, null: bool = False, **kw: Any) -> sa.Column[Any]:
    """Return a column that refers to `table.id`, indexed unless `index=False`."""
    kw.setdefault("index", not kw.get("primary_key", False))
    return sa.Column(name, BIG, sa.ForeignKey(target), nullable=null, comment=comment, **kw)


def differ(first: str, second: str, name: str) -> sa.CheckConstraint:
    """Return the CHECK that two named people are not the same one (either may still be missing)."""
    return sa.CheckConstraint(f"{first} IS NULL OR {second} IS NULL OR {first} <> {second}", name=name)


def values_in(values: list[str]) -> str:
    """Return the tokens as the right side of an SQL IN; only for tokens written in this program."""
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"
