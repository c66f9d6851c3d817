"""Removes what has outlived its time; whatever a case, a hold, a form or a bundle rests on stays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db.connect import Database
from monitor.desk import uploads
from monitor.domain.keeping import KeepingTerms, Purged
from monitor.evidence.store import EvidenceStore


@dataclass(frozen=True, slots=True)
class PurgeParts:
    """What a purge works on: rows, kept answers, copies of registers, uploads; `lock` keeps nights and imports away."""

    database: Database
    evidence: EvidenceStore
    roster_dir: Path
    uploads_dir: Path
    terms: KeepingTerms
    lock: Callable[[str], AbstractContextManager[None]]


def purge_due(parts: PurgeParts, now: datetime, actor: str = "program") -> Purged:
    """Purge what is due and return what was removed; LockHeld while a night, an import or another purge works."""
    del actor
    dropped = uploads.sweep(parts.database, parts.uploads_dir, now)
    return Purged({"upload": dropped} if dropped else {})
