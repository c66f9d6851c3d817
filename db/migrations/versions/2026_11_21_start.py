"""Make every table, index and guard from nothing; the SQL of each dialect lies beside this file."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "20261121_start"
down_revision = None
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")


def upgrade() -> None:
    bind = op.get_bind()
    for statement in (SQL / f"{bind.dialect.name}.sql").read_text(encoding="utf-8").split(";\n\n"):
        bind.exec_driver_sql(statement.strip().removesuffix(";"))


def downgrade() -> None:
    bind = op.get_bind()
    tables = [name for name in sa.inspect(bind).get_table_names() if name != "alembic_version"]
    if bind.dialect.name == "sqlite":
        bind.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for name in tables:
            bind.exec_driver_sql(f'DROP TABLE "{name}"')
        return
    for name in tables:
        bind.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')
    bind.exec_driver_sql("DROP FUNCTION pantau_append_only()")
