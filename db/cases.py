"""Cases: one door to what `grouping`, `casework`, `case_lists` and `case_pages` do."""

from __future__ import annotations

from db.case_lists import identifier_of, list_cases, tallies
from db.case_pages import case_detail
from db.casework import (
    facts_of,
    live_twin,
    note_proposal,
    note_second_look,
    projection_faults,
    rebuild,
    record,
    why_before,
)
from db.grouping import (
    apply_grouping,
    cases_of,
    count_unqueued,
    held_acts,
    lost_hits,
    sync_queues,
    ungrouped_hits,
)

__all__ = [
    "apply_grouping",
    "case_detail",
    "cases_of",
    "count_unqueued",
    "facts_of",
    "held_acts",
    "identifier_of",
    "list_cases",
    "live_twin",
    "lost_hits",
    "note_proposal",
    "note_second_look",
    "projection_faults",
    "rebuild",
    "record",
    "sync_queues",
    "tallies",
    "ungrouped_hits",
    "why_before",
]
