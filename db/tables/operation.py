"""How the program itself runs: its jobs, the visits that workers share, the pace of hosts, and legal holds."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import BIG, Utc, choice, col, differ, key, metadata, ref, token
from monitor.domain import Direction

job_run = sa.Table(
    "job_run",
    metadata,
    key(),
    col("job", sa.String(32), "Name of the job in the schedule."),
    col("due_at", Utc, "When it was due; NULL when a person started it.", null=True),
    col("started_at", Utc, "When it began; NULL when it was missed.", null=True),
    col("finished_at", Utc, "When it ended; NULL while it runs, and for ever when its process was killed.", null=True),
    col("state", token("state", "running", "ok", "problems", "failed", "refused", "missed", "lost"), "How it went."),
    col("detail", sa.Text, "What a person should know; never a person's data."),
    col("machine", sa.String(128), "Name of the machine and number of the process."),
    ref("run_id", "scan_run.id", "The night it made.", null=True),
    sa.Index("ix_job_run_job_id", "job", "id"),
    comment="Runs of scheduled jobs, with those that were missed.",
)

planned_visit = sa.Table(
    "planned_visit",
    metadata,
    ref("run_id", "scan_run.id", "The night.", primary_key=True),
    col("source", sa.String(32), "Source name.", primary_key=True),
    col("direction", choice(Direction, "direction"), "From which side it is read.", primary_key=True),
    col("target", sa.Text, "Stable id of the account.", primary_key=True),
    col("position", sa.Integer, "Its turn in the plan."),
    col("since", Utc, "How far back it is read.", null=True),
    col("shard", sa.String(16), "Region code of those who work at it; empty for anybody."),
    col("lane", sa.String(64), "Lock under which it is worked at."),
    col("planned_at", Utc, "When it was planned."),
    col("asked", sa.Text, "What the night was asked for, as JSON."),
    comment="Visits of a night that several workers share; done when the night has a visit to that target.",
)

host_pace = sa.Table(
    "host_pace",
    metadata,
    col("host", sa.String(255), "Scheme, host and port, or the name of a credential.", primary_key=True),
    col("next_at", Utc, "No call may begin before then."),
    col("closed_until", Utc, "Until when the host asked to be left alone.", null=True),
    col("rest", sa.Float, "Seconds added to each pause while the host labours."),
    col("booked", BIG, "How many calls were booked so far."),
    col("allowance", sa.Integer, "Calls that the host still grants, those under way taken off.", null=True),
    col("allowance_of", sa.Integer, "How many it grants at a time.", null=True),
    col("allowance_until", Utc, "When it grants more.", null=True),
    comment="The pace of hosts, kept by all workers together.",
)

legal_hold = sa.Table(
    "legal_hold",
    metadata,
    key(),
    ref("asn_id", "asn.id", "Whose data is held; NULL when a case is held.", null=True),
    ref("case_id", "review_case.id", "Which case is held; NULL when a person is held.", null=True),
    col("reason", sa.Text, "On what ground; never a person's data."),
    ref("held_by", "app_user.id", "Who asked for it.", index=False),
    col("held_at", Utc, "When."),
    ref("released_by", "app_user.id", "Who ended it.", null=True, index=False),
    col("released_at", Utc, "When it ended; NULL while it holds.", null=True),
    col("release_reason", sa.Text, "Why it shall end, or ended.", null=True),
    ref("release_asked_by", "app_user.id", "Who asked that it end; a trigger lets none end without.", null=True,
        index=False),
    col("release_asked_at", Utc, "When that was asked.", null=True),
    sa.CheckConstraint("(asn_id IS NULL) <> (case_id IS NULL)", name="one_subject"),
    differ("release_asked_by", "released_by", "two_people"),
    comment="Whose data no retention may touch, and why.",
)  # fmt: skip

purged_act = sa.Table(
    "purged_act",
    metadata,
    ref("interaction_id", "interaction.id", "The act.", primary_key=True),
    col("purged_at", Utc, "When retention first emptied words that it rests on."),
    comment="Acts whose words are gone: what was judged of them stands, since nobody can judge them anew.",
)

pending_removal = sa.Table(
    "pending_removal",
    metadata,
    col("place", token("place", "evidence", "roster"), "Where the file lies.", primary_key=True),
    col("name", sa.String(255), "Hash of an answer, or name of a register copy.", primary_key=True),
    col("noted_at", Utc, "When its removal was recorded."),
    comment="Files whose removal is recorded and not done yet; whoever purges next ends it.",
)

data_incident = sa.Table(
    "data_incident",
    metadata,
    key(),
    col("known_at", Utc, "When the office learnt that protection had failed; the 3 x 24 hours begin here."),
    col("what", sa.Text, "Which kinds of data were disclosed; never a person's data."),
    col("how", sa.Text, "When and how it happened."),
    col("remedy", sa.Text, "What was done to mend it."),
    ref("noted_by", "app_user.id", "Who entered it.", index=False),
    col("noted_at", Utc, "When it was entered."),
    col("subjects_told_at", Utc, "When the people concerned were told in writing.", null=True),
    col("agency_told_at", Utc, "When the agency was told in writing.", null=True),
    col("closed_at", Utc, "When nothing was left to do.", null=True),
    col("jurisdiction", sa.String(32), "Region code of those whose data it was; NULL for the office's own region.",
        null=True),
    comment="Failures of the protection of personal data and their written notices (UU 27/2022, Pasal 46).",
)  # fmt: skip
