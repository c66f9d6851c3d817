"""What whoever writes the papers of a bundle is told: the case, its evidence, its custody, up to one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.domain import CaseDetail
from monitor.domain.manifests import EvidenceFile, Manifest, ManifestRow
from monitor.evidence.bundle import AsOf


@dataclass(frozen=True, slots=True)
class BundleFacts:
    """A case as of one moment; `pictures` are the readable ones with their names in the bundle."""

    detail: CaseDetail
    manifest: Manifest
    manifests: tuple[ManifestRow, ...]
    custody: Mapping[str, Any]
    pictures: tuple[tuple[str, EvidenceFile], ...]
    as_of: AsOf
    raw: bool = False


Papers = Callable[[BundleFacts], Mapping[str, bytes]]
"""Writes the readable copy and the drafts of a bundle, by file name; the same facts give the same bytes."""
