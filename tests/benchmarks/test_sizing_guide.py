"""The guide to sizes says what was measured, and the play of a day holds what hosts allow."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.national import Country, plan, play
from benchmarks.national_costs import Costs
from benchmarks.national_page import guide
from monitor.settings import ScanSettings

ROOT = Path(__file__).parents[2]
COSTS = Costs(request=0.01, act=0.0001, text=0.0001, act_bytes=700, answer_bytes=6000)


def test_the_guide_has_the_figures_of_the_last_run() -> None:
    document = json.loads((ROOT / "benchmarks" / "results" / "national.json").read_text(encoding="utf-8"))
    assert (ROOT / "docs" / "ukuran.md").read_text(encoding="utf-8") == guide(document)


def test_the_longest_night_of_the_guide_may_be_taken_up_until_its_end_and_no_other_is_due() -> None:
    document = json.loads((ROOT / "benchmarks" / "results" / "national.json").read_text(encoding="utf-8"))
    kept = ScanSettings().resume_hours
    assert max(row["hours"] for row in document["plans"]) < kept < 24


def test_no_number_of_workers_makes_a_host_answer_faster_than_it_allows() -> None:
    assert play([(100, 1.0)], workers=50, costs=COSTS, latency=0.1) >= 99.0


@pytest.mark.parametrize(("workers", "seconds"), [(1, 20.0), (4, 5.0)])
def test_workers_share_what_hosts_do_not_hold_back(workers: int, seconds: float) -> None:
    took = play([(100, 0.001)] * 20, workers, COSTS, 0.001)
    assert took == pytest.approx(seconds, rel=0.15)


def test_requests_played_together_take_as_long_as_one_by_one() -> None:
    alone, together = (play([(400, 0.5)] * 3, 2, COSTS, 0.1, batch) for batch in (1, 40))
    assert together == pytest.approx(alone, rel=0.1)


def test_more_offices_need_more_of_everything() -> None:
    plans = [plan(Country(), offices, COSTS) for offices in (1, 38)]
    for name in ("pairs", "asn", "posts", "requests", "acts", "rupiah_a_day", "gigabytes"):
        assert plans[0][name] < plans[1][name]
