"""Before the night begins, every account gets both its names: the stable id that counts, the handle that people write.

Handles change hands, so a stable id is what acts are matched by. Handles are what texts name accounts by: learned only
on the way, they would let the first night read a text otherwise than the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from db import accounts, runs
from monitor.domain import AccountRef, Issue, Outcome, RegisteredAccount
from monitor.errors import (
    Blocked,
    BudgetSpent,
    Challenge,
    LoginWall,
    NetworkFailure,
    PolicyBlocked,
    QuotaSpent,
    RateLimited,
    ServerFailure,
    SourceError,
    UsageError,
)
from monitor.scan.asking import put
from monitor.scan.parts import Parts
from monitor.scan.plan import permit
from scrapers.contract import SourceOptions

_CLOSING = (Blocked, BudgetSpent, Challenge, LoginWall, NetworkFailure, QuotaSpent, RateLimited, ServerFailure)


def resolve_handles(parts: Parts, run_id: int, only_source: str | None) -> list[Issue]:
    """Ask each permitted platform for the names of accounts known by one of them only; return what failed."""
    issues: list[Issue] = []
    for source in sorted(parts.adapters):
        if only_source not in (None, source):
            continue
        with parts.database.read() as session:
            by_handle = parts.manifests[source].by_handle  # such a platform has no other name for an account
            unresolved = () if by_handle else accounts.unresolved_accounts(session, source)
            unnamed = accounts.unnamed_accounts(session, source)
        if not unresolved and not unnamed:
            continue
        try:
            permit(parts, source)
        except PolicyBlocked as refused:
            if only_source is not None:
                raise
            issues.append(Issue(source, Outcome.POLICY_BLOCKED.value, str(refused)))
            continue
        issues.extend(_name_all(parts, source, unresolved, unnamed))
    with parts.database.write() as session:
        runs.add_issues(session, run_id, issues)
    return issues


def _name_all(
    parts: Parts, source: str, unresolved: Sequence[RegisteredAccount], unnamed: Sequence[RegisteredAccount]
) -> Iterator[Issue]:
    """Ask for one account after the other; only what is not resolved is an issue, since nobody visits it."""
    ask = _Asking(parts, source)
    for account in unresolved:
        handle = account.ref.user_id[1:]
        try:
            ref = ask(handle)
        except (SourceError, UsageError) as error:
            yield Issue(source, "unresolved_account", f"akun {handle} belum dikenali: {error}", target=handle)
        except PolicyBlocked as error:
            yield Issue(source, Outcome.POLICY_BLOCKED.value, str(error), target=handle)
        else:
            if ref.user_id == account.ref.user_id:
                continue  # Telegram shows no number of a person: the public name stays all that is known
            with parts.database.write() as session:
                accounts.resolve_account(session, account.account_id, ref, parts.clock())
    for account in unnamed:
        with suppress(SourceError, UsageError, PolicyBlocked):
            ref = ask(account.ref.user_id)
            if ref.user_id == account.ref.user_id and ref.handle:
                with parts.database.write() as session:
                    accounts.note_handle(session, account.account_id, ref.handle, parts.clock())


@dataclass(slots=True)
class _Asking:
    """Asks a platform who somebody is; a server that answers nobody is not asked thousands of times."""

    parts: Parts
    source: str
    closed: dict[str, SourceError] = field(default_factory=dict)

    def __call__(self, name: str) -> AccountRef:
        adapter = self.parts.adapters[self.source]
        request = adapter.resolve(name, self.parts.options.get(self.source, SourceOptions(self.source)))
        host = urlsplit(request.url).netloc
        if host in self.closed:
            raise self.closed[host]
        try:
            return put(self.parts, self.source, request, adapter.read_identity)[1]
        except _CLOSING as error:
            self.closed[host] = error
            raise
