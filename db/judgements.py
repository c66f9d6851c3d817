"""What rule sets say of acts: what waits to be judged, what was said, and which hits stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from db import locks, search
from db.among import among
from db.bulk import Values, add_rows, driver_rows, stored_time
from db.chain import canonical
from db.connect import Session
from db.contents import chunked
from db.dirty import MARKED
from db.judged_hits import Stood, store_hits
from db.judgement_rows import JUDGED, Forms, Said
from db.owners import is_owned
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
"""Texts that are kept from one batch to the next, and people, who are smaller."""

_VERY_MANY = 10_000

_TOGETHER = 5_000
"""Acts whose judgements are stored by the same statements."""

QUOTING = "kutipan penilaian"
"""What storing judgements and emptying texts take turns at: neither may miss the words that the other leaves."""


_EMPTIED = sa.exists().where(purged_act.c.interaction_id == interaction.c.id)
"""Whether nobody can judge an act anew, since it has no words left; what was said of it stands."""


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
    session: Session, ruleset_id: int, limit: int, after: int = 0, held: Held | None = None, *, marked: bool = False
) -> list[InteractionView]:
    """Return acts that were never judged, were judged by another rule set, or changed since; oldest first.

    `after` leaves out those up to a number, `marked` all but those that changed, or are new, and bear a mark. Acts that
    cannot lie in the time in which the account was its owner's, or whose owner is no longer known, do not wait; where
    they may lie outside it, the view says so. `held` keeps what acts rest on from one call to the next. Whatever
    changes that meanwhile marks its acts, which then wait to be read anew.
    """
    waits = (MARKED, ~_EMPTIED) if marked else _waits(ruleset_id)
    query = acts_of(session).where(interaction.c.id > sa.bindparam("after"), *waits).limit(limit)
    found = driver_rows(session, query, {"after": after})  # the best owner of the last act is among them
    if held is not None:
        held.keep(_HELD)
    return build_views(session, found, held)


def count_pending(session: Session, ruleset_id: int) -> int:
    """Return how many acts wait to be judged by the rule set; of very many, those that are nobody's count too."""
    waits = _waits(ruleset_id)
    some = sa.select(interaction.c.id).where(*waits, is_owned(session)).limit(_VERY_MANY).subquery()
    waiting = int(session.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())
    if waiting < _VERY_MANY:
        return waiting
    roughly = sa.select(sa.func.count()).select_from(interaction).where(*waits)  # to ask whose takes five times as long
    return int(session.execute(roughly).scalar_one())


def store_judgements(
    session: Session,
    judgements: Sequence[Judgement],
    ruleset_id: int,
    now: datetime,
    forms: Forms | None = None,
    owners: Mapping[int, int] | None = None,
) -> None:
    """Store what one rule set says; it supersedes what stood before, and hits no longer given become inactive.

    Storing the same judgement again changes nothing. Marks stay: `dirty.clear_marks` takes them off.
    What is said of an act whose words were purged meanwhile may quote them, and is left out. `forms` keeps what was
    written out from one call to the next. `owners` are the people as whose the acts were read, by act; whose the others
    are is asked.
    """
    written = forms if forms is not None else Forms()
    locks.one_at_a_time(session, QUOTING)
    for judged_together in chunks(judgements, _TOGETHER):
        emptied = _emptied(session, [judged.interaction_id for judged in judged_together])
        said = [written.said(judged) for judged in judged_together if judged.interaction_id not in emptied]
        store_hits(session, said, _store_outcomes(session, said, ruleset_id, now), owners or {}, now)


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

    Returns how many. What was said of those acts stays in history and stands no more. Whoever changes whose acts are
    marks them: only marked ones are looked at.
    """
    changed = rule_hit.c.interaction_id.in_(sa.select(interaction.c.id).where(MARKED).correlate(None))
    rows = session.execute(_strays(session).where(changed)).all()
    for part in chunked(rows):
        ids, acts = [row.id for row in part], [row.interaction_id for row in part]
        session.execute(sa.update(rule_hit).where(rule_hit.c.id.in_(ids)).values(active=False, changed_at=now))
        session.execute(sa.update(judgement).where(judgement.c.interaction_id.in_(acts)).values(current=False))
        search.forget_hits(session, ids)
    return len(rows)


def forgotten_strays(session: Session) -> list[int]:
    """Return the hits on acts that are not their person's and that nobody marked, so that `withdraw_strays` passes."""
    unmarked = _strays(session).where(~interaction.c.dirty).order_by(rule_hit.c.id)
    return [row.id for row in session.execute(unmarked)]


