"""Elections, contests, stages, pairs and their accounts."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import JSON, Utc, choice, col, differ, key, metadata, ref, token
from monitor.domain import AccountKind, CandidateRole, CandidateStatus, Office, Regime, StageKind

election = sa.Table(
    "election",
    metadata,
    key(),
    col("regime", choice(Regime, "regime"), "Which election law governs it."),
    col("year", sa.Integer, "Year of the vote."),
    sa.UniqueConstraint("regime", "year"),
    comment="Elections; one regime in one year.",
)

contest = sa.Table(
    "contest",
    metadata,
    key(),
    ref("election_id", "election.id", "The election it is part of."),
    col("name", sa.String(255), "Name as printed."),
    col("region", sa.String(32), "Region code; empty for the whole country."),
    col("office", choice(Office, "office"), "Office that is filled."),
    col("regime", choice(Regime, "regime"), "Which election law governs it."),
    col("law", sa.String(64), "Law profile that overrides the person's own, for ASN.", null=True),
    ref("batch_id", "roster_batch.id", "Import that last changed it."),
    col("created_at", Utc, "When it entered the register."),
    col("changed_at", Utc, "When it last changed."),
    sa.UniqueConstraint("name", "region", "office"),
    comment="Contests.",
)

stage = sa.Table(
    "stage",
    metadata,
    ref("contest_id", "contest.id", "The contest.", primary_key=True),
    col("kind", choice(StageKind, "kind"), "Which stage.", primary_key=True),
    col("starts_at", Utc, "Start; it lasts until the next one starts."),
    comment="Stages of contests, half-open.",
)

candidate = sa.Table(
    "candidate",
    metadata,
    key(),
    ref("contest_id", "contest.id", "The contest.", index=False),
    col("number", sa.Integer, "Ballot number."),
    col("label", sa.Text, "The pair as screens name it."),
    col("removed_at", Utc, "When a newer register left it out; NULL while it stands.", null=True),
    sa.UniqueConstraint("contest_id", "number"),
    comment="Pairs, or single candidates.",
)

candidate_person = sa.Table(
    "candidate_person",
    metadata,
    key(),
    ref("candidate_id", "candidate.id", "The pair.", index=False),
    col("role", choice(CandidateRole, "role"), "Place in the pair."),
    col("official_name", sa.Text, "Name as the election body prints it."),
    sa.UniqueConstraint("candidate_id", "role"),
    comment="People of a pair.",
)

candidate_status = sa.Table(
    "candidate_status",
    metadata,
    ref("candidate_id", "candidate.id", "The pair.", primary_key=True),
    col("position", sa.Integer, "Order in time.", primary_key=True),
    col("status", choice(CandidateStatus, "status"), "What the pair is from then on."),
    col("starts_at", Utc, "Start of the status; NULL only in registers that a scan refuses.", null=True),
    comment="Status of a pair over time.",
)

alias = sa.Table(
    "alias",
    metadata,
    key(),
    ref("candidate_id", "candidate.id", "The pair.", index=False),
    ref("candidate_person_id", "candidate_person.id", "The person, for short names.", null=True),
    col("kind", token("kind", "alias", "slogan", "hashtag", "party", "short_name"), "What the words are."),
    col("position", sa.Integer, "Order in the register, within the kind."),
    col("text", sa.Text, "The words."),
    col("requires", JSON, "Words of which one must stand in the text too.", server_default="[]"),
    col("excludes", JSON, "Words of which none may stand in the text.", server_default="[]"),
    sa.UniqueConstraint("candidate_id", "kind", "position"),
    comment="Words by which a text names a pair.",
)

candidate_account = sa.Table(
    "candidate_account",
    metadata,
    ref("candidate_id", "candidate.id", "The pair.", primary_key=True),
    ref("account_id", "account.id", "The account.", primary_key=True, index=True),
    col("kind", choice(AccountKind, "kind"), "How the register knows it."),
    col("ground", sa.Text, "Why a personal or volunteer account is watched."),
    col("position", sa.Integer, "Order in the register."),
    ref("batch_id", "roster_batch.id", "Import that brought it or last changed it."),
    col("proposed_by", sa.Text, "User whose import brought it."),
    col("confirmed_by", sa.Text, "Second user; personal and volunteer accounts are not scanned before.", null=True),
    col("confirmed_at", Utc, "When the second user confirmed it.", null=True),
    differ("proposed_by", "confirmed_by", "two_people"),
    comment="Accounts of pairs.",
)

neutral_account = sa.Table(
    "neutral_account",
    metadata,
    ref("contest_id", "contest.id", "The contest whose register names it.", primary_key=True),
    ref("account_id", "account.id", "The account.", primary_key=True, index=True),
    col("kind", choice(AccountKind, "kind"), "election_body, news or government."),
    col("position", sa.Integer, "Order in the register."),
    sa.CheckConstraint("kind IN ('election_body', 'news', 'government')", name="neutral"),
    comment="Accounts of bodies that speak about candidates without supporting one.",
)
