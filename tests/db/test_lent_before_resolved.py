"""A token lent, or a find entered, while only an account's handle was known goes with the account."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from db import accounts, credentials
from db.connect import Database, Session
from db.tables import account
from db.upsert import insert_one
from monitor.domain import AccountRef, CredentialEntry
from monitor.vault import Vault

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
NUMBER = "900000000000000001"


def an_account(session: Session, user_id: str, *, resolved: bool) -> int:
    at = NOW if resolved else None
    return insert_one(
        session, account, platform="x", platform_user_id=user_id, handle=None, resolved_at=at, created_at=NOW
    )


def lend(session: Session, vault: Vault, slot: str, account_id: int) -> None:
    entry = CredentialEntry("x", slot, "pengawasan kampanye", NOW + timedelta(days=9))
    sealed = credentials.seal(vault, entry, "rahasia-rekaan-123")
    credentials.add(session, sealed, entry, account_id=account_id, by="rina", now=NOW)


def test_a_token_lent_under_a_handle_is_found_by_the_number(database: Database, tmp_path: Path) -> None:
    vault = Vault.create(tmp_path / "keys")
    with database.write() as session:
        number = an_account(session, "@paslon", resolved=False)
        lend(session, vault, "owner:@paslon", number)
        accounts.resolve_account(session, number, AccountRef("x", NUMBER, "paslon"), NOW)
        found = credentials.current(session, "x", f"owner:{NUMBER}")
        assert found is not None
        assert credentials.secret_of(session, vault, found) == "rahasia-rekaan-123"
        assert credentials.owned(session, NOW) == {"x": frozenset({NUMBER})}


def test_a_token_goes_with_an_account_that_turns_out_to_be_another(database: Database, tmp_path: Path) -> None:
    vault = Vault.create(tmp_path / "keys")
    with database.write() as session:
        an_account(session, NUMBER, resolved=True)
        handle = an_account(session, "@paslon", resolved=False)
        lend(session, vault, "owner:@paslon", handle)
        kept = accounts.resolve_account(session, handle, AccountRef("x", NUMBER, "paslon"), NOW)
        assert session.execute(sa.select(sa.func.count()).select_from(account)).scalar() == 1
        assert credentials.current(session, "x", f"owner:{NUMBER}") is not None
        assert kept != handle
