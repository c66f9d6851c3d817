"""What rule sets say of acts: what waits to be judged, what was said, and which hits stand."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db import locks, search
from db.among import among
from db.bulk import Values, add_rows, driver_rows, set_rows, stored_time
from db.chain import canonical
from db.connect import Session
from db.contents import chunked
from db.judgement_rows import HIT_KEY, HIT_SAYS, JUDGED, Forms
from db.owners import best_owner, is_owned, one_owner, owned
from db.tables import (
    attribution,
    interaction,
    judgement,
    law_profile,
    purged_act,
    rule_hit,
    rule_version,
    ruleset,
    ruleset_rule,
)
from db.upsert import chunks, insert_missing
from db.views import Held, acts_of, build_views
from monitor.domain import (
    InteractionView,
    JudgedCounts,
    Judgement,
    JudgementOutcome,
    LawProfile,
    RuleStatus,
)

_HELD = 20_000
"""Texts, and people who are smaller, that are kept from one batch to the next."""

QUOTING = "kutipan penilaian"
"""What storing judgements and emptying texts take turns at: neither may miss the words that the other leaves."""


def store_ruleset(
    session: Session,
    ruleset_hash: str,
    detail_json: str,
    rules: Iterable[tuple[str, int, str, str]],
    laws: Iterable[LawProfile],
    now: datetime,
) -> int:
    """Store a rule set once, with its rules (id, version, status, content hash) and law profiles; return its number.

    `detail_json` may carry `{"rules": {id: {"title": …, "false_positives": […]}}}`, which case pages show. Of those
    who store the same at once, the others wait until the first has committed.
    """
    known = ruleset_number(session, ruleset_hash)
    if known is not None:
        return known
    values = {"hash": ruleset_hash, "detail": json.loads(detail_json), "created_at": now}
    added = insert_missing(session, ruleset, [values], ["hash"])
    number = _number(session, ruleset, {"hash": ruleset_hash})
    if not added:
        return number
    held = [
        {
            "ruleset_id": number,
            "rule_version_id": _rule_version(session, rule_id, version, content_hash, now),
            "status": RuleStatus(status),
        }
        for rule_id, version, status, content_hash in sorted(rules)
    ]
    if held:
        session.execute(sa.insert(ruleset_rule), held)
    profiles = [
        {"ruleset_id": number, "profile": law.id, "title": law.title, "content": json.loads(_json(asdict(law)))}
        for law in sorted(laws, key=lambda profile: profile.id)
    ]
    if profiles:
        session.execute(sa.insert(law_profile), profiles)
    return number


def ruleset_number(session: Session, ruleset_hash: str) -> int | None:
    """Return the number of a stored rule set, None when it never judged."""
    known = session.execute(sa.select(ruleset.c.id).where(ruleset.c.hash == ruleset_hash)).scalar()
    return int(known) if known is not None else None


def pending(
    session: Session, ruleset_id: int, limit: int, after: int = 0, held: Held | None = None
) -> list[InteractionView]:
    """Return acts that were never judged, were judged by another rule set, or changed since; oldest first.

    `after` leaves out those up to a number. Acts that cannot lie in the time in which the account was its owner's, or
    whose owner is no longer known, do not wait; where they may lie outside it, the view says so. `held` keeps what acts
    rest on from one call to the next. Whatever changes that meanwhile marks its acts, which then wait to be read anew.
    """
    query = acts_of(session).where(interaction.c.id > sa.bindparam("after"), *_waits(ruleset_id)).limit(limit)
    found = driver_rows(session, query, {"after": after})  # the best owner of the last act is among them
    if held is not None and held.size > _HELD:
        held.forget()
    return build_views(session, found, held)


def count_pending(session: Session, ruleset_id: int) -> int:
    """Return how many acts wait to be judged by the rule set."""
    waiting = sa.select(sa.func.count()).select_from(interaction).where(*_waits(ruleset_id), is_owned(session))
    return int(session.execute(waiting).scalar_one())


def store_judgements(
    session: Session, judgements: Sequence[Judgement], ruleset_id: int, now: datetime, forms: Forms | None = None
) -> None:
    """Store what one rule set says; it supersedes what stood before, and hits no longer given become inactive.

    Storing the same judgement again changes nothing. Marks stay: `dirty.clear_marks` takes them off.
    What is said of an act whose words were purged meanwhile may quote them, and is left out. `forms` keeps what was
    written out from one call to the next.
    """
    written = forms if forms is not None else Forms()
    locks.one_at_a_time(session, QUOTING)
    for judged_together in chunks(judgements):
        emptied = _emptied(session, [judged.interaction_id for judged in judged_together])
        part = [judged for judged in judged_together if judged.interaction_id not in emptied]
        before = _store_outcomes(session, written, part, ruleset_id, now)
        _store_hits(session, written, part, before, now)


def judged_counts(session: Session, ruleset_id: int) -> JudgedCounts:
    """Return how the standing judgements of a rule set fell."""
    query = (
        sa.select(judgement.c.outcome, sa.func.count())
        .where(judgement.c.current, judgement.c.ruleset_id == ruleset_id)
        .group_by(judgement.c.outcome)
    )
    counts: dict[JudgementOutcome, int] = dict(session.execute(query).all())
    return JudgedCounts(
        evaluated=sum(counts.values()),
        hits=counts.get(JudgementOutcome.HIT, 0),
        misses=counts.get(JudgementOutcome.MISS, 0),
        not_evaluable=counts.get(JudgementOutcome.NOT_EVALUABLE, 0),
        errors=counts.get(JudgementOutcome.ERROR, 0),
    )


def rule_counts(session: Session, ruleset_id: int) -> dict[str, int]:
    """Return how many standing hits each rule of a rule set gave, shadow hits included."""
    query = (
        sa.select(rule_hit.c.rule_id, sa.func.count())
        .join(judgement, judgement.c.id == rule_hit.c.judgement_id)
        .where(rule_hit.c.active, judgement.c.ruleset_id == ruleset_id)
        .group_by(rule_hit.c.rule_id)
        .order_by(rule_hit.c.rule_id)
    )
    return dict(session.execute(query).all())


def _rule_version(session: Session, rule_id: str, version: int, content_hash: str, now: datetime) -> int:
    key = {"rule_id": rule_id, "version": version, "content_hash": content_hash}
    insert_missing(session, rule_version, [key | {"first_used_at": now}], list(key))
    return _number(session, rule_version, key)


def _number(session: Session, table: sa.Table, key: Mapping[str, object]) -> int:
    """Return the number of the row that has these values."""
    wanted = [table.c[name] == value for name, value in key.items()]
    return int(session.execute(sa.select(table.c.id).where(*wanted)).scalar_one())


def withdraw_strays(session: Session, now: datetime) -> int:
    """End the hits on acts that are no longer their person's: the account was redated, rejected or another's.

    Returns how many. What was said of those acts stays in history and stands no more.
    """
    theirs = is_owned(session, attribution.c.asn_id == rule_hit.c.asn_id)
    strays = (
        sa.select(rule_hit.c.id, rule_hit.c.interaction_id)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .where(rule_hit.c.active, ~theirs)
    )
    rows = session.execute(strays).all()
    for part in chunked(rows):
        ids, acts = [row.id for row in part], [row.interaction_id for row in part]
        session.execute(sa.update(rule_hit).where(rule_hit.c.id.in_(ids)).values(active=False, changed_at=now))
        session.execute(sa.update(judgement).where(judgement.c.interaction_id.in_(acts)).values(current=False))
        search.forget_hits(session, ids)
    return len(rows)


def _waits(ruleset_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """Whether an act waits to be judged by a rule set, if it is somebody's."""
    judged = sa.exists().where(
        judgement.c.interaction_id == interaction.c.id, judgement.c.current, judgement.c.ruleset_id == ruleset_id
    )
    # Nobody can judge anew what has no words left; what was said of it stands.
    emptied = sa.exists().where(purged_act.c.interaction_id == interaction.c.id)
    return sa.or_(interaction.c.dirty, ~judged), ~emptied


