"""What an evidence bundle tells of a case: its chain of custody, and all that its readable copy may name."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from db.captures import capture_of
from db.chain import canonical
from db.connect import Found, Session
from db.tables import (
    account,
    account_handle,
    app_user,
    audit_log,
    capture,
    item,
    item_text,
    item_version,
    retention_event,
    review_event,
)
from db.upsert import rows_by
from monitor.domain import Capture

EXPORTED: Final = "bundle_exported"
"""What the audit log calls the making of a bundle; not part of the chain of custody that bundles hold."""

_EVENT: Final = (
    "case_id", "case_version", "kind", "from_state", "to_state", "reason", "actor", "user_id", "undoes_id", "detail",
    "note_hash", "note_kind", "at",
)  # fmt: skip
_AUDIT: Final = ("at", "actor", "action", "subject", "detail_hash")


@dataclass(frozen=True, slots=True)
class Custody:
    """The chain of custody as JSON values, with the numbers of its last event and audit row and their newest time."""

    told: dict[str, Any]
    event: int
    audit: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Named:
    """What the office stores of the texts and accounts of a case: words, moments, and texts with others masked."""

    words: frozenset[str]
    moments: frozenset[datetime]
    texts: tuple[str, ...]


def custody(session: Session, case_id: int) -> Custody:
    """Return every step of a case and everything that was recorded about it, except that bundles were made of it.

    Notes stay in the office, as does what a row of the audit log says beyond who, what and when; their hashes go along,
    and with them each row proves itself.
    """
    steps = (
        sa.select(review_event, app_user.c.display_name)
        .join(app_user, app_user.c.id == review_event.c.user_id, isouter=True)
        .where(review_event.c.case_id == case_id)
        .order_by(review_event.c.id)
    )
    events = list(session.execute(steps))
    looks = sa.select(audit_log).where(audit_log.c.subject == f"case:{case_id}", audit_log.c.action != EXPORTED)
    audits = list(session.execute(looks.order_by(audit_log.c.id)))
    told = {
        "case": case_id,
        "events": [_row(row, _EVENT) | {"by": row.display_name or row.actor} for row in events],
        "audit": [_row(row, _AUDIT) for row in audits],
    }
    times = [row.at for row in (*events[-1:], *audits[-1:])]
    event, looked = (rows[-1].id if rows else 0 for rows in (events, audits))
    return Custody(told, event, looked, max(times, default=None))


def named(session: Session, platforms: Collection[str], accounts: Collection[str], texts: Collection[str]) -> Named:
    """Return what may be named of these texts and accounts by their canonical ids; texts of strangers name nobody."""
    found = [row for row in rows_by(session, _TEXT, item.c.platform_item_id, texts) if row.platform in platforms]
    versions = list(rows_by(session, _WORDING, item_version.c.item_id, {row.id for row in found}, _OF_VERSION))
    authors = {row.author_account_id for row in found if row.author_account_id is not None}
    who = [*rows_by(session, _ACCOUNT, account.c.platform_user_id, accounts)]
    who += rows_by(session, _ACCOUNT, account.c.id, authors)
    handles = rows_by(session, (account_handle.c.handle,), account_handle.c.account_id, {row.id for row in who})
    words = {row.platform_item_id for row in found} | {row.url for row in found if row.url}
    words |= {word for row in who for word in (row.platform_user_id, row.handle) if word}
    words |= {row.handle for row in handles if row.handle} | set(accounts) | set(texts)
    moments = {at for row in found for at in (row.published_at, row.published_lo, row.published_hi) if at}
    moments |= {row.edited_at for row in versions if row.edited_at}
    said = {text for row in versions for text in (row.text, *(row.alt_texts or ())) if text}
    return Named(frozenset(words - {""}), frozenset(moments), tuple(sorted(said)))


def answers(session: Session, wanted: Collection[tuple[str, str]]) -> tuple[Capture, ...]:
    """Return the kept answers with these hashes and addresses, in the order in which they came."""
    rows = rows_by(session, tuple(capture.c), capture.c.sha256, {digest for digest, _ in wanted})
    return tuple(
        capture_of(row)
        for row in sorted(rows, key=lambda row: (row.fetched_at, row.url, row.sha256))
        if (row.sha256, row.url) in wanted
    )


def purged(session: Session, digests: Collection[str]) -> frozenset[str]:
    """Return which files retention took out of the store."""
    where = (retention_event.c.action == "purged", retention_event.c.subject_kind == "evidence_file")
    rows = rows_by(session, (retention_event.c.subject_id,), retention_event.c.subject_id, digests, *where)
    return frozenset(row.subject_id for row in rows)


_TEXT = (
    item.c.id, item.c.platform, item.c.platform_item_id, item.c.url, item.c.author_account_id, item.c.published_at,
    item.c.published_lo, item.c.published_hi,
)  # fmt: skip
_WORDING = (item_version.c.item_id, item_version.c.edited_at, item_text.c.text, item_text.c.alt_texts)
_OF_VERSION = item_text.c.version_id == item_version.c.id
_ACCOUNT = (account.c.id, account.c.platform_user_id, account.c.handle)


def _row(row: Found | Any, names: Iterable[str]) -> dict[str, Any]:
    body = json.loads(canonical({name: getattr(row, name) for name in names}))
    return {"number": row.id, "row": body, "previous": row.prev_hash, "hash": row.hash}
