"""Two hundred browsers at once on a large invented office, twenty of them reviewers who take case after case.

`python -m benchmarks.crowd URL` measures a database that `benchmarks.big` filled. The console runs in this process as
the office runs it; the browsers are a process of their own, and people who read before they click.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import httpx
import uvicorn
from selectolax.lexbor import LexborHTMLParser

from benchmarks import big
from db import leases, schema, sign_ins, users
from db.connect import Database, open_database
from monitor.domain import Grant, Role
from monitor.passwords import hash_token
from monitor.vault import Vault
from monitor.web.app import WebDeps, create_app
from monitor.web.frame import build_frame, new_session_token
from monitor.web.serve import settle

RESULTS = Path(__file__).parent / "results"
BROWSERS, REVIEWERS = 200, 20
READS, REVIEWS = (10.0, 30.0), (2.0, 6.0)
"""Seconds between two clicks: of somebody who reads lists, of a reviewer before a decision."""

PAGES = ("/antrean", "/antrean?cari=contoh+maju", "/antrean?tindakan=like", "/antrean?status=baru", "/orang", "/")
BARS = {"claim in the database": 20, "take the next case": 300}


Took = dict[str, list[float]]
"""Milliseconds of answers by what was asked."""


def at(ordered: list[float], share: float) -> float:
    """Return a quantile of sorted values."""
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


async def asked(kind: str, took: Took, call: Callable[[], Any]) -> httpx.Response:
    """Make a request and note how long its answer took, in milliseconds."""
    began = time.perf_counter()
    answer: httpx.Response = await call()
    took[kind].append((time.perf_counter() - began) * 1000)
    took[f"status {answer.status_code}"].append(0)
    return answer


def form(answer: httpx.Response, action: str) -> dict[str, str]:
    """Return what the form with this action carries by itself."""
    found = LexborHTMLParser(answer.text).css_first(f'form[action="{action}"]')
    fields = found.css("input[type=hidden]") if found is not None else []
    return {i.attributes["name"] or "": i.attributes.get("value") or "" for i in fields}


async def review(client: httpx.AsyncClient, cookies: dict[str, str], took: Took, until: float) -> None:
    """Take a case, read it, set it aside, again and again."""
    choice = random.Random(str(cookies))
    await asyncio.sleep(choice.uniform(0, REVIEWS[1]))
    token = form(await client.get("/antrean", cookies=cookies), "/antrean/tampilan")["tanda"]
    while time.monotonic() < until:
        taken = await asked("take the next case", took, lambda: client.post(
            "/informasi-awal/berikutnya", data={"tanda": token}, cookies=cookies))  # fmt: skip
        where = urlsplit(taken.headers.get("location", "/habis")).path
        if where.endswith("/habis"):
            return
        page = await asked("read the case", took, lambda: client.get(where, cookies=cookies))  # noqa: B023 - called at once
        await asyncio.sleep(choice.uniform(*REVIEWS))
        action = f"{where}/putuskan"
        sent = form(page, action) | {"putusan": "dikesampingkan.konteks_kedinasan", "catatan": ""}
        await asked("decide", took, lambda: client.post(action, data=sent, cookies=cookies))  # noqa: B023 - called at once


async def read(client: httpx.AsyncClient, cookies: dict[str, str], took: Took, until: float) -> None:
    """Look at one list after the other."""
    choice = random.Random(id(took) + id(cookies))
    while time.monotonic() < until:
        await asyncio.sleep(choice.uniform(0, READS[1]))
        path = choice.choice(PAGES)
        await asked("a list", took, lambda: client.get(path, cookies=cookies))  # noqa: B023 - called at once


async def open_first(client: httpx.AsyncClient, cookies: dict[str, str]) -> None:
    """Open every kind of page once: what a console that just began puts in order then is no crowd's doing."""
    for path in PAGES:
        await client.get(path, cookies=cookies)
    await review(client, cookies, defaultdict(list), time.monotonic() + REVIEWS[1] + READS[0])


async def rush(console: str, crowd: list[dict[str, str]], seconds: float) -> Took:
    """Let everybody work for a while and return how long answers took."""
    took: Took = defaultdict(list)
    headers = {"Sec-Fetch-Site": "same-origin"}
    limits = httpx.Limits(max_connections=BROWSERS, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=console, headers=headers, limits=limits, timeout=60) as client:
        await open_first(client, crowd[0])
        until = time.monotonic() + seconds
        work = [review(client, cookies, took, until) for cookies in crowd]
        others = [crowd[number % len(crowd)] for number in range(BROWSERS - REVIEWERS)]
        await asyncio.gather(*work, *(read(client, cookies, took, until) for cookies in others))
    return took


