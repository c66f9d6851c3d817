"""What the console keeps beside decisions: second factors, ways to sign in, skips, recusals, uploads, search words."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import HASH, JSON, Utc, col, key, metadata, ref, token

recovery_code = sa.Table(
    "recovery_code",
    metadata,
    key(),
    ref("user_id", "app_user.id", "The user."),
    col("code_hash", HASH, "Keyed hash of the code."),
    col("created_at", Utc, "When it was given out."),
    col("used_at", Utc, "When it stood in for the second factor.", null=True),
    sa.UniqueConstraint("user_id", "code_hash"),
    comment="Codes for whoever lost the second factor; each works once.",
)

sign_in_identity = sa.Table(
    "sign_in_identity",
    metadata,
    key(),
    ref("user_id", "app_user.id", "The user."),
    col("issuer", sa.String(255), "Provider that vouches, as its address."),
    col("subject", sa.String(255), "The user's stable id there."),
    col("linked_at", Utc, "When."),
    col("linked_by", sa.Text, "Who linked it."),
    sa.UniqueConstraint("issuer", "subject"),
    comment="Accounts of a sign-in provider (OpenID Connect) that belong to users.",
)

case_skip = sa.Table(
    "case_skip",
    metadata,
    ref("user_id", "app_user.id", "The user.", primary_key=True),
    ref("case_id", "review_case.id", "The case.", primary_key=True, index=True),
    col("skipped_at", Utc, "When; taking the next case passes over it for a while."),
    comment="Cases that a user passed over.",
)

recusal = sa.Table(
    "recusal",
    metadata,
    key(),
    ref("user_id", "app_user.id", "The reviewer."),
    ref("asn_id", "asn.id", "The watched person."),
    col("reason", token("reason", "keluarga", "instansi", "lainnya"), "What ties them."),
    col("declared_by", sa.Text, "Who said so."),
    col("declared_at", Utc, "When."),
    col("ended_at", Utc, "When it ceased.", null=True),
    sa.Index("uq_recusal_live", "user_id", "asn_id", unique=True,
             sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")),
    comment="Conflicts of interest: who may not judge whom.",
)  # fmt: skip

upload = sa.Table(
    "upload",
    metadata,
    key(),
    ref("user_id", "app_user.id", "Who uploaded it."),
    col("kind", token("kind", "capture", "asn", "akun", "kontes", "find"), "What it is meant to be."),
    col("file_name", sa.Text, "Its name without folders."),
    col("size", sa.BigInteger, "Bytes."),
    col("sha256", HASH, "Hash of the file.", index=True),
    col("stored_as", sa.Text, "Name of the sealed copy in the workspace; NULL once it is gone.", null=True),
    col("state", token("state", "tried", "done", "dropped"), "Dry run shown, taken in, or thrown away."),
    col("report", JSON, "What the dry run or the import said; no personal payload.", null=True),
    col("created_at", Utc, "When it came."),
    col("ended_at", Utc, "When it was taken in or thrown away.", null=True),
    col("phase", token("phase", "waiting", "checking", "asked", "ready", "refused", "taking", "failed"),
        "How far it got before it ended."),
    col("answers", JSON, "What a person said that the file does not say itself.", null=True),
    col("beat_at", Utc, "Last sign of life of the work on it; NULL while nothing works.", null=True),
    comment="Files brought through the console: a dry run first, then a person says go on.",
)  # fmt: skip

case_words = sa.Table(
    "case_words",
    metadata,
    ref("case_id", "review_case.id", "The case.", primary_key=True),
    col("words", sa.Text, "Names, handles, addresses and texts of the case, for searching."),
    col("made_at", Utc, "When they were put together."),
    comment="What full-text search looks into, one row a case; can be rebuilt at any time.",
)
