"""Everything that evidence rests on, hashed again: files, WARCs, manifests, and the chains of events and audit.

Faults are what is not as it was written; notes are what a stopped night may leave behind, told but nobody's fault.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from db import anchors, audit, events, evidence_files, exchanges
from db.connect import Database, Session
from db.evidence_files import Awaited
from db.exchanges import WarcRow
from db.verify import FAULTS
from monitor.errors import EvidenceError, StoreUnavailable
from monitor.evidence.places import PART
from monitor.evidence.sealed_warc import SealedWarc, faults_of_warc, info_of, is_archive, open_warc
from monitor.evidence.store import BODY, MARK, SCRATCH, EvidenceStore, name_of
from monitor.scan.progress import Progress
from monitor.sealing import broken_manifests

CHANGED, MISSING, ADDED, CHAIN, WARC, MANIFEST = "changed", "missing", "added", "chain", "warc", "manifest"
UNRECORDED, PARTIAL, PURGED = "unrecorded", "partial", "purged"
_WARCS = "warc"
_TOGETHER = 50_000
_WARC_ROWS = {
    "changed": "barisnya tidak sama dengan catatan audit saat ditulis",
    "lost": "barisnya hilang, padahal catatan audit menyebutnya",
    "added": "barisnya tidak disebut catatan audit",
}
_CHAINS = {"audit": "rantai audit", "events": "rantai peristiwa"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: what it is, where it lies, and why, in Indonesian."""

    kind: str
    place: str
    detail: str


@dataclass(slots=True)
class Integrity:
    """What a check found; `files` and `size` are what was hashed, in bytes as opened."""

    faults: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    files: int = 0
    size: int = 0
    warcs: int = 0

    def fault(self, kind: str, place: str, detail: str) -> None:
        """Note what is not as it was written."""
        self.faults.append(Finding(kind, place, detail))

    def note(self, kind: str, place: str, detail: str) -> None:
        """Note what may stay as it is."""
        self.notes.append(Finding(kind, place, detail))


def check_evidence(database: Database, store: EvidenceStore, progress: Progress) -> Integrity:
    """Hash everything again and walk every chain; StoreUnavailable when the store itself cannot be read.

    A large store is gone through folder by folder, so that memory does not grow with it. Rows are read before files:
    what a night keeps meanwhile is a note, never a fault.
    """
    found = Integrity()
    with database.inspect() as session:
        store.place.probe()
        _check_chains(session, found)
        tops = store.place.tops()
        progress.phase("Memeriksa berkas", 0)
        with ThreadPoolExecutor(_workers(store)) as pool:
            check = _Check(store, pool, found, progress)
            for folders in _ranges(evidence_files.count(session)):
                there = evidence_files.awaited(session, folders[0], _after(folders[-1]))
                check.bodies([name for name in folders if name in tops], there)
        _check_warcs(session, store, found, progress)
        for place, detail in broken_manifests(session, store, evidence_files.purged_manifests(session)):
            found.fault(MANIFEST, place, detail)
        _check_strangers(store, tops, found)
    return found


def _check_chains(session: Session, found: Integrity) -> None:
    for number, fault in events.broken_events(session):
        found.fault(CHAIN, f"peristiwa {number}", FAULTS[fault])
    for number, fault in audit.broken_rows(session):
        found.fault(CHAIN, f"baris audit {number}", FAULTS[fault])
    for run, fault in exchanges.broken_warcs(session):
        found.fault(WARC, f"arsip malam {run}", _WARC_ROWS[fault])


