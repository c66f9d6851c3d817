"""Cases like this one that people have decided: how they ended, so that like is treated alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from db.connect import Session
from db.places import in_region
from db.tables import case_hit, review_case, review_event, rule_hit
from monitor.domain import CaseRow, CaseState, EventKind

_ENDS = tuple(
    state
    for state in CaseState
    if state not in (CaseState.BARU, CaseState.DITINJAU, CaseState.PERLU_ATRIBUSI, CaseState.PERLU_BUKTI)
)
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class PastCase:
    """A decided case with the same legal row, pair or person, and rule; nobody is named."""

    id: int
    state: CaseState
    reason: str
    decided_at: datetime
    same_person: bool


@dataclass(frozen=True, slots=True)
class Past:
    """How the newest cases like one ended: their counts by state, and the few newest of them."""

    counts: tuple[tuple[CaseState, int], ...] = ()
    newest: tuple[PastCase, ...] = ()

    @property
    def total(self) -> int:
        """How many are counted."""
        return sum(count for _, count in self.counts)


def past_of(
    session: Session, row: CaseRow, scope: Sequence[str], *, without: Collection[int] = (), shown: int = 5
) -> Past:
    """Return how cases of the same contest and legal row ended that the same rules brought, within the places.

    `without` are those of which nothing may be told.
    """
    rules = sorted({hit.rule for hit in row.hits})
    if not scope or not rules:
        return Past()
    recent = (
        sa.select(review_case.c.id, review_case.c.state, review_case.c.asn_id)
        .where(
            review_case.c.contest_id == row.candidate.contest_id,
            review_case.c.law == row.law,
            review_case.c.law_row == row.law_row,
            review_case.c.state.in_(_ENDS),
            review_case.c.id != row.id,
            sa.or_(*(in_region(review_case.c.jurisdiction, code) for code in scope)),
        )
        .order_by(review_case.c.id.desc())
        .limit(_LOOKED_AT)
    )
    found = {case.id: case for case in session.execute(recent) if case.id not in without}
    alike = _with_rules(session, found, rules)
    counts = {state: sum(found[number].state is state for number in alike) for state in _ENDS}
    ranked = sorted(alike, key=lambda number: (found[number].asn_id != row.person.id, -number))[:shown]
    told = _decisions(session, ranked)
    return Past(
        counts=tuple((state, count) for state, count in counts.items() if count),
        newest=tuple(
            PastCase(number, found[number].state, *told[number], found[number].asn_id == row.person.id)
            for number in ranked
            if number in told
        ),
    )


def _with_rules(session: Session, numbers: Collection[int], rules: Sequence[str]) -> set[int]:
    query = (
        sa.select(case_hit.c.case_id)
        .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
        .where(case_hit.c.case_id.in_(numbers), rule_hit.c.rule_id.in_(rules))
        .distinct()
    )
    return {int(number) for number in session.execute(query).scalars()} if numbers else set()


def _decisions(session: Session, numbers: Collection[int]) -> dict[int, tuple[str, datetime]]:
    """Return reason and time of the newest decision of each case."""
    query = (
        sa.select(review_event.c.case_id, review_event.c.reason, review_event.c.at)
        .where(review_event.c.case_id.in_(numbers), review_event.c.kind == EventKind.DECIDED)
        .order_by(review_event.c.case_version)
    )
    return {row.case_id: (row.reason or "", row.at) for row in session.execute(query)} if numbers else {}
