"""Lay the analysts' read-only views: names and columns that stay when tables change."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "20261123_analyst_views"
down_revision = "20261123_evidence"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("") / "views.sql"


def statements() -> list[str]:
    return [part.strip().removesuffix(";") for part in SQL.read_text(encoding="utf-8").split(";\n\n")]


def upgrade() -> None:
    for statement in statements():
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    for statement in statements():
        op.execute(sa.text(f"DROP VIEW {statement.split()[2]}"))
