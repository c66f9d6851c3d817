"""Hash chains: every row carries the hash of itself and of the row before, so that a change anywhere shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from db.base import FIRST_HASH
from db.connect import Session
from monitor.domain import utc

# Any two numbers do; they only have to differ from each other and from the locks of `db.locks`.
_LOCKS = {"review_event": 0x70616E74_0001, "audit_log": 0x70616E74_0002}


def canonical(value: object) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, times as UTC ISO text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def text_hash(text: str) -> str:
    """Return the sha256 of a text in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def link_hash(prev_hash: str, body: Mapping[str, object]) -> str:
    """Return the hash of a row from the hash of the row before and everything the row says."""
    return text_hash(prev_hash + "\n" + canonical(body))


def lock_head(session: Session, table: sa.Table) -> str:
    """Keep other writers off a chain until the transaction ends and return the hash of its last row.

    SQLite holds its only write lock from the start of the transaction; PostgreSQL takes an advisory lock here.
    """
    if session.dialect.name == "postgresql":
        session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCKS[table.name]})
    head = session.execute(sa.select(table.c.hash).order_by(table.c.id.desc()).limit(1)).scalar()
    return str(head) if head is not None else FIRST_HASH


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return utc(value).isoformat()
    if isinstance(value, StrEnum):
        return value.value
    raise TypeError(f"no canonical form for {type(value).__name__}")
