"""Which look proves that an act is gone, by times alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.absences import OWN_RECORD_RULES, LookSeen, missing_since
from monitor.domain import Act

SEEN = datetime(2026, 11, 20, tzinfo=UTC)


def look(hours: float, *, own: bool = False, long: float = 0.5) -> LookSeen:
    started = SEEN + timedelta(hours=hours)
    return LookSeen(started, started + timedelta(hours=long), Act.LIKE, 3, None if own else 3, own)


def test_a_look_after_the_last_sighting_proves_it() -> None:
    assert missing_since(SEEN, [look(1)]) == look(1)


@pytest.mark.parametrize("hours", [-1, -0.1, 0])
def test_a_look_that_began_before_the_last_sighting_proves_nothing(hours: float) -> None:
    assert missing_since(SEEN, [look(hours), look(hours, own=True)]) is None


def test_the_earliest_proof_stands() -> None:
    assert missing_since(SEEN, [look(30), look(5), look(9)]) == look(5)


def test_an_own_record_read_shortly_before_overrules_a_listing() -> None:
    assert missing_since(SEEN, [look(-2, own=True), look(1)]) is None


def test_an_own_record_read_long_ago_overrules_nothing() -> None:
    late = OWN_RECORD_RULES / timedelta(hours=1) + 1
    assert missing_since(SEEN, [look(-2, own=True), look(late)]) == look(late)


def test_an_own_record_that_lacks_it_proves_it_whatever_listings_say() -> None:
    assert missing_since(SEEN, [look(1), look(-2, own=True), look(3, own=True)]) == look(3, own=True)


LOOKS = st.lists(st.builds(look, st.floats(-100, 200), own=st.booleans(), long=st.floats(0, 5)), max_size=8)


@given(LOOKS, st.randoms())
def test_the_order_of_looks_does_not_matter(looks: list[LookSeen], rng: Random) -> None:
    assert missing_since(SEEN, rng.sample(looks, len(looks))) == missing_since(SEEN, looks)


@given(LOOKS)
def test_a_later_look_never_takes_a_proof_back(looks: list[LookSeen]) -> None:
    known = missing_since(SEEN, looks)
    end = max((one.finished_at for one in looks), default=SEEN)
    later = LookSeen(end + timedelta(hours=1), end + timedelta(hours=2), Act.LIKE, 0, None, own=True)
    if known is not None:
        assert missing_since(SEEN, [*looks, later]) == known
