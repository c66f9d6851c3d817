"""Records about the program's own use: audit log and reports."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import BIG, HASH, JSON, Utc, col, key, metadata, ref

audit_log = sa.Table(
    "audit_log",
    metadata,
    key(),
    col("at", Utc, "When.", index=True),
    col("actor", sa.Text, "User name, or the program."),
    col("action", sa.String(64), "What was done.", index=True),
    col("subject", sa.String(255), "On what, as kind:key.", index=True),
    col("detail_hash", HASH, "Hash of the detail in the side row."),
    col("prev_hash", HASH, "Hash of the row before; zeros for the first.", unique=True),
    col("hash", HASH, "Hash of this row and the one before.", unique=True),
    comment="Who did or saw what; append-only and hash-chained.",
)

audit_detail = sa.Table(
    "audit_detail",
    metadata,
    ref("audit_id", "audit_log.id", "The row.", primary_key=True),
    col("detail", sa.Text, "Facts as canonical JSON text; NULL when purged.", null=True),
    col("purged_at", Utc, "When retention emptied it.", null=True),
    comment="Details of audit rows; retention empties them, the hash stays.",
)

report_run = sa.Table(
    "report_run",
    metadata,
    key(),
    col("kind", sa.String(32), "Which report."),
    col("jurisdiction", sa.String(32), "Region code it covers; empty for the whole country."),
    col("parameters", JSON, "What was asked."),
    col("as_of", BIG, "Last review event it knows."),
    col("file_name", sa.Text, "Name of the file."),
    col("sha256", HASH, "Hash of the file; the same question gives the same bytes.", index=True),
    ref("user_id", "app_user.id", "Who asked; NULL for the schedule.", null=True),
    col("created_at", Utc, "When it was made."),
    comment="Reports made, with their hashes.",
)
