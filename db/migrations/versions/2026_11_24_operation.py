"""Keep runs of jobs, the visits that workers share, the pace of hosts and legal holds."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "20261124_operation"
down_revision = "20261123_analyst_views"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")
TABLES = ("data_incident", "pending_removal", "purged_act", "legal_hold", "host_pace", "planned_visit", "job_run")


def upgrade() -> None:
    bind = op.get_bind()
    for statement in (SQL / f"{bind.dialect.name}.sql").read_text(encoding="utf-8").split(";\n\n"):
        bind.exec_driver_sql(statement.strip().removesuffix(";"))


def downgrade() -> None:
    for table in TABLES:
        op.execute(sa.text(f"DROP TABLE {table}"))
