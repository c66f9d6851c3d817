"""Texts, their versions, the listings taken of them, and the acts of registered people."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import HASH, JSON, Utc, choice, col, key, metadata, ref
from monitor.domain import Act, EndKind, ItemKind

_THREADLESS = sa.text("root_id IS NULL AND parent_id IS NOT NULL")

item = sa.Table(
    "item",
    metadata,
    key(),
    col("platform", sa.String(32), "Platform name."),
    col("platform_item_id", sa.Text, "The platform's canonical id."),
    ref("author_account_id", "account.id", "Author when registered; content of others has no author.", null=True),
    col("kind", choice(ItemKind, "kind"), "Post, comment or quote."),
    col("url", sa.Text, "Public address."),
    col("published_at", Utc, "When it was published, if known exactly.", null=True),
    col("published_lo", Utc, "Start (exclusive) of the bracket otherwise.", null=True),
    col("published_hi", Utc, "End (inclusive) of the bracket otherwise.", null=True),
    col("parent_id", sa.Text, "Canonical id of the text it replies to.", null=True),
    ref("parent_account_id", "account.id", "Author of that, when registered.", null=True, index=False),
    col("root_id", sa.Text, "Canonical id of the thread's first text.", null=True, index=True),
    ref("root_account_id", "account.id", "Author of that, when registered.", null=True, index=False),
    col("quoted_id", sa.Text, "Canonical id of the text it quotes.", null=True),
    ref("quoted_account_id", "account.id", "Author of that, when registered.", null=True, index=False),
    col("like_count", sa.BigInteger, "Highest number of likes the platform reported.", null=True),
    col("share_count", sa.BigInteger, "Highest number of shares the platform reported.", null=True),
    col("comment_count", sa.BigInteger, "Highest number of comments the platform reported.", null=True),
    sa.UniqueConstraint("platform_item_id", "platform"),
    sa.Index("ix_item_threadless", "parent_id", "root_id", sqlite_where=_THREADLESS, postgresql_where=_THREADLESS),
    comment="Published texts that a registered act or a watched account rests on.",
)

item_version = sa.Table(
    "item_version",
    metadata,
    key(),
    ref("item_id", "item.id", "The text.", index=False),
    col("content_hash", HASH, "Hash of the content and of the time of its edit."),
    col("edited_at", Utc, "When the platform says it was edited; NULL for the first version.", null=True),
    sa.UniqueConstraint("item_id", "content_hash"),
    sa.Index("ix_item_version_content_hash", "content_hash"),
    comment="Versions of a text, as hashes; append-only.",
)

item_text = sa.Table(
    "item_text",
    metadata,
    ref("version_id", "item_version.id", "The version.", primary_key=True),
    col("text", sa.Text, "The text; NULL when purged.", null=True),
    col("links", JSON, "Addresses in it.", null=True),
    col("hashtags", JSON, "Hashtags in it.", null=True),
    col("alt_texts", JSON, "Image descriptions in it.", null=True),
    col("mentioned", JSON, "Stable ids of registered accounts it names by markup.", null=True),
    col("lang", sa.String(35), "Language the platform reports.", null=True),
    col("seen_first_at", Utc, "Earliest time this version was seen, if known.", null=True),
    col("seen_last_at", Utc, "Latest time this version was seen, if known.", null=True),
    col("purged_at", Utc, "When retention emptied the row.", null=True),
    comment="Payload of a version; retention empties it, the hash stays.",
)

item_look = sa.Table(
    "item_look",
    metadata,
    key(),
    col("platform", sa.String(32), "Platform name."),
    col("platform_item_id", sa.Text, "Canonical id of the text, or of the account for its own record, that was read."),
    col("verb", choice(Act, "verb"), "Which listing."),
    col("started_at", Utc, "First answer of the listing."),
    col("finished_at", Utc, "Last answer of the listing."),
    col("end_kind", choice(EndKind, "end_kind"), "Why it ended; only `exhausted` proves absence."),
    col("reported", sa.BigInteger, "Total that the platform claimed.", null=True),
    col("collected", sa.BigInteger, "Actors listed."),
    col("registered", sa.BigInteger, "Actors in the register; the others are counted only."),
    col("since", Utc, "How far back an account's own record was read; NULL means all.", null=True),
    sa.UniqueConstraint("platform_item_id", "verb", "started_at", "finished_at", "platform",
                        name="uq_item_look_listing"),
    comment="Listings taken; they bound the time of acts that have none.",
)  # fmt: skip

interaction = sa.Table(
    "interaction",
    metadata,
    key(),
    col("key", HASH, "Idempotency key of the act.", unique=True),
    col("platform", sa.String(32), "Platform name."),
    ref("actor_account_id", "account.id", "Registered account that acted.", index=False),
    col("act", choice(Act, "act"), "The verb."),
    col("target_id", sa.Text, "Canonical id of the text acted on."),
    ref("target_author_account_id", "account.id", "Author of that, when registered.", null=True),
    col("own_item_key", sa.Text, "Canonical id of the text that the act itself published.", null=True),
    ref("own_item_id", "item.id", "That text's row.", null=True),
    col("occurred_at", Utc, "When it happened, if known exactly.", null=True),
    col("bracket_lo", Utc, "Start (exclusive) of the bracket otherwise; NULL is open.", null=True),
    col("bracket_hi", Utc, "End (inclusive) of the bracket otherwise.", null=True),
    col("given_lo", Utc, "Latest start that any answer itself gave.", null=True),
    col("given_hi", Utc, "Earliest end that any answer itself gave.", null=True),
    col("seen_first_at", Utc, "Fetch time of the earliest answer that showed it."),
    col("seen_last_at", Utc, "Fetch time of the latest answer that showed it."),
    col("withdrawn_seen_at", Utc, "When a re-check found it gone.", null=True),
    col("dirty", sa.Boolean, "Whether it must be judged (again)."),
    sa.CheckConstraint("occurred_at IS NOT NULL OR bracket_hi IS NOT NULL", name="timed"),
    sa.Index("ix_interaction_actor_id", "actor_account_id", "id"),
    sa.Index("ix_interaction_target", "target_id", "act"),
    sa.Index("ix_interaction_own_item_key", "own_item_key", sqlite_where=sa.text("own_item_key IS NOT NULL"),
             postgresql_where=sa.text("own_item_key IS NOT NULL")),
    sa.Index("ix_interaction_dirty", "id", sqlite_where=sa.text("dirty"), postgresql_where=sa.text("dirty")),
    comment="Public acts of registered people.",
)  # fmt: skip
