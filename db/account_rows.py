"""Account rows by what a register or an answer calls them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from db.connect import Session
from db.tables import account, account_handle
from db.upsert import chunks, insert_missing
from monitor.domain import AccountRef

AccountKey = tuple[str, str]


def account_rows(session: Session, refs: Iterable[AccountRef], now: datetime | None = None) -> dict[AccountKey, int]:
    """Return row ids by (platform, user id as given); with `now`, unknown accounts are made.

    A handle ("@name") means the account that bears it in the register, resolved or not.
    """
    wanted = {(ref.platform, ref.user_id): ref for ref in refs}
    found = _known(session, wanted)
    missing = [ref for key, ref in wanted.items() if key not in found]
    if now is None or not missing:
        return found
    insert_missing(session, account, [_row(ref, now) for ref in missing], ["platform", "platform_user_id"])
    made = _known(session, {(ref.platform, ref.user_id): ref for ref in missing})
    labels = [
        {"account_id": made[ref.platform, ref.user_id], "handle": label, "first_seen_at": now, "last_seen_at": now}
        for ref in missing
        if (label := _handle(ref))
    ]
    insert_missing(session, account_handle, labels, ["account_id", "handle"])
    return found | made


def _known(session: Session, wanted: dict[AccountKey, AccountRef]) -> dict[AccountKey, int]:
    found: dict[AccountKey, int] = {}
    for platform in sorted({platform for platform, _ in wanted}):
        ids = sorted(user_id for p, user_id in wanted if p == platform)
        for part in chunks(ids):
            columns = (account.c.id, account.c.platform_user_id)
            where = (account.c.platform == platform) & account.c.platform_user_id.in_(part)
            found |= {(platform, row[1]): row[0] for row in session.execute(sa.select(*columns).where(where))}
        handles = [user_id[1:] for user_id in ids if user_id.startswith("@") and (platform, user_id) not in found]
        for part in chunks(handles):
            columns = (account.c.id, account.c.handle_key)
            where = (account.c.platform == platform) & account.c.handle_key.in_(part)
            rows = session.execute(sa.select(*columns).where(where).order_by(account.c.id))
            for row in rows:
                found.setdefault((platform, "@" + row[1]), row[0])
    return found


def _row(ref: AccountRef, now: datetime) -> dict[str, Any]:
    label = _handle(ref)
    return {
        "platform": ref.platform,
        "platform_user_id": ref.user_id,
        "handle": label,
        "handle_key": label.lower() if label else None,
        "resolved_at": None if ref.user_id.startswith("@") else now,
        "created_at": now,
    }


def _handle(ref: AccountRef) -> str | None:
    if ref.handle:
        return ref.handle.removeprefix("@")
    return ref.user_id[1:] if ref.user_id.startswith("@") else None
