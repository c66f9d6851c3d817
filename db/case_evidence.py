"""What cases rest on, as lists show it: the words of their acts with the marked stretches, for many cases at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.case_lists import hit_brief, hit_rows, list_with_hits, stands
from db.connect import Session
from db.contents import ActTexts, contents_of
from monitor.domain import CaseFilter, CasePage, ContentDetail, HitBrief, Level, Span

_LEVELS = {Level.TINGGI: 2, Level.MENENGAH: 1, Level.RENDAH: 0}


@dataclass(frozen=True, slots=True)
class Shown:
    """One act of a case: its hit, its own text and the one acted on, and the stretches that the hit rests on."""

    hit: HitBrief
    explanation: str
    own: ContentDetail | None
    target: ContentDetail | None
    spans: tuple[Span, ...] = ()
    stance_spans: tuple[Span, ...] = ()

    @property
    def field(self) -> str:
        """The text to read first: the person's own words, else what they acted on; empty when neither is kept."""
        texts = (("own.text", self.own), ("target.text", self.target))
        return next((name for name, text in texts if text is not None and text.text), "")

    @property
    def text(self) -> str:
        """The words of `field`."""
        shown = {"own.text": self.own, "target.text": self.target}.get(self.field)
        return shown.text if shown is not None else ""


def listed(
    session: Session, wanted: CaseFilter, now: datetime, per_case: int = 1
) -> tuple[CasePage, dict[int, tuple[Shown, ...]]]:
    """Return one page of cases and up to so many acts of each, the most telling first; their hits are read once."""
    page, hits = list_with_hits(session, wanted, now)
    return page, _shown(session, hits, per_case)


def evidence(session: Session, case_ids: Collection[int], per_case: int = 1) -> dict[int, tuple[Shown, ...]]:
    """Return up to so many acts of each case, the most telling first; a fixed number of statements."""
    return _shown(session, hit_rows(session, sorted(set(case_ids))), per_case)


def _shown(session: Session, hits: Sequence[Any], per_case: int) -> dict[int, tuple[Shown, ...]]:
    chosen = _best((row for row in reversed(hits) if stands(row)), per_case)
    contents = contents_of(session, {_texts_of(row) for _, row in chosen})
    found: dict[int, list[Shown]] = defaultdict(list)
    for case_id, row in chosen:
        trio = contents.trios[row.interaction_id]
        own, target = (contents.shown(row.platform, part) for part in (trio.own, trio.target))
        found[case_id].append(
            Shown(
                hit=hit_brief(row),
                explanation=row.explanation or "",
                own=own[0] if own else None,
                target=target[0] if target else None,
                spans=tuple(Span(**span) for span in row.spans or ()),
                stance_spans=tuple(Span(**span) for span in row.stance_spans or ()),
            )
        )
    return {case_id: tuple(shown) for case_id, shown in found.items()}


def _texts_of(row: Any) -> ActTexts:
    return ActTexts(row.interaction_id, row.platform, row.target_id, row.own_item_key, row.target_author_account_id)


def _best(rows: Iterable[Any], per_case: int) -> list[tuple[int, Any]]:
    """Choose one hit an act, those of the highest level first, then the newest; rows come newest first."""
    by_act: dict[tuple[int, int], Any] = {}
    for row in rows:
        kept = by_act.get((row.case_id, row.interaction_id))
        if kept is None or _LEVELS[row.level] > _LEVELS[kept.level]:
            by_act[row.case_id, row.interaction_id] = row
    of_case: dict[int, list[Any]] = defaultdict(list)
    for (case_id, _), row in by_act.items():
        of_case[case_id].append(row)
    return [
        (case_id, row)
        for case_id, held in of_case.items()
        for row in sorted(held, key=lambda row: (-_LEVELS[row.level], -row.id))[:per_case]
    ]
