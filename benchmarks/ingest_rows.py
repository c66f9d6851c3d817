"""Invented acts as a listing brings them: five hundred likes a post, a hundred in one kept answer, nobody real."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from db import schema
from db.connect import Database, open_database
from db.tables import account, item
from db.upsert import insert_all
from monitor.domain import AccountRef, Act, ActRecord, ActTime, Capture, ItemKind, Sighting

ENGAGERS, ON_A_PAGE = 500, 100
PEOPLE = 25_000
T0 = datetime(2024, 10, 1, tzinfo=UTC)
CAMPAIGN = PEOPLE + 1
"""The account that all posts are of."""

_AUTHOR = AccountRef("bluesky", "did:plc:paslon")


def open_stocked(url: str, acts: int) -> Database:
    """Return a migrated database that knows the people, the campaign's account and its posts."""
    schema.upgrade(url)
    database = open_database(url)
    with database.write() as session:
        people = ({**_account(f"asn{n}"), "id": n} for n in range(1, PEOPLE + 1))
        insert_all(session, account, people)
        insert_all(session, account, [{**_account("paslon"), "id": CAMPAIGN}])
        insert_all(session, item, (_post(n) for n in range(-(-acts // ENGAGERS))))
    if database.dialect == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE account, item"))
    return database


def acts(numbers: Iterable[int], later: timedelta = timedelta()) -> Iterator[Sighting]:
    """Yield the acts of these numbers, seen `later` than the first time by another answer, if at all."""
    shot, page = None, -1
    for number in numbers:
        if number // ON_A_PAGE != page:
            page = number // ON_A_PAGE
            shot = answer(page, later)
        assert shot is not None
        who = number * 7919 % PEOPLE + 1
        record = ActRecord(
            "bluesky",
            AccountRef("bluesky", f"did:plc:asn{who}"),
            Act.LIKE,
            target(number // ENGAGERS),
            ActTime(occurred_at=T0 + timedelta(seconds=number % 86_000)),
            target_author=_AUTHOR,
            pointer=f"/likes/{number % ON_A_PAGE}",
        )
        yield Sighting(record, who, shot.fetched_at, shot)


def answer(page: int, later: timedelta) -> Capture:
    """Return the kept answer with one page of likes; what is seen later is another answer."""
    url = f"https://contoh.test/xrpc/getLikes?page={page}"
    digest = hashlib.sha256(f"{url} {later}".encode()).hexdigest()
    at = T0 + timedelta(days=1) + later
    return Capture("bluesky", "getLikes", url, url, 200, (("date", "x"),), digest, 9000, at, "bluesky/1")


def target(number: int) -> str:
    """Return the canonical id of a post."""
    return f"at://did:plc:paslon/app.bsky.feed.post/{number:07d}"


def _account(name: str) -> dict[str, object]:
    return {"platform": "bluesky", "platform_user_id": f"did:plc:{name}", "resolved_at": T0, "created_at": T0}


def _post(number: int) -> dict[str, object]:
    return {
        "platform": "bluesky", "platform_item_id": target(number), "author_account_id": CAMPAIGN,
        "kind": ItemKind.POST, "url": f"https://contoh.test/{number}", "published_at": T0 - timedelta(days=1),
    }  # fmt: skip
