"""Repeated patterns of everybody who acted, counted anew after every judging."""

from __future__ import annotations

from datetime import datetime

from db import judgements, patterns
from db.connect import Session
from monitor.scan.parts import Ruling
from rules.windows import patterns as find


def refresh_patterns(session: Session, ruling: Ruling, now: datetime) -> set[int]:
    """Make the stored patterns those that the standing hits give now; return the people for whom they changed.

    Without a whole rule set the stored ones stay as they are.
    """
    judge = ruling.judge
    number = judgements.ruleset_number(session, judge.hash) if judge is not None else None
    if judge is None or number is None:
        return set()
    changed: set[int] = set()
    for people in patterns.people_who_acted(session):
        found = find(judge.ruleset.patterns, patterns.counted_acts(session, people))
        changed |= patterns.store_patterns(session, found, people, number, now)
    return changed
