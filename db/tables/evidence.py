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

run_capture = sa.Table(
    "run_capture",
    metadata,
    ref("run_id", "scan_run.id", "The night.", primary_key=True),
    ref("capture_id", "capture.id", "An answer that it received and kept.", primary_key=True, index=True),
    col("fetched_at", Utc, "When this night received it; `capture` tells of the first time."),
    col("status", sa.Integer, "HTTP status this time."),
    col("headers", JSON, "Response headers this time, in order, as pairs."),
    comment="Which nights received which answers; a night's WARC is written from it.",
)

warc_file = sa.Table(
    "warc_file",
    metadata,
    key(),
    ref("run_id", "scan_run.id", "The night.", unique=True, index=False),
    col("name", sa.Text, "Its name in the evidence store."),
    col("sha256", HASH, "Hash of the WARC as it opens."),
    col("sealed_sha256", HASH, "Seal of the file: hash over the heads of its stretches, which outlive a purge."),
    col("size", sa.BigInteger, "Bytes of the file as it was written."),
    col("records", sa.Integer, "Records in it."),
    col("created_at", Utc, "When it was written."),
    comment="One sealed WARC for every night that kept an answer; append-only.",
)

evidence_manifest = sa.Table(
    "evidence_manifest",
    metadata,
    key(),
    ref("case_id", "review_case.id", "The case.", index=False),
    col("sequence", sa.Integer, "1 for the case's first manifest."),
    col("sha256", HASH, "The manifest as a file in the evidence store: files, hashes, capturers, pointers."),
    col("prev_hash", HASH, "Hash of the case's manifest before, zeros for the first."),
    col("hash", HASH, "Hash of this row and the one before.", unique=True),
    col("created_at", Utc, "When it was made."),
    col("evidence_hash", HASH, "Hash of what it says of the evidence, without its number and time."),
    col("mark", sa.Text, "Counts of what the case rested on; a case with another one may need a new manifest."),
    ref("audit_id", "audit_log.id", "The audit row that records its making, with a hash over all made with it."),
    sa.UniqueConstraint("case_id", "sequence"),
    comment="Chained manifests of a case's evidence; append-only. The file may be purged, the chain stays.",
)

timestamp_token = sa.Table(
    "timestamp_token",
    metadata,
    key(),
    ref("manifest_id", "evidence_manifest.id", "The manifest whose hash it stamps."),
    col("authority", sa.Text, "Address of the authority that answered."),
    col("token", sa.LargeBinary, "The authority's whole answer with the RFC 3161 token (DER)."),
    col("stamped_at", Utc, "The time in the token."),
    col("created_at", Utc, "When it was received."),
    sa.UniqueConstraint("manifest_id", "authority"),
    comment="RFC 3161 timestamps of manifests; append-only, a token may come later than its manifest.",
)

screenshot = sa.Table(
    "screenshot",
    metadata,
    key(),
    ref("item_id", "item.id", "The text that the page shows."),
    col("state", token("state", "lengkap", "sebagian", "login_wall", "hilang", "gagal"), "What came of it."),
    col("sha256", HASH, "The picture as taken, sealed.", sa.ForeignKey("evidence_file.sha256"), null=True),
    col("masked_sha256", HASH, "The readable copy, others masked.", sa.ForeignKey("evidence_file.sha256"), null=True),
    col("width", sa.Integer, "Pixels.", null=True),
    col("height", sa.Integer, "Pixels.", null=True),
    col("browser", sa.Text, "What took it, with version; empty when an officer brought it."),
    col("collector", sa.Text, "Officer who brought it; empty for the program."),
    col("detail", sa.Text, "Why it is not complete."),
    col("taken_at", Utc, "When."),
    sa.Index("ix_screenshot_item_taken", "item_id", "taken_at"),
    comment="Pictures of public pages; append-only.",
)

form_issue = sa.Table(
    "form_issue",
    metadata,
    key(),
    ref("case_id", "review_case.id", "The case.", index=False),
    col("form", token("form", "a", "b2", "rekomendasi", "sbt"), "Which form."),
    col("version", sa.Integer, "1 for the first that was issued."),
    col("sha256", HASH, "The document as issued, sealed.", sa.ForeignKey("evidence_file.sha256")),
    col("template_sha256", HASH, "Hash of the template that it was filled from."),
    col("reason", sa.Text, "Why a new version was needed; empty for the first."),
    ref("issued_by", "app_user.id", "Who issued it."),
    col("issued_at", Utc, "When."),
    sa.UniqueConstraint("case_id", "form", "version"),
    comment="Forms as issued: locked, a change is a new version; append-only.",
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
