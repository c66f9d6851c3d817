"""Conditions on many values at once, each as one text whatever their number, so that a database prepares it once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

IDS = "ids"
"""Under which name the values are given."""


class _Listed(sa.types.TypeDecorator[Any]):
    """Numbers or texts as one JSON list, which SQLite reads sooner than it takes as many variables."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[Any] | None, dialect: sa.Dialect) -> str:  # noqa: ARG002 - its interface
        """Return the list."""
        return json.dumps(list(value or ()))


def among(dialect: str, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether a column holds one of the values, numbers or texts, that a statement is asked with as `ids`, a list."""
    if dialect == "postgresql":
        return column == sa.any_(sa.bindparam(IDS, type_=ARRAY(column.type)))
    listed = sa.func.json_each(sa.bindparam(IDS, type_=_Listed())).table_valued("value")
    return column.in_(sa.select(listed.c.value))
