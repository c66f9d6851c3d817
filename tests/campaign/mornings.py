"""What a campaign has stored by a morning, free of row numbers and of when the program looked."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from db import verify
from db.connect import Database, Session
from db.tables import (
    asn,
    candidate,
    case_hit,
    case_link,
    interaction,
    item,
    item_version,
    judgement,
    observation,
    review_case,
    review_event,
    rule_hit,
)
from monitor.domain import EventKind
from monitor.evidence.store import EvidenceStore
from monitor.scan.integrity import check_evidence
from monitor.scan.progress import Silent

SAME_LOOK = timedelta(hours=6)  # how far apart looks of one and the same night may be
_FOLDED = (EventKind.HIT_JOINED, EventKind.LINKED)  # one a night: what they tell stands in `hits` and `links`


@dataclass(frozen=True, slots=True)
class Span:
    """When an act happened: exactly, or within a bracket."""

    exact: datetime | None
    lo: datetime | None
    hi: datetime | None

    def holds(self, other: Span) -> bool:
        """Whether the other one is this moment, or lies within this bracket."""
        if self.exact is not None or other.exact is not None or self.hi is None or other.hi is None:
            return self.exact == other.exact
        late_enough = self.lo is None or (other.lo is not None and other.lo + SAME_LOOK >= self.lo)
        return late_enough and other.hi <= self.hi + SAME_LOOK


@dataclass(frozen=True, slots=True)
class Stored:
    """Everything that a campaign found and decided; `times` by the key of the act."""

    times: dict[str, Span]
    acts: Counter[tuple[Any, ...]]
    texts: Counter[tuple[Any, ...]]
    judged: Counter[tuple[Any, ...]]
    hits: Counter[tuple[Any, ...]]
    cases: Counter[tuple[Any, ...]]
    links: Counter[tuple[Any, ...]]
    events: dict[tuple[Any, ...], list[tuple[Any, ...]]]
    changes: Counter[tuple[Any, ...]]

    def differences(self, calm: Stored) -> dict[str, Any]:
        """Return what is not as in a campaign that nothing befell; an act's bracket may be wider than there."""
        found: dict[str, Any] = {}
        for one in fields(Stored):
            mine, other = getattr(self, one.name), getattr(calm, one.name)
            if one.name == "times":
                mine = {key: (span, other.get(key)) for key, span in mine.items()}
                wrong = {key: pair for key, pair in mine.items() if pair[1] is None or not pair[0].holds(pair[1])}
                if wrong:
                    found["times"] = wrong
            elif mine != other:
                found[one.name] = _unlike(mine, other)
        return found


def _unlike(mine: Any, other: Any) -> Any:
    if isinstance(mine, Counter):
        return {"only here": mine - other, "only there": other - mine}
    keys = mine.keys() | other.keys()
    return {key: (mine.get(key), other.get(key)) for key in keys if mine.get(key) != other.get(key)}


def stored(database: Database) -> Stored:
    """Read it."""
    with database.read() as session:
        acts = session.execute(sa.select(interaction)).all()
        keys: dict[int, str] = {row.id: row.key for row in acts}
        cases = _cases(session)
        return Stored(
            times={r.key: Span(r.occurred_at, r.bracket_lo, r.bracket_hi) for r in acts},
            acts=Counter(
                (r.key, r.act.value, r.target_id, r.own_item_key, r.own_item_id is None, r.withdrawn_seen_at is None)
                for r in acts
            ),
            texts=Counter(tuple(row) for row in session.execute(_TEXTS)),
            judged=Counter((keys[r.interaction_id], r.outcome.value) for r in session.execute(_JUDGED)),
            hits=Counter((keys[r.interaction_id], r.name, r.number, *r[3:]) for r in session.execute(_HITS)),
            cases=Counter((*cases[r.id], r.state.value, r.queue, r.hit_count) for r in session.execute(_CASES)),
            links=Counter(
                (*sorted((cases[r.first_case_id], cases[r.second_case_id])), r.kind)
                for r in session.execute(sa.select(case_link))
            ),
            events=_events(session, cases),
            changes=Counter(
                (r.kind, r.platform_item_id, keys.get(r.interaction_id))
                for r in session.execute(sa.select(observation))
            ),
        )


_TEXTS = sa.select(item.c.platform_item_id, item.c.kind, item_version.c.content_hash).join(
    item_version, item_version.c.item_id == item.c.id, isouter=True
)
_JUDGED = sa.select(judgement.c.interaction_id, judgement.c.outcome).where(judgement.c.current)
_HITS = (
    sa.select(
        rule_hit.c.interaction_id, asn.c.name, candidate.c.number, rule_hit.c.rule_id, rule_hit.c.rule_version,
        rule_hit.c.mode, rule_hit.c.law_row, rule_hit.c.stage, rule_hit.c.tier, rule_hit.c.active,
        rule_hit.c.stage_straddled,
    )
    .join(asn, asn.c.id == rule_hit.c.asn_id)
    .join(candidate, candidate.c.id == rule_hit.c.candidate_id)
)  # fmt: skip
_CASES = (
    sa.select(review_case, asn.c.name, candidate.c.number)
    .join(asn, asn.c.id == review_case.c.asn_id)
    .join(candidate, candidate.c.id == review_case.c.candidate_id)
    .order_by(review_case.c.id)
)


def _cases(session: Session) -> dict[int, tuple[Any, ...]]:
    """Return what each case is about, and which of its kind it is."""
    seen: Counter[tuple[Any, ...]] = Counter()
    found = {}
    for row in session.execute(_CASES):
        key = (row.name, row.number, row.law, row.law_row, row.stage.value)
        seen[key] += 1
        found[row.id] = (*key, seen[key])
    return found


def _events(session: Session, cases: Mapping[int, tuple[Any, ...]]) -> dict[tuple[Any, ...], list[tuple[Any, ...]]]:
    """Return each case's history; the hits that came in one by one or together stand at its end."""
    found: dict[tuple[Any, ...], list[tuple[Any, ...]]] = defaultdict(list)
    joined: dict[tuple[Any, ...], int] = Counter()
    for row in session.execute(sa.select(review_event).order_by(review_event.c.id)):
        key = cases[row.case_id]
        joined[key] += len(json.loads(row.detail).get("hits", ()))
        if row.kind not in _FOLDED:
            moved = (row.from_state.value if row.from_state else None, row.to_state.value)
            found[key].append((row.kind.value, *moved, row.reason, row.actor))
    held = session.execute(sa.select(case_hit.c.case_id, sa.func.count()).group_by(case_hit.c.case_id)).all()
    for number, count in held:
        found[cases[number]].append(("hits", joined[cases[number]], count))
    return dict(found)


def complaints(database: Database, store: EvidenceStore) -> list[str]:
    """Return what `verify` and `evidence verify` have to say against what is stored."""
    with database.read() as session:
        found = [f"{one.invariant}: {one.detail}" for one in verify.verify(session)]
    kept = check_evidence(database, store, Silent())
    return found + [f"{one.kind} {one.place}: {one.detail}" for one in kept.faults]
