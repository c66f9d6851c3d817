"""The office's secrets on their way to the fetcher: opened to send a call, noted once a run, warned of in time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db import credentials, runs
from db.connect import Database
from monitor.domain import CredentialRow, Issue
from monitor.errors import PolicyBlocked
from monitor.scan.parts import Parts
from monitor.vault import Vault
from scrapers.credentials import HIDDEN, missing

WARN_BEFORE = timedelta(days=14)
_LOOKED_AT = timedelta(minutes=1)  # how long a withdrawal in another process may go unnoticed


@dataclass(slots=True)
class _Held:
    row: CredentialRow
    secret: str = field(repr=False)
    looked_at: datetime


@dataclass(slots=True)
class StoredKeys:
    """The secrets of one run; safe to share between threads."""

    database: Database
    vault: Vault
    clock: Callable[[], datetime]
    _held: dict[tuple[str, str], _Held] = field(default_factory=dict, repr=False)
    _noted: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def secret(self, source: str, slot: str) -> str:
        """Return the secret of a slot; PolicyBlocked when there is none, or its time is over."""
        now = self.clock()
        with self._lock:
            held = self._held.get((source, slot))
            if held is None or now - held.looked_at >= _LOOKED_AT:
                held = self._held[source, slot] = self._look(source, slot, now)
        if not held.row.usable(now):
            raise PolicyBlocked(
                f"Kredensial {slot} untuk {source} kedaluwarsa pada {held.row.expires_at:%Y-%m-%d}",
                f"perpanjang pada platformnya, lalu `pantau sources credential add {source} {slot}`",
            )
        return held.secret

    def _look(self, source: str, slot: str, now: datetime) -> _Held:
        with self.database.read() as session:
            row = credentials.current(session, source, slot)
            if row is None:
                self._held.pop((source, slot), None)
                raise missing(source, slot)
            secret = credentials.secret_of(session, self.vault, row)
        if row.id not in self._noted and row.usable(now):
            with self.database.write() as session:
                credentials.note_used(session, row, now)
            self._noted.add(row.id)
        return _Held(row, secret, now)


class ReplayedKeys:
    """Keys of a replay: recorded answers need none."""

    def secret(self, source: str, slot: str) -> str:
        """Return a word that is no secret."""
        del source, slot
        return HIDDEN


def note_keys(parts: Parts, run_id: int, only_source: str | None) -> list[Issue]:
    """Return a warning for each credential of tonight's sources whose time is over or will be within two weeks."""
    now = parts.clock()
    with parts.database.write() as session:
        rows = [row for row in credentials.credentials(session, only_source) if row.revoked_at is None]
        read = {source for source, policy in parts.policies.items() if policy.enabled}
        issues = [_warning(row, now) for row in rows if row.source in read and now >= row.expires_at - WARN_BEFORE]
        runs.add_issues(session, run_id, issues)
    return issues


def _warning(row: CredentialRow, now: datetime) -> Issue:
    days = (row.expires_at - now).days
    when = f"berakhir {days} hari lagi" if now < row.expires_at else "sudah kedaluwarsa"
    detail = f"kredensial {row.slot} {when} ({row.expires_at:%Y-%m-%d}); perpanjang, lalu masukkan lagi"
    return Issue(row.source, "credential_expires", detail, target=row.owner or "")
