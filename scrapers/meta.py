"""What the Graph APIs of Facebook, Instagram and Threads have in common: how they page and what their errors mean.

The error numbers are those of "Handling Errors" and "Rate Limits" in Meta's Graph API documents. Meta answers most
errors with HTTP 400 whatever they mean, so the number decides and the words of the message are never stored: they may
name people. The link to the next page bears the token, so the next request is built from the cursor alone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from monitor.errors import (
    AccountGone,
    Blocked,
    LayoutChanged,
    LoginWall,
    RateLimited,
    ServerFailure,
    SourceError,
)
from scrapers import pick
from scrapers.contract import Response
from scrapers.pick import Raw

_LIMITED = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
_TOKEN = frozenset({102, 190, 463, 467})
_GONE = frozenset({21, 24, 110, 803})  # moved page, missing media, no such Instagram account, no such name
_PERMISSION = frozenset({3, 10, *range(200, 300)})
_TRANSIENT = frozenset({1, 2})
_BLOCKED = frozenset({368})  # the app itself is stopped for what Meta takes for misuse
_MISSING_SUBCODES = frozenset({33, 1349125, 2207006, 2207013})
_PERMISSION_WORDS = ("permission", "public content access", "app secret proof", "app token")
_SAID: Mapping[type[SourceError], str] = {
    RateLimited: "membatasi permintaan",
    LoginWall: "tidak mengizinkan ini bagi kunci kita",
    AccountGone: "tidak menemukan yang diminta",
    Blocked: "menghentikan aplikasi ini",
    ServerFailure: "sedang bermasalah",
    LayoutChanged: "menolak bentuk permintaan",
}
_BY_TIME = "?"  # marks a cursor that is made of parameters
_STEPS = ("until", "offset", "__paging_token")  # what addresses of next pages without cursors tell
_DEFAULT_PAUSE = timedelta(hours=1)  # Meta's windows are hours; without a time given this is the shortest sensible


def answer(response: Response, who: str) -> Raw:
    """Return the answer as an object; raises what an error in it, or its status, means. `who` names the platform."""
    try:
        raw = pick.mapping(pick.json_body(response), "")
    except SourceError:
        if response.status in (401, 403):  # a body of another kind says no more than its status
            raise LoginWall(f"{who} menolak kunci ini (HTTP {response.status})", url=response.url) from None
        raise
    error = raw.get("error")
    if isinstance(error, dict):
        raise refusal(error, response, who)
    if response.status in (404, 410):
        raise AccountGone(f"{who} tidak menemukan yang diminta", url=response.url)
    if response.status != 200:
        raise LayoutChanged(f"{who} menolak permintaan (HTTP {response.status})", url=response.url)
    return raw


def refusal(error: Raw, response: Response, who: str) -> SourceError:
    """Return what an `error` object means."""
    code, subcode = _number(error, "code"), _number(error, "error_subcode")
    told = f"kode {code}" + (f"/{subcode}" if subcode else "")
    kind = _meaning(error, code, subcode, response.status)
    message = f"{who} {_SAID[kind]} ({told})"
    if kind is RateLimited:
        return RateLimited(message, url=response.url, retry_at=_back_at(response))
    mend = "periksa izin dan masa berlaku token atau kunci aplikasi pada platformnya" if kind is LoginWall else ""
    return kind(message, url=response.url, mend=mend) if mend else kind(message, url=response.url)


def _meaning(error: Raw, code: int, subcode: int, status: int) -> type[SourceError]:
    words = str(error.get("message", "")).lower()
    unpermitted = code in _PERMISSION or (code == 100 and any(word in words for word in _PERMISSION_WORDS))
    transient = code in _TRANSIENT or error.get("is_transient") is True or status >= 500
    told: tuple[tuple[bool, type[SourceError]], ...] = (
        (code in _LIMITED, RateLimited),
        (code in _TOKEN, LoginWall),
        (code in _GONE or subcode in _MISSING_SUBCODES, AccountGone),
        (code in _BLOCKED, Blocked),
        (unpermitted, LoginWall),
        (transient, ServerFailure),
        (status in (401, 403), LoginWall),
    )
    return next((kind for holds, kind in told if holds), LayoutChanged)


def cursor(listing: Raw, *, nested: bool = False) -> str | None:
    """Return the cursor of the page after this one, None on the last; `following` turns it into parameters.

    A listing of its own names a next page where there is one, also behind an empty page; where it pages by time it
    gives no cursors, and the parameters of the next page's address stand for one. A listing `nested` in another object
    only ever gives cursors, and so do those of Threads: there the cursor behind the last entry leads to an empty page.
    """
    paging = listing.get("paging")
    if not isinstance(paging, dict):
        return None
    cursors, link = paging.get("cursors"), paging.get("next")
    after = cursors.get("after") if isinstance(cursors, dict) else None
    if nested:
        return pick.clean(after) if isinstance(after, str) and after and listing.get("data") else None
    if not isinstance(link, str) or not link:
        return None
    return pick.clean(after) if isinstance(after, str) and after else _by_time(link)


def following(cursor: str | None) -> list[tuple[str, str]]:
    """Return the parameters that lead to the page behind a cursor."""
    if cursor is None:
        return []
    return parse_qsl(cursor[1:]) if cursor.startswith(_BY_TIME) else [("after", cursor)]


def _by_time(link: str) -> str | None:
    """Return the paging parameters of an address as a cursor; the token in it stays behind."""
    try:
        told = dict(parse_qsl(urlsplit(link).query))
    except ValueError:
        return None
    if told.get("after"):
        return pick.clean(told["after"])
    steps = {name: pick.clean(told[name]) for name in _STEPS if told.get(name)}
    return _BY_TIME + urlencode(steps) if steps else None


def total(listing: Raw) -> int | None:
    """Return the number that a listing claims to have in all, None where it does not say."""
    summary = listing.get("summary")
    found = summary.get("total_count") if isinstance(summary, dict) else None
    return found if isinstance(found, int) and 0 <= found <= pick.MAX_COUNT else None


def _back_at(response: Response) -> datetime:
    """Return when the app may ask again: Meta gives minutes in a header of JSON, or nothing."""
    try:
        usage = json.loads(response.headers.get("x-business-use-case-usage", ""))
        minutes = [
            entry["estimated_time_to_regain_access"]
            for entries in usage.values()
            for entry in entries
            if isinstance(entry.get("estimated_time_to_regain_access"), int)
        ]
    except (ValueError, AttributeError, TypeError):
        minutes = []
    longest = max((m for m in minutes if 0 < m <= 24 * 60), default=0)
    return response.fetched_at + (timedelta(minutes=longest) if longest else _DEFAULT_PAUSE)


def _number(error: Raw, key: str) -> int:
    value = error.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
