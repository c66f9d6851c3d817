"""How many workers, requests, hours, rupiah and gigabytes one office, a province and the country need.

    python -m benchmarks.national [--small]

Measures what things cost on this machine, plays a day with them, and plays a part of it really over loopback to
compare. Writes `results/national.{json,md}` and the guide `docs/ukuran.md`.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import sys
import tempfile
from collections.abc import Generator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import simpy

from benchmarks import national_costs
from benchmarks.fetching import hosts, server
from benchmarks.fetching_night import Load, collect
from benchmarks.national_costs import PAGES_A_HOST, Costs
from benchmarks.national_page import guide, page
from scrapers import registry

RESULTS = Path(__file__).parent / "results"
GUIDE = Path(__file__).parents[1] / "docs" / "ukuran.md"
OFFICES = (1, 38, 514)
NIGHT_HOURS = 8.0
LATENCY = 0.3


@dataclass(frozen=True, slots=True)
class Country:
    """The size of a national day; what is not in a manifest is an assumption and said to be one."""

    offices: int = 514
    pairs: int = 1557
    asn: int = 5_600_000
    posts: int = 150_000
    engagers: int = 500
    registered: float = 0.02
    readings: int = 4
    days: int = 120
    rupiah_per_dollar: int = 16_500


@dataclass(frozen=True, slots=True)
class Platform:
    """Where posts are and how they may be read: `share` of all posts, requests a reading, pace of each host.

    `priced` are the records for which the platform is paid in a reading. Without hosts, posts come as imports.
    """

    name: str
    share: float
    hosts: int = 0
    rps: float = 1.0
    requests: float = 0.0
    priced: int = 0


PLATFORMS = (
    Platform("bluesky", 0.10, 1, 10.0, 8),
    Platform("mastodon", 0.05, 30, 1.0, 9),
    Platform("youtube", 0.15, 1, 10.0, 2),
    Platform("telegram", 0.10, 1, 1.0, 1.2),
    Platform("x", 0.10, 1, 5.0, 3, 101),
    Platform("impor", 0.50),
)


def posts_of(country: Country, offices: int) -> float:
    """Return how many posts of candidates some offices have a day."""
    return country.posts * offices / country.offices


def play(rates: list[tuple[int, float]], workers: int, costs: Costs, latency: float, batch: int = 1) -> float:
    """Return the seconds in which hosts with so many requests at such a pause each are read by some workers.

    A worker has one core. A host is asked in order, no sooner than its pause; `batch` requests are played as one.
    """
    env = simpy.Environment()
    cores = simpy.Resource(env, capacity=workers)

    def host(count: int, pause: float) -> Generator[simpy.Event, None, None]:
        left = count
        while left > 0:
            now = min(batch, left)
            left -= now
            began = env.now
            yield env.timeout(latency)
            with cores.request() as turn:
                yield turn
                yield env.timeout(costs.request * now)
            if left > 0:
                yield env.timeout(max(began + pause * now - env.now, 0.0))

    for count, pause in rates:
        env.process(host(count, pause))
    env.run()
    return float(env.now)


def plan(country: Country, offices: int, costs: Costs) -> dict[str, Any]:
    """Return what a day of some offices takes."""
    posts = posts_of(country, offices)
    rates: list[tuple[int, float]] = []
    longest = ("", 0.0)
    for one in PLATFORMS:
        asked = math.ceil(posts * one.share * country.readings * one.requests)
        if not asked:
            continue
        count = min(one.hosts, asked)
        rates += [(math.ceil(asked / count), 1 / one.rps)] * count
        longest = max(longest, (one.name, asked / count / one.rps / 3600), key=lambda told: told[1])
    requests = sum(count for count, _ in rates)
    acts = posts * country.engagers * country.registered
    batch = max(1, requests // 20_000)
    workers, hours = _enough(rates, costs, batch)
    judging = acts * costs.text / 3600
    kept = requests * (1 - (1 - country.registered) ** 100)
    micros = sum(posts * p.share * p.priced * _price(p.name) for p in PLATFORMS)
    return {
        "offices": offices,
        "pairs": max(round(country.pairs * offices / country.offices), 1),
        "asn": round(country.asn * offices / country.offices),
        "posts": round(posts),
        "requests": requests,
        "acts": round(acts),
        "workers": workers,
        "hours": hours,
        "slowest": longest[0],
        "slowest_hours": longest[1],
        "judging_hours": judging,
        "rupiah_a_day": round(micros / 1e6 * country.rupiah_per_dollar),
        "gigabytes": country.days * (acts * costs.act_bytes + kept * costs.answer_bytes) / 1e9,
    }


def _enough(rates: list[tuple[int, float]], costs: Costs, batch: int) -> tuple[int, float]:
    """Return the fewest workers with which hosts, not workers, decide when the night ends, and its hours."""
    ideal = max(count * pause for count, pause in rates)
    workers = max(1, math.floor(sum(count for count, _ in rates) * costs.request / max(ideal, NIGHT_HOURS * 3600)))
    while True:
        took = play(rates, workers, costs, LATENCY, batch)
        if took <= max(1.1 * ideal, NIGHT_HOURS * 3600):
            return workers, took / 3600
        workers += 1


def _price(name: str) -> int:
    """Return what a platform charges for a post that is read, in millionths of a dollar."""
    found = registry.manifests().get(name)
    return next((price.micros for price in found.price if price.what == "post_read"), 0) if found is not None else 0


def check(country: Country, costs: Costs, scale: float) -> dict[str, Any]:
    """Play a part of the country's day really: hosts on loopback, our collector; compare with the play."""
    asked = math.ceil(posts_of(country, country.offices) * scale * 5)
    with server(0.02) as port, tempfile.TemporaryDirectory(prefix="pantau-ukur-") as folder:
        places = hosts(max(asked // PAGES_A_HOST, 1), port)
        pause = 2 * len(places) * costs.request
        load = Load(dict.fromkeys(places, PAGES_A_HOST), [pause], engagers=100, registered_every=1)
        done = collect(Path(folder), load)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    played = play([(count, pause) for count in load.asked.values()], 1, costs, 0.02)
    return {
        "scale": scale, "requests": sum(load.asked.values()), "stored": done.stored, "seconds": done.took,
        "played_seconds": played, "ratio": done.took / played, "cpu_seconds": done.cpu,
        "cpu_ratio": done.cpu / (sum(load.asked.values()) * costs.request), "megabytes": size / 1e6,
    }  # fmt: skip


def main() -> int:
    """Measure, play, print and write the results and the guide."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="measure less, for a busy machine")
    parser.add_argument("--output", type=Path, default=RESULTS)
    parser.add_argument("--guide", type=Path, default=GUIDE)
    asked = parser.parse_args()
    country, costs = Country(), national_costs.measure(asked.small)
    document = {
        "machine": f"{platform.machine()}, CPython {platform.python_version()}, {os.cpu_count()} cores",
        "country": asdict(country),
        "platforms": [asdict(one) for one in PLATFORMS],
        "costs": costs.as_json(),
        "plans": [plan(country, offices, costs) for offices in OFFICES],
        "check": check(country, costs, 0.002 if asked.small else 0.01),
    }
    asked.output.mkdir(parents=True, exist_ok=True)
    (asked.output / "national.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (asked.output / "national.md").write_text(page(document), encoding="utf-8")
    asked.guide.write_text(guide(document), encoding="utf-8")
    print(page(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
