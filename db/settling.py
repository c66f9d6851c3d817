"""When acts without a time happened: as narrow as everything stored allows, in whatever order it came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from db.connect import Session
from db.tables import interaction, item, item_look
from db.upsert import chunks, rows_by, update_rows
from monitor.domain import EndKind

T = TypeVar("T", str, datetime)
"""A time, or the text that stands for it in a row: both sort alike."""

_TIMES = ("occurred_at", "bracket_lo", "bracket_hi")


Looks = dict[tuple[str, str, str], list[tuple[Any, Any]]]
"""When exhausted listings began and ended, by platform, canonical id and verb."""


class Known:
    """What bounds the acts on some targets: when these were published, and their exhausted listings.

    Times are in the form that was asked for. The listings of every night before are read once an act needs them, which
    none with a time of its own does; so only while the session lasts.
    """

    __slots__ = ("_looks", "_read", "published")

    def __init__(self, published: dict[tuple[str, str], Any], read: Callable[[], Looks]) -> None:
        self.published = published
        self._read = read
        self._looks: Looks | None = None

    @property
    def looks(self) -> Looks:
        """The exhausted listings."""
        if self._looks is None:
            self._looks = self._read()
        return self._looks

    def times(self, target: tuple[str, str], act: str, claimed: Any, given: tuple[Any, Any], seen: Any) -> _Settled:
        """Return the exact time of an act, or the bracket without a start that is not before its end."""
        published = self.published.get(target)
        lo, hi = given
        exact = plausible(claimed, published)
        if exact is not None and not seen_before(exact, hi):
            return exact, None, None
        hi = seen if hi is None or seen < hi else hi
        starts = [lo, published]
        starts += [started for started, finished in self.looks.get((*target, act), ()) if finished < hi]
        return None, max((lo for lo in starts if lo is not None and lo < hi), default=None), hi


_Settled = tuple[Any, Any, Any]


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
    known = known_of(session, targets)
    changed: list[dict[str, Any]] = []
    for row in acts:
        target, given = (row.platform, row.target_id), (row.given_lo, row.given_hi)
        settled = known.times(target, row.act, row.occurred_at, given, row.seen_first_at)
        if (row.occurred_at, row.bracket_lo, row.bracket_hi) != settled:
            changed.append({"id": row.id, **dict(zip(_TIMES, settled, strict=True)), "dirty": True})
    return update_rows(session, interaction, changed)


def known_of(session: Session, targets: list[str], form: Callable[[datetime], Any] = lambda moment: moment) -> Known:
    """Return what bounds the acts on these targets, its times in a form of one's own."""
    published = {key: form(moment) for key, moment in _published(session, targets).items()}
    return Known(published, lambda: _looks(session, targets, form))


def _looks(session: Session, targets: Iterable[str], form: Callable[[datetime], Any]) -> Looks:
    look, found = item_look.c, defaultdict(list)
    columns = (look.platform, look.platform_item_id, look.verb, look.started_at, look.finished_at)
    exhausted = look.end_kind == EndKind.EXHAUSTED
    for row in rows_by(session, columns, look.platform_item_id, targets, exhausted):
        span = form(row.started_at), form(row.finished_at)
        found[row.platform, row.platform_item_id, row.verb].append(span)
    return found


def _published(session: Session, targets: Iterable[str]) -> dict[tuple[str, str], datetime]:
    """Return by platform and canonical id when these texts were published at the earliest, as far as it is known."""
    columns = (item.c.platform, item.c.platform_item_id, item.c.published_at, item.c.published_lo)
    rows = rows_by(session, columns, item.c.platform_item_id, targets)
    known = {(row.platform, row.platform_item_id): row.published_at or row.published_lo for row in rows}
    return {key: moment for key, moment in known.items() if moment is not None}


def plausible(claimed: T | None, published: T | None) -> T | None:
    """Return a claimed time unless it lies before its target was there: such a claim is not a time."""
    return None if claimed is not None and published is not None and claimed < published else claimed


def seen_before(claimed: T | None, hi: T | None) -> bool:
    """Whether another look had shown the act before the time that is claimed for it: then the claim is no time."""
    return claimed is not None and hi is not None and claimed > hi
