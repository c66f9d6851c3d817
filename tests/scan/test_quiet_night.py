"""Quiet hours, a spent quota and lent tokens in a whole night."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db import accounts, credentials
from monitor.domain import AccountKind, Coverage, CredentialEntry, Outcome, SourceMode
from monitor.scan.night import run_night
from monitor.scan.plan import ScanOrder
from monitor.scan.progress import Silent
from monitor.scan.summary import ScanSummary
from scrapers.fetch import Fetcher, Identity
from tests.scan.offices import Office
from tests.scan.written_bluesky import WrittenBluesky

NIGHT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)  # 01.00 in Jakarta


@pytest.fixture
def database(sqlite_database):  # type: ignore[no-untyped-def]  # one database is enough: the ledger is tested on both
    return sqlite_database


def scan(office: Office, network: WrittenBluesky, quiet: tuple[str, ...]) -> ScanSummary:
    with office.parts(network) as parts:
        policies = {name: replace(policy, quiet_hours=quiet) for name, policy in parts.policies.items()}
        identity = Identity("Bawaslu Kabupaten Contoh", "pengawasan@contoh.example", "0.1.0")
        fetcher = Fetcher(policies, identity, office.clock, office.clock.sleep, network)
        return run_night(replace(parts, policies=policies, fetcher=fetcher), ScanOrder(), Silent())


def test_a_night_in_quiet_hours_asks_nothing_and_says_until_when(office: Office, network: WrittenBluesky) -> None:
    office.clock.now = NIGHT
    summary = scan(office, network, ("00:30-03:00",))
    assert network.asked == []
    assert {target.outcome for target in summary.targets} == {Outcome.BUDGET_SPENT}
    assert {c for target in summary.targets for _, c in target.coverage} <= {Coverage.BUDGET, Coverage.NOT_ATTEMPTED}
    assert any("03.00" in issue.detail for issue in summary.issues)


def test_owners_who_lent_a_token_are_known_to_the_source(office: Office, network: WrittenBluesky) -> None:
    with office.space() as space, space.database.write() as session:
        account = next(a for a in accounts.load_register(session) if a.kind is AccountKind.REGISTERED)
        for owner, ends in ((account, NIGHT + timedelta(days=30)), (None, NIGHT + timedelta(days=30))):
            slot = f"owner:{owner.ref.user_id}" if owner else "app"
            entry = CredentialEntry("bluesky", slot, "komentar", ends)
            sealed = credentials.seal(space.vault, entry, "rahasia-contoh")
            account_id = owner.account_id if owner else None
            credentials.add(session, sealed, entry, account_id=account_id, by="rina", now=NIGHT)
    with office.parts(network) as parts:
        assert parts.options["bluesky"].owned == {account.ref.user_id}
    office.clock.now = NIGHT + timedelta(days=30)
    with office.parts(network) as parts:
        assert parts.options["bluesky"].owned == frozenset()


def test_a_source_has_the_mode_that_its_policy_names(office: Office, network: WrittenBluesky) -> None:
    with office.parts(network) as parts:
        assert {name: (o.mode, o.owned) for name, o in parts.options.items()} == {
            "bluesky": (SourceMode.LIVE_API, frozenset())
        }
