"""What our fetcher adds to bare httpx in threads, and how close a night over many hosts comes to the ideal.

    python -m benchmarks.fetching [--requests N] [--hosts N] [--each N] [--seconds S]

Prints one JSON document and writes `results/fetching.{json,md}`.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx

from benchmarks import fetching_night
from benchmarks.fetching_wire import NotingWire
from scrapers.contract import Request
from scrapers.fetch import Fetcher, Identity
from scrapers.policy import SourcePolicy
from scrapers.wire import Wire

RESULTS = Path(__file__).parent / "results"
ROUNDS = 5


@contextmanager
def server(latency: float) -> Iterator[int]:
    """Start the loopback server in a process of its own and give its port."""
    command = [sys.executable, "-m", "benchmarks.fetching_server", str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def hosts(count: int, port: int) -> list[str]:
    """Return loopback addresses that stand for as many hosts."""
    return [f"127.0.{n // 250}.{n % 250 + 1}:{port}" for n in range(count)]


def fetcher_for(places: list[str], max_rps: float, wire: Wire | None = None) -> Fetcher:
    """Return the real fetcher with a complete policy for these hosts."""
    policy = SourcePolicy(
        source="contoh",
        enabled=True,
        legal_basis="-",
        approved_by="-",
        approved_at=date(2026, 11, 1),
        robots="not_applicable",
        max_rps=max_rps,
        daily_cap=10**9,
        allow_hosts=tuple(places),
    )
    identity = Identity("Bawaslu Kabupaten Contoh", "pengawasan@contoh.example", "0")
    return Fetcher({"contoh": policy}, identity, lambda: datetime.now(UTC), time.sleep, wire)


def in_threads(places: list[str], work: Callable[[str], None]) -> None:
    """Run the work of every host in a thread of its own, as a night does."""
    threads = [threading.Thread(target=work, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def ours(places: list[str], each: int) -> None:
    """Fetch through all our layers."""
    fetcher = fetcher_for(places, 1000.0)

    def work(place: str) -> None:
        for number in range(each):
            fetcher.send("contoh", Request("daftar", f"http://{place}/a?n={number}"))

    in_threads(places, work)
    fetcher.close()


def bare(places: list[str], each: int) -> None:
    """Fetch the same with one httpx client in the same threads."""
    with httpx.Client(trust_env=False) as client:

        def work(place: str) -> None:
            for number in range(each):
                client.get(f"http://{place}/a?n={number}").raise_for_status()

        in_threads(places, work)


def cost(way: Callable[[list[str], int], None], places: list[str], each: int) -> float:
    """Return the processor milliseconds of one request."""
    began = time.process_time()
    way(places, each)
    return (time.process_time() - began) * 1000 / (each * len(places))


def overhead(requests: int, count: int) -> dict[str, Any]:
    """Return what a request costs both ways, in turns, and the ratio of the medians."""
    told: dict[str, list[float]] = {"pantau": [], "httpx": []}
    with server(0.0) as port:
        places = hosts(count, port)
        for _ in range(ROUNDS):
            told["httpx"].append(cost(bare, places, requests // count))
            told["pantau"].append(cost(ours, places, requests // count))
    middle = {name: statistics.median(values) for name, values in told.items()}
    return {"hosts": count, "requests": requests, "cpu_ms": middle, "ratio": middle["pantau"] / middle["httpx"]}


def pace(count: int, delay: float, latency: float, each: int) -> dict[str, Any]:
    """Return how long the hosts of a night took against the ideal, and the smallest gaps of arrivals and sendings."""
    with server(latency) as port:
        places = hosts(count, port)
        wire = NotingWire()
        fetcher = fetcher_for(places, 1 / delay, wire)

        def work(place: str) -> None:
            for number in range(each):
                fetcher.send("contoh", Request("daftar", f"http://{place}/a?n={number}"))

        began = time.monotonic()
        in_threads(places, work)
        took = time.monotonic() - began
        fetcher.close()
        told = httpx.get(f"http://127.0.0.1:{port}/told", trust_env=False).json()
    gaps = [b - a for starts in told.values() for a, b in pairwise(starts)]
    ideal = (each - 1) * max(delay, latency) + latency
    return {
        "hosts": count,
        "delay": delay,
        "latency": latency,
        "requests": each * count,
        "seconds": took,
        "ideal": ideal,
        "ratio": took / ideal,
        "smallest_gap": min(gaps),
        "smallest_sent_gap": min(gap for _, gap in wire.gaps()),
    }


def collecting(count: int, seconds: float) -> dict[str, Any]:
    """Return how long the collecting part of a night over hosts of different pace took against the ideal."""
    with server(0.05) as port:
        return fetching_night.measure(hosts(count, port), port, 0.05, seconds, (2.0, 8.0))


def page(document: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    lines = [
        "# Fetching\n",
        f"Machine: {document['machine']}. Loopback server in a process of its own; processor time of the client.\n",
        "| hosts | bare httpx, ms | pantau, ms | ratio | wanted |",
        "|---|---|---|---|---|",
    ]
    for row in document["overhead"]:
        cpu = row["cpu_ms"]
        lines.append(f"| {row['hosts']} | {cpu['httpx']:.3f} | {cpu['pantau']:.3f} | {row['ratio']:.2f} | ≤ 1.50 |")
    lines += [
        "",
        "Gaps are between two requests to one host. Those of sendings are noted in the client just before a request",
        "is handed to the transport: none should be shorter than the pause. Those of arrivals are noted by the server,",
        "which on a busy machine comes late, to one request later than to the next: they tell of the machine too.",
        "",
        "| hosts | pause s | latency s | seconds | ideal | ratio | wanted | smallest gap sent s | arrived s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in document["pace"]:
        gaps = f"{row['smallest_sent_gap']:.4f} | {row['smallest_gap']:.3f}"
        figures = f"{row['seconds']:.2f} | {row['ideal']:.2f} | {row['ratio']:.2f} | ≤ 1.10 | {gaps}"
        lines.append(f"| {row['hosts']} | {row['delay']:g} | {row['latency']:g} | {figures} |")
    row = document["collecting"]
    least, most = row["delays"]
    lines += [
        "",
        f"Collecting from {row['hosts']} hosts at pauses of {least:g} to {most:g} s, with evidence and rows:",
        f"{row['requests']:,} requests in {row['seconds']:.1f} s, ideal {row['ideal']:.1f} s, ratio {row['ratio']:.2f}",
        f"(wanted ≤ 1.10); smallest gap {row['smallest_sent_gap']:.4f} of the pause between sendings (wanted ≥ 1),",
        f"{row['smallest_gap']:.2f} between arrivals;",
        f"{row['cpu_ms']:.1f} ms of processor time a request.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--each", type=int, default=20, help="requests of each host in the night")
    parser.add_argument("--seconds", type=float, default=60.0, help="about how long the collecting may take")
    asked = parser.parse_args()
    document = {
        "machine": f"{platform.machine()}, CPython {platform.python_version()}, httpx {httpx.__version__}",
        "overhead": [overhead(asked.requests, count) for count in (1, 16)],
        "pace": [pace(asked.hosts, 1.0, latency, asked.each) for latency in (0.05, 0.4)],
        "collecting": collecting(asked.hosts, asked.seconds),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "fetching.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (RESULTS / "fetching.md").write_text(page(document), encoding="utf-8")
    print(json.dumps(document, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
