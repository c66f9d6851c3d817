"""What is made of the evidence at the end of a night, an import or a re-check: manifests, and stamps on them."""

from __future__ import annotations

from monitor.domain import Issue
from monitor.errors import EvidenceError
from monitor.scan.parts import Parts
from monitor.scan.progress import Progress
from monitor.sealing import seal_changed
from monitor.stamping import stamp_due

FAILED, UNSTAMPED = "manifest_failed", "timestamp_waiting"


def seal_evidence(parts: Parts, progress: Progress) -> list[Issue]:
    """Make a manifest of every open case whose evidence changed; one that cannot be kept now is made the next time."""
    progress.phase("Membuat manifes bukti", 0)
    try:
        seal_changed(parts.database, parts.evidence, parts.clock(), progress.step)
    except EvidenceError as error:
        return [Issue("", FAILED, f"manifes bukti belum dibuat semua: {error}")]
    return []


def stamp_evidence(parts: Parts, progress: Progress) -> list[Issue]:
    """Have manifests stamped where an authority is configured; what it leaves undone waits for the next night."""
    if parts.stamping is None:
        return []
    progress.phase("Meminta stempel waktu", 0)
    told = stamp_due(parts.database, parts.evidence, parts.stamping, parts.clock, progress.step)
    if not told.problem:
        return []
    detail = f"{told.waiting} manifes menunggu stempel waktu: {told.problem}"
    return [Issue("", UNSTAMPED, detail, needs_person=told.urgent)]
