"""Evidence written and verified in MB of bodies a second, against `sha256sum` and plain files on the same disk.

`sha256sum` only hashes; ours also unseals, unpacks and hashes, and writes sealed and lasting. All ways see the same
bodies in turns. Processor time counts, so that a busy disk or machine does not; the median of the rounds is shown.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from monitor.evidence.sealed_warc import SealedWarc, faults_of_warc, name_of_run, seal_warc
from monitor.evidence.store import EvidenceStore
from monitor.evidence.warc import Exchange, members
from monitor.vault import Vault

_RESULTS = Path(__file__).parent / "results"
_AT = datetime(2024, 10, 5, tzinfo=UTC)
_KINDS = {"answers": (25_000, 500), "pictures": (2_000_000, 20)}
"""Bytes and number of the bodies of one kind."""


def bodies(kind: str) -> Iterator[bytes]:
    """Yield invented bodies: lists of likes as JSON, or what no packing makes smaller."""
    size, count = _KINDS[kind]
    chance = random.Random(kind)
    for _ in range(count):
        if kind == "pictures":
            yield chance.randbytes(size)
            continue
        likes = [{"did": f"did:plc:{chance.getrandbits(80):020x}", "at": "2024-10-05"} for _ in range(size // 60)]
        yield json.dumps({"likes": likes}).encode()


def measure(kind: str, folder: Path, rounds: int) -> dict[str, float]:
    """Return MB/s of each way over one kind of bodies."""
    given = list(bodies(kind))
    digests = [hashlib.sha256(body).hexdigest() for body in given]
    total = sum(map(len, given)) / 1e6
    seconds: dict[str, list[float]] = {}
    for turn in range(rounds):
        place = folder / f"{kind}-{turn}"
        plain, store = place / "polos", EvidenceStore(place / "bukti", Vault(b"k" * 32))
        plain.mkdir(parents=True)
        made: list[SealedWarc] = []
        ways: dict[str, Callable[[], object]] = {
            "write: plain files with fsync": lambda p=plain: _write_plain(p, given, digests),
            "write: evidence store": lambda s=store: [s.put(body) for body in given],
            "write: night's WARC, sealed": lambda s=store, m=made: m.append(
                seal_warc(s, name_of_run(1), members(_exchanges(given), {}))
            ),
            "verify: sha256sum": lambda p=plain: _sha256sum(p),
            "verify: evidence store, one thread": lambda s=store: _none(s.damaged(iter(digests))),
            "verify: evidence store, all cores": lambda s=store: _verify(s, digests),
            "verify: night's WARC": lambda s=store, m=made: _check_warc(s, m),
        }
        for name, way in ways.items():
            began = _spent()
            way()
            seconds.setdefault(name, []).append(_spent() - began)
    return {name: total / statistics.median(spent) for name, spent in seconds.items()}


def _spent() -> float:
    """Return seconds of processor time so far, those of programs that ended included: other work does not count."""
    return sum(os.times()[:4])


def _write_plain(folder: Path, given: list[bytes], digests: list[str]) -> None:
    for digest, body in zip(digests, given, strict=True):
        with (folder / digest).open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())


def _sha256sum(folder: Path) -> None:
    names = sorted(path.name for path in folder.iterdir())
    subprocess.run(["sha256sum", *names], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _none(faults: Iterator[tuple[str, str]]) -> None:
    assert list(faults) == []


def _verify(store: EvidenceStore, digests: list[str]) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        assert all(size >= 0 for size in pool.map(store.examine, digests))


def _check_warc(store: EvidenceStore, made: list[SealedWarc]) -> None:
    assert list(faults_of_warc(store, made[0], lambda _: False)) == []


def _exchanges(given: list[bytes]) -> Iterator[Exchange]:
    for number, body in enumerate(given):
        url = f"https://contoh.test/{number}"
        digest = hashlib.sha256(body).hexdigest()
        yield Exchange(url, url, 200, (), _AT, digest, body, "bluesky", "bluesky/1")


def page(document: dict[str, object], kinds: dict[str, dict[str, float]]) -> str:
    """Return the results as a Markdown page."""
    said = f"Machine: {document['machine']}. MB of bodies per second of processor time, median of {document['rounds']} "
    lines = [
        "# Evidence: written and verified",
        "",
        said + "rounds; in brackets against `sha256sum` of the same bodies.",
        "",
    ]
    lines += ["| way | " + " | ".join(kinds) + " |", "|---|" + "---|" * len(kinds)]
    for name in next(iter(kinds.values())):
        cells = [f"{rates[name]:,.0f} ({rates[name] / rates['verify: sha256sum']:.2f})" for rates in kinds.values()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure every kind and write the results."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--output", type=Path, default=_RESULTS)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="pantau-bukti-") as folder:
        kinds = {kind: measure(kind, Path(folder), given.rounds) for kind in _KINDS}
    machine = f"{platform.machine()}, CPython {platform.python_version()}, {os.cpu_count()} cores"
    document = {"machine": machine, "rounds": given.rounds, "megabytes_per_second": kinds}
    given.output.mkdir(parents=True, exist_ok=True)
    (given.output / "evidence.json").write_text(json.dumps(document, indent=1) + "\n")
    text = page(document, kinds)
    (given.output / "evidence.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
