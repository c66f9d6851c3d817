"""Rights on PostgreSQL: what the role of the program may do, so that not even the program can change what must stay."""

from __future__ import annotations

import sqlalchemy as sa

from db import schema
from db.analyst import VIEWS
from db.append_only import APPEND_ONLY, EARLIER_ONLY
from db.connect import Database, Session
from db.tables import metadata
from monitor.errors import UsageError

QUEUE = "antrean"
"""The PostgreSQL schema of the workers' queue."""
_ALL = "SELECT, INSERT, UPDATE, DELETE"
_ONLY_POSTGRESQL = ("Hak peran hanya ada pada PostgreSQL", "pada SQLite jaga berkasnya dengan izin berkas")


def statements(session: Session, role: str) -> list[str]:
    """Return the SQL that gives a role what the program needs day by day and nothing more; run it after each upgrade.

    The owner of the tables upgrades, restores and runs it; UsageError when there is no such role, or when it is the
    owner, whom no right can bind.
    """
    _refuse(session, role)
    to = session.dialect.identifier_preparer.quote(role)
    given = [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {to}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {to}",
        f"GRANT USAGE ON SCHEMA public TO {to}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {to}",
        *(f"GRANT {_rights(table.name)} ON {table.name} TO {to}" for table in metadata.sorted_tables),
        *(f"GRANT SELECT ON {name} TO {to}" for name in ("alembic_version", *(view.name for view in VIEWS))),
    ]
    if session.execute(sa.text("SELECT to_regnamespace(:name) IS NOT NULL"), {"name": QUEUE}).scalar():
        given += [
            f"GRANT USAGE ON SCHEMA {QUEUE} TO {to}",
            f"GRANT {_ALL} ON ALL TABLES IN SCHEMA {QUEUE} TO {to}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {QUEUE} TO {to}",
            f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {QUEUE} TO {to}",
        ]
    return given


def apply(database: Database, role: str) -> list[str]:
    """Run the statements, all or none, and return them."""
    if database.dialect != "postgresql":
        raise UsageError(*_ONLY_POSTGRESQL)
    with database.write() as session:
        given = statements(session, role)
        for statement in given:
            session.exec_driver_sql(statement)
    return given


def too_much(session: Session) -> list[str]:
    """Return the tables whose rows must stay and that the session's own role could change, past the triggers or not.

    Empty on SQLite, where the file's permissions are all there is.
    """
    if session.dialect.name != "postgresql":
        return []
    asked = sa.text(
        "SELECT name FROM unnest(CAST(:kept AS text[])) AS name WHERE has_table_privilege(name, 'DELETE')"
        " OR has_table_privilege(name, 'TRUNCATE') OR name <> ALL(CAST(:earlier AS text[]))"
        " AND has_table_privilege(name, 'UPDATE') OR pg_has_role((SELECT relowner FROM pg_class"
        " WHERE oid = CAST(name AS regclass)), 'MEMBER') ORDER BY name"
    )
    kept = {"kept": list(APPEND_ONLY + EARLIER_ONLY), "earlier": list(EARLIER_ONLY)}
    return [str(name) for name in session.execute(asked, kept).scalars()]


def _rights(table: str) -> str:
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE" if table in EARLIER_ONLY else _ALL


def _refuse(session: Session, role: str) -> None:
    if session.dialect.name != "postgresql":
        raise UsageError(*_ONLY_POSTGRESQL)
    if schema.current(session) != schema.head():
        raise UsageError("Basis data belum berskema versi ini", "jalankan `pantau init` lebih dahulu")
    asked = sa.text(
        "SELECT rolsuper OR pg_has_role(role.oid, audit.relowner, 'MEMBER') FROM pg_roles AS role, pg_class AS audit"
        " WHERE rolname = :name AND audit.oid = 'audit_log'::regclass"
    )
    found = session.execute(asked, {"name": role}).one_or_none()
    if found is None:
        raise UsageError(f"Peran {role} tidak ada di peladen ini", f"buat dengan `CREATE ROLE {role} LOGIN PASSWORD …`")
    if found[0]:
        raise UsageError(
            f"Peran {role} memiliki tabel atau berkuasa penuh, sehingga haknya tidak dapat dibatasi",
            "pakai peran lain untuk pekerjaan sehari-hari; pemilik hanya untuk `pantau init` dan `pantau restore`",
        )
