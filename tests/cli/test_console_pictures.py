from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic, sleep

import pytest

from monitor.cli.console_pictures import Trips, told
from monitor.domain import Issue, PictureState, PictureTrip
from monitor.errors import ConfigError, ConflictError
from monitor.scan.pictures import Pictured

NOW = datetime(2026, 11, 1, 7, tzinfo=UTC)


def trips(take: Callable[[int], str]) -> Trips:
    return Trips(take, lambda: NOW)


def ended(taken: Trips, case_id: int) -> PictureTrip:
    """Wait until the pictures of a case are over."""
    until = monotonic() + 10
    while monotonic() < until:
        trip = taken.trip(case_id)
        if trip is not None and not trip.running:
            return trip
        sleep(0.01)
    raise AssertionError("the pictures never came to an end")


def test_pictures_are_taken_beside_the_console_and_what_came_of_them_is_kept() -> None:
    taken = trips(lambda case_id: f"Informasi awal {case_id} dipotret.")
    taken.start(7, "rina")
    assert ended(taken, 7) == PictureTrip(7, "rina", NOW, NOW, "Informasi awal 7 dipotret.")


def test_a_second_case_waits_until_the_first_is_over() -> None:
    let_go = threading.Event()
    taken = trips(lambda _: str(let_go.wait(10)))
    taken.start(7, "rina")
    with pytest.raises(ConflictError, match="sedang diambil"):
        taken.start(8, "joko")
    let_go.set()
    ended(taken, 7)
    taken.start(8, "joko")
    assert ended(taken, 8).by == "joko"


def test_a_machine_without_a_browser_is_said_in_its_own_words() -> None:
    def take(_case: int) -> str:
        raise ConfigError("Peramban tidak ditemukan", "pasang chromium")

    taken = trips(take)
    taken.start(7, "rina")
    assert "Peramban tidak ditemukan" in ended(taken, 7).said


def test_pages_that_no_record_opens_are_named() -> None:
    done = Pictured({PictureState.LENGKAP: 2}, {"bluesky": 1}, [Issue("x", "blocked", "tanpa izin")])
    assert told(done) == ("Halaman yang dipotret: 2 lengkap. bluesky: 1 unggahan tidak dapat dipotret. x: tanpa izin.")


def test_pages_beyond_the_most_are_not_called_impossible() -> None:
    said = told(Pictured({PictureState.LENGKAP: 6}, later=2))
    assert "2 unggahan lain belum dipotret" in said
    assert "tidak dapat" not in said
