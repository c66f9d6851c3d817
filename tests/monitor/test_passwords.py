"""What is stored of passwords, at the cost that an office pays."""

from __future__ import annotations

import pytest

from monitor import passwords
from monitor.passwords import hash_password, verify_password
from tests.conftest import FULL_COST


def test_a_password_is_hashed_at_the_cost_that_rfc_9106_recommends_where_memory_is_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "_hasher", FULL_COST)
    stored = hash_password("sandi contoh")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert (verify_password("sandi contoh", stored), verify_password("sandi lain", stored)) == (True, False)
