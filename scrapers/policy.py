"""The gate: no source is read without a recorded legal basis, an approval and caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from monitor.domain import SourceMode
from monitor.errors import PolicyBlocked
from scrapers.manifest import Manifest

LIVE_MODES = frozenset({SourceMode.LIVE_API, SourceMode.LIVE_PUBLIC_HTML, SourceMode.OWNER_TOKEN})


@dataclass(frozen=True, slots=True)
class SourcePolicy:
    """The policy record of one source as `pantau.toml` states it.

    `max_rps` is per host. `allow_hosts` name private or loopback hosts, or host:port, that this source may reach; only
    those may be reached without TLS. `max_wait_seconds` is the longest pause that a platform may ask for before the
    visit is given up until later; `timeout_seconds` bounds one request as a whole. `quiet_hours` are in `timezone`,
    the office's own. `quota_units` is what the platform granted the office where that is not what the manifest says.
    Cost caps are in the currency of the manifest, for a day and for a calendar month.
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
    quiet_hours: tuple[str, ...] = ()
    timezone: str = "Asia/Jakarta"
    weekly_cap: int | None = None
    quota_units: int | None = None
    cost_cap_daily: float | None = None
    cost_cap_monthly: float | None = None


def check(
    policy: SourcePolicy | None, source: str, mode: SourceMode | None = None, manifest: Manifest | None = None
) -> SourcePolicy:
    """Return the policy when it lets the source be read; `mode` None means any live mode.

    With a `manifest` the policy is held against the platform's terms too. Raises PolicyBlocked, whose `mend` says what
    to change in `pantau.toml`.
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
    if policy.mode is SourceMode.LIVE_PUBLIC_HTML and policy.robots != "respect":
        raise PolicyBlocked(
            f"Sumber {source} dibaca dari halaman web, jadi robots.txt wajib dipatuhi",
            f'tulis robots = "respect" di {section} pada pantau.toml',
        )
    if manifest is not None and policy.mode in LIVE_MODES:
        _check_terms(policy, manifest, section)
    return policy


def _check_terms(policy: SourcePolicy, manifest: Manifest, section: str) -> None:
    """Raise PolicyBlocked for a policy that asks more of a platform than its manifest says it grants."""
    doors = [mode.value for mode in manifest.modes if mode in LIVE_MODES]
    if policy.mode not in manifest.modes:
        offered = f"pintu langsungnya: {', '.join(doors)}" if doors else "gunakan `pantau import`"
        raise PolicyBlocked(f"Sumber {policy.source} tidak punya pintu {policy.mode.value}", offered)
    if manifest.gated and not policy.permission_ref.strip():
        raise PolicyBlocked(
            f"Sumber {policy.source} hanya boleh dibaca langsung dengan izin tertulis dari platformnya",
            f"isi permission_ref di {section} dengan nomor izin itu, atau gunakan `pantau import`",
        )
    if manifest.retention_days is not None and policy.retention_days > manifest.retention_days:
        raise PolicyBlocked(
            f"Sumber {policy.source} hanya boleh disimpan {manifest.retention_days} hari, tetapi kebijakan meminta "
            f"{policy.retention_days} hari",
            f"tulis retention_days = {manifest.retention_days} atau kurang di {section}",
        )
    if manifest.price and policy.cost_cap_daily is None and policy.cost_cap_monthly is None:
        raise PolicyBlocked(
            f"Sumber {policy.source} berbayar, tetapi belum ada batas biaya",
            f"isi cost_cap_daily atau cost_cap_monthly di {section}, dalam {manifest.price[0].currency}",
        )
