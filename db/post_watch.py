"""Which listings of candidates' posts are read again, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa

from db.connect import Found, Session
from db.tables import account, post_watch
from db.upsert import rows_by, upsert
from monitor.domain import Act, WatchedListing

_KEY = ["platform", "platform_item_id", "verb"]
Listing = tuple[str, Act]


def watched(session: Session, platform: str, item_ids: Iterable[str]) -> dict[Listing, WatchedListing]:
    """Return what is known of these posts' listings, by item id and verb."""
    on_platform = post_watch.c.platform == platform
    rows = rows_by(session, (post_watch,), post_watch.c.platform_item_id, item_ids, on_platform)
    return {(row.platform_item_id, row.verb): _listing(row) for row in rows}


def watch(session: Session, listings: Iterable[WatchedListing]) -> None:
    """Record listings; what was recorded of one before gives way."""
    rows = [asdict(listing) for listing in listings]
    for row in rows:
        row["platform_item_id"] = row.pop("item_id")
    if rows:
        upsert(session, post_watch, rows, _KEY, [name for name in rows[0] if name not in (*_KEY, "first_seen_at")])


def watch_counts(session: Session, now: datetime) -> dict[tuple[str, str], dict[str, int]]:
    """Return by platform and account how many listings are due, wait and rest."""
    due = post_watch.c.due_at
    state = sa.case((due.is_(None), "resting"), (due <= now, "due"), else_="waiting").label("state")
    columns = (post_watch.c.platform, account.c.platform_user_id, state, sa.func.count().label("listings"))
    joined = post_watch.join(account, account.c.id == post_watch.c.account_id)
    # grouped by the name of the state: written out twice, its moment would be two parameters, and so two expressions
    statement = sa.select(*columns).select_from(joined).group_by(*columns[:2], sa.literal_column("state"))
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in session.execute(statement):
        found.setdefault((row.platform, row.platform_user_id), {})[row.state] = row.listings
    return found


def _listing(row: Found) -> WatchedListing:
    return WatchedListing(
        platform=row.platform,
        item_id=row.platform_item_id,
        verb=row.verb,
        account_id=row.account_id,
        first_seen_at=row.first_seen_at,
        published_at=row.published_at,
        last_listed_at=row.last_listed_at,
        due_at=row.due_at,
        step=row.step,
        reported=row.reported,
    )