def _strays(session: Session) -> sa.Select[tuple[int, int]]:
    """Select the active hits on acts that are no longer their person's, with the acts."""
    theirs = is_owned(session, attribution.c.asn_id == rule_hit.c.asn_id)
    return (
        sa.select(rule_hit.c.id, rule_hit.c.interaction_id)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .where(rule_hit.c.active, ~theirs)
    )


def _waits(ruleset_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    """Whether an act waits to be judged by a rule set, if it is somebody's."""
    judged = sa.exists().where(
        judgement.c.interaction_id == interaction.c.id, judgement.c.current, judgement.c.ruleset_id == ruleset_id
    )
    return sa.or_(interaction.c.dirty, ~judged), ~_EMPTIED


def _emptied(session: Session, ids: Sequence[int]) -> frozenset[int]:
    """Return which of some acts have no words left."""
    query = sa.select(purged_act.c.interaction_id).where(among(session.dialect.name, purged_act.c.interaction_id))
    return frozenset(session.execute(query, {"ids": ids}).scalars())


def _store_outcomes(session: Session, said: Sequence[Said], ruleset_id: int, now: datetime) -> Stood:
    """Write the judgements of some acts; those that are there already stand again."""
    wanted = {one.judged.interaction_id: one for one in said}
    stands: dict[int, int] = {}
    before: dict[int, int] = {}
    again: set[int] = set()
    back: list[int] = []
    outdated: list[int] = []
    for number, act, by, result_hash, current in _told(session, wanted, ruleset_id):
        repeated = result_hash == wanted[act].hash
        if current and repeated:
            before[act] = number
        again.add(act)
        if by == ruleset_id and repeated:
            stands[act] = number
            if not current:
                back.append(number)
        elif current:
            outdated.append(number)
    for numbers, current in ((outdated, False), (back, True)):
        if numbers:
            chosen = sa.update(judgement).where(among(session.dialect.name, judgement.c.id))
            session.execute(chosen.values(current=current), {"ids": numbers})
    at = stored_time(session)(now)
    new = [one.row(ruleset_id, at) for act, one in wanted.items() if act not in stands]
    return Stood(stands | _add(session, new), before, again)


def _told(session: Session, acts: Iterable[int], ruleset_id: int) -> list[Values]:
    """Return what stands of some acts, and what the rule set said of them before."""
    columns = (
        judgement.c.id, judgement.c.interaction_id, judgement.c.ruleset_id, judgement.c.result_hash,
        judgement.c.current,
    )  # fmt: skip
    told = sa.or_(judgement.c.current, judgement.c.ruleset_id == ruleset_id)
    query = sa.select(*columns).where(among(session.dialect.name, judgement.c.interaction_id), told)
    return driver_rows(session, query, {"ids": list(acts)})


def _add(session: Session, rows: list[Values]) -> dict[int, int]:
    """Add judgements and return their numbers by act; who adds any does so alone, so that theirs are the last."""
    if not rows:
        return {}
    last = session.execute(sa.select(sa.func.coalesce(sa.func.max(judgement.c.id), 0))).scalar_one()
    add_rows(session, judgement, JUDGED, rows, ("interaction_id", "ruleset_id", "result_hash"))
    added = sa.select(judgement.c.interaction_id, judgement.c.id).where(judgement.c.id > sa.bindparam("last"))
    return dict(driver_rows(session, added, {"last": last}))


def _json(value: object) -> str:
    return canonical(json.loads(json.dumps(value, default=str)))
