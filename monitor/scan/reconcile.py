"""The last part of a night: hits into cases, and the sums that prove none was lost."""

from __future__ import annotations

from dataclasses import replace

from db import grouping, legal_clocks, patterns, runs, suppressions
from monitor.domain import CaseCounts, Issue
from monitor.review.grouping import group
from monitor.scan.parts import Parts, Ruling
from monitor.scan.patterns import refresh_patterns

_BY = "program"


def reconcile(parts: Parts, run_id: int | None, ruling: Ruling) -> tuple[CaseCounts, list[Issue]]:
    """Count patterns and group what was hit into cases in one transaction, then check that every hit is in one.

    Returns the counts and what a person must look at; `run_id` None (an import) leaves issues unrecorded.
    """
    now = parts.clock()
    with parts.database.write() as session:
        hidden, back = suppressions.bring_up_to_date(session, now)
        changed = refresh_patterns(session, ruling, now)
        hits = grouping.ungrouped_hits(session)
        people = {hit.person_id for hit in hits} | changed
        known = grouping.cases_of(session, people)
        held = grouping.held_acts(session, {hit.interaction_id for hit in hits})
        plan = group(hits, known, held, patterns.patterns_of(session, people))
        counts = grouping.apply_grouping(session, plan, now, _BY)
        legal_clocks.refresh(session, now)
        lost = grouping.ungrouped_hits(session)
        issues = [
            Issue(
                source="", kind="lost_hit", detail=f"indikasi {hit.hit_id} tidak berada dalam informasi awal mana pun"
            )
            for hit in lost
        ]
        if run_id is not None:
            runs.add_issues(session, run_id, issues)
    return replace(counts, hidden=hidden, back=back), issues
