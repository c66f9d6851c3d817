"""When a listing is due, and how its waits grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.domain import Act, EndKind, Look, WatchedListing
from monitor.scan.revisit import after_look, is_due

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
WAITS = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72, 168))


def look(at: datetime = NOW, end: EndKind = EndKind.EXHAUSTED, reported: int | None = 3) -> Look:
    return Look("bluesky", "at://p", Act.LIKE, at, at, end, reported, 3, 1)


def listing(step: int = 0, due: datetime | None = NOW, reported: int | None = 3) -> WatchedListing:
    return WatchedListing("bluesky", "at://p", Act.LIKE, 1, NOW, NOW, NOW, due, step, reported)


def test_waits_grow_while_nothing_moves_and_the_listing_rests_at_last() -> None:
    known, waited = None, []
    for _ in range(7):
        known = after_look(known, look(), 1, 3, WAITS)
        waited.append(known.due_at - NOW if known.due_at else None)
    assert waited == [*WAITS, None, None]


def test_a_total_that_moves_begins_the_waits_anew() -> None:
    assert after_look(listing(step=4), look(reported=4), 1, 4, WAITS).due_at == NOW + WAITS[0]


@pytest.mark.parametrize("end", [EndKind.BLOCKED, EndKind.CAP_REACHED, EndKind.SUSPICIOUS_EMPTY])
def test_a_look_that_broke_off_is_due_again_at_once(end: EndKind) -> None:
    assert after_look(listing(), look(end=end), 1, 3, WAITS).due_at == NOW


@pytest.mark.parametrize(
    ("known", "reported", "due"),
    [
        (None, 3, True),
        (listing(due=NOW + timedelta(hours=1)), 3, False),
        (listing(due=NOW + timedelta(hours=1)), 4, True),
        (listing(due=NOW + timedelta(hours=1)), None, False),
        (listing(due=NOW), 3, True),
        (listing(due=None), 3, False),
        (listing(due=None), 2, True),
    ],
)
def test_a_listing_is_due_when_new_moved_or_waited_for(
    known: WatchedListing | None, reported: int | None, due: bool
) -> None:
    assert is_due(known, reported, NOW) is due
