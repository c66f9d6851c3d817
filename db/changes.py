"""What happened with cases since a moment, as counts: for whoever comes back in the morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.case_filters import within
from db.connect import Session
from db.tables import review_case, review_event
from monitor.domain import CaseState, EventKind


@dataclass(frozen=True, slots=True)
class Changes:
    """How many events of each kind there were, and how many decisions led where."""

    opened: int
    joined: int
    reopened: int
    undone: int
    decided: tuple[tuple[CaseState, int], ...]

    @property
    def any(self) -> bool:
        """Whether anything happened at all."""
        return bool(self.opened or self.joined or self.reopened or self.undone or self.decided)


def changes_since(session: Session, scope: tuple[str, ...] | None, since: datetime) -> Changes:
    """Count the events of the cases within some regions (None: everywhere) from a moment on."""
    count = sa.func.count()
    rows = session.execute(
        sa.select(review_event.c.kind, review_event.c.to_state, count)
        .join(review_case, review_case.c.id == review_event.c.case_id)
        .where(review_event.c.at >= since, within(scope))
        .group_by(review_event.c.kind, review_event.c.to_state)
    ).all()
    kinds = {kind: sum(n for found, _, n in rows if found is kind) for kind in EventKind}
    decided = {state: n for kind, state, n in rows if kind is EventKind.DECIDED}
    return Changes(
        opened=kinds[EventKind.OPENED],
        joined=kinds[EventKind.HIT_JOINED],
        reopened=kinds[EventKind.REOPENED],
        undone=kinds[EventKind.UNDONE],
        decided=tuple((state, decided[state]) for state in CaseState if state in decided),
    )
