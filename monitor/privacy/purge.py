"""Removes what has outlived its time; whatever a case, a hold, a form or a bundle rests on stays.

Rows are emptied batch by batch, each batch with its record in one transaction. Files go after the record of their
removal is committed, while no night and no import works; what a stop leaves undone, the next purge ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from db import audit, evidence_files, purging, removals
from db.connect import Database, Session
from db.purging import Scope
from monitor.desk import uploads
from monitor.domain.keeping import KeepingTerms, Purged
from monitor.errors import EvidenceError, LockHeld, RefusedError, StoreUnavailable
from monitor.evidence.sealed_warc import strike
from monitor.evidence.store import EvidenceStore
from monitor.scan.night import LOCK as NIGHT

LOCK: Final = "penghapusan"
LONGEST_SILENCE: Final = timedelta(days=60)
"""A clock that is so far ahead of the newest record is more likely wrong than the office was idle."""


@dataclass(frozen=True, slots=True)
class PurgeParts:
    """What a purge works on: rows, kept answers, copies of registers, uploads; `lock` keeps nights and imports away."""

    database: Database
    evidence: EvidenceStore
    roster_dir: Path
    uploads_dir: Path
    terms: KeepingTerms
    lock: Callable[[str], AbstractContextManager[None]]


def purge_due(parts: PurgeParts, now: datetime, actor: str = "program", *, sure: bool = False) -> Purged:
    """Purge what is due and return what was removed and what stays although its time is over.

    LockHeld while another purge works. Files wait for the next purge while a night or an import works, and when the
    place of evidence does not answer: `problem` says so. RefusedError when the clock is far ahead of every record,
    unless somebody is `sure` of it.
    """
    with parts.lock(LOCK):
        _check_clock(parts.database, now, sure=sure)
        found = _Found()
        _rows(found, parts.database.write, Scope(parts.terms, now, actor))
        found.counts["upload"] += uploads.sweep(parts.database, parts.uploads_dir, now)
        try:
            with parts.lock(NIGHT):
                _files(found, parts.database.write, Scope(parts.terms, now, actor))
                _remove(parts, found)
        except LockHeld as error:
            found.problem, found.postponed = f"berkas belum dihapus: {error.message}", True
        return _told(parts.database, found, now, actor)


def due_now(parts: PurgeParts, now: datetime) -> Purged:
    """Return what a purge would remove now; nothing is changed."""
    found = _Found()
    scope = Scope(parts.terms, now, "program")
    _rows(found, parts.database.trial, scope)
    _files(found, parts.database.trial, scope)
    with parts.database.read() as session:
        return found.purged(removals.count_pending(session))


@dataclass(slots=True)
class _Found:
    """What a purge did so far."""

    counts: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    size: int = 0
    problem: str = ""
    postponed: bool = False

    def purged(self, unfinished: int) -> Purged:
        """Return it without what is nothing."""
        return Purged(dict(+self.counts), self.size, dict(+self.kept), unfinished, self.problem, self.postponed)


_Open = Callable[[], AbstractContextManager[Session]]


def _check_clock(database: Database, now: datetime, *, sure: bool) -> None:
    with database.read() as session:
        newest = next(iter(audit.tail(session, 1)), None)
    if newest is not None and now - newest.at > LONGEST_SILENCE and not sure:
        raise RefusedError(
            f"Catatan terbaru bertanggal {newest.at:%Y-%m-%d}, jam mesin menunjuk {now:%Y-%m-%d}",
            "periksa jam mesin; bila benar, jalankan `pantau privacy purge --sure`",
        )


def _rows(found: _Found, opened: _Open, scope: Scope) -> None:
    """Empty rows, batch by batch; the transactions are opened by `opened`, which may take them back."""
    for name, step in purging.STEPS.items():
        after: int | None = 0
        while after is not None:
            with opened() as session:
                done = step(session, scope, after)
            found.counts[name] += done.purged
            found.kept[name] += done.kept
            after = done.last


def _files(found: _Found, opened: _Open, scope: Scope) -> None:
    """Record which files are to be removed, batch by batch."""
    for name, step in removals.STEPS.items():
        after: str | None = ""
        while after is not None:
            with opened() as session:
                done = step(session, scope, after)
            found.counts[name] += done.purged
            found.kept[name] += done.kept
            found.size += done.size
            after = done.last


def _remove(parts: PurgeParts, found: _Found) -> None:
    """Remove every file whose removal is recorded, those that an earlier purge left among them."""
    try:
        damaged = _strike_archives(parts, found)
        for digests in _pages(parts.database, removals.EVIDENCE):
            with parts.database.read() as session:
                going = set(digests) - evidence_files.returned(session, digests)
            for digest in going:
                parts.evidence.remove(digest)
            with parts.database.write() as session:
                removals.done(session, removals.EVIDENCE, set(digests) - damaged)
    except StoreUnavailable as error:
        found.problem = f"berkas belum dihapus semua: {error.message}"
    for names in _pages(parts.database, removals.ROSTER):
        for name in names:
            (parts.roster_dir / Path(name).name).unlink(missing_ok=True)
        with parts.database.write() as session:
            removals.done(session, removals.ROSTER, names)


def _strike_archives(parts: PurgeParts, found: _Found) -> set[str]:
    """Empty the bodies in the archives of nights; return those in archives that cannot be read, which wait."""
    damaged: set[str] = set()
    with parts.database.read() as session:
        for name, digests in removals.archives_to_strike(session):
            going = set(digests) - evidence_files.returned(session, digests)
            try:
                strike(parts.evidence, name, going)
            except StoreUnavailable:
                raise
            except EvidenceError as error:
                damaged |= going
                found.problem = f"{error.message}; `pantau evidence verify` menyebut yang mana"
    return damaged


def _pages(database: Database, place: str) -> Iterator[list[str]]:
    after = ""
    while True:
        with database.read() as session:
            names = removals.pending(session, place, after)
        if not names:
            return
        yield names
        after = names[-1]


def _told(database: Database, found: _Found, now: datetime, actor: str) -> Purged:
    """Write what the purge did into the audit log, where it did anything."""
    with database.write() as session:
        purged = found.purged(removals.count_pending(session))
        if purged.total:
            detail = {"counts": dict(purged.counts), "kept": dict(purged.kept), "size": purged.size}
            audit.record(session, actor=actor, action="purged", subject="retention", detail=detail, now=now)
    return purged
