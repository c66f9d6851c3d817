"""Invented answers of X's API v2, in the shapes of its description."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.domain import AccountRef, Act, Direction, SourceMode
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.platforms.x.adapter import XAdapter

ADAPTER = XAdapter()
NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
PAIR = "900000000000000001"
OFFICIAL = "900000000000000002"
BYSTANDER = "900000000000000003"
POST = "1860000000000000001"
OWNER = f"owner:{PAIR}"
OPTIONS = SourceOptions("x")
OWNED = SourceOptions("x", mode=SourceMode.OWNER_TOKEN, owned=frozenset({PAIR}))


def a_post(identity: str = POST, author: str = PAIR, hours: float = 1, **more: Any) -> dict[str, Any]:
    at = (NOW - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return {
        "id": identity,
        "author_id": author,
        "created_at": at,
        "text": "Bersama BUDI CONTOH untuk Kabupaten Contoh",
        "conversation_id": identity,
        "edit_history_tweet_ids": [identity],
        "lang": "in",
        "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": 0, "quote_count": 0},
    } | more


def refers(kind: str, identity: str) -> list[dict[str, str]]:
    return [{"type": kind, "id": identity}]


def problem(kind: str, **more: Any) -> dict[str, Any]:
    where = f"https://api.twitter.com/2/problems/{kind}"
    return {
        "type": where,
        "title": "Problem",
        "detail": "@warga_contoh tidak terlihat",
        "resource_type": "tweet",
    } | more


def timeline(*, subject: bool = False, since: datetime | None = None, options: SourceOptions = OPTIONS) -> Request:
    direction = Direction.SUBJECT if subject else Direction.CANDIDATE
    ref = AccountRef("x", OFFICIAL if subject else PAIR, "pegawai_contoh" if subject else "paslon_contoh")
    return ADAPTER.plan(Target("x", direction, ref, since), options)[0]


def listing(endpoint: str, verb: Act, **state: Any) -> Request:
    kept = {"target_at": (NOW - timedelta(hours=1)).isoformat(), **state}
    return Request(endpoint, "https://api.x.com/2/x", verb, POST, optional=True, state=kept, credential=OWNER)


def a_response(body: Any, status: int = 200) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response("https://api.x.com/2/x", "", status, {}, raw, NOW, hashlib.sha256(raw).hexdigest())


def read(request: Request, body: Any, options: SourceOptions = OPTIONS, status: int = 200) -> Page:
    return ADAPTER.read(request, a_response(body, status), options)
