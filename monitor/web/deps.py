"""What the console is given by whoever starts it; nothing here is read from the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from db.connect import Database
from monitor.desk.uploads import Bringing
from monitor.review.precision import USUAL, Bars
from monitor.vault import Vault

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class ReportDesk:
    """Where report files go, and which place the office answers for (empty: the whole country)."""

    folder: Path
    region: str = ""


@dataclass(frozen=True, slots=True)
class WebDeps:
    """The parts of the console.

    `clock` gives aware UTC times. `health` answers /healthz: a mapping with at least `ok`, safe to show to anyone.
    `https` says that officers reach the console over TLS; cookies are then Secure. `hosts` are the names under which it
    may be asked, without ports. `bars` say from when verdicts suffice to advise on a rule.
    """

    database: Database
    vault: Vault
    agency: str
    zone: ZoneInfo
    clock: Callable[[], datetime]
    health: Callable[[], Mapping[str, object]]
    https: bool = False
    session_length: timedelta = timedelta(hours=12)
    hosts: tuple[str, ...] = LOCAL_HOSTS
    bars: Bars = USUAL
    reports: ReportDesk | None = None
    bringing: Bringing | None = None

    @property
    def secret(self) -> bytes:
        """The key that signs cookies and form tokens."""
        return self.vault.derive("web")
