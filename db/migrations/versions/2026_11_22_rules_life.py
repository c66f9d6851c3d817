"""Keep stance hints, repeated patterns, trials of rules, and what narrows an alias or a suppression."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "20261122_rules_life"
down_revision = "20261121_start"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")
ADDED = {
    "rule_activation": ("content_hash", "backtest_id", "ended_by", "ended_at"),
    "suppression": ("account_id", "jurisdiction", "ended_by", "ended_at"),
    "alias": ("requires", "excludes"),
    "rule_hit": ("stance", "stance_spans", "raised"),
}


def upgrade() -> None:
    bind = op.get_bind()
    for statement in (SQL / f"{bind.dialect.name}.sql").read_text(encoding="utf-8").split(";\n\n"):
        bind.exec_driver_sql(statement.strip().removesuffix(";"))


def downgrade() -> None:
    op.execute(sa.text("DROP INDEX ix_item_version_content_hash"))
    for table, columns in ADDED.items():
        for column in columns:
            op.execute(sa.text(f"ALTER TABLE {table} DROP COLUMN {column}"))
    for table in ("pattern", "rule_backtest"):
        op.execute(sa.text(f"DROP TABLE {table}"))
