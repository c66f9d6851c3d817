"""How one of many workers keeps a host's pace by the slots that all of them book."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from db.connect import Database
from monitor.scan.turns import SharedPacer

HOST = "https://contoh.example"


def test_a_call_that_left_late_in_its_slot_keeps_the_next_one_at_a_distance(postgres_database: Database) -> None:
    pacer, left = SharedPacer(postgres_database, lambda: datetime.now(UTC), time.sleep), []
    for before in (0.2, 0.0):
        with pacer.turn(HOST, 0.5):
            time.sleep(before)
            pacer.leaves(HOST)
            left.append(time.monotonic())
    assert left[1] - left[0] >= 0.499
