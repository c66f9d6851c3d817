"""Whether the texts of open cases are still online: which are to be asked after, and what was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import case_hit, interaction, item, liveness_check, review_case, rule_hit
from db.tables.cases import OPEN
from db.upsert import insert_one, rows_by
from monitor.domain import ItemKind, LiveCheck, LiveState, WatchedText

TextKey = tuple[str, str]
"""Platform and canonical id of a text."""

FIRST_AFTER = timedelta(days=1)
"""How long after it was first seen a text is asked after for the first time."""


def watched(
    session: Session, now: datetime, *, everything: bool = False, case_id: int | None = None
) -> tuple[WatchedText, ...]:
    """Return the texts that open cases rest on and that are due, all of them with `everything`; longest waiting first.

    With `case_id` those of one case, open or not. They are what the acts published and what they are on, as far as
    those texts are stored.
    """
    found = {
        (row.platform, row.platform_item_id): row for key in _SIDES for row in session.execute(_on_cases(key, case_id))
    }
    seen: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for row in rows_by(session, (liveness_check,), liveness_check.c.platform_item_id, {key for _, key in found}):
        seen[row.platform, row.platform_item_id].append(row)
    due: list[tuple[datetime, WatchedText]] = []
    for key, row in found.items():
        checks = sorted(seen.get(key, ()), key=lambda check: check.id)
        at = checks[-1].next_at if checks else row.seen + FIRST_AFTER
        if everything or (at is not None and at <= now):
            due.append((at or now, _text(row, checks)))
    return tuple(text for _, text in sorted(due, key=lambda entry: (entry[0], entry[1].platform, entry[1].item_id)))


def record(session: Session, check: LiveCheck) -> None:
    """Write one answer; earlier ones of the text are not asked for again."""
    same = (liveness_check.c.platform == check.platform) & (liveness_check.c.platform_item_id == check.item_id)
    waiting = liveness_check.c.next_at.is_not(None)
    session.execute(sa.update(liveness_check).where(same, waiting).values(next_at=None))
    insert_one(
        session,
        liveness_check,
        platform=check.platform,
        platform_item_id=check.item_id,
        url=check.url,
        checked_at=check.checked_at,
        state=check.state.value,
        status=check.status,
        sha256=check.sha256,
        detail=check.detail,
        next_at=check.next_at,
    )


def checks_of(session: Session, keys: Collection[TextKey]) -> dict[TextKey, tuple[LiveCheck, ...]]:
    """Return all answers about texts by platform and canonical id, the oldest first; texts without one are left out."""
    found: dict[TextKey, list[LiveCheck]] = defaultdict(list)
    rows = rows_by(session, (liveness_check,), liveness_check.c.platform_item_id, {item_id for _, item_id in keys})
    for row in sorted(rows, key=lambda row: row.id):
        if (row.platform, row.platform_item_id) in keys:
            found[row.platform, row.platform_item_id].append(_check(row))
    return {key: tuple(checks) for key, checks in found.items()}


def _check(row: Found) -> LiveCheck:
    return LiveCheck(
        platform=row.platform,
        item_id=row.platform_item_id,
        url=row.url,
        checked_at=row.checked_at,
        state=LiveState(row.state),
        status=row.status,
        sha256=row.sha256,
        detail=row.detail,
        next_at=row.next_at,
    )


_SIDES = (interaction.c.own_item_key, interaction.c.target_id)


def _on_cases(key: sa.ColumnElement[str], case_id: int | None) -> sa.Select[tuple[str, str, str, str, datetime]]:
    return (
        sa.select(
            item.c.platform,
            item.c.platform_item_id,
            item.c.url,
            item.c.kind,
            sa.func.min(interaction.c.seen_first_at).label("seen"),
        )
        .select_from(case_hit)
        .join(review_case, review_case.c.id == case_hit.c.case_id)
        .join(rule_hit, rule_hit.c.id == case_hit.c.hit_id)
        .join(interaction, interaction.c.id == rule_hit.c.interaction_id)
        .join(item, (item.c.platform_item_id == key) & (item.c.platform == interaction.c.platform))
        .where(OPEN if case_id is None else review_case.c.id == case_id)
        .group_by(item.c.platform, item.c.platform_item_id, item.c.url, item.c.kind)
    )


def _text(row: Found, checks: Iterable[Found]) -> WatchedText:
    said = [state for check in checks if (state := LiveState(check.state)) is not LiveState.UNKNOWN]
    away = 0
    for state in reversed(said):
        if not state.away:
            break
        away += 1
    return WatchedText(row.platform, row.platform_item_id, row.url, ItemKind(row.kind), len(said), away)
