"""Builders of what Bluesky answers: invented accounts, the real shapes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.domain import AccountRef, Act, Direction
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.platforms.bluesky.adapter import BlueskyAdapter

CANDIDATE = "did:plc:" + "budicontoh".ljust(24, "a")
OFFICIAL = "did:plc:" + "asncontoh".ljust(24, "a")
BYSTANDER = "did:plc:" + "wargacontoh".ljust(24, "a")
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
OPTIONS = SourceOptions("bluesky")
ADAPTER = BlueskyAdapter()


def at(hours: float) -> str:
    """A time so many hours before the look."""
    return (NOW - timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def uri(did: str = CANDIDATE, rkey: str = "3kpost", collection: str = "app.bsky.feed.post") -> str:
    return f"at://{did}/{collection}/{rkey}"


def profile(did: str = CANDIDATE, **more: Any) -> dict[str, Any]:
    name = did.removeprefix("did:plc:").rstrip("a")
    return {"did": did, "handle": f"{name}.test", "displayName": name.upper(), "labels": []} | more


def ref(target: str) -> dict[str, str]:
    return {"uri": target, "cid": "bafycontoh"}


def view(did: str = CANDIDATE, rkey: str = "3kpost", hours: float = 5, **more: Any) -> dict[str, Any]:
    record = {"$type": "app.bsky.feed.post", "text": "Bersama Budi Contoh", "createdAt": at(hours)}
    record |= more.pop("record", {})
    counts = {"replyCount": 0, "repostCount": 0, "likeCount": 0, "quoteCount": 0}
    shown = {
        "uri": uri(did, rkey),
        "cid": "bafycontoh",
        "author": profile(did),
        "record": record,
        "indexedAt": at(hours),
    }
    return shown | counts | {"labels": []} | more


def reply_to(parent: str, root: str | None = None) -> dict[str, Any]:
    return {"reply": {"parent": ref(parent), "root": ref(root or parent)}}


def reposted_by(did: str, hours: float) -> dict[str, Any]:
    reason = {"$type": "app.bsky.feed.defs#reasonRepost", "by": profile(did), "indexedAt": at(hours)}
    return reason | ref(uri(did, "3krepost", "app.bsky.feed.repost"))


def liked_by(did: str, hours: float, indexed: float | None = None) -> dict[str, Any]:
    return {"actor": profile(did), "createdAt": at(hours), "indexedAt": at(hours if indexed is None else indexed)}


def node(shown: dict[str, Any], *replies: Any) -> dict[str, Any]:
    return {"$type": "app.bsky.feed.defs#threadViewPost", "post": shown, "replies": list(replies)}


def a_target(direction: Direction = Direction.CANDIDATE, did: str = CANDIDATE, since: datetime | None = None) -> Target:
    return Target("bluesky", direction, AccountRef("bluesky", did), since)


def a_response(body: Any, url: str = "https://public.api.bsky.app/xrpc/x", status: int = 200) -> Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(url, url, status, {"content-type": "application/json"}, data, NOW, "0" * 64)


def first(direction: Direction = Direction.CANDIDATE, did: str = CANDIDATE, since: datetime | None = None) -> Request:
    return ADAPTER.plan(a_target(direction, did, since), OPTIONS)[0]


def listing(endpoint: str, verb: Act, **state: Any) -> Request:
    given = {"target_at": at(10), "reported": None} | state
    return Request(endpoint, "https://public.api.bsky.app/xrpc/x", verb=verb, item_id=uri(), optional=True, state=given)


def read(request: Request, body: Any, status: int = 200, options: SourceOptions = OPTIONS) -> Page:
    return ADAPTER.read(request, a_response(body, request.url, status), options)


def read_feed(*entries: dict[str, Any], subject: bool = False, **more: Any) -> Page:
    direction, did = (Direction.SUBJECT, OFFICIAL) if subject else (Direction.CANDIDATE, CANDIDATE)
    return read(first(direction, did, more.pop("since", None)), {"feed": list(entries)} | more)
