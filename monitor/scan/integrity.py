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
from db.exchanges import WarcRow
from db.verify import FAULTS
from monitor.errors import EvidenceError, StoreUnavailable
from monitor.evidence.places import PART
from monitor.evidence.sealed_warc import SealedWarc, faults_of_warc, info_of, open_warc
from monitor.evidence.store import BODY, SCRATCH, EvidenceStore, name_of
from monitor.scan.progress import Progress
from monitor.sealing import broken_manifests

CHANGED, MISSING, ADDED, CHAIN, WARC, MANIFEST = "changed", "missing", "added", "chain", "warc", "manifest"
UNRECORDED, PARTIAL, PURGED = "unrecorded", "partial", "purged"
_WARCS = "warc"
_WARC_NAME = re.compile(r"warc/run-(\d{6,})\.warc\.gz\.sealed")
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

    The store is gone through one 256th at a time, so that memory does not grow with it. Rows are read before files:
    what a night keeps meanwhile is a note, never a fault.
    """
    found = Integrity()
    with database.read() as session:
        store.place.probe()
        _check_chains(session, found)
        tops = store.place.tops()
        progress.phase("Memeriksa berkas", 0)
        with ThreadPoolExecutor(_workers(store)) as pool:
            for number in range(256):
                low, high = f"{number:02x}", f"{number + 1:02x}" if number < 255 else "g"
                _check_bodies(session, store, pool, (low, high, low in tops), found, progress)
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


def _check_bodies(
    session: Session,
    store: EvidenceStore,
    pool: ThreadPoolExecutor,
    part: tuple[str, str, bool],
    found: Integrity,
    progress: Progress,
) -> None:
    low, high, there = part
    expected, known = evidence_files.expected(session, low, high), evidence_files.known(session, low, high)
    listed = store.place.within(low) if there else []
    present = {kept.name[3:] for kept in listed if BODY.fullmatch(kept.name)}
    for digest in sorted(expected - present):
        found.fault(MISSING, name_of(digest), "tercatat, tetapi berkasnya tidak ada")
    examined = sorted(present)
    for digest, fault in zip(examined, pool.map(lambda one: _examine(store, one), examined), strict=True):
        found.files += 1
        if isinstance(fault, str):
            found.fault(CHANGED if digest in known else ADDED, name_of(digest), fault)
            continue
        found.size += fault
        if digest not in known:
            found.note(UNRECORDED, name_of(digest), "utuh, tetapi tidak disebut catatan mana pun")
        elif digest not in expected:
            found.note(PURGED, name_of(digest), "masih ada, padahal menurut catatan retensi sudah dihapus")
    _note_others((kept.name for kept in listed if kept.name[3:] not in present), found)
    progress.step(len(examined), low)


def _examine(store: EvidenceStore, digest: str) -> int | str:
    """Return the size of a body, or what is wrong with it."""
    try:
        return store.examine(digest)
    except StoreUnavailable:
        raise
    except EvidenceError as error:
        return error.message


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
    for name in (one for one in others if _WARC_NAME.fullmatch(one)):
        try:
            for _ in open_warc(store, name):
                pass
        except StoreUnavailable:
            raise
        except EvidenceError as error:
            found.fault(ADDED, name, error.message)
        else:
            found.note(UNRECORDED, name, "arsip yang belum tercatat; pemindaian berikutnya menulisnya lagi")
    _note_others((one for one in others if not _WARC_NAME.fullmatch(one)), found)


def _check_strangers(store: EvidenceStore, tops: Iterable[str], found: Integrity) -> None:
    """Name every file outside the folders of bodies and WARCs."""
    for top in tops:
        if top != _WARCS and not re.fullmatch(r"[0-9a-f]{2}", top):
            _note_others((kept.name for kept in store.place.within(top)), found)


def _note_others(names: Iterable[str], found: Integrity) -> None:
    for name in names:
        if name.startswith(SCRATCH) or (name.rsplit("/", 1)[-1].startswith(".") and name.endswith(PART)):
            found.note(PARTIAL, name, "setengah tertulis; pemindaian berikutnya membersihkannya")
        else:
            found.fault(ADDED, name, "bukan berkas bukti")


def _sealed(row: WarcRow) -> SealedWarc:
    return SealedWarc(row.name, row.sha256, row.sealed_sha256, row.size, row.records)


def _workers(store: EvidenceStore) -> int:
    """Return how many files to hash at a time: as many as processors, more where each waits for a network."""
    return (os.cpu_count() or 1) * (1 if store.remote is None else 4)
