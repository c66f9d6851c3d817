"""What no purge may touch: all that an open case, a legal hold, an issued form or a handed-out bundle rests on.

Cases that were closed lately count too. Everything here answers for a batch of rows at a time, inside the transaction
that would purge them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from db.among import among
from db.bundles import EXPORTED
from db.connect import Session
from db.contents import chunked
from db.tables import (
    attribution,
    audit_log,
    capture,
    case_hit,
    evidence_manifest,
    form_issue,
    interaction,
    interaction_capture,
    item,
    item_capture,
    legal_hold,
    manual_find,
    observation,
    review_case,
    rule_hit,
    screenshot,
)
from db.tables.cases import OPEN
from monitor.domain import AttributionStatus

_LIVE = (AttributionStatus.PROPOSED, AttributionStatus.VERIFIED)
_MANY = 5_000  # acts asked for at once


@dataclass(frozen=True, slots=True)
class Keep:
    """Which closed cases still count: those whose last step is later than `since`."""

    since: datetime

    @classmethod
    def for_days(cls, now: datetime, days: int) -> Keep:
        """Return the rule for cases closed within so many days."""
        return cls(now - timedelta(days=days))

    def cases(self) -> sa.ColumnElement[bool]:
        """Return the condition that a case holds back whatever it rests on."""
        held = sa.exists().where(
            legal_hold.c.released_at.is_(None),
            sa.or_(legal_hold.c.case_id == review_case.c.id, legal_hold.c.asn_id == review_case.c.asn_id),
        )
        issued = sa.exists().where(form_issue.c.case_id == review_case.c.id)
        subject = sa.literal("case:") + sa.cast(review_case.c.id, sa.String)
        handed_out = sa.exists().where(audit_log.c.subject == subject, audit_log.c.action == EXPORTED)
        return sa.or_(OPEN, review_case.c.changed_at > self.since, held, issued, handed_out)


def held_accounts() -> sa.Select[Any]:
    """Return the accounts that are, or were once said to be, of people whose data is held."""
    held = sa.select(legal_hold.c.asn_id).where(legal_hold.c.released_at.is_(None), legal_hold.c.asn_id.is_not(None))
    return sa.select(attribution.c.account_id).where(attribution.c.asn_id.in_(held))


def anybody_held(session: Session) -> bool:
    """Whether any hold is in force."""
    query = sa.select(legal_hold.c.id).where(legal_hold.c.released_at.is_(None)).limit(1)
    return session.execute(query).first() is not None


def kept_cases(session: Session, case_ids: Iterable[int], keep: Keep) -> set[int]:
    """Return those of the cases that hold back what they rest on."""
    found: set[int] = set()
    for ids in chunked(sorted(set(case_ids))):
        query = sa.select(review_case.c.id).where(review_case.c.id.in_(ids), keep.cases())
        found |= set(session.execute(query).scalars())
    return found


def held_people(session: Session, asn_ids: Iterable[int]) -> set[int]:
    """Return those of the people whose data is held."""
    found: set[int] = set()
    for ids in chunked(sorted(set(asn_ids))):
        live = sa.select(legal_hold.c.asn_id).where(legal_hold.c.asn_id.in_(ids), legal_hold.c.released_at.is_(None))
        found |= set(session.execute(live).scalars())
    return found


def kept_acts(session: Session, act_ids: Iterable[int], keep: Keep) -> set[int]:
    """Return those of the acts that a kept case holds or a held person did."""
    found: set[int] = set()
    theirs = sa.select(interaction.c.id).where(interaction.c.actor_account_id.in_(held_accounts()))
    theirs = theirs.where(among(session.dialect.name, interaction.c.id))
    held = anybody_held(session)
    for ids in chunked(sorted(set(act_ids)), _MANY):
        holders = cases_of(session, ids)
        found |= {act for case in kept_cases(session, holders, keep) for act in holders[case]}
        if held:
            found |= set(session.execute(theirs, {"ids": ids}).scalars())
    return found


def cases_of(session: Session, act_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the cases that hold any of these acts, kept or not, with those acts.

    By the numbers of acts, which are few: asked by anything else PostgreSQL reads all cases each time.
    """
    query = sa.select(case_hit.c.case_id, rule_hit.c.interaction_id)
    query = query.join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
    query = query.where(among(session.dialect.name, rule_hit.c.interaction_id))
    found: dict[int, set[int]] = defaultdict(set)
    for ids in chunked(act_ids, _MANY):
        for case, act in session.execute(query, {"ids": ids}):
            found[case].add(act)
    return found


