"""What the page of a case shows of its manifests: which there are, when they were stamped, what rests on them."""

from __future__ import annotations

from dataclasses import dataclass

from db import manifests
from db.connect import Session
from db.manifests import Resting
from monitor.domain.manifests import ManifestRow


@dataclass(frozen=True, slots=True)
class Link:
    """One manifest with the decisions that name it."""

    row: ManifestRow
    decisions: tuple[Resting, ...]


def chain_of(session: Session, case_id: int) -> tuple[Link, ...]:
    """Return the manifests of a case, the newest first."""
    rows = manifests.manifests(session, case_id)
    resting = manifests.resting(session, case_id) if rows else ()
    named = [Link(row, tuple(one for one in resting if one.number == row.number)) for row in rows]
    return tuple(reversed(named))
