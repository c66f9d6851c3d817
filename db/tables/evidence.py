"""What acts rest on: kept answers, files, manifests, and what retention removed."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import HASH, JSON, Utc, col, key, metadata, ref, token

evidence_file = sa.Table(
    "evidence_file",
    metadata,
    col("sha256", HASH, "Hash of the body as received.", primary_key=True),
    col("size", sa.BigInteger, "Bytes."),
    col("origin", token("origin", "program", "officer"), "Who brought it."),
    comment="Sealed bodies in the evidence store; append-only.",
)

capture = sa.Table(
    "capture",
    metadata,
    key(),
    col("source", sa.String(32), "Source name."),
    col("endpoint", sa.String(128), "Which call it answered."),
    col("url", sa.Text, "Address asked."),
    col("url_hash", HASH, "Hash of the address, for uniqueness at any length."),
    col("final_url", sa.Text, "Address that answered."),
    col("status", sa.Integer, "HTTP status."),
    col("headers", JSON, "Response headers, in order, as pairs."),
    col("sha256", HASH, "The body.", sa.ForeignKey("evidence_file.sha256"), index=True),
    col("size", sa.BigInteger, "Bytes of the body."),
    col("fetched_at", Utc, "When it came; of equal answers the earliest stands."),
    col("mapper", sa.String(64), "Mapper and version that read it."),
    col("collector", sa.Text, "Officer who captured it; empty for the program."),
    col("request", sa.Text, "The call it answered, as JSON text, to read it again; NULL for files.", null=True),
    sa.UniqueConstraint("source", "url_hash", "sha256"),
    comment="Kept answers; a row only ever gives way to an earlier fetch of the same bytes.",
)

interaction_capture = sa.Table(
    "interaction_capture",
    metadata,
    ref("interaction_id", "interaction.id", "The act.", primary_key=True),
    ref("capture_id", "capture.id", "The answer that shows it.", primary_key=True, index=True),
    col("pointer", sa.Text, "Which part of the answer shows it."),
    comment="Which answers show which acts.",
)

item_capture = sa.Table(
    "item_capture",
    metadata,
    ref("item_id", "item.id", "The text.", primary_key=True),
    ref("capture_id", "capture.id", "The answer it was read in.", primary_key=True, index=True),
    col("pointer", sa.Text, "Which part of the answer holds it."),
    comment="Which answers hold which texts.",
)

evidence_manifest = sa.Table(
    "evidence_manifest",
    metadata,
    key(),
    ref("case_id", "review_case.id", "The case.", index=False),
    col("sequence", sa.Integer, "1 for the case's first manifest."),
    col("body", sa.Text, "The manifest as canonical JSON text: files, hashes, capturers, pointers."),
    col("prev_hash", HASH, "Hash of the case's manifest before, zeros for the first."),
    col("hash", HASH, "Hash of this manifest.", unique=True),
    col("timestamp_token", sa.LargeBinary, "RFC 3161 token, when an authority is configured.", null=True),
    col("created_at", Utc, "When it was made."),
    sa.UniqueConstraint("case_id", "sequence"),
    comment="Chained manifests of a case's evidence; append-only.",
)

retention_event = sa.Table(
    "retention_event",
    metadata,
    key(),
    col("at", Utc, "When."),
    col("actor", sa.Text, "User, or the program."),
    col("action", token("action", "purged", "held", "released", "exported"), "What was done."),
    col("subject_kind", sa.String(32), "Table of the subject."),
    col("subject_id", sa.String(64), "Key of the subject.", index=True),
    col("reason", sa.Text, "On what ground."),
    comment="What retention, holds and subject requests did; append-only.",
)
