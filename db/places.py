"""Which rows lie in a place: region codes are dotted, and a region covers what lies in it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def in_region(code: sa.ColumnElement[str], region: str) -> sa.ColumnElement[bool]:
    """Whether a place is this region or lies in it; the empty region is the whole country."""
    if not region:
        return sa.true()
    return sa.or_(code == region, code.startswith(f"{region}.", autoescape=True))


def inside(code: sa.ColumnElement[Any], regions: tuple[str, ...]) -> sa.ColumnElement[bool]:
    """Whether a place is one of the regions or lies in one; the empty region is the whole country, none is nothing."""
    if "" in regions:
        return sa.true()
    return sa.or_(sa.false(), *(in_region(code, region) for region in regions))
