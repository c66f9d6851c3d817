"""Hits as judgements give them: written, moved on to the judgement that gives them again, or ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from db import search
from db.among import among
from db.bulk import Values, add_rows, driver_rows, set_rows, stored_time
from db.connect import Session
from db.dirty import marked
from db.judgement_rows import HIT_KEY, HIT_SAYS, Said
from db.owners import best_owner, one_owner, owned
from db.tables import attribution, interaction, rule_hit


class Stood(NamedTuple):
    """The judgements of some acts by number: those that stand now, and those that stood before and said the same.

    `again` are acts of which something stands, or the same rule set said something before, whatever it was.
    """

    now: Mapping[int, int]
    before: Mapping[int, int]
    again: set[int]


def store_hits(session: Session, said: Sequence[Said], stood: Stood, known: Mapping[int, int], now: datetime) -> None:
    """Write the hits of some acts; those no longer given become inactive. `known` is whose acts were when read.

    Most acts judged anew get the very hits that they had: of these only the number of the judgement is read and set.
    """
    hitting = {one.judged.interaction_id: one for one in said if one.form.hits}
    owners = _owners(session, hitting, known, stood.again)
    same = _unchanged(session, hitting, owners, stood)
    moved = [
        (stood.now[act], number)
        for act, numbers in same.items()
        if stood.now[act] != stood.before[act]
        for number in numbers
    ]
    set_rows(session, rule_hit, ("judgement_id",), moved)
    rest = [one.judged.interaction_id for one in said if one.judged.interaction_id not in same]
    if rest:
        given = {act: hitting[act] for act in rest if act in owners}
        _store_changed(session, _stored(session, rest), given, owners, stood, now)


def _unchanged(
    session: Session, hitting: Mapping[int, Said], owners: Mapping[int, int], stood: Stood
) -> dict[int, list[int]]:
    """Return the acts whose hits all stand as given, as the same person's, with the numbers of these.

    A judgement that says the same gives the same hits, so that it is enough to know whose they are and how many.
    """
    columns = (rule_hit.c.interaction_id, rule_hit.c.id, rule_hit.c.judgement_id, rule_hit.c.asn_id)
    chosen = among(session.dialect.name, rule_hit.c.interaction_id), rule_hit.c.active
    query = sa.select(*columns).where(*chosen).with_for_update()
    standing: dict[int, list[int]] = {act: [] for act in stood.before}
    changed: set[int] = set()
    for act, number, by, person in driver_rows(session, query, {"ids": list(stood.before)}):
        standing[act].append(number)
        if by != stood.before[act] or person != owners.get(act):
            changed.add(act)
    return {
        act: numbers
        for act, numbers in standing.items()
        if act not in changed and len(numbers) == (len(hitting[act].form.hits) if act in hitting else 0)
    }


def _store_changed(
    session: Session,
    stored: Mapping[Values, Any],
    said: Mapping[int, Said],
    owners: Mapping[int, int],
    stood: Stood,
    now: datetime,
) -> None:
    """Write hits that differ from those stored of the same acts."""
    at = stored_time(session)
    moment = at(now)
    given: set[Values] = set()
    new: list[Values] = []
    changed: list[Values] = []
    touched: list[int] = []
    for act, one in said.items():
        number = stood.now[act]
        for hit, form in zip(one.judged.hits, one.form.hits, strict=True):
            key = (act, owners[act], *form.key)
            given.add(key)
            old = stored.get(key)
            if old is None:
                new.append((*key, moment, number, *form.head, hit.explanation, *form.tail, moment))
            elif not old.active or old.judgement_id != number:
                since = at(old.changed_at) if old.active else moment
                changed.append((number, *form.head, hit.explanation, *form.tail, since, old.id))
                if (old.active, old.mode, old.tier, old.stance) != (True, hit.mode, hit.tier, hit.stance):
                    touched.append(old.id)
    new.sort(key=lambda row: row[: len(HIT_KEY)])  # numbers follow the key, however many rows are written at once
    add_rows(session, rule_hit, (*HIT_KEY, "first_judged_at", *HIT_SAYS), new, HIT_KEY)
    set_rows(session, rule_hit, HIT_SAYS, changed)
    gone = [old.id for key, old in stored.items() if old.active and key not in given]
    _end(session, gone, now)
    search.forget_hits(session, [*touched, *gone])


def _end(session: Session, numbers: Collection[int], now: datetime) -> None:
    if numbers:
        ended = sa.update(rule_hit).where(among(session.dialect.name, rule_hit.c.id))
        session.execute(ended.values(active=False, changed_at=now), {"ids": list(numbers)})


def _stored(session: Session, acts: Sequence[int]) -> dict[Values, Any]:
    """Return the hits of some acts by their key, and hold their rows."""
    said = (
        rule_hit.c.id, rule_hit.c.active, rule_hit.c.judgement_id, rule_hit.c.changed_at, rule_hit.c.mode,
        rule_hit.c.tier, rule_hit.c.stance,
    )  # fmt: skip
    key = (rule_hit.c[name] if name != "stage" else sa.type_coerce(rule_hit.c.stage, sa.Text) for name in HIT_KEY)
    query = sa.select(*key, *said).where(among(session.dialect.name, rule_hit.c.interaction_id))
    rows = session.execute(query.with_for_update(), {"ids": acts}).all()
    return {row[: len(HIT_KEY)]: row for row in rows}


def _owners(session: Session, acts: Collection[int], known: Mapping[int, int], again: set[int]) -> dict[int, int]:
    """Return whose some acts are: as `known`, but for those of which that may have changed since they were read.

    Whoever changes it marks the acts in the same transaction. A mark goes only where a judgement is stored, by whatever
    rule set, and that one stands then: so an act of which nothing stands and that bears no mark is as it was read.
    """
    changed = again | set(marked(session, acts)) if known else again
    owners = {act: known[act] for act in acts if act in known and act not in changed}
    asked = [act for act in acts if act not in owners]
    if asked:
        of_these = among(session.dialect.name, interaction.c.id)
        query = owned(session, interaction.c.id, attribution.c.asn_id).where(of_these)
        best_first = query.order_by(interaction.c.id, *best_owner(session))
        owners |= one_owner(driver_rows(session, best_first, {"ids": asked}))
    return owners
