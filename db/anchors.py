"""Where the hash chains stood at a moment, written into what lies outside the database.

Whoever can write to the database can cut a chain's end off, or work all its hashes out anew; an anchor in a sealed
file shows both.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from db.connect import Session
from db.tables import audit_log, review_event

_CHAINS = {"pantau-audit": audit_log, "pantau-events": review_event}


def anchors(session: Session) -> dict[str, str]:
    """Return number and hash of the newest row of each chain, by the chain's name; empty chains are left out."""
    found: dict[str, str] = {}
    for name, table in _CHAINS.items():
        row = session.execute(sa.select(table.c.id, table.c.hash).order_by(table.c.id.desc()).limit(1)).one_or_none()
        if row is not None:
            found[name] = f"{row.id} {row.hash}"
    return found


def lost_anchors(session: Session, told: Mapping[str, str]) -> list[tuple[str, int]]:
    """Return chain and row number of every anchor whose row is not there any more with the hash that it had."""
    lost: list[tuple[str, int]] = []
    for name, table in _CHAINS.items():
        number, _, digest = told.get(name, "").partition(" ")
        if not number.isdecimal():
            continue
        row = sa.select(table.c.hash).where(table.c.id == int(number))
        if session.execute(row).scalar() != digest:
            lost.append((name.removeprefix("pantau-"), int(number)))
    return lost
