"""What the nights know of posts and endpoints over time: re-visits, observations, shapes, canaries, liveness."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import HASH, JSON, Utc, choice, col, key, metadata, ref, token
from monitor.domain import Act

post_watch = sa.Table(
    "post_watch",
    metadata,
    col("platform", sa.String(32), "Platform name.", primary_key=True),
    col("platform_item_id", sa.Text, "Canonical id of the post.", primary_key=True),
    col("verb", choice(Act, "verb"), "Which of its listings.", primary_key=True),
    ref("account_id", "account.id", "Account whose post it is."),
    col("published_at", Utc, "When it was published, if known.", null=True),
    col("first_seen_at", Utc, "When it was first met."),
    col("last_listed_at", Utc, "When the listing was last read.", null=True),
    col("due_at", Utc, "When it is to be read again; NULL when it rests.", null=True, index=True),
    col("step", sa.Integer, "How many waits have passed since the count last moved."),
    col("reported", sa.BigInteger, "Total that the platform last claimed.", null=True),
    comment="Listings of candidates' posts that are read again while engagement moves.",
)

observation = sa.Table(
    "observation",
    metadata,
    key(),
    col("key", HASH, "Idempotency key: subject, kind and time.", unique=True),
    col("kind", token("kind", "gone", "private", "locked", "edited", "withdrawn", "back"), "What was seen."),
    col("platform", sa.String(32), "Platform name."),
    col("platform_item_id", sa.Text, "Canonical id of the text; of an act, the text it is on."),
    ref("interaction_id", "interaction.id", "The act, when it is about an act.", null=True),
    col("seen_at", Utc, "When it was seen."),
    ref("before_capture_id", "capture.id", "The answer that last showed it.", null=True, index=False),
    ref("capture_id", "capture.id", "The answer that shows the change, when one was kept.", null=True, index=False),
    col("detail", sa.Text, "What a person should know; empty when the kind says it all."),
    sa.Index("ix_observation_item", "platform_item_id", "platform", "id"),
    comment="Changes seen between visits; append-only.",
)

endpoint_shape = sa.Table(
    "endpoint_shape",
    metadata,
    col("source", sa.String(32), "Source or capture format.", primary_key=True),
    col("endpoint", sa.String(128), "Which call, or which kind of record.", primary_key=True),
    col("day", sa.Date, "Day in UTC.", primary_key=True),
    col("pages", sa.BigInteger, "Answers looked at."),
    col("items", sa.BigInteger, "Items in them."),
    col("sampled", sa.BigInteger, "Items whose fields were counted."),
    col("signature", HASH, "Hash of the set of paths with their types."),
    col("fills", JSON, "How many sampled items filled each path, by path and type; never a value."),
    comment="What answers are made of, day by day, so that a change of shape is noticed.",
)

canary_run = sa.Table(
    "canary_run",
    metadata,
    key(),
    col("source", sa.String(32), "Source name."),
    col("canary", sa.String(128), "Name of the canary in the settings."),
    col("looked_at", Utc, "When it was looked for."),
    col("found", sa.Boolean, "Whether it was found."),
    col("detail", sa.Text, "What was missing; empty when found."),
    sa.Index("ix_canary_run_source_id", "source", "id"),
    comment="Looks for the office's own known posts, which prove that a source is not blind.",
)

liveness_check = sa.Table(
    "liveness_check",
    metadata,
    key(),
    col("platform", sa.String(32), "Platform name."),
    col("platform_item_id", sa.Text, "Canonical id of the text."),
    col("url", sa.Text, "Address that was asked about."),
    col("checked_at", Utc, "When."),
    col("state", token("state", "online", "deleted", "private", "unknown"), "What the platform says."),
    col("status", sa.Integer, "HTTP status.", null=True),
    col("sha256", HASH, "Hash of the answer.", null=True),
    col("detail", sa.Text, "What a person should know; empty when the state says it all."),
    col("next_at", Utc, "When to ask again; NULL when it is not asked any more.", null=True, index=True),
    sa.Index("ix_liveness_check_item", "platform_item_id", "platform", "id"),
    comment="Whether texts were still online when asked; append-only but for the next date.",
)
