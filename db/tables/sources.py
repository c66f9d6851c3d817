"""Sources and nights: policies, budgets, runs, coverage, issues, checkpoints."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import HASH, JSON, Utc, choice, col, key, metadata, ref
from monitor.domain import Act, Coverage, Direction, Outcome

source_policy = sa.Table(
    "source_policy",
    metadata,
    key(),
    col("source", sa.String(32), "Source name."),
    col("policy_hash", HASH, "Hash of the policy record."),
    col("policy", sa.Text, "The policy record as JSON text."),
    col("noted_at", Utc, "When it was first used, or used again after another one."),
    sa.Index("ix_source_policy_source_id", "source", "id"),
    comment="History of the recorded legal bases by which sources were read.",
)

budget_ledger = sa.Table(
    "budget_ledger",
    metadata,
    col("source", sa.String(32), "Source name.", primary_key=True),
    col("day", sa.Date, "Day in the time zone in which the platform's day turns.", primary_key=True),
    col("requests", sa.BigInteger, "Requests made on that day."),
    col("units", sa.BigInteger, "Units of the platform's quota spent.", server_default="0"),
    col("buckets", JSON, "Units spent of quotas of their own, by bucket.", server_default="{}"),
    col("micros", sa.BigInteger, "Money spent, in millionths of the manifest's currency.", server_default="0"),
    comment="What was spent of each source's caps, quota and money.",
)

source_target = sa.Table(
    "source_target",
    metadata,
    key(),
    col("source", sa.String(32), "Source name."),
    col("direction", choice(Direction, "direction"), "From which side it is read."),
    ref("account_id", "account.id", "The account that is read."),
    col("since", Utc, "How far back it must be read; NULL means all.", null=True),
    col("complete_until", Utc, "Until when its listing is known to be complete.", null=True),
    col("last_run_at", Utc, "When it was last visited.", null=True),
    col("last_good_at", Utc, "When a visit last ended well.", null=True),
    sa.UniqueConstraint("source", "direction", "account_id"),
    comment="What is read again and again, and how far each target is known.",
)

scan_run = sa.Table(
    "scan_run",
    metadata,
    key(),
    col("query_hash", HASH, "Hash of what was asked; the same question resumes an unfinished run."),
    col("started_at", Utc, "When it began."),
    col("finished_at", Utc, "When it ended; NULL while unfinished.", null=True, index=True),
    col("resumed_at", Utc, "When it was last taken up again after a stop.", null=True),
    col("ok", sa.Boolean, "Whether nobody needs to look; NULL while unfinished.", null=True),
    col("summary", JSON, "The printed summary.", null=True),
    col(
        "database_since",
        Utc,
        "Since when the database's server was up, as the night last looked; NULL where it is a file.",
        null=True,
    ),
    sa.Index("ix_scan_run_query_hash_id", "query_hash", "id"),
    comment="Nights.",
)

target_run = sa.Table(
    "target_run",
    metadata,
    key(),
    ref("run_id", "scan_run.id", "The night.", index=False),
    col("source", sa.String(32), "Source name."),
    col("direction", choice(Direction, "direction"), "From which side it was read."),
    col("target", sa.Text, "Stable id of the account, or name of the imported file."),
    col("outcome", choice(Outcome, "outcome"), "How the visit ended."),
    col("requests", sa.Integer, "Requests made."),
    col("items", sa.Integer, "Texts read."),
    col("interactions", sa.Integer, "Registered acts seen."),
    col("bystanders_discarded", sa.BigInteger, "Acts of people who are not in the register; counted, never stored."),
    col("started_at", Utc, "First request.", null=True),
    col("finished_at", Utc, "Last answer.", null=True),
    sa.UniqueConstraint("run_id", "source", "direction", "target"),
    sa.Index("ix_target_run_source_target_id", "source", "target", "id"),
    comment="Visits to targets.",
)

target_coverage = sa.Table(
    "target_coverage",
    metadata,
    ref("target_run_id", "target_run.id", "The visit.", primary_key=True),
    col("act", choice(Act, "act"), "The verb.", primary_key=True),
    col("coverage", choice(Coverage, "coverage"), "What could be seen of it."),
    comment="Coverage per verb of a visit; silence is never shown as innocence.",
)

scan_issue = sa.Table(
    "scan_issue",
    metadata,
    key(),
    ref("run_id", "scan_run.id", "The night."),
    col("source", sa.String(32), "Source name."),
    col("kind", sa.String(64), "Token of the kind of issue."),
    col("target", sa.Text, "Target concerned; empty when it is the source."),
    col("detail", sa.Text, "What a person should know."),
    col("needs_person", sa.Boolean, "Whether the run is not ok because of it."),
    comment="Warnings as data.",
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    col("source", sa.String(32), "Source name.", primary_key=True),
    col("direction", choice(Direction, "direction"), "From which side it is read.", primary_key=True),
    col("target", sa.Text, "Stable id of the account.", primary_key=True),
    col("query", HASH, "Hash of what was asked; another question does not resume here."),
    col("mapper", sa.String(64), "Mapper and version; another version does not resume here."),
    col("frontier", sa.Text, "Open requests as JSON text."),
    col("sums", sa.Text, "Running sums as JSON text."),
    col("saved_at", Utc, "When it was saved."),
    col("expires_at", Utc, "When the platform's cursors are no longer good.", index=True),
    comment="Where a visit stood, so that a killed run goes on.",
)
