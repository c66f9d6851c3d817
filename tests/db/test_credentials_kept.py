from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from db import audit, credentials
from db.connect import Database
from db.tables import source_credential
from monitor.domain import CredentialEntry
from monitor.errors import EvidenceError
from monitor.vault import Vault

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SECRET = "EAAcontoh-rahasia-0123456789"
MONTH = timedelta(days=30)


def entry(slot: str = "app", source: str = "contoh") -> CredentialEntry:
    return CredentialEntry(source, slot, "komentar akun kampanye", NOW + MONTH)


def add(database: Database, vault: Vault, what: CredentialEntry | None = None, secret: str = SECRET) -> int:
    what = what or entry()
    with database.write() as session:
        sealed = credentials.seal(vault, what, secret)
        return credentials.add(session, sealed, what, account_id=None, by="rina", now=NOW)


def test_a_secret_comes_back_as_it_was_entered(database: Database, vault: Vault) -> None:
    add(database, vault)
    with database.read() as session:
        row = credentials.current(session, "contoh", "app")
        assert row is not None
        assert credentials.secret_of(session, vault, row) == SECRET
        assert (row.purpose, row.added_by, row.expires_at, row.usable(NOW)) == (
            "komentar akun kampanye",
            "rina",
            NOW + MONTH,
            True,
        )


def test_no_row_of_any_table_holds_the_secret(database: Database, vault: Vault) -> None:
    number = add(database, vault)
    with database.write() as session:
        row = credentials.current(session, "contoh", "app")
        assert row is not None
        credentials.note_used(session, row, NOW)
        credentials.revoke(session, number, by="bayu", now=NOW)
        for table in (t for t in source_credential.metadata.tables.values() if t.name != "alembic_version"):
            assert all(SECRET not in repr(found) for found in session.execute(sa.select(table)))


def test_its_end_closes_a_credential(database: Database, vault: Vault) -> None:
    add(database, vault)
    with database.read() as session:
        row = credentials.current(session, "contoh", "app")
    assert row is not None
    assert (row.usable(NOW + MONTH - timedelta(seconds=1)), row.usable(NOW + MONTH)) == (True, False)


def test_a_withdrawn_credential_is_forgotten_and_stays_listed(database: Database, vault: Vault) -> None:
    number = add(database, vault)
    with database.write() as session:
        assert credentials.revoke(session, number, by="bayu", now=NOW)
        assert not credentials.revoke(session, number, by="bayu", now=NOW)
        assert credentials.current(session, "contoh", "app") is None
        assert session.execute(sa.select(source_credential.c.sealed)).scalars().all() == [None]
        (row,) = credentials.credentials(session, "contoh")
    assert (row.revoked_by, row.usable(NOW)) == ("bayu", False)


def test_a_new_secret_of_a_slot_takes_the_place_of_the_old_one(database: Database, vault: Vault) -> None:
    add(database, vault)
    add(database, vault, secret="EAAbaru-rahasia-9876543210")
    with database.read() as session:
        rows = credentials.credentials(session)
        live = [row for row in rows if row.revoked_at is None]
        assert (len(rows), len(live)) == (2, 1)
        assert credentials.secret_of(session, vault, live[0]) == "EAAbaru-rahasia-9876543210"


def test_a_secret_moved_to_another_slot_is_refused(database: Database, vault: Vault) -> None:
    add(database, vault)
    add(database, vault, entry("lain"))
    table = source_credential.c
    with database.write() as session:
        stolen = session.execute(sa.select(table.sealed).where(table.slot == "app")).scalar_one()
        session.execute(sa.update(source_credential).where(table.slot == "lain").values(sealed=stolen))
        row = credentials.current(session, "contoh", "lain")
        assert row is not None
        with pytest.raises(EvidenceError, match="contoh/app"):
            credentials.secret_of(session, vault, row)


def test_entry_use_and_withdrawal_are_audited(database: Database, vault: Vault) -> None:
    number = add(database, vault)
    with database.write() as session:
        row = credentials.current(session, "contoh", "app")
        assert row is not None
        credentials.note_used(session, row, NOW)
        credentials.revoke(session, number, by="bayu", now=NOW)
        told = [(a.action, a.actor) for a in audit.tail(session, subject=f"credential:{number}")]
    assert told == [("credential_revoked", "bayu"), ("credential_used", "program"), ("credential_added", "rina")]
