"""What answers say about how often a platform may be asked: when to come back, and how much of an allowance is left.

Read are Retry-After, the three families of rate-limit headers (RateLimit-*, X-RateLimit-*, X-Rate-Limit-*), both drafts
of the one `RateLimit` field, and the shares in per cent that Graph answers carry.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

_LONGEST_WAIT = timedelta(days=1)
_ROUNDED = timedelta(seconds=1)  # resets are told in whole seconds, often rounded down
_FAMILIES = ("ratelimit", "x-ratelimit", "x-rate-limit")
_GRAPH = ("x-business-use-case-usage", "x-app-usage", "x-page-usage", "x-ad-account-usage")
_TELLING = frozenset({"ratelimit", *_GRAPH, *(f"{family}-remaining" for family in _FAMILIES)})
_REGAIN = 60  # minutes until a Graph allowance is taken for regained when the answer does not say
_EPOCH = 1_000_000_000  # a larger number is a time, not a wait of thirty years


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many calls are left of how many until a time; `of` is None where the platform does not say."""

    left: int
    of: int | None
    until: datetime

    @property
    def few(self) -> bool:
        """Whether so little is left that it must be spread: a tenth, or ten where the whole is unknown."""
        return self.left <= (self.of // 10 if self.of is not None else 10)


def retry_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """Return when the platform says to come back: Retry-After, else the reset of its rate limit; None when silent.

    Reads seconds, HTTP dates, epoch times and ISO times; never later than a day from now, never in the past.
    """
    moment = _moment(headers.get("retry-after", ""), now)
    return _bounded(moment, now) if moment is not None else _reset(headers, now)


def allowance(headers: Mapping[str, str], now: datetime) -> Allowance | None:
    """Return what is left of the platform's allowance; None when the answer does not say it whole."""
    if _TELLING.isdisjoint(headers):
        return None
    until = _reset(headers, now) or retry_at(headers, now)
    for family in _FAMILIES:
        left = _number(headers.get(f"{family}-remaining", ""))
        if left is not None and until is not None:
            return Allowance(left, _number(headers.get(f"{family}-limit", "")), until)
    return _field(headers, now) or _graph(headers, now)


def _reset(headers: Mapping[str, str], now: datetime) -> datetime | None:
    for family in _FAMILIES:
        moment = _moment(headers.get(f"{family}-reset", ""), now)
        if moment is not None:
            return _bounded(moment + _ROUNDED, now)
    told = _field(headers, now)
    return told.until if told is not None else None


def _field(headers: Mapping[str, str], now: datetime) -> Allowance | None:
    """Read the one `RateLimit` field: `limit=100, remaining=5, reset=7` or `"name";r=5;t=7` with its policy's `q`."""
    text = headers.get("ratelimit", "")
    left, wait = re.search(r"\b(?:r|remaining)=(\d{1,9})", text), re.search(r"\b(?:t|reset)=(\d{1,9})", text)
    if wait is None:
        return None
    whole = re.search(r"\blimit=(\d{1,9})", text) or re.search(r"\bq=(\d{1,9})", headers.get("ratelimit-policy", ""))
    until = _bounded(now + timedelta(seconds=int(wait[1])) + _ROUNDED, now)
    return Allowance(int(left[1]) if left else 0, int(whole[1]) if whole else None, until)


def _graph(headers: Mapping[str, str], now: datetime) -> Allowance | None:
    """Read the used shares of a Graph answer as an allowance of a hundred."""
    told = [_parsed(headers[name]) for name in _GRAPH if name in headers]
    shares = [share for value in told for share in _shares(value)]
    if not shares:
        return None
    used = max(_used(share) for share in shares)
    regain = max(share.get("estimated_time_to_regain_access") or 0 for share in shares)
    until = _bounded(now + timedelta(minutes=regain or _REGAIN), now)
    return Allowance(max(100 - used, 0), 100, until)


def _shares(value: Any) -> list[dict[str, int]]:
    """Return every object with a call count, however deep the answer wraps it."""
    if isinstance(value, list):
        return [share for entry in value for share in _shares(entry)]
    if not isinstance(value, dict):
        return []
    if "call_count" in value:
        return [{name: count for name, count in value.items() if isinstance(count, int)}]
    return [share for entry in value.values() for share in _shares(entry)]


def _used(share: Mapping[str, int]) -> int:
    return max(share.get(name, 0) for name in ("call_count", "total_time", "total_cputime"))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _number(text: str) -> int | None:
    found = re.match(r"\s*(\d{1,9})\b", text)
    return int(found[1]) if found else None


def _bounded(moment: datetime, now: datetime) -> datetime:
    return min(max(moment, now), now + _LONGEST_WAIT)


def _moment(text: str, now: datetime) -> datetime | None:
    text = text.strip()
    if re.fullmatch(r"\d{1,12}(\.\d+)?", text):
        seconds = float(text)
        if seconds > _EPOCH:
            return datetime.fromtimestamp(min(seconds, 4_000_000_000), UTC)
        return now + timedelta(seconds=seconds)
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
