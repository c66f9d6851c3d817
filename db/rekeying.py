"""Keys of acts follow the stable id of their account, when that becomes known after the acts were stored."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from db.connect import Found, Session
from db.merge import greatest, least, merged
from db.tables import interaction, interaction_capture, judgement, observation
from db.upsert import insert_missing, rows_by, update_rows
from monitor.domain import interaction_key

_MERGE = {
    "target_author_account_id": least,
    "own_item_id": least,
    "occurred_at": least,
    "given_lo": greatest,
    "given_hi": least,
    "seen_first_at": least,
    "seen_last_at": greatest,
}


def rekey_acts(session: Session, account_id: int, user_id: str) -> None:
    """Give the account's acts the keys that they have under its stable id.

    An act that is stored under that key already becomes one with it, evidence and times together; only one that was
    judged, or seen to change, under both keys stays twice.
    """
    mine = interaction.c.actor_account_id == account_id
    rows = list(session.execute(sa.select(interaction).where(mine).order_by(interaction.c.id)))
    keys = {row.id: interaction_key(row.platform, user_id, row.act, row.target_id, row.own_item_key) for row in rows}
    moved = [row for row in rows if row.key != keys[row.id]]
    if not moved:
        return
    held = {row.key: row for row in rows_by(session, (interaction,), interaction.c.key, keys.values())}
    update_rows(session, interaction, [{"id": r.id, "key": keys[r.id]} for r in moved if keys[r.id] not in held])
    doubles = [(row, held[keys[row.id]]) for row in moved if keys[row.id] in held]
    judged = _resting(session, judgement, doubles) | _resting(session, observation, doubles)
    for gone, kept in doubles:
        _move_evidence(session, gone.id, kept.id)
        if gone.id not in judged:
            _join(session, gone, kept)


def _resting(session: Session, table: sa.Table, doubles: list[tuple[Found, Found]]) -> set[int]:
    """Return the acts that rows of a table point to and that therefore must stay."""
    column = table.c.interaction_id
    return {row.interaction_id for row in rows_by(session, (column,), column, [gone.id for gone, _ in doubles])}


def _move_evidence(session: Session, gone: int, kept: int) -> None:
    shown = interaction_capture.c
    rows = session.execute(sa.select(interaction_capture).where(shown.interaction_id == gone)).mappings()
    copies = [{**row, "interaction_id": kept} for row in rows]
    insert_missing(session, interaction_capture, copies, ["interaction_id", "capture_id"])


def _join(session: Session, gone: Found, kept: Found) -> None:
    old: dict[str, Any] = {name: getattr(kept, name) for name in _MERGE}
    new = merged(old, {name: getattr(gone, name) for name in _MERGE}, _MERGE)
    session.execute(sa.delete(interaction_capture).where(interaction_capture.c.interaction_id == gone.id))
    session.execute(sa.delete(interaction).where(interaction.c.id == gone.id))
    if new != old:
        session.execute(sa.update(interaction).where(interaction.c.id == kept.id).values(**new, dirty=True))
