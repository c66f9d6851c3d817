"""Builders of what a Mastodon server answers: invented accounts, the real shapes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.domain import AccountRef, Act, Direction
from scrapers.contract import Page, Request, Response, SourceOptions, Target
from scrapers.platforms.mastodon.adapter import MastodonAdapter

HOME = "https://sosial.contoh.example"
ELSEWHERE = "https://lain.contoh.example"
NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)
OPTIONS = SourceOptions("mastodon")
ADAPTER = MastodonAdapter()


def at(hours: float) -> str:
    return (NOW - timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def actor_uri(name: str, server: str = HOME) -> str:
    return f"{server}/users/{name}"


def status_uri(name: str, number: int, server: str = HOME) -> str:
    return f"{server}/users/{name}/statuses/{number}"


def account(name: str = "paslon", server: str = HOME, **more: Any) -> dict[str, Any]:
    acct = name if server == HOME else f"{name}@{server.removeprefix('https://')}"
    shown = {"id": str(abs(hash(acct)) % 10**9), "username": name, "acct": acct, "display_name": name.upper()}
    return shown | {"url": f"{server}/@{name}", "uri": actor_uri(name, server), "bot": False} | more


def status(name: str = "paslon", number: int = 1, hours: float = 5, **more: Any) -> dict[str, Any]:
    server = more.pop("server", HOME)
    shown = {
        "id": str(number),
        "created_at": at(hours),
        "in_reply_to_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "language": "id",
        "uri": status_uri(name, number, server),
        "url": f"{server}/@{name}/{number}",
        "content": "<p>Bersama Budi Contoh</p>",
        "reblog": None,
        "account": account(name, server),
        "media_attachments": [],
        "mentions": [],
        "tags": [],
    }
    return shown | {"replies_count": 0, "reblogs_count": 0, "favourites_count": 0} | more


def a_target(direction: Direction = Direction.CANDIDATE, name: str = "paslon", since: datetime | None = None) -> Target:
    who = AccountRef("mastodon", actor_uri(name), f"{name}@sosial.contoh.example")
    return Target("mastodon", direction, who, since)


def a_response(body: Any, url: str, code: int = 200, link: str = "") -> Response:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(url, url, code, {"content-type": "application/json", "link": link}, data, NOW, "0" * 64)


def read(request: Request, body: Any, code: int = 200, link: str = "") -> Page:
    return ADAPTER.read(request, a_response(body, request.url, code, link), OPTIONS)


def look_up(subject: bool = False, **more: Any) -> Request:
    """The look-up of a target, candidate or official."""
    direction, name = (Direction.SUBJECT, "asn") if subject else (Direction.CANDIDATE, "paslon")
    return ADAPTER.plan(a_target(direction, name, more.get("since")), OPTIONS)[0]


def to_statuses(subject: bool = False, **more: Any) -> Request:
    """The first request for a target's statuses."""
    return read(look_up(subject, **more), account("asn" if subject else "paslon")).follow[0]


def read_statuses(*shown: Any, subject: bool = False, link: str = "", **more: Any) -> Page:
    return read(to_statuses(subject, **more), list(shown), link=link)


def listing(endpoint: str, verb: Act, **state: Any) -> Request:
    given = {"target_at": at(10), "author": actor_uri("paslon"), "reported": None, "number": "1"} | state
    url = f"{HOME}/api/v1/statuses/1/{endpoint}" + ("" if endpoint == "context" else "?limit=80")
    return Request(endpoint, url, verb=verb, item_id=status_uri("paslon", 1), optional=True, state=given)
