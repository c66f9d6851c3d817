"""Rule sets, judgements, hits, and what people decided about rules."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import BIG, HASH, JSON, Utc, choice, col, differ, key, metadata, ref, token
from monitor.domain import CandidateStatus, JudgementOutcome, Level, RuleStatus, StageKind, Stance, Tier

ruleset = sa.Table(
    "ruleset",
    metadata,
    key(),
    col("hash", HASH, "Hash of rules, law, lexicon, aliases and engine version.", unique=True),
    col("detail", JSON, "What the hash is made of."),
    col("created_at", Utc, "When it first judged."),
    comment="Rule sets that judged anything.",
)

rule_version = sa.Table(
    "rule_version",
    metadata,
    key(),
    col("rule_id", sa.String(128), "Name of the rule; never reused."),
    col("version", sa.Integer, "Rises when the content changes."),
    col("content_hash", HASH, "Hash of the rule's file."),
    col("first_used_at", Utc, "When a rule set first held it."),
    sa.UniqueConstraint("rule_id", "version", "content_hash"),
    comment="Versions of rules that judged anything.",
)

ruleset_rule = sa.Table(
    "ruleset_rule",
    metadata,
    ref("ruleset_id", "ruleset.id", "The rule set.", primary_key=True),
    ref("rule_version_id", "rule_version.id", "The rule.", primary_key=True, index=True),
    col("status", choice(RuleStatus, "status"), "Status it judged with."),
    comment="Which rules a rule set holds.",
)

law_profile = sa.Table(
    "law_profile",
    metadata,
    ref("ruleset_id", "ruleset.id", "The rule set.", primary_key=True),
    col("profile", sa.String(64), "Name of the law profile.", primary_key=True),
    col("title", sa.Text, "Title as printed."),
    col("content", JSON, "The whole profile: rows, clocks, addressees, sources, dates."),
    comment="Law profiles as they judged.",
)

judgement = sa.Table(
    "judgement",
    metadata,
    key(),
    ref("interaction_id", "interaction.id", "The act.", index=False),
    ref("ruleset_id", "ruleset.id", "The rule set that judged."),
    col("result_hash", HASH, "Hash of everything it says."),
    col("outcome", choice(JudgementOutcome, "outcome"), "hit, error, not_evaluable or miss."),
    col("current", sa.Boolean, "Whether it stands; older ones stay as history."),
    col("near_misses", JSON, "Rules that came close, with reasons.", null=True),
    col("not_evaluable", JSON, "Rules that could not be decided, with reasons.", null=True),
    col("errors", JSON, "Errors while judging.", null=True),
    col("judged_at", Utc, "When."),
    sa.UniqueConstraint("interaction_id", "ruleset_id", "result_hash"),
    sa.Index("uq_judgement_current", "interaction_id", unique=True, sqlite_where=sa.text("current"),
             postgresql_where=sa.text("current")),
    sa.Index("ix_judgement_current_outcome", "outcome", "id", sqlite_where=sa.text("current"),
             postgresql_where=sa.text("current")),
    comment="What rule sets said of acts.",
)  # fmt: skip

suppression = sa.Table(
    "suppression",
    metadata,
    key(),
    col("rule_id", sa.String(128), "Only hits of this rule; NULL for all.", null=True),
    ref("asn_id", "asn.id", "Only hits of this person; NULL for all.", null=True),
    ref("candidate_id", "candidate.id", "Only hits for this pair; NULL for all.", null=True),
    col("reason", sa.Text, "Why they are hidden."),
    ref("proposed_by", "app_user.id", "User who proposed it.", index=False),
    col("proposed_at", Utc, "When it was proposed."),
    ref("approved_by", "app_user.id", "Second user; without one it hides nothing.", null=True, index=False),
    col("approved_at", Utc, "When the second user approved it.", null=True),
    col("expires_at", Utc, "When it ends; every suppression ends."),
    col("hidden", sa.BigInteger, "Hits it hid so far.", default=0),
    ref("account_id", "account.id", "Of those, only acts of this account; NULL for all.", null=True, index=False),
    col("jurisdiction", sa.String(32), "Of those, only people of this place or below; NULL for all.", null=True),
    ref("ended_by", "app_user.id", "User who ended it early, or refused it.", null=True, index=False),
    col("ended_at", Utc, "When it was ended early or refused; NULL while it runs.", null=True),
    differ("proposed_by", "approved_by", "two_people"),
    sa.CheckConstraint("rule_id IS NOT NULL OR asn_id IS NOT NULL OR candidate_id IS NOT NULL", name="scoped"),
    comment="Hits that two people agreed not to show, for a time.",
)

rule_hit = sa.Table(
    "rule_hit",
    metadata,
    key(),
    ref("interaction_id", "interaction.id", "The act.", index=False),
    ref("judgement_id", "judgement.id", "The judgement that last gave it."),
    ref("asn_id", "asn.id", "The person the act is attributed to."),
    col("rule_id", sa.String(128), "Name of the rule."),
    col("rule_version", sa.Integer, "Version of the rule."),
    col("mode", choice(RuleStatus, "mode"), "active or shadow; only active hits open cases."),
    col("level", choice(Level, "level"), "Order of attention."),
    ref("candidate_id", "candidate.id", "The pair."),
    ref("contest_id", "contest.id", "The contest.", index=False),
    col("law", sa.String(64), "Law profile."),
    col("law_row", sa.String(16), "Row of the profile."),
    col("law_rank", sa.Integer, "Rank of the row in the profile."),
    col("stage", choice(StageKind, "stage"), "Stage at the time of the act."),
    col("stage_straddled", sa.Boolean, "Whether the time bracket crosses a stage edge."),
    col("candidate_status", choice(CandidateStatus, "candidate_status"), "Status of the pair at the time of the act."),
    col("tier", choice(Tier, "tier"), "How sure the mention is."),
    col("explanation", sa.Text, "Why, in one Indonesian sentence; NULL when purged.", null=True),
    col("spans", JSON, "Stretches of text it rests on; NULL when purged.", null=True),
    col("counter_signals", JSON, "What speaks against it.", null=True),
    col("trace", JSON, "How each condition was evaluated; NULL when purged.", null=True),
    col("active", sa.Boolean, "Whether the current judgement still gives it."),
    ref("suppression_id", "suppression.id", "Suppression that hides it.", null=True),
    col("first_judged_at", Utc, "When it was first given."),
    col("changed_at", Utc, "When it last appeared or disappeared."),
    col("stance", choice(Stance, "stance"), "How the text seems to speak of the pair; a hint only.", null=True),
    col("stance_spans", JSON, "Words that say so; NULL when purged.", null=True),
    col("raised", JSON, "Reasons for which its level was raised.", server_default="[]"),
    sa.UniqueConstraint("interaction_id", "asn_id", "rule_id", "rule_version", "candidate_id", "law", "law_row",
                        "stage", name="uq_rule_hit_once"),
    sa.Index("ix_rule_hit_first_judged", "first_judged_at", "rule_id"),
    sa.Index("ix_rule_hit_active", "id", sqlite_where=sa.text("active"), postgresql_where=sa.text("active")),
    comment="Rules met by acts.",
)  # fmt: skip

hit_verdict = sa.Table(
    "hit_verdict",
    metadata,
    key(),
    ref("hit_id", "rule_hit.id", "The hit."),
    ref("user_id", "app_user.id", "Who judged it.", index=False),
    col("verdict", token("verdict", "tepat", "keliru", "ragu"), "Whether the rule was right."),
    col("reason", sa.String(64), "Reason code.", null=True),
    col("at", Utc, "When."),
    comment="What reviewers say of single hits; the latest per user counts.",
)

rule_activation = sa.Table(
    "rule_activation",
    metadata,
    key(),
    col("rule_id", sa.String(128), "Name of the rule.", index=True),
    col("rule_version", sa.Integer, "Version of the rule."),
    col("status", choice(RuleStatus, "status"), "Status it shall have."),
    col("reason", sa.Text, "Why."),
    ref("proposed_by", "app_user.id", "User who proposed it.", index=False),
    col("proposed_at", Utc, "When it was proposed."),
    ref("approved_by", "app_user.id", "Second user; without one the shipped status holds.", null=True, index=False),
    col("approved_at", Utc, "When the second user approved it.", null=True),
    col("content_hash", HASH, "Hash of the rule's file that was looked at.", null=True),
    ref("backtest_id", "rule_backtest.id", "Figures the proposal rests on.", null=True, index=False),
    ref("ended_by", "app_user.id", "User who refused it or took it back before it held.", null=True, index=False),
    col("ended_at", Utc, "When it was refused or taken back.", null=True),
    differ("proposed_by", "approved_by", "two_people"),
    comment="Overrides of a rule's shipped status.",
)

rule_backtest = sa.Table(
    "rule_backtest",
    metadata,
    key(),
    col("rule_id", sa.String(128), "Name of the rule."),
    col("rule_version", sa.Integer, "Version of the rule."),
    col("content_hash", HASH, "Hash of the rule's file."),
    col("ruleset_hash", HASH, "Hash of the rule set it was tried in."),
    col("ran_at", Utc, "When."),
    col("ran_by", sa.Text, "User who ran it, or the program."),
    col("figures", JSON, "What it would have hit: counts, overlap, judged before, reviewer hours, budget."),
    col("passed", sa.Boolean, "Whether it stayed within the rule's budget."),
    sa.Index("ix_rule_backtest_rule", "rule_id", "rule_version", "id"),
    comment="Trials of rules on stored acts.",
)

pattern = sa.Table(
    "pattern",
    metadata,
    key(),
    ref("ruleset_id", "ruleset.id", "The rule set that last found it."),
    col("rule_id", sa.String(128), "Name of the pattern rule."),
    col("rule_version", sa.Integer, "Version of the rule."),
    ref("asn_id", "asn.id", "The person.", index=False),
    ref("candidate_id", "candidate.id", "The pair.", index=False),
    col("first_at", Utc, "Latest possible time of its first act."),
    col("last_at", Utc, "Latest possible time of its last act."),
    col("weight", sa.Integer, "Sum of the weights of its acts."),
    col("members", JSON, "Numbers of its acts, in order of time."),
    col("level", choice(Level, "level"), "Order of attention the rule asks for."),
    col("within_seconds", BIG, "Width of the window."),
    col("active", sa.Boolean, "Whether the stored acts still give it."),
    col("found_at", Utc, "When it was first found."),
    col("changed_at", Utc, "When it last changed."),
    sa.UniqueConstraint("rule_id", "rule_version", "asn_id", "candidate_id", "first_at", name="uq_pattern_once"),
    sa.Index("ix_pattern_active", "asn_id", "candidate_id", sqlite_where=sa.text("active"),
             postgresql_where=sa.text("active")),
    comment="Repeated acts of one person for one pair within a time.",
)  # fmt: skip
