"""What people bring: lent credentials, captured files, and finds reported by hand."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import HASH, Utc, choice, col, key, metadata, ref, token
from monitor.domain import Act

source_credential = sa.Table(
    "source_credential",
    metadata,
    key(),
    col("source", sa.String(32), "Source name."),
    col("slot", sa.String(200), "Slot of the manifest; an owner's token is `owner:<stable id>`."),
    ref("account_id", "account.id", "Account whose owner lent it; NULL for the office's own.", null=True),
    col("sealed", sa.LargeBinary, "The secret, sealed; NULL when revoked.", null=True),
    col("purpose", sa.Text, "What it was lent for."),
    col("added_by", sa.Text, "Who entered it."),
    col("added_at", Utc, "When it was entered."),
    col("expires_at", Utc, "Until when it may be used."),
    col("revoked_by", sa.Text, "Who took it back.", null=True),
    col("revoked_at", Utc, "When it was taken back.", null=True),
    col("last_used_at", Utc, "When a run last used it.", null=True),
    sa.Index("ix_source_credential_source_slot", "source", "slot"),
    comment="Keys and lent tokens; the secret is sealed and never shown.",
)

import_file = sa.Table(
    "import_file",
    metadata,
    key(),
    col("sha256", HASH, "Hash of the file as it was brought.", index=True),
    col("name", sa.Text, "Its name without folders."),
    col("size", sa.BigInteger, "Bytes."),
    col("format", sa.String(64), "Reader that took it."),
    col("tool", sa.Text, "Tool and version that made it, when the file says so."),
    col("collector", sa.Text, "Who captured it."),
    col("supplier", sa.Text, "Who sold or gave it; empty for the office's own captures."),
    col("basis", sa.Text, "On what ground it may be used; empty where the policy says it."),
    col("captured_from", Utc, "Earliest capture in it.", null=True),
    col("captured_to", Utc, "Latest capture in it.", null=True),
    col("records", sa.BigInteger, "Records in it."),
    col("taken", sa.BigInteger, "Records read."),
    col("skipped", sa.BigInteger, "Records skipped, with reasons in the report of the import."),
    col("imported_at", Utc, "When."),
    comment="Imports of captured files; append-only.",
)

manual_find = sa.Table(
    "manual_find",
    metadata,
    key(),
    col("key", HASH, "Idempotency key: kind, act, account and address.", unique=True),
    col("kind", token("kind", "laporan", "pengawasan"), "Report of a citizen, or find of an officer."),
    ref("account_id", "account.id", "Registered account that acted."),
    ref("asn_id", "asn.id", "Person whose account it was then."),
    col("act", choice(Act, "act"), "What it did."),
    col("platform", sa.String(32), "Platform name."),
    col("url", sa.Text, "Address of the content."),
    ref("capture_id", "capture.id", "What was entered, as kept.", index=False),
    col("screenshot", HASH, "Hash of the screenshot in the evidence store.", null=True),
    col("seen_at", Utc, "When the finder saw it."),
    col("received_at", Utc, "When the office got it."),
    col("received_by", sa.Text, "Who entered it."),
    col("note", sa.Text, "What the finder said about the circumstances; empty when nothing."),
    comment="Finds entered by hand, about registered people only.",
)

reporter = sa.Table(
    "reporter",
    metadata,
    ref("find_id", "manual_find.id", "The report.", primary_key=True),
    col("sealed", sa.LargeBinary, "Name and contact, sealed; NULL when purged.", null=True),
    col("wants_anonymity", sa.Boolean, "Whether the reporter asked not to be named."),
    col("purged_at", Utc, "When retention emptied the row.", null=True),
    comment="Who reported, kept apart from what was reported; every look at it is on the audit log.",
)
