"""Kept answers and what they show."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from db.bulk import add_rows
from db.connect import Found, Session
from db.tables import capture, evidence_file, interaction_capture, item_capture, run_capture
from db.upsert import chunks, insert_missing, update_rows
from monitor.domain import Capture

CaptureKey = tuple[str, str, str]
_KEY = ["source", "url_hash", "sha256"]
_ACT_KEY = ("interaction_id", "capture_id")
_TOGETHER = 20
"""Captures looked up by one statement."""


@dataclass(frozen=True, slots=True)
class Captures:
    """Row ids of the captures of one batch."""

    ids: dict[CaptureKey, int]

    def id(self, given: Capture) -> int:
        """Return the row that holds a capture."""
        return self.ids[_key(given)]

    def link_items(self, session: Session, shown: Iterable[tuple[int, Capture, str]]) -> None:
        """Record which answers hold which texts, and where in them."""
        rows = [{"item_id": i, "capture_id": self.id(given), "pointer": pointer} for i, given, pointer in shown]
        insert_missing(session, item_capture, rows, ["item_id", "capture_id"])

    def link_acts(self, session: Session, shown: Iterable[tuple[int, Capture, str]]) -> None:
        """Record which answers show which acts, and where in them."""
        rows = sorted((i, self.id(given), pointer) for i, given, pointer in shown)
        add_rows(session, interaction_capture, (*_ACT_KEY, "pointer"), rows, _ACT_KEY)


def store_captures(session: Session, given: Iterable[Capture], run: int | None = None) -> tuple[Captures, int]:
    """Write captures; of equal answers the earliest fetch stands. Return their rows and how many were added.

    With `run` it is written that this night received them; of one received twice in a night the first stands.
    """
    wanted: dict[CaptureKey, Capture] = {}
    last: Capture | None = None
    for one in given:
        if one is last:  # one answer shows many acts
            continue
        last, key = one, _key(one)
        held = wanted.get(key)
        if held is None or _order(one) < _order(held):
            wanted[key] = one
    if not wanted:
        return Captures({}), 0
    files = {one.sha256: {"sha256": one.sha256, "size": one.size, "origin": _origin(one)} for one in wanted.values()}
    insert_missing(session, evidence_file, files.values(), ["sha256"])
    added = insert_missing(session, capture, [_row(key, one) for key, one in wanted.items()], _KEY)
    ids: dict[CaptureKey, int] = {}
    earlier: list[dict[str, Any]] = []
    for row in _stored(session, wanted):
        key = (row.source, row.url_hash, row.sha256)
        ids[key] = row.id
        if wanted[key].fetched_at < row.fetched_at:
            earlier.append({"id": row.id, **_row(key, wanted[key])})
    update_rows(session, capture, earlier)
    kept = Captures(ids)
    if run is not None:
        insert_missing(session, run_capture, _received(run, kept, wanted.values()), ["run_id", "capture_id"])
    return kept, added


def first_received(session: Session, run: int) -> datetime | None:
    """Return when by the clock a night received its first answer: before it began where the clock was set back."""
    return session.execute(sa.select(sa.func.min(run_capture.c.fetched_at)).where(run_capture.c.run_id == run)).scalar()


def _stored(session: Session, keys: Iterable[CaptureKey]) -> Iterator[Found]:
    """Yield the rows of some captures, each looked up by its whole key.

    A campaign keeps the same address hundreds of times and the same bytes, those of an empty list, from thousands.
    """
    columns = (capture.c.id, *(capture.c[name] for name in _KEY), capture.c.fetched_at)
    for part in chunks(sorted(keys), _TOGETHER):
        these = (sa.and_(*(capture.c[name] == value for name, value in zip(_KEY, key, strict=True))) for key in part)
        yield from session.execute(sa.select(*columns).where(sa.or_(*these)))


def _received(run: int, kept: Captures, given: Iterable[Capture]) -> list[dict[str, Any]]:
    return [
        {
            "run_id": run,
            "capture_id": kept.id(one),
            "fetched_at": one.fetched_at,
            "status": one.status,
            "headers": [list(pair) for pair in one.headers],
        }
        for one in given
    ]


def capture_of(row: Found) -> Capture:
    """Return a row of `capture` as what it stands for."""
    return Capture(
        source=row.source,
        endpoint=row.endpoint,
        url=row.url,
        final_url=row.final_url,
        status=row.status,
        headers=header_pairs(row.headers),
        sha256=row.sha256,
        size=row.size,
        fetched_at=row.fetched_at,
        mapper=row.mapper,
        collector=row.collector,
        request=row.request or "",
    )


def header_pairs(headers: Iterable[Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """Return headers as they were stored, in order."""
    return tuple((name, value) for name, value in headers)


def _key(given: Capture) -> CaptureKey:
    return (given.source, _url_hash(given.url), given.sha256)


@lru_cache(maxsize=4096)
def _url_hash(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _order(given: Capture) -> tuple[Any, ...]:
    return (given.fetched_at, given.endpoint, given.mapper, given.final_url, given.collector, given.request)


def _origin(given: Capture) -> str:
    return "officer" if given.collector else "program"


def _row(key: CaptureKey, given: Capture) -> dict[str, Any]:
    return {
        "source": given.source,
        "endpoint": given.endpoint,
        "url": given.url,
        "url_hash": key[1],
        "final_url": given.final_url,
        "status": given.status,
        "headers": [list(pair) for pair in given.headers],
        "sha256": given.sha256,
        "size": given.size,
        "fetched_at": given.fetched_at,
        "mapper": given.mapper,
        "collector": given.collector,
        "request": given.request or None,
    }
