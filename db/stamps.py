"""What tells that the register or the rules have changed since they were last read."""

from __future__ import annotations

import sqlalchemy as sa

from db.connect import Session
from db.tables import register_change, rule_activation

Stamp = tuple[int, int]


def stamp(session: Session) -> Stamp:
    """Return numbers that grow with every change of the register and of the rules in force."""
    newest = (sa.select(sa.func.max(table.c.id)).scalar_subquery() for table in (register_change, rule_activation))
    register, rules = session.execute(sa.select(*newest)).one()
    return register or 0, rules or 0
