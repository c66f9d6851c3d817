"""Lines of exported WhatsApp chats: where a message begins, when it was, and in which order its date is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrapers.imports.times import DateOrder, clock

_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_MESSAGE = re.compile(
    rf"[{_MARKS}]*(?P<open>\[)?(?P<a>\d{{1,4}})(?P<mark>[./-])(?P<b>\d{{1,2}})(?P=mark)(?P<c>\d{{1,4}})\.?,?\s+"
    r"(?:pukul\s+|at\s+)?(?P<hour>\d{1,2})[.:](?P<minute>\d{2})(?:[.:](?P<second>\d{2}))?"
    r"(?:\s*(?:(?P<half>[APap])\.?\s?[Mm]\.?|(?P<day>pagi|siang|sore|malam)))?"
    # telephones of before 2018 write neither bracket nor dash, but a colon behind the seconds
    rf"(?(open)\]|(?:\s+[-–—]|(?(second):(?=\s)|(?!))))\s*[{_MARKS}]*(?P<rest>.*)",
    re.DOTALL | re.IGNORECASE,
)
_BACKWARDS = timedelta(days=1)  # clocks are set, and messages of the offline come late
_LONGEST_START = 80  # letters before the text of a message; longer lines are looked at no further


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a message was sent, as written: the three numbers of its date, and the time of day."""

    a: str
    b: str
    c: str
    hour: int
    minute: int
    second: int

    def day(self, order: DateOrder) -> tuple[int, int, int]:
        """Return year, month and day when the date is read in this order; a year that stands first settles it."""
        first, second, third = int(self.a), int(self.b), int(self.c)
        if len(self.a) == 4:
            return first, second, third
        day, month = (first, second) if order == "dmy" else (second, first)
        return (third + 2000 if third < 100 else third), month, day

    def moment(self, order: DateOrder) -> datetime | None:
        """Return the naive time when the date is read in this order, None when there is no such day."""
        return clock(*self.day(order), (str(self.hour), str(self.minute), str(self.second), None))


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it stands in the file: its first line's number, when, and everything behind the time."""

    line: int
    stamp: Stamp
    rest: str
    raw: str


def stamped(line: str) -> tuple[Stamp, str] | None:
    """Return the time at the beginning of a line and what follows, None for a line that goes on with a message."""
    if not any(c.isdigit() for c in line[:8]):
        return None
    found = _MESSAGE.match(line)
    if found is None or found.start("rest") > _LONGEST_START:
        return None
    hour = _hour(int(found["hour"]), (found["half"] or "").lower(), (found["day"] or "").lower())
    if hour is None or int(found["minute"]) > 59:
        return None
    stamp = Stamp(found["a"], found["b"], found["c"], hour, int(found["minute"]), int(found["second"] or 0))
    return stamp, found["rest"]


def messages(lines: Iterable[str], longest: int) -> Iterator[Message]:
    """Yield messages with the lines that belong to them; a message is kept up to `longest` letters."""
    held: list[str] = []
    start: tuple[int, Stamp, str] | None = None
    size = 0
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        found = stamped(text)
        if found is None:
            if start is not None and size < longest:
                held.append(text[: longest - size])
                size += len(text)
            continue
        if start is not None:
            yield _message(start, held)
        start, held, size = (number, *found), [text], len(text)
    if start is not None:
        yield _message(start, held)


def date_order_of(stamps: Iterable[Stamp], latest: datetime) -> DateOrder | None:
    """Return the order of day and month that a whole file shows, None when it leaves both open.

    An order is out when a time would be no day, lie days before the one above it, or after `latest` (naive, in the
    chat's zone). Where both orders read every date alike it does not matter which is taken.
    """
    before: dict[DateOrder, datetime | None] = {"dmy": None, "mdy": None}
    proof: set[DateOrder] = set()
    alike = True
    for stamp in stamps:
        if len(stamp.a) <= 2 and int(stamp.a) > 12 >= int(stamp.b):
            proof.add("dmy")
        elif len(stamp.a) <= 2 and int(stamp.b) > 12 >= int(stamp.a):
            proof.add("mdy")
        alike = alike and stamp.day("dmy") == stamp.day("mdy")
        for order, last in list(before.items()):
            moment = stamp.moment(order)
            if moment is None or moment > latest or (last is not None and last - moment > _BACKWARDS):
                del before[order]
            else:
                before[order] = moment
    if alike:
        return "dmy"
    left = proof if len(proof) == 1 else set(before)
    return next(iter(left)) if len(left) == 1 else None


def _hour(hour: int, half: str, day: str) -> int | None:
    """Return the hour of 24; with a half of the day, or an Indonesian part of it, it counts to twelve."""
    if not half and not day:
        return hour if hour < 24 else None
    if hour > 12:
        return hour if hour < 24 else None
    hour %= 12
    if half == "a" or day == "pagi" or (day == "malam" and hour < 5) or (day == "siang" and hour >= 10):
        return hour
    return hour + 12


def _message(start: tuple[int, Stamp, str], lines: list[str]) -> Message:
    number, stamp, rest = start
    return Message(number, stamp, "\n".join([rest, *lines[1:]]), "\n".join(lines))
