"""What a list was asked for, in the words of its URL."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from monitor.domain import Act, AfterKey, CaseFilter, CaseState
from monitor.web.tokens import member, whole_number

PAGE = 50
EVERYTHING = "semua"


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a list; words that mean nothing are dropped rather than answered with an error."""

    states: tuple[CaseState, ...] = ()
    everything: bool = False
    candidate: int | None = None
    act: Act | None = None
    text: str = ""
    unqueued: bool = False
    after: AfterKey | None = None

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.states or self.everything or self.candidate or self.act or self.text or self.unqueued)

    def case_filter(self, scope: tuple[str, ...] | None, limit: int = PAGE) -> CaseFilter:
        """Return what to ask the database for, within the places that the user may see."""
        return CaseFilter(
            states=self.states,
            open_only=not self.states and not self.everything,
            scope=scope,
            unqueued=self.unqueued,
            candidate_id=self.candidate,
            act=self.act,
            text=self.text,
            after=self.after,
            limit=limit,
        )

    def url(self, after: AfterKey | None = None) -> str:
        """Return the address of this list, from its start or after a row."""
        words = {
            "status": EVERYTHING if self.everything else ",".join(state.value for state in self.states),
            "pasangan": str(self.candidate or ""),
            "tindakan": self.act.value if self.act else "",
            "cari": self.text,
            "tanpa_antrean": "ya" if self.unqueued else "",
            "sesudah": cursor(after) if after else "",
        }
        query = urlencode({name: value for name, value in words.items() if value})
        return "/antrean" + (f"?{query}" if query else "")


def read_asked(words: Mapping[str, str]) -> Asked:
    """Read the filters from a query string."""
    status = words.get("status", "")
    act, candidate = words.get("tindakan", ""), words.get("pasangan", "")
    return Asked(
        states=tuple(state for token in status.split(",") if (state := member(CaseState, token))),
        everything=status == EVERYTHING,
        candidate=whole_number(candidate),
        act=member(Act, act),
        text=" ".join(words.get("cari", "").replace("\x00", "").split())[:100],
        unqueued=words.get("tanpa_antrean") == "ya",
        after=read_cursor(words.get("sesudah", "")),
    )


def cursor(after: AfterKey) -> str:
    """Return a place in a list as it stands in a URL."""
    return f"{after.id}~{after.value}"


def read_cursor(text: str) -> AfterKey | None:
    """Read a place in a list; None for anything else."""
    head, separator, value = text.partition("~")
    number = whole_number(head)
    if number is None or not separator or len(value) > 64:
        return None
    try:
        priority = float(value)
    except ValueError:
        return None
    return AfterKey(priority, number) if math.isfinite(priority) else None
