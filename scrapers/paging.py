"""Going from page to page, and noticing when that leads nowhere."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.domain import EndKind

State = Mapping[str, str | int | float | bool | None]
BLANK_PAGES = 5  # pages without an entry that still name a next one


@dataclass(frozen=True, slots=True)
class Turn:
    """What follows a page: the state for the next request, or why there is none, with a reason for a person."""

    state: State = field(default_factory=dict)
    end: EndKind | None = None
    reason: str = ""


def turn(state: State, cursor: str | None, listed: int, most: int | None) -> Turn:
    """Decide what follows a page that named `cursor` and listed so many entries; `most` is the page limit.

    A cursor seen before is found with one remembered mark that moves on at every power of two (Brent), so the state
    stays small however long the listing is.
    """
    if not cursor:
        return Turn(end=EndKind.EXHAUSTED)
    page = _number(state, "page") + 1
    blank = 0 if listed else _number(state, "blank") + 1
    token = hashlib.sha256(cursor.encode("utf-8", "replace")).hexdigest()[:24]
    mark, until = state.get("mark"), _number(state, "until") or 1
    if token == mark:
        return Turn(end=EndKind.SUSPICIOUS_EMPTY, reason="penanda halaman berputar di tempat")
    if blank >= BLANK_PAGES:
        return Turn(end=EndKind.SUSPICIOUS_EMPTY, reason=f"{blank} halaman kosong berturut-turut")
    if most is not None and page >= most:
        return Turn(end=EndKind.CAP_REACHED, reason=f"berhenti setelah {page} halaman")
    if page >= until:
        mark, until = token, page * 2
    return Turn(state={**state, "page": page, "blank": blank, "mark": mark, "until": until})


def fresh(state: State) -> State:
    """Return the state without what belongs to the pages of one listing, for the first page of another."""
    return {key: value for key, value in state.items() if key not in ("page", "blank", "mark", "until")}


def _number(state: State, key: str) -> int:
    value = state.get(key)
    return value if isinstance(value, int) else 0
