"""Tables whose rows never change: the triggers that hold it, by name, so that `verify` can find one missing."""

from __future__ import annotations

APPEND_ONLY = (
    "review_event",
    "audit_log",
    "item_version",
    "evidence_file",
    "evidence_manifest",
    "retention_event",
    "source_policy",
    "hit_verdict",
    "rule_backtest",
    "ruleset",
    "rule_version",
    "law_profile",
    "import_file",
    "observation",
    "run_capture",
    "warc_file",
    "timestamp_token",
    "screenshot",
    "form_issue",
)
"""UPDATE and DELETE raise."""

EARLIER_ONLY = ("capture",)
"""DELETE raises, and UPDATE unless it puts an earlier fetch of the same bytes in the row's place."""


def trigger_names(table: str) -> tuple[str, str]:
    """Return the names of the two triggers that guard a table."""
    return f"{table}_no_update", f"{table}_no_delete"
