"""The console's speed on a large invented office: pages, decisions and claims, beside the bare SQL statement.

`python -m benchmarks.console URL` measures a database that `benchmarks.big` filled (or fills an empty one).
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from fastapi.testclient import TestClient

from benchmarks import big, claims
from benchmarks.big_rows import NOW
from db import schema, sign_ins, users
from db.connect import Database, open_database
from db.tables import review_case
from monitor import desk
from monitor.domain import CaseState, DecisionCommand
from monitor.passwords import hash_token
from monitor.vault import Vault
from monitor.web.app import WebDeps, create_app
from monitor.web.frame import build_frame, new_session_token
from monitor.web.serve import settle

RESULTS = Path(__file__).parent / "results"
BARE = "SELECT * FROM review_case WHERE priority <= 0.5 ORDER BY priority DESC, id LIMIT 26"
PAGES = {
    "queue page": ("/antrean", 60),
    "queue, far page": ("/antrean?sesudah=25000~0.5", 60),
    "filter, common": ("/antrean?tindakan=like", 60),
    "filter, rare": ("/antrean?aturan=contoh-3&sikap=celaan", 60),
    "state": ("/antrean?status=baru", 60),
    "by deadline": ("/antrean?urut=due", 60),
    "search, common": ("/antrean?cari=contoh+maju", 120),
    "search, rare": ("/antrean?cari=kata4321", 120),
    "search, phrase": ("/antrean?cari=%22contoh+maju%22", 120),
    "groups of people": ("/antrean?kelompok=orang", 0),
    "groups of rules": ("/antrean?kelompok=aturan", 0),
    "person": ("/orang/77", 0),
}
"""What is asked for, and the bar for its 95th percentile in milliseconds; 0 where the design sets none."""


def spread(work: Callable[[], object], rounds: int) -> dict[str, float]:
    """Return the median and the 95th percentile in milliseconds, on the wall and of this process."""
    work()
    wall, own = [], []
    for _ in range(rounds):
        began, cpu = time.perf_counter(), time.process_time()
        work()
        wall.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - cpu) * 1000)
    return {
        "p50": statistics.median(wall),
        "p95": sorted(wall)[int(len(wall) * 0.95)],
        "cpu_p95": sorted(own)[int(len(own) * 0.95)],
    }


def console(database: Database) -> TestClient:
    """Return a signed-in browser whose user sees the whole country."""
    deps = WebDeps(
        database, Vault(b"k" * 32), "Bawaslu Contoh", ZoneInfo("Asia/Jakarta"), lambda: NOW, lambda: {"ok": True},
        second_factor=False,
    )  # fmt: skip
    frame, token = build_frame(deps), new_session_token()
    with database.write() as session:
        sign_ins.open_session(session, 1, hash_token(token), NOW, NOW + timedelta(hours=9))
    cookies = {frame.cookie: frame.signed(token)}
    return TestClient(create_app(deps), base_url="http://localhost:8000", cookies=cookies)


def pages(database: Database, rounds: int) -> list[dict[str, Any]]:
    """Measure every page, and the bare keyset statement through the same driver."""

    def bare() -> None:
        with database.read() as session:
            session.exec_driver_sql(BARE).fetchall()

    floor = spread(bare, rounds)
    found = [{"what": "bare keyset statement", "bar": 0, **floor}]
    with console(database) as client:
        client.get("/antrean")
        settle()  # as the server does once everything is loaded
        for what, (path, bar) in PAGES.items():
            answer = client.get(path)
            assert answer.status_code == 200, (what, answer.status_code)
            found.append({"what": what, "bar": bar, **spread(lambda path=path: client.get(path), rounds)})  # type: ignore[misc]
    return found


def decisions(database: Database, rounds: int) -> dict[str, Any]:
    """Measure setting a case aside and taking the next one, as one key does."""
    with database.read() as session:
        user = users.user_by_id(session, 4)
    assert user is not None
    held = desk.claim_next(database, user, NOW)

    def turn() -> None:
        nonlocal held
        assert held is not None
        command = DecisionCommand(held.case_id, CaseState.DIKESAMPINGKAN, "konteks_kedinasan", user, fence=held.fence)
        desk.step(database, command, NOW)
        held = desk.claim_next(database, user, NOW)

    return {"what": "decide, then the next", "bar": 80, **spread(turn, rounds)}


def claimed(what: str, bar: int, took: list[float]) -> dict[str, Any]:
    """Return how long claims took as a row of the results."""
    ordered = sorted(took)
    return {
        "what": what, "bar": bar, "p50": statistics.median(took), "p95": ordered[int(len(ordered) * 0.95)],
        "p99": ordered[int(len(ordered) * 0.99)], "claims": len(took),
    }  # fmt: skip


_HEAD = (
    "Machine: {machine}. {acts:,} acts, {cases:,} cases, {dialect}. Milliseconds; the whole request through the "
    "application, without the network. The share is that of the bare keyset statement in the median of the page.\n"
)


def page_of(document: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    lines = [
        "# Console\n",
        _HEAD.format_map(document),
        "| what | p50 | p95 | p95, own processor | bar | bare statement's share |",
        "|---|---|---|---|---|---|",
    ]
    floor = document["rows"][0]["p50"]
    for row in document["rows"]:
        own, bar = row.get("cpu_p95"), row["bar"]
        shown = f"{own:.1f}" if own is not None else f"p99 {row['p99']:.1f}"
        lines.append(
            f"| {row['what']} | {row['p50']:.1f} | {row['p95']:.1f} | {shown} | {f'< {bar}' if bar else ''} "
            f"| {floor / row['p50']:.2f} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--cases", type=int, default=big.Size().cases)
    parser.add_argument("--acts", type=int, default=big.Size().acts)
    parser.add_argument("--people", type=int, default=big.Size().people)
    asked = parser.parse_args()
    schema.upgrade(asked.url)
    database = open_database(asked.url)
    with database.read() as session:
        empty = session.execute(sa.select(review_case.c.id).limit(1)).first() is None
    if empty:
        big.fill(database, big.Size(people=asked.people, cases=asked.cases, acts=asked.acts))
    with database.read() as session:
        tables = ("interaction", "review_case")
        counts = [session.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in tables]
    big.settle(database)
    rows = pages(database, asked.rounds)
    rows += [decisions(database, asked.rounds), *(claimed(*row) for row in claims.measure(database, 20, 5))]
    document = {
        "machine": f"{platform.machine()}, CPython {platform.python_version()}", "dialect": database.dialect,
        "acts": counts[0], "cases": counts[1], "rows": rows,
    }  # fmt: skip
    database.dispose()
    RESULTS.mkdir(exist_ok=True)
    name = f"console-{document['dialect']}"
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (RESULTS / f"{name}.md").write_text(page_of(document), encoding="utf-8")
    print(page_of(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