def _emptied(session: Session, ids: Sequence[int]) -> frozenset[int]:
    """Return which of some acts have no words left."""
    query = sa.select(purged_act.c.interaction_id).where(among(session.dialect.name, purged_act.c.interaction_id))
    return frozenset(session.execute(query, {"ids": ids}).scalars())


def _store_outcomes(
    session: Session, forms: Forms, judgements: Sequence[Judgement], ruleset_id: int, now: datetime
) -> dict[int, int]:
    """Write the judgements of some acts; those that are there already stand again.

    Returns the acts of which the same was said before, with the numbers of the judgements that stood.
    """
    hashes = {judged.interaction_id: forms.result_hash(judged) for judged in judgements}
    columns = (
        judgement.c.id, judgement.c.interaction_id, judgement.c.ruleset_id, judgement.c.result_hash,
        judgement.c.current,
    )  # fmt: skip
    told = sa.or_(judgement.c.current, judgement.c.ruleset_id == ruleset_id)
    query = sa.select(*columns).where(among(session.dialect.name, judgement.c.interaction_id), told)
    same: set[int] = set()
    before: dict[int, int] = {}
    back: list[int] = []
    outdated: list[int] = []
    for number, act, by, said, current in session.execute(query, {"ids": list(hashes)}).all():
        repeated = said == hashes[act]
        if current and repeated:
            before[act] = number
        if by == ruleset_id and repeated:
            same.add(act)
            if not current:
                back.append(number)
        elif current:
            outdated.append(number)
    for numbers, current in ((outdated, False), (back, True)):
        if numbers:
            chosen = sa.update(judgement).where(among(session.dialect.name, judgement.c.id))
            session.execute(chosen.values(current=current), {"ids": numbers})
    at = stored_time(session)(now)
    new = [
        forms.judged(judged, ruleset_id, hashes[judged.interaction_id], at)
        for judged in judgements
        if judged.interaction_id not in same
    ]
    add_rows(session, judgement, JUDGED, new, ("interaction_id", "ruleset_id", "result_hash"))
    return before


