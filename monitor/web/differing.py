"""What became different about a case since a page of it was shown, in words."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain import CaseDetail, CaseState, EventRow


@dataclass(frozen=True, slots=True)
class News:
    """The events since, and between which states they moved the case; equal where it did not move."""

    events: tuple[EventRow, ...]
    before: CaseState
    after: CaseState

    @property
    def moved(self) -> bool:
        """Whether the case stands elsewhere now."""
        return self.before is not self.after

    @property
    def people(self) -> tuple[str, ...]:
        """Who was at it, once each."""
        return tuple(dict.fromkeys(event.user_name for event in self.events if event.user_id is not None))


def news_since(detail: CaseDetail, seen: int) -> News:
    """Return what happened to a case after the event that a page showed as its last; 0 where it showed none."""
    later = tuple(event for event in detail.events if event.seq > seen)
    earlier = [event.to_state for event in detail.events if event.seq <= seen and event.to_state is not None]
    before = earlier[-1] if earlier else detail.row.state
    return News(later, before, detail.row.state)
