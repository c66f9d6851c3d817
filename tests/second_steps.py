"""What an authenticator app does: read the secret that was set up, show the code of the moment."""

from __future__ import annotations

from datetime import datetime

from db import factors, users
from db.connect import Database
from monitor import totp
from monitor.vault import Vault


def secret_of(database: Database, vault: Vault, name: str) -> str:
    with database.read() as session:
        user = users.user_named(session, name)
        assert user is not None
        found = factors.factor_of(session, user.id)
    assert found is not None
    return vault.unseal(found.sealed).decode().rpartition("/")[2]


def code_of(database: Database, vault: Vault, name: str, now: datetime) -> str:
    return totp.code_at(secret_of(database, vault, name), now)
