"""Conditions on many values at once, each as one text whatever their number, so that PostgreSQL prepares it once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

IDS = "ids"
"""Under which name the values are given."""


def among(dialect: str, column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether a column holds one of the values that a statement is asked with as `ids`, a list."""
    if dialect == "postgresql":
        return column == sa.any_(sa.bindparam(IDS, type_=ARRAY(column.type)))
    return column.in_(sa.bindparam(IDS, expanding=True))
