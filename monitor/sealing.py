"""Manifests of cases: made when the evidence of a case has changed, kept sealed, read again and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Protocol

from db import case_files, manifests
from db.connect import Database, Session
from db.contents import chunked
from db.manifests import Head, NewManifest
from monitor.domain.manifests import FIRST, Manifest, ManifestRow
from monitor.errors import EvidenceError
from monitor.evidence.manifest import evidence_hash, from_bytes, to_bytes

_AT_ONCE = 500
_WRITERS = 8
"""Files written at a time: each waits for its disk or bucket, not for this program."""

_TRIES = 3
_CHAIN = {
    "chain": "tidak tersambung dengan manifes sebelumnya",
    "hash": "barisnya tidak cocok dengan hash-nya",
}


class Keeping(Protocol):
    """What a manifest needs of the evidence store."""

    def put(self, body: bytes) -> str:
        """Keep a body and return its sha256."""
        ...

    def get(self, digest: str) -> bytes:
        """Return a body; EvidenceError when it is missing or altered."""
        ...


@dataclass(frozen=True, slots=True)
class _Making:
    """By whom and when manifests are made."""

    database: Database
    store: Keeping
    actor: str
    now: datetime


def seal(database: Database, store: Keeping, case_id: int, now: datetime, actor: str = "program") -> ManifestRow | None:
    """Make a manifest of a case; None when what it rests on has not changed since the last one, or is nothing.

    EvidenceError when the file cannot be kept; then nothing is written.
    """
    making = _Making(database, store, actor, now)
    for _ in range(_TRIES):
        with database.read() as session:
            stand = manifests.heads(session, [case_id])
        made = _files(making, [case_id], stand)
        if not made:
            return None
        if _write(making, made):
            with database.read() as session:
                return manifests.manifests(session, case_id)[-1]
    raise EvidenceError(f"Manifes informasi awal {case_id} sedang dibuat oleh proses lain", "coba lagi sebentar lagi")


def seal_changed(
    database: Database, store: Keeping, now: datetime, step: Callable[[int], None] = lambda _: None
) -> int:
    """Make manifests of all open cases whose evidence changed, a few hundred at a time; return how many.

    What a stop leaves undone, the next call does. `step` is told how many cases were looked at.
    """
    making = _Making(database, store, "program", now)
    with database.read() as session:
        marks, stand = case_files.marks(session), manifests.heads(session)
    changed = sorted(case_id for case_id, mark in marks.items() if stand.get(case_id, Head()).mark != mark)
    count = 0
    for ids in chunked(changed, _AT_ONCE):
        made = _files(making, ids, {i: stand[i] for i in ids if i in stand})
        count += _write(making, made)
        step(len(ids))
    return count


def count_changed(session: Session) -> int:
    """Return of how many open cases the evidence changed since their last manifest."""
    stand = manifests.heads(session)
    return sum(stand.get(case_id, Head()).mark != mark for case_id, mark in case_files.marks(session).items())


def read(store: Keeping, row: ManifestRow) -> Manifest:
    """Open a manifest; EvidenceError when its file is missing, altered, or not the one its row speaks of."""
    manifest = from_bytes(store.get(row.sha256))
    if (manifest.evidence.case_id, manifest.number) != (row.case_id, row.number):
        raise EvidenceError(
            f"Berkas manifes {row.number} bukan manifes informasi awal {row.case_id}", "pulihkan dari cadangan"
        )
    if evidence_hash(manifest.evidence) != row.evidence_hash:
        raise EvidenceError(f"Isi manifes {row.number} tidak cocok dengan barisnya", "pulihkan dari cadangan")
    return manifest


def broken_manifests(
    session: Session, store: Keeping, purged: Collection[str] = frozenset()
) -> Iterator[tuple[str, str]]:
    """Yield place and fault, in Indonesian, of everything in manifests and timestamps that does not hold.

    Every file is opened, but those that retention `purged`: of them only the chain is checked.
    """
    yield from broken_chains(session)
    before, previous = 0, FIRST
    for row in manifests.every(session):
        place = f"manifes {row.number} informasi awal {row.case_id}"
        if row.sha256 not in purged:
            try:
                manifest = read(store, row)
            except EvidenceError as error:
                yield place, error.message
            else:
                if manifest.previous != (previous if row.case_id == before else FIRST):
                    yield place, "berkasnya tidak menyebut berkas manifes sebelumnya"
        before, previous = row.case_id, row.sha256


def broken_chains(session: Session) -> Iterator[tuple[str, str]]:
    """Yield place and fault of the rows alone, without opening a file."""
    for case_id, number, fault in manifests.broken_rows(session):
        if fault == "root":
            yield f"baris audit {number}", "manifes yang dicatatnya tidak lagi sama"
        else:
            yield f"manifes {number} informasi awal {case_id}", _CHAIN[fault]
    for case_id, number, authority in manifests.broken_stamps(session):
        yield (
            f"stempel waktu manifes {number} informasi awal {case_id}",
            f"tidak sama dengan yang dicatat saat diterima dari {authority}",
        )


def _files(making: _Making, case_ids: Collection[int], stand: Mapping[int, Head]) -> list[NewManifest]:
    """Put the files of new manifests into the store; cases whose evidence is what it was are left out."""
    with making.database.read() as session:
        found = case_files.marked_evidence(session, case_ids)
    tool = f"pantau-netralitas {version('pantau-netralitas')}"
    made: list[NewManifest] = []
    bodies: list[bytes] = []
    for case_id, (evidence, mark) in found.items():
        after, digest = stand.get(case_id, Head()), evidence_hash(evidence)
        if digest != after.evidence_hash:
            body = to_bytes(Manifest(evidence, after.number + 1, after.sha256, making.now, tool))
            bodies.append(body)
            sha256 = hashlib.sha256(body).hexdigest()
            made.append(NewManifest(case_id, after, sha256, len(body), digest, mark))
    with ThreadPoolExecutor(_WRITERS) as pool:
        list(pool.map(making.store.put, bodies))
    return made


def _write(making: _Making, made: list[NewManifest]) -> int:
    if not made:
        return 0
    with making.database.write() as session:
        return manifests.append(session, made, making.actor, making.now)
