"""Before the night begins, every account gets both its names: the stable id that counts, the handle that people write.

Handles change hands, so a stable id is what acts are matched by. Handles are what texts name accounts by: learned only
on the way, they would let the first night read a text otherwise than the second.
"""

from __future__ import annotations

from contextlib import suppress

from db import accounts, runs
from monitor.domain import AccountRef, Issue, Outcome, RegisteredAccount
from monitor.errors import PolicyBlocked, SourceError, UsageError
from monitor.scan.parts import Parts
from monitor.scan.plan import permit
from scrapers.contract import SourceOptions


def resolve_handles(parts: Parts, run_id: int, only_source: str | None) -> list[Issue]:
    """Ask each permitted platform for the names of accounts known by one of them only; return what failed."""
    issues: list[Issue] = []
    for source in sorted(parts.adapters):
        if only_source not in (None, source):
            continue
        with parts.database.read() as session:
            unresolved = accounts.unresolved_accounts(session, source)
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
        for account in unresolved:
            issues.extend(_resolve(parts, source, account.account_id, account.ref.user_id[1:]))
        for account in unnamed:
            _learn_handle(parts, source, account)
    with parts.database.write() as session:
        runs.add_issues(session, run_id, issues)
    return issues


def _resolve(parts: Parts, source: str, account_id: int, handle: str) -> list[Issue]:
    try:
        ref = _ask(parts, source, handle)
    except (SourceError, UsageError) as error:
        detail = f"akun {handle} belum dikenali: {error}"
        return [Issue(source, "unresolved_account", detail, target=handle)]
    except PolicyBlocked as error:
        return [Issue(source, Outcome.POLICY_BLOCKED.value, str(error), target=handle)]
    with parts.database.write() as session:
        accounts.resolve_account(session, account_id, ref, parts.clock())
    return []


def _learn_handle(parts: Parts, source: str, account: RegisteredAccount) -> None:
    """Record the handle of an account; a failure says nothing that the visit to it will not say."""
    with suppress(SourceError, UsageError, PolicyBlocked):
        ref = _ask(parts, source, account.ref.user_id)
        if ref.user_id == account.ref.user_id and ref.handle:
            with parts.database.write() as session:
                accounts.note_handle(session, account.account_id, ref.handle, parts.clock())


def _ask(parts: Parts, source: str, name: str) -> AccountRef:
    adapter = parts.adapters[source]
    request = adapter.resolve(name, parts.options.get(source, SourceOptions(source)))
    return adapter.read_identity(parts.fetcher.get(source, request.url))