def kept_items(session: Session, item_ids: Iterable[int], keep: Keep) -> set[int]:
    """Return those of the texts that a kept act published, is on or hangs below, and those that held people wrote."""
    found: set[int] = set()
    theirs = sa.select(item.c.id).where(item.c.author_account_id.in_(held_accounts()))
    theirs = theirs.where(among(session.dialect.name, item.c.id))
    for ids in chunked(sorted(set(item_ids))):
        found |= set(session.execute(theirs, {"ids": ids}).scalars())
        themselves = _names(session, set(ids) - found)
        found |= _rested_on(session, themselves, keep)
        for below in _below(session, {name: numbers for name, numbers in themselves.items() if not numbers & found}):
            found |= _rested_on(session, below, keep)
    return found


def acts_of_items(session: Session, item_ids: Collection[int]) -> set[int]:
    """Return the acts that published these texts, are on them, or hang below them."""
    found: set[int] = set()
    for ids in chunked(sorted(item_ids)):
        themselves = _names(session, ids)
        for names in (themselves, *_below(session, themselves)):
            found |= {act for act, _ in _acts_on(session, names)}
    return found


_Names = dict[tuple[str, str], set[int]]
"""Texts whose acts rest on others: platform and canonical id, with the numbers of those others."""


def _names(session: Session, item_ids: Collection[int]) -> _Names:
    query = sa.select(item.c.id, item.c.platform, item.c.platform_item_id)
    query = query.where(among(session.dialect.name, item.c.id))
    rows = session.execute(query, {"ids": sorted(item_ids)})
    return {(row.platform, row.platform_item_id): {row.id} for row in rows}


def _below(session: Session, names: _Names) -> Iterator[_Names]:
    """Yield the texts in the threads of these, and those that answer them where the thread is not known.

    Each question is asked by itself and by names: joined into one, SQLite reads all acts for it.
    """
    keys = sorted({name for _, name in names})
    threadless = sa.and_(item.c.root_id.is_(None), item.c.parent_id.is_not(None))
    for column, only in ((item.c.root_id, sa.true()), (item.c.parent_id, threadless)):
        query = sa.select(item.c.platform, item.c.platform_item_id, column.label("above"))
        query = query.where(among(session.dialect.name, column), only)
        for rows in chunked(session.execute(query, {"ids": keys})):
            pairs = ((row, names.get((row.platform, row.above))) for row in rows)
            yield {(row.platform, row.platform_item_id): numbers for row, numbers in pairs if numbers is not None}


def _rested_on(session: Session, names: _Names, keep: Keep) -> set[int]:
    """Return the numbers of those texts that a kept act rests on."""
    found: set[int] = set()
    for acts in chunked(_acts_on(session, names), _MANY):
        rest: dict[int, set[int]] = defaultdict(set)
        for act, numbers in acts:
            rest[act] |= numbers
        found.update(*(rest[act] for act in kept_acts(session, rest, keep)))
    return found


def _acts_on(session: Session, names: _Names) -> Iterator[tuple[int, set[int]]]:
    """Yield the acts on these texts and those that published them, with the numbers of what rests on each."""
    for keys in chunked(sorted({name for _, name in names})):
        for column in (interaction.c.target_id, interaction.c.own_item_key):
            query = sa.select(interaction.c.id, interaction.c.platform, column)
            query = query.where(among(session.dialect.name, column))
            for act, platform, name in session.execute(query, {"ids": keys}):
                if numbers := names.get((platform, name)):
                    yield act, numbers


