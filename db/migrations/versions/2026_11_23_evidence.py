"""Keep nights' WARCs, manifests whose files may be purged, timestamps, pictures of pages and issued forms."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "20261123_evidence"
down_revision = "20261122_console"
branch_labels = None
depends_on = None

SQL = Path(__file__).with_suffix("")
START = SQL.with_name("2026_11_21_start")
TABLES = ("form_issue", "screenshot", "timestamp_token", "warc_file", "run_capture", "evidence_manifest")


def upgrade() -> None:
    bind = op.get_bind()
    for statement in (SQL / f"{bind.dialect.name}.sql").read_text(encoding="utf-8").split(";\n\n"):
        bind.exec_driver_sql(statement.strip().removesuffix(";"))


def downgrade() -> None:
    op.execute(sa.text("ALTER TABLE app_user DROP COLUMN password_until"))
    for index in ("ix_rule_hit_first_judged", "ix_review_case_state_facets"):
        op.execute(sa.text(f"DROP INDEX {index}"))
    for table in TABLES:
        op.execute(sa.text(f"DROP TABLE {table}"))
    bind = op.get_bind()
    for statement in (START / f"{bind.dialect.name}.sql").read_text(encoding="utf-8").split(";\n\n"):
        if any(f"{words} evidence_manifest" in statement for words in ("TABLE", "COLUMN", "ON")):
            bind.exec_driver_sql(statement.strip().removesuffix(";"))
