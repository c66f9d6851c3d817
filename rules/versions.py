"""Which content each version of a shipped rule has: a version that was given out never means something else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.errors import RuleError
from rules.nodes import Node

_FREE = frozenset({"examples"})  # what may change without a new version; comments are not read at all
_HEAD = "# id, versi, sidik isi (tanpa contoh dan catatan); ditulis oleh scripts/lock_rules.py\n"


@dataclass(frozen=True, slots=True)
class Version:
    """One file's id and version, with a digest of all that it means."""

    id: str
    number: int
    digest: str
    place: str


Lock = Mapping[tuple[str, int], str]


def version_of(node: Node) -> Version:
    """Return what a rule, raiser or pattern file states; the order of its fields does not matter."""
    plain = {key.text(): value for key, value in node.pairs()}
    meant = {name: value.plain() for name, value in plain.items() if name not in _FREE}
    digest = hashlib.sha256(json.dumps(meant, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
    return Version(plain["id"].filled(), plain["version"].whole(), digest[:32], node.place)


def read_lock(text: str) -> Lock:
    """Return the lock that a file holds; RuleError for a line that is none."""
    lock = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line and not line.startswith("#"):
            parts = line.split()
            if len(parts) != 3 or not parts[1].isdigit():
                raise RuleError(f"versions.lock:{number}", "baris ini bukan kunci versi", "tulis ulang berkas ini")
            lock[parts[0], int(parts[1])] = parts[2]
    return lock


def write_lock(lock: Lock) -> str:
    """Return the text of a lock, in the order of ids and versions."""
    return _HEAD + "".join(f"{name} {number} {digest}\n" for (name, number), digest in sorted(lock.items()))


def unlocked(versions: Iterable[Version], lock: Lock) -> tuple[str, ...]:
    """Return what is wrong: content that changed under its version, versions that went back or are not locked yet."""
    wrong = []
    for version in versions:
        latest = max((number for name, number in lock if name == version.id), default=0)
        held = lock.get((version.id, version.number))
        if held is None and version.number > latest:
            wrong.append(f"{version.place}: {version.id} v{version.number} belum dikunci")
        elif version.number < latest:
            wrong.append(f"{version.place}: {version.id} kembali ke v{version.number}, terakhir v{latest}")
        elif held != version.digest:
            wrong.append(f"{version.place}: isi {version.id} berubah tanpa menaikkan versi {version.number}")
    return tuple(wrong)
