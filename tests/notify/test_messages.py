"""What messages say, and what never."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.messages import Duties, digest, payload

NUMBERS = st.lists(st.integers(1, 10**6), max_size=40, unique=True).map(tuple)
URL = "https://pantau.contoh.example"


@given(st.builds(Duties, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.integers(0, 9)))
def test_every_count_is_in_the_subject_and_every_section_adds_up(duties: Duties) -> None:
    text = digest(duties, "Rina Contoh", "Bawaslu Kabupaten Contoh", URL)
    for kind in ("overdue", "due_soon", "returned", "to_approve"):
        numbers = getattr(duties, kind)
        assert not numbers or str(len(numbers)) in text.subject
        assert all(f"Nomor {number}: {URL}/informasi-awal/{number}\n" in text.body for number in numbers[:20])
    assert "\n" not in text.subject


def test_sources_that_see_nothing_are_named_with_what_that_means() -> None:
    text = digest(Duties(blind_sources=("bluesky",)), "", "Bawaslu", URL)
    assert "1 sumber tidak terlihat" in text.subject
    assert "bukan berarti tidak ada" in text.body


def test_second_looks_lead_to_the_page_where_they_wait() -> None:
    text = digest(Duties(blind_looks=2), "Rina Contoh", "Bawaslu", URL)
    assert f"Pemeriksaan kedua yang menunggu: 2\n  {URL}/pemeriksaan-kedua\n" in text.body


def test_programs_are_told_the_same_in_fixed_bytes() -> None:
    at = datetime(2024, 10, 22, tzinfo=UTC)
    said = payload(Duties(overdue=(7,)), "Bawaslu", URL, at)
    assert said == payload(Duties(overdue=(7,)), "Bawaslu", URL, at)
    assert json.loads(said)["cases"]["overdue"] == [{"id": 7, "url": f"{URL}/informasi-awal/7"}]
    assert json.loads(said)["counts"]["overdue"] == 1
