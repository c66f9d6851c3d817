"""Who may see and touch which case: grants are role by region, and a region covers what lies in it."""

from __future__ import annotations

from datetime import datetime

from db import cases
from db.connect import Session
from monitor.domain import CaseFacts, Role, UserRow, region_covers
from monitor.errors import RefusedError, UsageError

READERS = (Role.PENGAWAS, Role.KOORDINATOR, Role.DPO)
"""Roles that see people; analysts see aggregates, auditors the log, administrators users and settings."""


def scope_of(user: UserRow) -> tuple[str, ...]:
    """Return the regions whose cases the user may see; none is nothing."""
    return user.regions(*READERS) if user.active else ()


def facts_for(session: Session, case_id: int, user: UserRow, now: datetime, *, lock: bool = False) -> CaseFacts:
    """Return the facts of a case that the user may see.

    UsageError when there is no such case, in the same words when it lies elsewhere: numbers tell nothing.
    """
    facts = cases.facts_of(session, case_id, now, lock=lock)
    if facts is None or not sees(user, facts.jurisdiction):
        raise UsageError(f"Informasi awal {case_id} tidak ada dalam wilayah Anda", "lihat nomor di antrean")
    return facts


def sees(user: UserRow, jurisdiction: str) -> bool:
    """Whether the user may see cases of a place; those of no known place are seen by every reader."""
    regions = scope_of(user)
    return bool(regions) and (not jurisdiction or any(region_covers(region, jurisdiction) for region in regions))


def must_hold(user: UserRow, jurisdiction: str, *roles: Role) -> None:
    """Raise RefusedError unless the user is active and holds one of the roles over the place."""
    if user.active and any(user.has(role, jurisdiction) for role in roles):
        return
    mend = "isi wilayah orang ini dalam daftar" if not jurisdiction else "mintalah admin memberi peran yang sesuai"
    raise RefusedError(f"{user.full_name or user.name} tidak berwenang di wilayah ini", mend)
