"""Let holds end by two people only, say whose data a failure of protection concerned, find replies without a thread."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from db.ahead import within

revision = "20261125_privacy"
down_revision = "20261124_operation"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")
ADDED = (("legal_hold", "release_asked_at"), ("legal_hold", "release_asked_by"), ("data_incident", "jurisdiction"),
         ("scan_run", "database_since"))  # fmt: skip


def upgrade() -> None:
    bind = op.get_bind()
    for statement in (SQL / f"{bind.dialect.name}.sql").read_text(encoding="utf-8").split(";\n\n"):
        bind.exec_driver_sql(within(statement.strip().removesuffix(";")))


def downgrade() -> None:
    op.execute(sa.text("DROP INDEX ix_item_threadless"))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("DROP TRIGGER legal_hold_asked ON legal_hold"))
        op.execute(sa.text("DROP FUNCTION pantau_hold_asked()"))
        op.execute(sa.text("ALTER TABLE legal_hold DROP CONSTRAINT ck_legal_hold_two_people"))
    else:
        op.execute(sa.text("DROP TRIGGER legal_hold_asked"))
    for table, column in ADDED:
        op.execute(sa.text(f"ALTER TABLE {table} DROP COLUMN {column}"))
