"""What no purge may touch: all that an open case, a legal hold, an issued form or a handed-out bundle rests on.

Cases that were closed lately count too. Everything here answers for a batch of rows at a time, inside the transaction
that would purge them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

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

    def acts(self, act: sa.FromClause) -> sa.ColumnElement[bool]:
        """Return the condition that an act of this alias stays: a kept case holds it, or a hold is on who acted."""
        in_case = (
            sa.select(sa.literal(1))
            .select_from(rule_hit)
            .join(case_hit, case_hit.c.hit_id == rule_hit.c.id)
            .join(review_case, review_case.c.id == case_hit.c.case_id)
            .where(rule_hit.c.interaction_id == act.c.id, self.cases())
            .exists()
        )
        return sa.or_(in_case, act.c.actor_account_id.in_(held_accounts()))


def held_accounts() -> sa.Select[Any]:
    """Return the accounts that are, or were once said to be, of people whose data is held."""
    live = sa.and_(legal_hold.c.asn_id == attribution.c.asn_id, legal_hold.c.released_at.is_(None))
    return sa.select(attribution.c.account_id).join(legal_hold, live)


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
    for ids in chunked(sorted(set(act_ids))):
        query = sa.select(interaction.c.id).where(interaction.c.id.in_(ids), keep.acts(interaction))
        found |= set(session.execute(query).scalars())
    return found


def kept_items(session: Session, item_ids: Iterable[int], keep: Keep) -> set[int]:
    """Return those of the texts that a kept act published, is on or hangs below, and those that held people wrote."""
    found: set[int] = set()
    for ids in chunked(sorted(set(item_ids))):
        theirs = sa.select(item.c.id).where(item.c.id.in_(ids), item.c.author_account_id.in_(held_accounts()))
        found |= set(session.execute(theirs).scalars())
        for query in acts_of_items(ids):
            act = query.selected_columns
            kept = query.where(keep.acts(interaction)).with_only_columns(act.item_id).distinct()
            found |= set(session.execute(kept).scalars())
    return found | _answered(session, set(item_ids) - found, keep)


def _answered(session: Session, item_ids: Collection[int], keep: Keep) -> set[int]:
    """Return those of the texts that a kept text answers whose thread is not known: they are read in its place."""
    above: dict[tuple[str, str], int] = {}
    for ids in chunked(sorted(item_ids)):
        names = sa.select(item.c.id, item.c.platform, item.c.platform_item_id).where(item.c.id.in_(ids))
        above |= {(row.platform, row.platform_item_id): row.id for row in session.execute(names)}
    if not above:
        return set()
    in_case = case_hit.join(review_case, review_case.c.id == case_hit.c.case_id)
    hits = in_case.join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
    acts = hits.join(interaction, interaction.c.id == rule_hit.c.interaction_id)
    found: set[int] = set()
    for of, kept in ((acts, keep.cases()), (interaction, interaction.c.actor_account_id.in_(held_accounts()))):
        for column in (interaction.c.target_id, interaction.c.own_item_key):
            on = sa.and_(column == item.c.platform_item_id, interaction.c.platform == item.c.platform)
            pairs = sa.select(item.c.platform, item.c.parent_id).select_from(of.join(item, on)).where(kept)
            # The empty text keeps SQLite from walking all texts without a thread first.
            pairs = pairs.where(sa.func.coalesce(item.c.root_id, "") == "", item.c.parent_id.is_not(None)).distinct()
            found |= {above[pair] for row in session.execute(pairs) if (pair := (row.platform, row.parent_id)) in above}
    return found


def acts_of_items(item_ids: Collection[int]) -> Iterable[sa.Select[Any]]:
    """Return questions for `item_id` and `act_id`: the acts that published these texts, are on them, or hang below."""
    child = item.alias("child")
    thread = sa.and_(child.c.root_id == item.c.platform_item_id, child.c.platform == item.c.platform)
    columns = (item.c.id.label("item_id"), interaction.c.id.label("act_id"))
    for of, text in ((item, item), (item.join(child, thread), child)):
        for column in (interaction.c.target_id, interaction.c.own_item_key):
            on = sa.and_(column == text.c.platform_item_id, interaction.c.platform == text.c.platform)
            yield sa.select(*columns).select_from(of.join(interaction, on)).where(item.c.id.in_(item_ids))


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
