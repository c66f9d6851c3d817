"""The gate: no source is read without a recorded legal basis, an approval and caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from monitor.domain import SourceMode
from monitor.errors import PolicyBlocked

LIVE_MODES = frozenset({SourceMode.LIVE_API, SourceMode.LIVE_PUBLIC_HTML, SourceMode.OWNER_TOKEN})


@dataclass(frozen=True, slots=True)
class SourcePolicy:
    """The policy record of one source as `pantau.toml` states it.

    `max_rps` is per host. `allow_hosts` name private or loopback hosts, or host:port, that this source may reach; only
    those may be reached without TLS. `max_wait_seconds` is the longest pause that a platform may ask for before the
    visit is given up until later; `timeout_seconds` bounds one request as a whole.
    """

    source: str
    mode: SourceMode = SourceMode.LIVE_API
    enabled: bool = False
    legal_basis: str = ""
    permission_ref: str = ""
    approved_by: str = ""
    approved_at: date | None = None
    retention_days: int = 365
    robots: Literal["respect", "not_applicable"] = "respect"
    max_rps: float = 1.0
    daily_cap: int = 20_000
    allow_hosts: tuple[str, ...] = ()
    max_body_bytes: int = 20 * 1024 * 1024
    max_wait_seconds: float = 30.0
    timeout_seconds: float = 30.0
    tries: int = 3


def check(policy: SourcePolicy | None, source: str, mode: SourceMode | None = None) -> SourcePolicy:
    """Return the policy when it lets the source be read; `mode` None means any live mode.

    Raises PolicyBlocked, whose `mend` says what to add to `pantau.toml`.
    """
    section = f"[sources.{source}]"
    if policy is None:
        raise PolicyBlocked(
            f"Sumber {source} belum punya catatan kebijakan",
            f"tambahkan bagian {section} di pantau.toml: enabled, mode, legal_basis, approved_by, approved_at",
        )
    if not policy.enabled:
        raise PolicyBlocked(f"Sumber {source} dimatikan", f"tulis enabled = true di {section} pada pantau.toml")
    missing = [
        name
        for name, given in (
            ("legal_basis", policy.legal_basis.strip()),
            ("approved_by", policy.approved_by.strip()),
            ("approved_at", policy.approved_at),
        )
        if not given
    ]
    if missing:
        raise PolicyBlocked(
            f"Catatan kebijakan sumber {source} belum lengkap: {', '.join(missing)}",
            f"isi {', '.join(missing)} di {section} pada pantau.toml",
        )
    wanted = LIVE_MODES if mode is None else {mode}
    if policy.mode not in wanted:
        allowed = ", ".join(sorted(wanted))
        raise PolicyBlocked(
            f"Kebijakan sumber {source} hanya mengizinkan mode {policy.mode.value}",
            f"untuk membacanya dengan cara ini mode harus salah satu dari: {allowed}",
        )
    return policy
