from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import covering_regions, region_covers

CODES = st.text("09.", max_size=6)


@given(CODES, CODES)
def test_a_region_covers_a_place_when_it_is_one_of_those_that_do(region: str, place: str) -> None:
    assert (region in covering_regions(place)) == region_covers(region, place)


@given(CODES, CODES)
def test_every_beginning_of_a_code_is_weighed_alike(place: str, behind: str) -> None:
    assert (place in covering_regions(place + behind)) == region_covers(place, place + behind)
