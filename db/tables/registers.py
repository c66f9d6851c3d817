"""The register: places, watched people, accounts, and who is known to own them."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import BIG, HASH, Utc, choice, col, differ, key, metadata, ref, token
from monitor.domain import AttributionStatus, Employment, IdentifierKind

jurisdiction = sa.Table(
    "jurisdiction",
    metadata,
    col("code", sa.String(32), "Dotted region code; '99.01' lies in '99'.", primary_key=True),
    col("parent_code", sa.String(32), "Code of the place that contains it.", null=True, index=True),
    col("name", sa.Text, "Name as printed; the code until a name is known."),
    col("timezone", sa.String(64), "IANA zone for screens; NULL follows the office.", null=True),
    comment="Places that cases and people belong to.",
)

roster_batch = sa.Table(
    "roster_batch",
    metadata,
    key(),
    col("kind", token("kind", "asn", "akun", "kontes"), "Which register the file is."),
    col("file_name", sa.Text, "Name of the file as the officer gave it."),
    col("sha256", HASH, "Hash of the file as imported."),
    col("stored_as", sa.Text, "Where the encrypted dated copy lies, relative to the workspace."),
    col("imported_by", sa.Text, "User who imported it."),
    col("imported_at", Utc, "When it was imported."),
    col("confirmed_by", sa.Text, "Second user who confirmed the batch; NULL until then.", null=True),
    col("confirmed_at", Utc, "When the second user confirmed it.", null=True),
    differ("imported_by", "confirmed_by", "two_people"),
    comment="One imported register file; no hand-over rests on it before a second user confirmed it.",
)

asn = sa.Table(
    "asn",
    metadata,
    key(),
    col("identifier_kind", choice(IdentifierKind, "identifier_kind"), "What number identifies the person."),
    col("identifier_sealed", sa.LargeBinary, "The number, encrypted."),
    col("identifier_blind", HASH, "Keyed hash of the number, for look-up only."),
    col("identifier_masked", sa.String(64), "The number with its middle hidden, for screens."),
    col("name", sa.Text, "Name as the register states it.", index=True),
    col("employment", choice(Employment, "employment"), "Kind of office; decides the law profile."),
    col("agency", sa.Text, "Agency the person works for."),
    col("position", sa.Text, "Position held."),
    col("jurisdiction", sa.String(32), "Region code that owns the person's cases; empty when unknown.", index=True),
    col("note", sa.Text, "Free note of the register."),
    ref("batch_id", "roster_batch.id", "Import that last changed the row."),
    col("created_at", Utc, "When the person entered the register."),
    col("changed_at", Utc, "When the row last changed."),
    sa.UniqueConstraint("identifier_kind", "identifier_blind"),
    comment="Watched people and institutions.",
)

account = sa.Table(
    "account",
    metadata,
    key(),
    col("platform", sa.String(32), "Platform name."),
    col("platform_user_id", sa.Text, "The platform's stable id; '@handle' while it is not resolved."),
    col("handle", sa.Text, "The handle seen last; a label, never a key.", null=True),
    col("handle_key", sa.Text, "That handle in lower case, for look-up.", null=True),
    col("resolved_at", Utc, "When the stable id became known; NULL while only a handle is known.", null=True),
    col("created_at", Utc, "When the account entered the register."),
    sa.UniqueConstraint("platform", "platform_user_id"),
    sa.Index("ix_account_handle", "platform", "handle_key"),
    sa.Index("ix_account_unresolved", "platform", "id", sqlite_where=sa.text("resolved_at IS NULL"),
             postgresql_where=sa.text("resolved_at IS NULL")),
    comment="Registered accounts only; bystanders have no row anywhere.",
)  # fmt: skip

account_handle = sa.Table(
    "account_handle",
    metadata,
    ref("account_id", "account.id", "The account.", primary_key=True),
    col("handle", sa.Text, "A handle it was seen under.", primary_key=True),
    col("first_seen_at", Utc, "Earliest time it was seen under this handle."),
    col("last_seen_at", Utc, "Latest time it was seen under this handle."),
    comment="Handles then and now.",
)

attribution = sa.Table(
    "attribution",
    metadata,
    key(),
    ref("account_id", "account.id", "The account."),
    ref("asn_id", "asn.id", "The person it is said to be."),
    col("status", choice(AttributionStatus, "status"), "proposed -> verified | rejected | revoked."),
    col("method", sa.Text, "How ownership was established."),
    col("evidence", sa.Text, "What proves it."),
    col("valid_from", sa.Date, "First day on which the account is the person's; NULL is open.", null=True),
    col("valid_to", sa.Date, "Last day on which the account is the person's; NULL is open.", null=True),
    col("proposed_by", sa.Text, "User who proposed it."),
    col("proposed_at", Utc, "When it was proposed."),
    col("verified_by", sa.Text, "Second user who verified, rejected or revoked it.", null=True),
    col("verified_at", Utc, "When the second user did.", null=True),
    ref("batch_id", "roster_batch.id", "Import that brought it; NULL when made at the desk.", null=True),
    col("link", sa.Text, "Public page that shows it.", null=True),
    col("capture_sha256", HASH, "Hash of a kept capture that shows it.", null=True),
    col("reason", sa.Text, "Why it was rejected, revoked or given other dates.", null=True),
    col("ended_by", sa.Text, "User who revoked it or took the proposal back.", null=True),
    col("ended_at", Utc, "When that was.", null=True),
    differ("proposed_by", "verified_by", "two_people"),
    sa.Index("ix_attribution_status", "status", "id"),
    sa.Index("uq_attribution_live", "account_id", "asn_id", unique=True,
             sqlite_where=sa.text("status IN ('proposed', 'verified')"),
             postgresql_where=sa.text("status IN ('proposed', 'verified')")),
    comment="Which account is which person's, and who says so.",
)  # fmt: skip

register_change = sa.Table(
    "register_change",
    metadata,
    key(),
    col("kind", token("kind", "account", "candidate_account", "contest", "person"), "What changed."),
    col("reason", token("reason", "added", "verified", "redated", "changed", "resolved", "removed"), "How it changed."),
    ref("account_id", "account.id", "The account concerned.", null=True),
    ref("asn_id", "asn.id", "The person concerned.", null=True),
    col("contest_id", BIG, "The contest concerned.", sa.ForeignKey("contest.id"), null=True, index=True),
    col("candidate_id", BIG, "The pair concerned.", sa.ForeignKey("candidate.id"), null=True, index=True),
    col("created_at", Utc, "When it changed."),
    col("done_at", Utc, "When the backfill it asks for was finished; NULL while queued.", null=True),
    sa.Index("ix_register_change_open", "id", sqlite_where=sa.text("done_at IS NULL"),
             postgresql_where=sa.text("done_at IS NULL")),
    comment="Queue of backfills that register changes ask for.",
)  # fmt: skip
