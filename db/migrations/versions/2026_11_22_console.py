"""Keep what the console needs: second factors, sign-in providers, skips, recusals, uploads, search words."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "20261122_console"
down_revision = "20261122_sources"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")
TABLES = (
    "recovery_code",
    "sign_in_identity",
    "case_skip",
    "recusal",
    "upload",
    "case_words",
    "free_day",
    "clock_reading",
)
COLUMNS = (
    ("app_user", "totp_last_step"),
    ("app_user", "preferences"),
    ("api_token", "role"),
    ("session", "fresh_at"),
    ("saved_view", "shared"),
    ("notification", "key"),
    ("notification", "target"),
    ("notification", "attempts"),
    ("notification", "claimed_at"),
    ("second_review", "event_id"),
    ("attribution", "link"),
    ("attribution", "capture_sha256"),
    ("attribution", "reason"),
    ("attribution", "ended_by"),
    ("attribution", "ended_at"),
    ("review_case", "facets"),
)
INDEXES = ("uq_notification_key", "uq_second_review_event_id", "ix_attribution_status", "ix_review_case_list",
           "ix_review_case_state_jurisdiction", "ix_review_event_at", "ix_review_case_due")  # fmt: skip


def upgrade() -> None:
    bind = op.get_bind()
    for statement in (SQL / f"{bind.dialect.name}.sql").read_text(encoding="utf-8").split(";\n\n"):
        bind.exec_driver_sql(statement.strip().removesuffix(";"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("DROP TRIGGER item_text_purged"))
        op.execute(sa.text("DROP TABLE case_fts"))
    else:
        op.execute(sa.text("DROP TRIGGER item_text_purged ON item_text"))
        op.execute(sa.text("DROP FUNCTION item_text_purged()"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP FUNCTION pantau_recused() CASCADE"))
    else:
        op.execute(sa.text("DROP TRIGGER review_event_recused"))
    for table in TABLES:
        op.execute(sa.text(f"DROP TABLE {table}"))
    for index in INDEXES:
        op.execute(sa.text(f"DROP INDEX {index}"))
    for table, column in COLUMNS:
        op.execute(sa.text(f"ALTER TABLE {table} DROP COLUMN {column}"))
