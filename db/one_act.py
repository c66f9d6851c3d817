"""One text, one act: the same published text seen as a post here and as a reply or quote there stays one row.

An answer may not name what a text replies to or quotes: the parent is deleted by then, the quote is still pending or
revoked, or the tool that captured it left it out. The more telling reading stands, whichever came first.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.merge import greatest, least
from db.tables import interaction
from db.upsert import rows_by, update_rows
from monitor.domain import Act

_ORDER = (Act.COMMENT, Act.SHARE, Act.POST)
_READING = ("key", "act", "target_id", "target_author_account_id")
_TEXTS, _LOCKS = 0x70616E74, 256
_HOLD = sa.text("SELECT pg_advisory_xact_lock(:texts, number) FROM unnest(CAST(:numbers AS integer[])) AS number")

Row = dict[str, Any]
_Text = tuple[str, int, str]


def _text(row: Row) -> _Text:
    """Return which text of whom a row publishes."""
    return row["platform"], row["actor_account_id"], row["own_item_key"]


def unite(session: Session, wanted: dict[str, Row]) -> dict[str, str]:
    """Give the rows that publish one text the key of the most telling one, stored ones included.

    `wanted` are rows about to be stored, by key; it is changed in place. Returns the new keys of those that lose
    theirs. Until the transaction ends no other one unites these texts.
    """
    groups: dict[_Text, list[Row]] = {}
    for row in wanted.values():
        if row["own_item_key"]:
            groups.setdefault(_text(row), []).append(row)
    if not groups:
        return {}
    _hold(session, groups)
    stored: dict[_Text, list[Row]] = {}
    columns = [interaction.c[name] for name in ("id", "platform", "actor_account_id", "own_item_key", *_READING)]
    for held in rows_by(session, columns, interaction.c.own_item_key, {own for _, _, own in groups}):
        row = {column.name: value for column, value in zip(columns, held, strict=True)}
        stored.setdefault(_text(row), []).append(row)
    known_as: dict[str, str] = {}
    changed: list[Row] = []
    for own, rows in groups.items():
        held_rows = stored.get(own, [])
        if len({row["key"] for row in (*rows, *held_rows)}) > 1:
            best = min((*rows, *held_rows), key=_telling)
            known_as |= {row["key"]: best["key"] for row in rows if row["key"] != best["key"]}
            changed += _renamed(held_rows, best)
            _merge(wanted, rows, best)
    update_rows(session, interaction, changed)
    return known_as


def _hold(session: Session, texts: Iterable[_Text]) -> None:
    """Let one transaction at a time store readings of a text: another reading's key would not stop the second.

    Texts share few locks, taken in one order, since the server has room for few.
    """
    if session.dialect.name == "postgresql":
        numbers = sorted({zlib.crc32(own.encode()) % _LOCKS for _, _, own in texts})
        session.execute(_HOLD, {"texts": _TEXTS, "numbers": numbers})


def _telling(row: Row) -> tuple[bool, int, str]:
    """Order readings of one text: those that name what it acts on first, then replies, quotes, posts."""
    return row["target_id"] == row["own_item_key"], _ORDER.index(row["act"]), row["target_id"]


def _renamed(held: list[Row], best: Row) -> list[Row]:
    """Return the stored row under its better reading; nothing where that reading is stored itself."""
    if not held or any(row["key"] == best["key"] for row in held):
        return []
    return [{"id": held[0]["id"], **{name: best[name] for name in _READING}, "dirty": True}]


def _merge(wanted: dict[str, Row], rows: list[Row], best: Row) -> None:
    """Put the rows of one text together under the best reading."""
    for row in rows:
        wanted.pop(row["key"], None)
    first = rows[0] | {name: best[name] for name in _READING}
    for row in rows[1:]:
        first |= {
            "own_item_id": least(first["own_item_id"], row["own_item_id"]),
            "occurred_at": least(first["occurred_at"], row["occurred_at"]),
            "given_lo": greatest(first["given_lo"], row["given_lo"]),
            "given_hi": least(first["given_hi"], row["given_hi"]),
            "seen_first_at": least(first["seen_first_at"], row["seen_first_at"]),
            "seen_last_at": greatest(first["seen_last_at"], row["seen_last_at"]),
        }
    wanted[best["key"]] = first