def kept_captures(session: Session, capture_ids: Iterable[int], keep: Keep) -> set[int]:
    """Return those of the answers that show a kept act, a kept text, or a change of either."""
    found: set[int] = set()
    for ids in chunked(sorted(set(capture_ids))):
        acts = _pairs(session, interaction_capture.c.capture_id, interaction_capture.c.interaction_id, ids)
        texts = _pairs(session, item_capture.c.capture_id, item_capture.c.item_id, ids)
        more_acts, more_texts = _observed(session, ids)
        stay = kept_acts(session, {act for _, act in acts | more_acts}, keep)
        found |= {number for number, act in acts | more_acts if act in stay}
        stay = kept_items(session, {text for _, text in texts | more_texts}, keep)
        found |= {number for number, text in texts | more_texts if text in stay}
        found |= _of_held_finds(session, ids)
    return found


def kept_digests(session: Session, digests: Iterable[str], keep: Keep) -> set[str]:
    """Return those of the bodies that must stay, whatever names them."""
    found: set[str] = set()
    for part in chunked(sorted(set(digests))):
        captures = _pairs(session, capture.c.sha256, capture.c.id, part)
        stay = kept_captures(session, {number for _, number in captures}, keep)
        found |= {digest for digest, number in captures if number in stay}
        found |= _pictures(session, part, keep)
        found |= set(session.execute(sa.select(form_issue.c.sha256).where(form_issue.c.sha256.in_(part))).scalars())
        proofs = sa.select(attribution.c.capture_sha256).where(
            attribution.c.capture_sha256.in_(part), attribution.c.status.in_(_LIVE)
        )
        found |= set(session.execute(proofs).scalars())
        manifests = (
            sa.select(evidence_manifest.c.sha256)
            .join(review_case, review_case.c.id == evidence_manifest.c.case_id)
            .where(evidence_manifest.c.sha256.in_(part), keep.cases())
        )
        found |= set(session.execute(manifests).scalars())
    return found


def _pictures(session: Session, digests: list[str], keep: Keep) -> set[str]:
    shown = {
        pair
        for column in (screenshot.c.sha256, screenshot.c.masked_sha256)
        for pair in _pairs(session, column, screenshot.c.item_id, digests)
    }
    stay = kept_items(session, {text for _, text in shown}, keep)
    typed = _pairs(session, manual_find.c.screenshot, manual_find.c.capture_id, digests)
    entered = kept_captures(session, {number for _, number in typed}, keep)
    return {digest for digest, text in shown if text in stay} | {d for d, number in typed if number in entered}


def _observed(session: Session, capture_ids: list[int]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """Return the acts and the texts whose change these answers show, as pairs with the answer's number."""
    acts: set[tuple[int, int]] = set()
    texts: set[tuple[int, int]] = set()
    same = sa.and_(item.c.platform_item_id == observation.c.platform_item_id, item.c.platform == observation.c.platform)
    for column in (observation.c.before_capture_id, observation.c.capture_id):
        query = sa.select(column, observation.c.interaction_id, item.c.id).join(item, same, isouter=True)
        for number, act, text in session.execute(query.where(column.in_(capture_ids))):
            if act is not None:
                acts.add((number, act))
            if text is not None:
                texts.add((number, text))
    return acts, texts


def _of_held_finds(session: Session, capture_ids: list[int]) -> set[int]:
    held = sa.and_(legal_hold.c.asn_id == manual_find.c.asn_id, legal_hold.c.released_at.is_(None))
    query = sa.select(manual_find.c.capture_id).join(legal_hold, held).where(manual_find.c.capture_id.in_(capture_ids))
    return set(session.execute(query).scalars())


def _pairs(session: Session, given: sa.Column[Any], wanted: sa.Column[Any], values: list[Any]) -> set[tuple[Any, Any]]:
    query = sa.select(given, wanted).where(given.in_(values))
    return {(first, second) for first, second in session.execute(query) if second is not None}
