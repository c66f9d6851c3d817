"""Users, what they may do, their sessions, tokens, views and messages."""

from __future__ import annotations

import sqlalchemy as sa

from db.base import HASH, JSON, Utc, choice, col, key, metadata, ref, token
from monitor.domain import Role

app_user = sa.Table(
    "app_user",
    metadata,
    key(),
    col("name", sa.String(64), "Sign-in name; never changes.", unique=True),
    col("display_name", sa.Text, "Name as screens show it."),
    col("agency", sa.Text, "Own office, for conflicts of interest.", default=""),
    col("email", sa.Text, "Address for digests.", null=True),
    col("password_hash", sa.Text, "Argon2 hash."),
    col("totp_sealed", sa.LargeBinary, "Second-factor secret, encrypted.", null=True),
    col("totp_confirmed_at", Utc, "When the second factor was first used.", null=True),
    col("failed_sign_ins", sa.Integer, "Failures since the last success.", default=0),
    col("locked_until", Utc, "Sign-in is refused until then.", null=True),
    col("disabled_at", Utc, "When the user was switched off.", null=True),
    col("created_at", Utc, "When the user was made."),
    col("totp_last_step", sa.BigInteger, "Time step of the last code taken; none is taken twice.", null=True),
    col("preferences", JSON, "What the user chose for the console.", server_default="{}"),
    col("password_until", Utc, "A password handed out by an admin works until then.", null=True),
    comment="People who use the program.",
)

role_grant = sa.Table(
    "role_grant",
    metadata,
    key(),
    ref("user_id", "app_user.id", "The user."),
    col("role", choice(Role, "role"), "What the user may do."),
    col("jurisdiction", sa.String(32), "Where, and in the places below; empty for the whole country."),
    ref("granted_by", "app_user.id", "Who granted it; NULL for the first administrator.", null=True, index=False),
    col("granted_at", Utc, "When."),
    col("revoked_at", Utc, "When it was taken back.", null=True),
    sa.Index("uq_role_grant_live", "user_id", "role", "jurisdiction", unique=True,
             sqlite_where=sa.text("revoked_at IS NULL"), postgresql_where=sa.text("revoked_at IS NULL")),
    comment="Grants: role by jurisdiction.",
)  # fmt: skip

web_session = sa.Table(
    "session",
    metadata,
    key(),
    col("token_hash", HASH, "Hash of the cookie's token.", unique=True),
    ref("user_id", "app_user.id", "The user."),
    col("csrf", HASH, "Token that forms carry."),
    col("created_at", Utc, "Sign-in."),
    col("last_seen_at", Utc, "Last request."),
    col("expires_at", Utc, "When it ends by itself.", index=True),
    col("client", sa.Text, "Browser and address, as shown to the user.", default=""),
    col("second_factor_at", Utc, "When the second factor was given.", null=True),
    col("ended_at", Utc, "Sign-out, here or everywhere.", null=True),
    col("fresh_at", Utc, "When password or second factor was last given.", null=True),
    comment="Signed-in browsers.",
)

api_token = sa.Table(
    "api_token",
    metadata,
    key(),
    col("token_hash", HASH, "Hash of the token.", unique=True),
    ref("user_id", "app_user.id", "The user it acts for."),
    col("name", sa.Text, "What it is for."),
    col("created_at", Utc, "When it was made."),
    col("expires_at", Utc, "When it ends by itself.", null=True),
    col("last_used_at", Utc, "Last use.", null=True),
    col("revoked_at", Utc, "When it was taken back.", null=True),
    col("role", choice(Role, "role"), "The only role it may use; NULL for all of the user's.", null=True),
    comment="Tokens for commands and the API.",
)

saved_view = sa.Table(
    "saved_view",
    metadata,
    key(),
    ref("user_id", "app_user.id", "The user.", index=False),
    col("name", sa.String(128), "Name of the view."),
    col("query", JSON, "Its filters."),
    col("created_at", Utc, "When it was saved."),
    col("shared", sa.Boolean, "Whether others may use it; it shows each only what they may see.",
        server_default=sa.false()),
    sa.UniqueConstraint("user_id", "name"),
    comment="Filters that users keep.",
)  # fmt: skip

notification = sa.Table(
    "notification",
    metadata,
    key(),
    ref("user_id", "app_user.id", "Who gets it; NULL for a webhook.", null=True),
    col("channel", token("channel", "mail", "webhook", "console"), "By which way."),
    col("kind", sa.String(64), "What it is about."),
    col("subject", sa.Text, "Subject line; no personal data of watched people."),
    col("body", sa.Text, "Text; NULL when purged.", null=True),
    col("created_at", Utc, "When it was made."),
    col("sent_at", Utc, "When it was handed over.", null=True),
    col("error", sa.Text, "Why the last attempt failed.", null=True),
    col("key", sa.String(128), "What makes it the same message; it is made once.", null=True),
    col("target", sa.Text, "Address or name of the webhook it goes to.", null=True),
    col("attempts", sa.Integer, "How often it was tried.", server_default="0"),
    col("claimed_at", Utc, "When somebody began to send it; NULL while nobody does.", null=True),
    sa.Index("uq_notification_key", "key", unique=True),
    comment="Messages to users.",
)