def console(database: Database) -> tuple[WebDeps, list[dict[str, str]]]:
    """Return a console and the cookies of its reviewers."""
    deps = WebDeps(
        database, Vault(b"k" * 32), "Bawaslu Contoh", ZoneInfo("Asia/Jakarta"), lambda: datetime.now(UTC),
        lambda: {"ok": True}, second_factor=False,
    )  # fmt: skip
    frame, now, crowd = build_frame(deps), deps.clock(), []
    with database.write() as session:
        for user in users.list_users(session)[:REVIEWERS]:
            users.grant_role(session, user.id, Grant(Role.PENGAWAS, ""), now)
            token = new_session_token()
            sign_ins.open_session(session, user.id, hash_token(token), now, now + timedelta(hours=9))
            crowd.append({frame.cookie: frame.signed(token)})
    return deps, crowd


def measure(database: Database, seconds: float) -> Took:
    """Serve the console, send the crowd, and return milliseconds by what was done."""
    deps, crowd = console(database)
    claims: list[float] = []
    first = leases.claim

    def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        try:
            return first(*given, **named)
        finally:
            claims.append((time.perf_counter() - began) * 1000)

    leases.claim = timed
    listening = socket.create_server(("127.0.0.1", 0), backlog=BROWSERS)
    server = uvicorn.Server(uvicorn.Config(create_app(deps), log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    settle()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    command = [sys.executable, "-m", "benchmarks.crowd", url, "--seconds", str(seconds), "--crowd", json.dumps(crowd)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    server.should_exit = True
    thread.join(10)
    leases.claim = first
    took: Took = json.loads(said)
    return {"claim in the database": claims} | took


_HEAD = (
    "Machine: {machine}. {dialect}, {seconds:g} seconds, {browsers} browsers, {reviewers} of them reviewers; answers "
    "by status: {statuses}. Milliseconds.\n"
)


def page_of(document: dict[str, Any]) -> str:
    """Return the results as Markdown."""
    lines = [
        "# Two hundred browsers\n",
        _HEAD.format(browsers=BROWSERS, reviewers=REVIEWERS, **document),
        "| what | how often | p50 | p95 | p99 | bar for p99 |",
        "|---|---|---|---|---|---|",
    ]
    for row in document["rows"]:
        bar = f"< {row['bar']}" if row["bar"] else ""
        lines.append(
            f"| {row['what']} | {row['times']} | {row['p50']:.1f} | {row['p95']:.1f} | {row['p99']:.1f} | {bar} |"
        )
    return "\n".join(lines) + "\n"


def report(database: Database, took: Took, seconds: float) -> dict[str, Any]:
    """Return everything that was measured as one document."""
    statuses = Counter({kind.removeprefix("status "): len(v) for kind, v in took.items() if kind.startswith("status ")})
    rows = [
        {"what": kind, "times": len(values), "p50": at(sorted(values), 0.5), "p95": at(sorted(values), 0.95),
         "p99": at(sorted(values), 0.99), "bar": BARS.get(kind, 0)}
        for kind, values in took.items() if values and not kind.startswith("status ")
    ]  # fmt: skip
    machine = f"{platform.machine()}, CPython {platform.python_version()}"
    return {
        "machine": machine,
        "dialect": database.dialect,
        "seconds": seconds,
        "statuses": dict(statuses),
        "rows": rows,
    }


def main() -> int:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--crowd", help="cookies as JSON: be the browsers of a console at this address")
    given = parser.parse_args()
    if given.crowd:
        print(json.dumps(asyncio.run(rush(given.url, json.loads(given.crowd), given.seconds))))
        return 0
    schema.upgrade(given.url)
    database = open_database(given.url)
    big.settle(database)
    document = report(database, measure(database, given.seconds), given.seconds)
    database.dispose()
    name = f"crowd-{document['dialect']}"
    (RESULTS / f"{name}.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    (RESULTS / f"{name}.md").write_text(page_of(document), encoding="utf-8")
    print(page_of(document))
    return 0


if __name__ == "__main__":
    sys.exit(main())
