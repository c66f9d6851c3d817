"""Counts what answers are made of while a night or an import reads them, and says when that has changed.

Only some answers of an endpoint are taken apart, so that the reading costs what it cost before; what the mapper made of
an answer is counted for all of those.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from db import shapes as kept
from db.connect import Session
from monitor.domain import Issue, ShapeDay
from scrapers import shapes
from scrapers.contract import Page, Request, Response
from scrapers.imports.contract import Captured
from scrapers.shapes import Change, Shape

DRIFT = "drift"
# Of an endpoint the first answers are all taken apart, then one in sixteen, of thousands one in some hundred.
_FIRST, _EACH = 12, 16
_MANY, _EACH_OF_MANY = 1000, 128
_NAMED = 8  # changes named in one issue
_UNREADABLE = frozenset({"item_tak_terbaca", "broken_item", "broken_line"})

Endpoint = tuple[str, str]


@dataclass(slots=True)
class ShapeBook:
    """The shapes of one night or import, by source and endpoint; safe to share between threads."""

    shapes: dict[Endpoint, Shape] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note_page(self, source: str, request: Request, response: Response, page: Page) -> None:
        """Count one answer that was read."""
        broken = sum(issue.kind in _UNREADABLE for issue in page.issues)
        goes_on = any(_same_listing(request, after) for after in page.follow)
        entries = len(page.acts) or len(page.items)
        if self._count((source, request.endpoint), entries, goes_on=goes_on, broken=broken):
            found = Shape()
            shapes.note_body(found, response.body)
            shapes.note_records(found, page.items, page.acts)
            self._add((source, request.endpoint), found)

    def note_unread(self, source: str, request: Request, response: Response) -> None:
        """Count one answer that the mapper could not read at all: its shape is what a person will want to see."""
        self._count((source, request.endpoint), 0, goes_on=False, broken=1)
        found = Shape()
        shapes.note_body(found, response.body)
        self._add((source, request.endpoint), found)

    def note_captured(self, format_name: str, captured: Captured) -> None:
        """Count one record of a captured file, under its format, its platform and what kind of thing it is."""
        if not captured.source:
            return
        kind = captured.items[0].kind.value if captured.items else "lain"
        where = (format_name, f"{captured.source} {kind}")
        broken = int(captured.skipped is not None and any(i.kind in _UNREADABLE for i in captured.issues))
        if self._count(where, len(captured.items) or len(captured.acts), goes_on=False, broken=broken):
            found = Shape()
            shapes.note_body(found, captured.raw)
            shapes.note_records(found, captured.items, captured.acts)
            self._add(where, found)

    def keep(self, session: Session, now: datetime) -> frozenset[Endpoint]:
        """Add everything to today's rows and return the endpoints that were read."""
        days = [_day(source, endpoint, shape, now) for (source, endpoint), shape in sorted(self.shapes.items())]
        for day in days:
            kept.add_shape(session, day)
        self.shapes.clear()
        return frozenset((day.source, day.endpoint) for day in days)

    def _count(self, where: Endpoint, entries: int, *, goes_on: bool, broken: int) -> bool:
        """Count one answer, and return whether it is one of those that are taken apart."""
        with self.lock:
            whole = self.shapes.setdefault(where, Shape())
            shapes.note_page(whole, entries, goes_on=goes_on, broken=broken)
            number = whole.pages - 1
        return number < _FIRST or number % (_EACH if number < _MANY else _EACH_OF_MANY) == 0

    def _add(self, where: Endpoint, found: Shape) -> None:
        with self.lock:
            whole = self.shapes[where]
            whole += found


def drifted(session: Session, read: Collection[Endpoint], since: date) -> list[Issue]:
    """Return an issue for each endpoint among these whose shape has changed on a day from then on."""
    issues: list[Issue] = []
    for day in kept.shapes_since(session, since):
        if (day.source, day.endpoint) in read:
            before = kept.shapes_before(session, day.source, day.endpoint, day.day)
            found = shapes.changes(day.fills, day.items, [one.fills for one in before])
            if found:
                issues.append(Issue(day.source, DRIFT, f"{day.endpoint}: {describe(found)}"))
    return issues


def describe(found: Iterable[Change]) -> str:
    """Return what has changed, in words for an officer."""
    said = [_words(change) for change in found]
    rest = f"; dan {len(said) - _NAMED} perubahan lain" if len(said) > _NAMED else ""
    return "; ".join(said[:_NAMED]) + rest


def _words(change: Change) -> str:
    if change.kind == "gone":
        return f"isian {change.path} yang selalu ada kini hilang"
    if change.kind == "less":
        return f"isian {change.path} terisi {change.now:.0%}, biasanya {change.before:.0%}"
    if change.kind == "paging":
        return f"satu halaman memuat {change.now:.0f} butir, biasanya {change.before:.0f}"
    return f"{change.now:.0%} butir tidak terbaca"


def _same_listing(request: Request, after: Request) -> bool:
    return (request.endpoint, request.verb, request.item_id) == (after.endpoint, after.verb, after.item_id)


def _day(source: str, endpoint: str, shape: Shape, now: datetime) -> ShapeDay:
    return ShapeDay(
        source=source,
        endpoint=endpoint[:128],
        day=now.date(),
        pages=shape.pages,
        items=shape.items,
        sampled=shape.sampled,
        signature=shape.signature,
        fills=shape.kept(),
    )
