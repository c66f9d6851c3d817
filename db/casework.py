"""Work on cases: events into case rows, and the facts that a decision rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from db import leases, legal_clocks, recusals
from db.connect import Session
from db.contents import chunked
from db.events import EventDraft, Projected, append, drafts_of, fold
from db.standing import STANDING
from db.tables import (
    asn,
    attribution,
    case_hit,
    interaction,
    review_case,
    review_event,
    roster_batch,
    rule_hit,
    second_review,
)
from monitor.domain import (
    Act,
    AttributionStatus,
    CaseFacts,
    CaseState,
    EventKind,
    LastDecision,
    NoteKind,
    WhyHere,
)

_PROJECTED = (
    "state", "version", "why", "hit_count", "last_hit_at", "changed_at", "created_at", "first_opened_at", "known_at",
    "known_by",
)  # fmt: skip
_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)
_THIS = review_case.c.id == sa.bindparam("of_case")
_EVENTS = (
    sa.select(review_event)
    .where(review_event.c.case_id == sa.bindparam("of_case"))
    .order_by(review_event.c.case_version)
)


def record(session: Session, drafts: Sequence[EventDraft]) -> list[int]:
    """Append events and bring the case rows in line with them; returns the numbers of the events."""
    numbers = append(session, drafts)
    # A case is inserted as its opening event leaves it, so only later events change rows.
    later = [draft for draft in drafts if draft.kind is not EventKind.OPENED]
    stands: dict[int, Projected] = {}
    for ids in chunked(sorted({draft.case_id for draft in later})):
        for row in session.execute(sa.select(review_case).where(review_case.c.id.in_(ids))):
            stands[row.id] = _projected(row)
    for draft in later:
        stands[draft.case_id] = fold(stands[draft.case_id], draft)
    rows = [{"case_number": case_id, **asdict(after)} for case_id, after in stands.items()]
    if rows:
        # Named apart from the column, which an UPDATE would otherwise set.
        session.execute(sa.update(review_case).where(review_case.c.id == sa.bindparam("case_number")), rows)
        legal_clocks.refresh(session, max(draft.at for draft in later), sorted(stands))
    return numbers


def rebuild(session: Session) -> dict[int, Projected]:
    """Return what every case must be by its events alone; nothing is written."""
    cases: dict[int, Projected] = {}
    for draft in drafts_of(session):
        cases[draft.case_id] = fold(cases.get(draft.case_id), draft)
    return cases


def why_before(session: Session, case_id: int, event: int) -> WhyHere:
    """Return why a case waited before one of its events."""
    case: Projected | None = None
    version = session.execute(sa.select(review_event.c.case_version).where(review_event.c.id == event)).scalar_one()
    for draft in drafts_of(session, [case_id]):
        if draft.version >= version:
            break
        case = fold(case, draft)
    return case.why if case is not None else WhyHere.BARU


def live_twin(session: Session, case_id: int) -> int | None:
    """Return another case of the same person, pair, legal row and stage that has not reached registration."""
    other = review_case.alias("other")
    same = ("asn_id", "candidate_id", "law", "law_row", "stage")
    query = sa.select(other.c.id).join(
        review_case, sa.and_(other.c.id != review_case.c.id, *(other.c[name] == review_case.c[name] for name in same))
    )
    before = [state for state in CaseState if state.before_registration]
    return session.execute(query.where(review_case.c.id == case_id, other.c.state.in_(before))).scalar()


def projection_faults(session: Session) -> list[tuple[int, str]]:
    """Return case and column of every case row that its events do not add up to."""
    told = rebuild(session)
    faults: list[tuple[int, str]] = []
    for row in session.execute(sa.select(review_case).order_by(review_case.c.id)):
        wanted = told.get(row.id)
        if wanted is None:
            faults.append((row.id, "events"))
            continue
        stands = _projected(row)
        faults += [(row.id, name) for name in _PROJECTED if getattr(wanted, name) != getattr(stands, name)]
    return faults


def facts_of(session: Session, case_id: int, now: datetime | None, *, lock: bool = False) -> CaseFacts | None:
    """Return what the state machine must know of a case; `lock` keeps others from deciding it until the end.

    Without `now` no lease counts as running.
    """
    row = session.execute(_standing_case(lock), {"of_case": case_id}).first()
    if row is None:
        return None
    held, fence = leases.standing(session, case_id, now)
    acts, statuses, confirmed = _grounds(session, case_id)
    notes, proposer, last = _past(session, case_id)
    return CaseFacts(
        case_id=case_id,
        state=row.state,
        version=row.version,
        jurisdiction=row.jurisdiction,
        agency=row.agency,
        proposer_id=proposer,
        acts=acts,
        attributions=statuses,
        batches_confirmed=confirmed,
        has_context_note=NoteKind.KONTEKS in notes,
        has_klarifikasi=NoteKind.KLARIFIKASI in notes,
        last=last,
        lease=held,
        fence=fence,
        recused=recusals.tied_users(session, row.asn_id),
        person_id=row.asn_id,
        first_opened_at=row.first_opened_at,
    )


@cache
def _standing_case(lock: bool) -> sa.Select[Any]:
    query = sa.select(review_case, asn.c.agency).join(asn, asn.c.id == review_case.c.asn_id).where(_THIS)
    return query.with_for_update(of=review_case) if lock else query


def note_proposal(session: Session, case_id: int, user_id: int, now: datetime) -> None:
    """Write down who proposed a case for hand-over; the second person is held apart by the database too."""
    session.execute(
        sa.insert(second_review).values(
            case_id=case_id, kind="four_eyes", proposed_by=user_id, proposed_at=now, proposed_state=CaseState.DIUSULKAN
        )
    )


def note_second_look(session: Session, case_id: int, user_id: int, to: CaseState, reason: str, now: datetime) -> None:
    """Write down who answered the standing proposal; IntegrityError when it is the proposer."""
    standing = sa.select(sa.func.max(second_review.c.id)).where(
        second_review.c.case_id == case_id, second_review.c.kind == "four_eyes"
    )
    session.execute(
        sa.update(second_review)
        .where(second_review.c.id == standing.scalar_subquery())
        .values(approved_by=user_id, approved_at=now, decided_state=to, reason=reason)
    )


def _projected(row: Any) -> Projected:
    return Projected(**{name: getattr(row, name) for name in _PROJECTED})


def _grounds(session: Session, case_id: int) -> tuple[frozenset[Act], frozenset[AttributionStatus], bool]:
    """Return acts of the standing hits, how their accounts are attributed, and whether imports were confirmed."""
    rows = session.execute(_standing_acts(), {"of_case": case_id}).all()
    best = {row.actor_account_id: row for row in rows}
    confirmed = all(
        row.batch_id is None or row.verified_by is not None or row.confirmed_at is not None for row in best.values()
    )
    statuses = {AttributionStatus.REVOKED if row.status is None else row.status for row in best.values()}
    return frozenset(row.act for row in rows), frozenset(statuses), confirmed


@cache
def _standing_acts() -> sa.Select[Any]:
    """Select what standing hits are of, with whose their account is: once for each attribution, what stands last."""
    acts = (
        sa.select(interaction.c.act, interaction.c.actor_account_id, rule_hit.c.asn_id)
        .join(rule_hit, rule_hit.c.interaction_id == interaction.c.id)
        .join(case_hit, case_hit.c.hit_id == rule_hit.c.id)
        .where(case_hit.c.case_id == sa.bindparam("of_case"), STANDING)
        .distinct()
        .subquery()
    )
    owned = sa.and_(attribution.c.account_id == acts.c.actor_account_id, attribution.c.asn_id == acts.c.asn_id)
    columns = (attribution.c.status, attribution.c.batch_id, attribution.c.verified_by, roster_batch.c.confirmed_at)
    return (
        sa.select(acts.c.act, acts.c.actor_account_id, *columns)
        .join(attribution, owned, isouter=True)
        .join(roster_batch, roster_batch.c.id == attribution.c.batch_id, isouter=True)
        .order_by(sa.case((attribution.c.status.in_(_LIVE), 1), else_=0), attribution.c.id)
    )


def _past(session: Session, case_id: int) -> tuple[set[NoteKind], int | None, LastDecision | None]:
    """Return the kinds of notes, who proposed last, and the newest event when it is a decision."""
    rows = session.execute(_EVENTS, {"of_case": case_id}).all()
    notes = {row.note_kind for row in rows if row.kind is EventKind.NOTED and row.note_kind is not None}
    proposals = [r.user_id for r in rows if r.kind is EventKind.DECIDED and r.to_state is CaseState.DIUSULKAN]
    newest = rows[-1] if rows else None
    last = None
    if newest is not None and newest.kind is EventKind.DECIDED and newest.user_id is not None:
        last = LastDecision(newest.id, newest.user_id, newest.from_state, newest.to_state)
    return notes, proposals[-1] if proposals else None, last