@dataclass(frozen=True, slots=True)
class _Check:
    """What the checks of one range of bodies share."""

    store: EvidenceStore
    pool: ThreadPoolExecutor
    found: Integrity
    progress: Progress

    def bodies(self, folders: Iterable[str], awaited: Awaited) -> None:
        """Hash what lies in these folders, and name what does not."""
        seen: set[str] = set()
        for folder in folders:
            listed = self.store.place.within(folder)
            present = sorted(kept.name[3:] for kept in listed if BODY.fullmatch(kept.name))
            for digest, said in zip(present, self.pool.map(self._examine, present), strict=True):
                self._note(digest, said, awaited)
            _note_others((kept.name for kept in listed if not BODY.fullmatch(kept.name)), self.found)
            seen.update(present)
            self.progress.step(len(present), folder)
        for digest in sorted(awaited.expected - seen):
            self.found.fault(MISSING, name_of(digest), "tercatat, tetapi berkasnya tidak ada")

    def _note(self, digest: str, said: int | str, awaited: Awaited) -> None:
        self.found.files += 1
        if isinstance(said, str):
            self.found.fault(CHANGED if digest in awaited.known else ADDED, name_of(digest), said)
            return
        self.found.size += said
        if digest not in awaited.known:
            told = "utuh, tetapi tidak disebut catatan mana pun; lihat `pantau evidence sweep`"
            self.found.note(UNRECORDED, name_of(digest), told)
        elif digest not in awaited.expected:
            self.found.note(PURGED, name_of(digest), "masih ada, padahal menurut catatan retensi sudah dihapus")

    def _examine(self, digest: str) -> int | str:
        """Return the size of a body, or what is wrong with it."""
        try:
            return self.store.examine(digest)
        except StoreUnavailable:
            raise
        except EvidenceError as error:
            return error.message


def _ranges(files: int) -> list[list[str]]:
    """Return the folders of bodies in ranges whose hashes fit into memory together."""
    names = [f"{number:02x}" for number in range(256)]
    size = 256 if files <= _TOGETHER else 1
    return [names[start : start + size] for start in range(0, 256, size)]


def _after(folder: str) -> str:
    """Return what is greater than every hash of a folder and not greater than the next folder's."""
    number = int(folder, 16) + 1
    return f"{number:02x}" if number < 256 else "g"


def _check_warcs(session: Session, store: EvidenceStore, found: Integrity, progress: Progress) -> None:
    rows = exchanges.warcs(session)
    progress.phase("Memeriksa arsip malam", len(rows))
    for row in rows:
        found.warcs += 1
        faults = list(
            faults_of_warc(store, _sealed(row), lambda digest: bool(evidence_files.purged(session, [digest])))
        )
        for detail in faults:
            found.fault(WARC, row.name, detail)
        if not faults:
            found.size += row.size
            for chain, number in anchors.lost_anchors(session, info_of(store, row.name)):
                found.fault(CHAIN, f"{_CHAINS[chain]}, nomor {number}", f"tidak lagi seperti dicatat dalam {row.name}")
        progress.step(1)
    named = {row.name for row in rows}
    listed = store.place.within(_WARCS) if _WARCS in store.place.tops() else []
    others = [kept.name for kept in listed if kept.name not in named]
    for name in (one for one in others if is_archive(one)):
        try:
            for _ in open_warc(store, name):
                pass
        except StoreUnavailable:
            raise
        except EvidenceError as error:
            found.fault(ADDED, name, error.message)
        else:
            found.note(UNRECORDED, name, "arsip yang belum tercatat; pemindaian berikutnya menulisnya lagi")
    _note_others((one for one in others if not is_archive(one)), found)


def _check_strangers(store: EvidenceStore, tops: Iterable[str], found: Integrity) -> None:
    """Name every file outside the folders of bodies and WARCs."""
    for top in tops:
        if top != _WARCS and not re.fullmatch(r"[0-9a-f]{2}", top):
            _note_others((kept.name for kept in store.place.within(top)), found)


def _note_others(names: Iterable[str], found: Integrity) -> None:
    for name in names:
        if MARK.fullmatch(name):
            continue
        if name.startswith(SCRATCH) or (name.rsplit("/", 1)[-1].startswith(".") and name.endswith(PART)):
            found.note(PARTIAL, name, "setengah tertulis; pemindaian berikutnya membersihkannya")
        else:
            found.fault(ADDED, name, "bukan berkas bukti")


def _sealed(row: WarcRow) -> SealedWarc:
    return SealedWarc(row.name, row.sha256, row.sealed_sha256, row.size, row.records)


def _workers(store: EvidenceStore) -> int:
    """Return how many files to hash at a time: as many as processors, more where each waits for a network."""
    return (os.cpu_count() or 1) * (1 if store.remote is None else 4)
