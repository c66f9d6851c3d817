"""Which rows lie in a place: region codes are dotted, and a region covers what lies in it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def inside(code: sa.ColumnElement[Any], regions: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Whether a code is one of the regions or lies in one; the empty region is the whole country, none is nothing."""
    if "" in regions:
        return sa.true()
    parts = (sa.or_(code == region, code.startswith(f"{region}.", autoescape=True)) for region in regions)
    return sa.or_(sa.false(), *parts)
