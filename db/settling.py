"""When acts without a time happened: as narrow as everything stored allows, in whatever order it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from db.connect import Found, Session
from db.merge import least
from db.tables import interaction, item, item_look
from db.upsert import chunks, rows_by, update_rows
from monitor.domain import Act, EndKind

_TIMES = ("occurred_at", "bracket_lo", "bracket_hi")


@dataclass(frozen=True, slots=True)
class _Known:
    """What bounds the acts on some targets: when these were published, and their exhausted listings."""

    published: dict[tuple[str, str], datetime] = field(default_factory=dict)
    looks: dict[tuple[str, str, Act], list[tuple[datetime, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )


def settle_times(session: Session, target_ids: Iterable[str]) -> int:
    """Recompute the times of the acts on these targets; return how many changed. Those are judged again."""
    return sum(_settle_part(session, part) for part in chunks(sorted(set(target_ids))))


def _settle_part(session: Session, targets: list[str]) -> int:
    columns = (interaction.c.id, interaction.c.platform, interaction.c.target_id, interaction.c.act)
    bounds = (interaction.c.given_lo, interaction.c.given_hi, interaction.c.seen_first_at)
    times = tuple(interaction.c[name] for name in _TIMES)
    acts = list(rows_by(session, (*columns, *bounds, *times), interaction.c.target_id, targets))
    if not acts:
        return 0
    known = _known(session, targets)
    changed: list[dict[str, Any]] = []
    for row in acts:
        times_now = dict(zip(_TIMES, _times(row, known), strict=True))
        if any(getattr(row, name) != value for name, value in times_now.items()):
            changed.append({"id": row.id, **times_now, "dirty": True})
    return update_rows(session, interaction, changed)


def published_times(session: Session, targets: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """Return by platform and canonical id when these texts were published at the earliest, as far as it is known."""
    columns = (item.c.platform, item.c.platform_item_id, item.c.published_at, item.c.published_lo)
    rows = rows_by(session, columns, item.c.platform_item_id, targets)
    known = {(row.platform, row.platform_item_id): row.published_at or row.published_lo for row in rows}
    return {key: moment for key, moment in known.items() if moment is not None}


def plausible(claimed: datetime | None, published: datetime | None) -> datetime | None:
    """Return a claimed time unless it lies before its target was there: such a claim is not a time."""
    return None if claimed is not None and published is not None and claimed < published else claimed


def seen_before(claimed: datetime | None, hi: datetime | None) -> bool:
    """Whether another look had shown the act before the time that is claimed for it: then the claim is no time."""
    return claimed is not None and hi is not None and claimed > hi


def _times(row: Found, known: _Known) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Return the exact time, or the bracket without a start that is not before its end."""
    exact = plausible(row.occurred_at, known.published.get((row.platform, row.target_id)))
    if exact is not None and not seen_before(exact, row.given_hi):
        return exact, None, None
    hi = least(row.given_hi, row.seen_first_at)
    assert hi is not None  # every act was seen at a time
    starts = [row.given_lo, known.published.get((row.platform, row.target_id))]
    looks = known.looks.get((row.platform, row.target_id, row.act), ())
    starts += [started for started, finished in looks if finished < hi]
    return None, max((lo for lo in starts if lo is not None and lo < hi), default=None), hi


def _known(session: Session, targets: list[str]) -> _Known:
    known = _Known(published_times(session, targets))
    look = item_look.c
    columns_of_look = (look.platform, look.platform_item_id, look.verb, look.started_at, look.finished_at)
    exhausted = look.end_kind == EndKind.EXHAUSTED
    for row in rows_by(session, columns_of_look, look.platform_item_id, targets, exhausted):
        known.looks[row.platform, row.platform_item_id, row.verb].append((row.started_at, row.finished_at))
    return known
