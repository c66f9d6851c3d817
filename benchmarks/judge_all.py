"""All stored acts judged anew, as after a change of rules: from the database through the engine and back.

    python -m benchmarks.judge_all [URL] [--acts N]

Fills an empty database with the large invented office and its acts (`judge_rows.py`), then judges every act with the
shipped rules: the first time writes every judgement, then another rule set says the same, and at last all acts are
marked. A database that holds an office already is judged as it is. Writes `results/judge_all.{json,md}`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks import big, big_rows, judge_rows
from benchmarks.fetching_night import bare_parts
from db import contests, schema
from db.connect import Database, open_database
from db.tables import candidate, candidate_status, contest, interaction, stage
from db.upsert import insert_all
from monitor.domain import CandidateStatus, StageKind
from monitor.scan.judging import judge_pending
from monitor.scan.parts import Ruling
from monitor.scan.progress import Silent
from monitor.settings import ScanSettings
from rules.engine import compile_rules
from rules.loader import load_ruleset

RESULTS = Path(__file__).parent / "results"
BAR = 10_000
CASES = 1_000


def fill(database: Database, acts: int) -> None:
    """Fill an empty database with the office and its acts; leave one with an office alone."""
    with database.read() as session:
        if session.execute(sa.select(interaction.c.id).limit(1)).first() is not None:
            return
    big.fill(database, big.Size(people=judge_rows.PEOPLE, cases=CASES, acts=0), tell=lambda _: None)
    judge_rows.add_acts(database, acts)
    date_contests(database)


def date_contests(database: Database) -> None:
    """Give the office's contests stages and its pairs a dated status, so that most acts are hits, the dearest case."""
    begins = big_rows.NOW - timedelta(days=60)
    stages = ((StageKind.PENETAPAN, begins), (StageKind.KAMPANYE, begins + timedelta(days=30)))
    with database.write() as session:
        numbers = session.execute(sa.select(contest.c.id)).scalars().all()
        rows = ({"contest_id": n, "kind": kind, "starts_at": at} for n in numbers for kind, at in stages)
        insert_all(session, stage, rows)
        pairs = session.execute(sa.select(candidate.c.id)).scalars().all()
        said = {"position": 0, "status": CandidateStatus.CALON, "starts_at": begins}
        insert_all(session, candidate_status, ({"candidate_id": n, **said} for n in pairs))


def ruling_of(database: Database, name: str) -> Ruling:
    """Return the shipped rules compiled for the office's contests, as a set of another name."""
    loaded = load_ruleset()
    with database.read() as session:
        known = contests.load_contests(session)
    judge = compile_rules(replace(loaded, hash=name * 64), known)
    rules = tuple((r.id, r.version, r.status.value, r.content_hash) for r in loaded.rules)
    return Ruling(judge, lambda _: False, tuple(loaded.laws), rules, "{}")


def measure(database: Database, folder: Path) -> dict[str, Any]:
    """Judge all acts under two rule sets in turn, and once more under the second; return acts a second."""
    parts = replace(bare_parts(folder, database), judge_batch=ScanSettings().judge_batch)
    rates: dict[str, float] = {}
    acts = 0
    for name, mark, again in (("first", "a", False), ("other rules", "b", False), ("marked, same rules", "b", True)):
        if again:
            with database.write() as session:
                session.execute(sa.update(interaction).values(dirty=True))
        ruling = ruling_of(database, mark)
        began, cpu = time.perf_counter(), time.process_time()
        judged = judge_pending(parts, ruling, Silent()).counts
        took, cpu = time.perf_counter() - began, time.process_time() - cpu
        if judged.errors:
            raise SystemExit(f"{judged.errors} acts could not be judged")
        acts = judged.evaluated
        rates[name] = acts / took
        rates[f"{name}, of this process"] = acts / cpu
    return {"acts": acts, "database": database.dialect, "acts_per_second": rates}


def page(document: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    lines = [
        "# Judging everything anew\n",
        f"Machine: {document['machine']}. {document['acts']:,} acts on {document['database']}, one core.",
        "`of this process` is processor time, which other programs on the machine hardly touch.\n",
        "| pass | acts a second | wanted |",
        "|---|---|---|",
    ]
    lines += [f"| {name} | {rate:,.0f} | ≥ {BAR:,} |" for name, rate in document["acts_per_second"].items()]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", help="an empty or filled database; one of SQLite is made without it")
    parser.add_argument("--acts", type=int, default=1_000_000)
    parser.add_argument("--output", type=Path, default=RESULTS)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pantau-ukur-") as folder:
        url = asked.url or f"sqlite:///{folder}/pantau.db"
        schema.upgrade(url)
        database = open_database(url)
        fill(database, asked.acts)
        machine = f"{platform.machine()}, CPython {platform.python_version()}, {os.cpu_count()} cores"
        document = {"machine": machine, **measure(database, Path(folder))}
        database.dispose()
    asked.output.mkdir(parents=True, exist_ok=True)
    (asked.output / "judge_all.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (asked.output / "judge_all.md").write_text(page(document), encoding="utf-8")
    print(page(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
