"""Bodies in the evidence store that no row names: what a stopped night or import left, removed on somebody's word.

No row means no term: retention never finds them, and they may show people whom nobody watches.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db import audit, evidence_files
from db.connect import Database
from monitor.desk.access import must_hold
from monitor.domain import Role, UserRow
from monitor.errors import RefusedError, UsageError
from monitor.evidence.places import Kept
from monitor.evidence.store import BODY, EvidenceStore

SWEEPERS: Final = (Role.KOORDINATOR, Role.DPO)
SETTLED: Final = timedelta(days=1)
"""Younger files may be named soon by whoever is writing them."""

_MANY, _SHARE = 20, 10  # more than so many, and more than one in so many: rather the wrong database


@dataclass(frozen=True, slots=True)
class Strays:
    """What no row names: names of old files, their bytes as they lie; `young` ones, and those of unknown age, stay."""

    names: tuple[str, ...]
    size: int
    young: int
    files: int

    @property
    def doubtful(self) -> bool:
        """Whether so much of the store has no row that the database is more likely the wrong one."""
        return len(self.names) > _MANY and len(self.names) * _SHARE > self.files


def find(database: Database, store: EvidenceStore, now: datetime) -> Strays:
    """Return the bodies that no row names, folder by folder; files are listed before rows are read."""
    names: list[str] = []
    size = young = files = 0
    for folder, kept in _folders(store):
        files += len(kept)
        with database.read() as session:
            known = evidence_files.awaited(session, folder, f"{folder}g").known
        for file in (one for one in kept if one.name[3:] not in known):
            if file.modified is None or now - file.modified < SETTLED:
                young += 1
            else:
                names.append(file.name)
                size += file.size
    return Strays(tuple(names), size, young, files)


def sweep(database: Database, store: EvidenceStore, strays: Strays, user: UserRow, reason: str, now: datetime) -> None:
    """Remove these files for good once it is written who did it and why; only for who holds the lock of nights.

    UsageError without a reason, RefusedError for whoever looks after no evidence.
    """
    if not reason.strip():
        raise UsageError("Penghapusan harus beralasan", 'tulis --reason "..."')
    if not strays.names:
        return
    with database.write() as session:
        detail = {"reason": reason.strip(), "files": len(strays.names), "size": strays.size,
                  "sha256": [name[3:] for name in strays.names]}  # fmt: skip
        audit.record(session, actor=user.name, action="strays_removed", subject="evidence", detail=detail, now=now)
    for name in strays.names:
        store.place.remove(name)


def check(strays: Strays, user: UserRow, place: str, *, sure: bool) -> None:
    """Raise RefusedError for whoever may not sweep at the office of this place, and when the database looks wrong."""
    must_hold(user, place, *SWEEPERS)
    if strays.doubtful and not sure:
        raise RefusedError(
            f"{len(strays.names)} dari {strays.files} berkas bukti tidak disebut catatan mana pun",
            "periksa apakah basis datanya benar dan bukan cadangan lama; bila memang begitu, tambahkan --sure",
        )


def _folders(store: EvidenceStore) -> Iterator[tuple[str, list[Kept]]]:
    for top in store.place.tops():
        if len(top) == 2:  # the first digits of bodies
            yield top, [kept for kept in store.place.within(top) if BODY.fullmatch(kept.name)]
