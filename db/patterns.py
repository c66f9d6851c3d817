"""Repeated patterns: the acts they are counted from, and what was found, as a picture of what stands now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.contents import act_time, chunked
from db.standing import STANDING
from db.tables import interaction, pattern, rule_hit
from monitor.domain import CountedAct, Pattern

_KEY = ("rule_id", "rule_version", "asn_id", "candidate_id", "first_at")
_PEOPLE = 500


def people_who_acted(session: Session) -> Iterator[list[int]]:
    """Yield, in batches, everybody with a hit that stands or with a stored pattern."""
    acted = sa.select(rule_hit.c.asn_id).where(STANDING, rule_hit.c.suppression_id.is_(None))
    ids = sorted(session.execute(acted.union(sa.select(pattern.c.asn_id))).scalars())
    for start in range(0, len(ids), _PEOPLE):
        yield ids[start : start + _PEOPLE]


def counted_acts(session: Session, person_ids: Collection[int]) -> list[CountedAct]:
    """Return the acts of these people that standing, unhidden hits concern with a pair; withdrawn ones do not count."""
    query = (
        sa.select(
            rule_hit.c.asn_id, rule_hit.c.candidate_id, rule_hit.c.rule_id, interaction.c.id, interaction.c.act,
            interaction.c.occurred_at, interaction.c.bracket_lo, interaction.c.bracket_hi,
        )
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .where(STANDING, rule_hit.c.suppression_id.is_(None), interaction.c.withdrawn_seen_at.is_(None))
    )  # fmt: skip
    rules: dict[tuple[int, int, int], set[str]] = defaultdict(set)
    acts: dict[tuple[int, int, int], Any] = {}
    for ids in chunked(sorted(set(person_ids))):
        for row in session.execute(query.where(rule_hit.c.asn_id.in_(ids))):
            key = (row.asn_id, row.candidate_id, row.id)
            acts[key] = row
            rules[key].add(row.rule_id)
    return [
        CountedAct(key[2], key[0], key[1], row.act, act_time(row).latest, frozenset(rules[key]))
        for key, row in sorted(acts.items(), key=lambda entry: entry[0])
    ]


def store_patterns(
    session: Session, found: Sequence[Pattern], person_ids: Collection[int], ruleset_id: int, now: datetime
) -> set[int]:
    """Make the stored patterns of these people exactly those found; return the people for whom anything changed.

    Storing the same again changes nothing. A pattern that its acts no longer give is removed: it was counted, not
    decided, and what it rested on stays in the history of its hits.
    """
    known = {_key(row): row for row in _rows(session, person_ids)}
    given = {_key_of(one): _row(one) for one in found}
    gone = [row for key, row in known.items() if key not in given]
    new = [row for key, row in given.items() if key not in known]
    changed = [(known[key], row) for key, row in given.items() if key in known and _differs(known[key], row)]
    for ids in chunked([row.id for row in gone]):
        session.execute(sa.delete(pattern).where(pattern.c.id.in_(ids)))
    if new:
        rows = [row | {"ruleset_id": ruleset_id, "found_at": now, "changed_at": now} for row in new]
        session.execute(sa.insert(pattern), rows)
    if changed:
        rows = [row | {"pattern_number": old.id, "ruleset_id": ruleset_id, "changed_at": now} for old, row in changed]
        session.execute(sa.update(pattern).where(pattern.c.id == sa.bindparam("pattern_number")), rows)
    return {row.asn_id for row in gone} | {row["asn_id"] for row in new} | {old.asn_id for old, _ in changed}


def patterns_of(session: Session, person_ids: Collection[int]) -> list[Pattern]:
    """Return the stored patterns of these people, those of rules that are only tried too, in a fixed order."""
    return [
        Pattern(
            rule_id=row.rule_id,
            rule_version=row.rule_version,
            level=row.level,
            person_id=row.asn_id,
            candidate_id=row.candidate_id,
            first_at=row.first_at,
            last_at=row.last_at,
            within=timedelta(seconds=row.within_seconds),
            weight=row.weight,
            members=tuple(row.members),
            active=row.active,
        )
        for row in _rows(session, person_ids)
    ]


def pattern_faults(session: Session) -> Iterator[str]:
    """Yield what is wrong with stored patterns: a member that no hit of its person and pair stands for any more."""
    for ids in people_who_acted(session):
        stands = {(a.person_id, a.candidate_id, a.interaction_id) for a in counted_acts(session, ids)}
        for one in patterns_of(session, ids):
            for number in one.members:
                if (one.person_id, one.candidate_id, number) not in stands:
                    yield f"pola {one.rule_id} memuat tindakan {number} yang tidak lagi berlaku"


def _rows(session: Session, person_ids: Collection[int]) -> list[Any]:
    rows: list[Any] = []
    for ids in chunked(sorted(set(person_ids))):
        rows += session.execute(sa.select(pattern).where(pattern.c.asn_id.in_(ids)))
    return sorted(rows, key=_key)


def _key(row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in _KEY)


def _key_of(one: Pattern) -> tuple[Any, ...]:
    return one.rule_id, one.rule_version, one.person_id, one.candidate_id, one.first_at


def _row(one: Pattern) -> dict[str, Any]:
    return {
        "rule_id": one.rule_id,
        "rule_version": one.rule_version,
        "asn_id": one.person_id,
        "candidate_id": one.candidate_id,
        "first_at": one.first_at,
        "last_at": one.last_at,
        "weight": one.weight,
        "members": list(one.members),
        "level": one.level,
        "within_seconds": int(one.within.total_seconds()),
        "active": one.active,
    }


def _differs(old: Any, row: dict[str, Any]) -> bool:
    return any(getattr(old, name) != value for name, value in row.items())
