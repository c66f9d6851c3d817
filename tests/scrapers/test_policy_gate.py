from datetime import date
from typing import Any

import pytest

from monitor.domain import SourceMode
from monitor.errors import PolicyBlocked
from scrapers.fetch import Fetcher, Identity
from scrapers.policy import check
from tests.scrapers.loopback import Clock, a_policy, ask


def test_a_complete_record_opens_the_source() -> None:
    assert check(a_policy(), "contoh").source == "contoh"


def test_a_missing_record_says_what_to_add() -> None:
    with pytest.raises(PolicyBlocked, match=r"\[sources\.contoh\]") as caught:
        check(None, "contoh")
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    "change",
    [{"enabled": False}, {"legal_basis": "  "}, {"approved_by": ""}, {"approved_at": None}],
    ids=["enabled", "legal_basis", "approved_by", "approved_at"],
)
def test_an_incomplete_record_names_what_is_missing(change: dict[str, Any]) -> None:
    with pytest.raises(PolicyBlocked, match=next(iter(change))):
        check(a_policy(**change), "contoh")


def test_a_record_for_imports_opens_no_live_door() -> None:
    policy = a_policy(mode=SourceMode.IMPORT)
    with pytest.raises(PolicyBlocked, match="import"):
        check(policy, "contoh")
    assert check(policy, "contoh", SourceMode.IMPORT) is policy


def test_without_a_record_nothing_is_sent() -> None:
    class Never:
        def send(self, *_: object) -> Any:
            raise AssertionError("sent")

    clock = Clock()
    fetcher = Fetcher({}, Identity("Bawaslu Contoh", "a@contoh.example", "0"), clock, clock.sleep, Never())
    with pytest.raises(PolicyBlocked):
        fetcher.send("contoh", ask("https://contoh.example/"))


def test_a_date_is_enough_for_the_approval() -> None:
    assert check(a_policy(approved_at=date(2026, 1, 1)), "contoh").approved_at == date(2026, 1, 1)
