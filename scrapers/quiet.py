"""Hours of the day in which a source is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def parse_span(text: str) -> tuple[time, time]:
    """Return from when until when, e.g. of "22:00-05:00"; ValueError for anything else."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError("tulis JJ:MM-JJ:MM, misalnya 06:00-08:00")
    first, last = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if first == last:
        raise ValueError("jam mulai dan jam selesai sama")
    return first, last


def quiet_until(spans: Iterable[str], zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the quiet hours around `now` end, several that join taken together; None outside of them."""
    pairs = [parse_span(text) for text in spans]
    moment, until = now, None
    for _ in range(len(pairs) + 1):
        end = max((e for e in (_end(first, last, zone, moment) for first, last in pairs) if e), default=None)
        if end is None:
            break
        moment = until = end
    return until


def _end(first: time, last: time, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when a span that holds `now` ends; one that passes midnight began yesterday or ends tomorrow."""
    here = now.astimezone(zone)
    for day in (here.date() - timedelta(days=1), here.date()):
        begins = datetime.combine(day, first, zone)
        ends = datetime.combine(day if first < last else day + timedelta(days=1), last, zone)
        if begins <= here < ends:
            return ends.astimezone(now.tzinfo)
    return None
