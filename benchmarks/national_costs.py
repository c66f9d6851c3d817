"""What a request, a stored act and a judged act cost here and now: the figures that the national plan rests on."""

from __future__ import annotations

import tempfile
import time
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import big, ingest_ways, judge_all
from benchmarks.evidence import bodies
from benchmarks.fetching import hosts, server
from benchmarks.fetching_night import Load, bare_parts, collect
from benchmarks.ingest_rows import acts, open_stocked
from db import schema
from db.connect import open_database
from monitor.evidence.store import EvidenceStore
from monitor.scan.judging import judge_pending
from monitor.scan.progress import Silent
from monitor.vault import Vault

PAGES_A_HOST = 100
"""Requests of one visit here; what is told of a visit grows with them."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Processor seconds and bytes of one of each; `request` is the whole way of an answer that shows a watched person.

    Seconds are of one core. `act` is storing a new act, `text` judging one act with its texts.
    """

    request: float
    act: float
    text: float
    act_bytes: float
    answer_bytes: float

    def as_json(self) -> dict[str, Any]:
        """Return the figures by name."""
        return asdict(self)


def measure(small: bool) -> Costs:
    """Measure all of them in this process, in some tens of seconds when `small`."""
    request = _request(PAGES_A_HOST * (8 if small else 40))
    act, act_bytes = _act(20_000 if small else 200_000)
    return Costs(request, act, _text(2_000 if small else 20_000), act_bytes, _answer())


def _request(count: int) -> float:
    """Return the seconds of a request with all that follows from it."""
    with server(0.0) as port, tempfile.TemporaryDirectory(prefix="pantau-ukur-") as name:
        asked = dict.fromkeys(hosts(count // PAGES_A_HOST, port), PAGES_A_HOST)
        return collect(Path(name), Load(asked, [0.001], engagers=100, registered_every=1)).cpu / count


def _answer() -> float:
    """Return the bytes that a kept list of likes takes, sealed and packed."""
    with tempfile.TemporaryDirectory(prefix="pantau-ukur-") as name:
        store = EvidenceStore(Path(name), Vault(b"k" * 32))
        for body in islice(bodies("answers"), 20):
            store.put(body)
        return sum(path.stat().st_size for path in Path(name).rglob("*") if path.is_file()) / 20


def _act(count: int) -> tuple[float, float]:
    """Return the seconds of storing an act and the bytes of the database that it takes."""
    with tempfile.TemporaryDirectory(prefix="pantau-ukur-") as name:
        path = Path(name) / "pantau.db"
        database = open_stocked(f"sqlite:///{path}", count)
        before, spent = path.stat().st_size, 0.0
        for start in range(0, count, 10_000):
            given = list(acts(range(start, min(start + 10_000, count))))
            began = time.process_time()
            ingest_ways.ours(database, given)
            spent += time.process_time() - began
        database.dispose()
        return spent / count, (path.stat().st_size - before) / count


def _text(count: int) -> float:
    """Return the seconds of judging an act, the national register of pairs loaded."""
    with tempfile.TemporaryDirectory(prefix="pantau-ukur-") as name:
        url = f"sqlite:///{name}/pantau.db"
        schema.upgrade(url)
        database = open_database(url)
        big.fill(database, big.Size(acts=count, cases=count // 20), tell=lambda _: None)
        ruling = judge_all.ruling_of(database, "a")
        began = time.process_time()
        judged = judge_pending(bare_parts(Path(name), database), ruling, Silent()).counts.evaluated
        spent = time.process_time() - began
        database.dispose()
    return spent / judged