def _store_hits(
    session: Session, forms: Forms, judgements: Sequence[Judgement], before: Mapping[int, int], now: datetime
) -> None:
    """Write the hits of some acts; `before` names the judgements that gave the very same ones."""
    stored = _stored_hits(session, [judged.interaction_id for judged in judgements])
    hit = {judged.interaction_id: judged for judged in judgements if judged.hits}
    owners = _owners(session, hit)
    numbers = _standing(session, hit)
    at = stored_time(session)
    moment = at(now)
    given: set[Values] = set()
    new: list[Values] = []
    changed: list[Values] = []
    repeated: list[Values] = []
    touched: list[int] = []
    for act, person in sorted(owners.items()):
        number = numbers[act]
        for one in hit[act].hits:
            form = forms.form(one)
            key = (act, person, *form.key)
            given.add(key)
            old = stored.get(key)
            if old is None:
                new.append((*key, moment, number, *form.head, one.explanation, *form.tail, moment))
            elif not old.active or old.judgement_id != number:
                if old.active and old.judgement_id == before.get(act):
                    repeated.append((number, old.id))
                    continue
                since = at(old.changed_at) if old.active else moment
                changed.append((number, *form.head, one.explanation, *form.tail, since, old.id))
                if (old.active, old.mode, old.tier, old.stance) != (True, one.mode, one.tier, one.stance):
                    touched.append(old.id)
    gone = [old.id for key, old in stored.items() if old.active and key not in given]
    new.sort(key=lambda row: row[: len(HIT_KEY)])  # numbers follow the key, however many rows are written at once
    add_rows(session, rule_hit, (*HIT_KEY, "first_judged_at", *HIT_SAYS), new, HIT_KEY)
    set_rows(session, rule_hit, HIT_SAYS, changed)
    set_rows(session, rule_hit, ("judgement_id",), repeated)
    if gone:
        session.execute(sa.update(rule_hit).where(rule_hit.c.id.in_(gone)).values(active=False, changed_at=now))
    search.forget_hits(session, [*touched, *gone])


def _stored_hits(session: Session, ids: Sequence[int]) -> dict[Values, Any]:
    """Return the hits of some acts by their key, and hold their rows."""
    said = (
        rule_hit.c.id, rule_hit.c.active, rule_hit.c.judgement_id, rule_hit.c.changed_at, rule_hit.c.mode,
        rule_hit.c.tier, rule_hit.c.stance,
    )  # fmt: skip
    key = (rule_hit.c[name] if name != "stage" else sa.type_coerce(rule_hit.c.stage, sa.Text) for name in HIT_KEY)
    query = sa.select(*key, *said).where(among(session.dialect.name, rule_hit.c.interaction_id))
    rows = session.execute(query.with_for_update(), {"ids": ids}).all()
    return {row[: len(HIT_KEY)]: row for row in rows}


def _owners(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Return whose some acts are."""
    query = owned(session, interaction.c.id, attribution.c.asn_id).where(among(session.dialect.name, interaction.c.id))
    asked = query.order_by(interaction.c.id, *best_owner(session))
    return dict(one_owner(driver_rows(session, asked, {"ids": list(ids)})))


def _standing(session: Session, ids: Collection[int]) -> dict[int, int]:
    """Return the numbers of the judgements that stand, by act."""
    query = sa.select(judgement.c.interaction_id, judgement.c.id)
    query = query.where(among(session.dialect.name, judgement.c.interaction_id), judgement.c.current)
    return dict(session.execute(query, {"ids": list(ids)}).all())


def _json(value: object) -> str:
    return canonical(json.loads(json.dumps(value, default=str)))
