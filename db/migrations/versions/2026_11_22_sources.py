"""Keep lent credentials, imports, finds by hand, changes seen between visits, and what budgets were spent on."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "20261122_sources"
down_revision = "20261122_rules_life"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")
TABLES = (
    "reporter",
    "manual_find",
    "import_file",
    "source_credential",
    "post_watch",
    "observation",
    "endpoint_shape",
    "canary_run",
    "liveness_check",
)


def upgrade() -> None:
    bind = op.get_bind()
    for statement in (SQL / f"{bind.dialect.name}.sql").read_text(encoding="utf-8").split(";\n\n"):
        bind.exec_driver_sql(statement.strip().removesuffix(";"))


def downgrade() -> None:
    for table in TABLES:
        op.execute(sa.text(f"DROP TABLE {table}"))
    op.execute(sa.text("ALTER TABLE item_look DROP COLUMN since"))
    op.execute(sa.text("ALTER TABLE capture DROP COLUMN request"))
    for column in ("units", "buckets", "micros"):
        op.execute(sa.text(f"ALTER TABLE budget_ledger DROP COLUMN {column}"))
