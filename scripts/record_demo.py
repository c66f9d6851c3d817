#!/usr/bin/env python3
"""Records the demonstration anew: plays its election on a real Bluesky network and keeps what a real scan was told.

    .venv/bin/python -m scripts.record_demo

Writes monitor/demo/{asn.csv,akun.csv,kontes.yml,pantau.toml,exchanges.jsonl.gz}. Needs what `make test` sets up.
Account ids are new each time, so all five files change together. Bystanders appear in the recorded answers and nowhere
else.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from monitor.assembly import night
from monitor.scan.night import run_night
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from monitor.scan.summary import ScanSummary
from monitor.workspace import workspace
from scrapers.fetch import Fetcher, HttpxWire, Identity
from scrapers.replay import RecordingWire
from tests.peers.bluesky.devnet import devnet
from tests.peers.demo_world import demo_world
from tests.peers.registers import settings, write_registers

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "monitor" / "demo"
EXCHANGES = "exchanges.jsonl.gz"
ORIGINS = {name: f"https://{name}.contoh.example" for name in ("appview", "pds", "plc")}
LARGEST = 1_000_000


def main() -> int:
    """Record, check the size and say what was recorded."""
    world = demo_world(datetime.now(UTC).replace(minute=0, second=0, microsecond=0))
    DEMO.mkdir(exist_ok=True)
    with devnet(world.seed()) as answer, tempfile.TemporaryDirectory(prefix="demo-") as folder:
        home = Path(folder)
        urls = {f"{name}_url": answer["urls"][name] for name in ("appview", "plc")}
        _make_workspace(home, settings("bluesky", urls, ("127.0.0.1", "localhost")))
        write_registers(DEMO, world, "bluesky", answer["accounts"])
        for kind, name in (("asn", "asn.csv"), ("akun", "akun.csv"), ("kontes", "kontes.yml")):
            _pantau(home, "roster", "import", kind, str(DEMO / name))
        summary = _record(home, DEMO / EXCHANGES, _renamed(answer["urls"]))
    clock = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    urls = {"appview_url": ORIGINS["appview"], "plc_url": ORIGINS["plc"]}
    replay = f'\n[replay]\nexchanges = "{EXCHANGES}"\nclock = "{clock.isoformat()}"\n'
    (DEMO / "pantau.toml").write_text(settings("bluesky", urls, more=replay), encoding="utf-8")
    size = sum(path.stat().st_size for path in DEMO.iterdir() if path.is_file())
    print(f"{len(summary.targets)} targets, {summary.judged}, {summary.cases}, {size} bytes, clock {clock.isoformat()}")
    for issue in summary.issues:
        print(f"issue: {issue}")
    return 0 if summary.ok and size < LARGEST else 1


def _make_workspace(home: Path, text: str) -> None:
    _pantau(home, "init", str(home))
    (home / "pantau.toml").write_text(text, encoding="utf-8")


def _pantau(home: Path, *arguments: str) -> None:
    options = [] if arguments[0] == "init" else ["--workspace", str(home)]
    command = [sys.executable, "-m", "monitor", *options, *arguments]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)  # noqa: S603 - our own interpreter and program


def _renamed(urls: Mapping[str, str]) -> dict[str, str]:
    """Return every way in which the network names its origins, with the invented one."""
    return {
        url.replace("127.0.0.1", host): ORIGINS[name]
        for name, url in urls.items()
        for host in ("127.0.0.1", "localhost")
    }


def _record(home: Path, path: Path, rename: Mapping[str, str]) -> ScanSummary:
    """Run one night through the real parts, with every exchange kept."""
    with workspace(home) as space, night(space) as parts:
        agency = space.settings.agency
        fetcher = Fetcher(
            policies=parts.policies,
            identity=Identity(agency.name, agency.contact, version("pantau-netralitas")),
            clock=space.clock,
            sleep=time.sleep,
            wire=RecordingWire(HttpxWire(), path, rename),
        )
        try:
            return run_night(replace(parts, fetcher=fetcher), ScanOrder(), Silent())
        finally:
            fetcher.close()


if __name__ == "__main__":
    sys.exit(main())
