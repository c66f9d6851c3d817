"""Handles of the register become stable ids before the night begins, since handles change hands."""

from __future__ import annotations

from db import accounts, runs
from monitor.domain import Issue, Outcome
from monitor.errors import PolicyBlocked, SourceError
from monitor.scan.parts import Parts
from monitor.scan.plan import permit
from scrapers.contract import SourceOptions


def resolve_handles(parts: Parts, run_id: int, only_source: str | None) -> list[Issue]:
    """Ask each permitted platform for the stable ids of accounts known by handle only; return what failed."""
    issues: list[Issue] = []
    for source in sorted(parts.adapters):
        if only_source not in (None, source):
            continue
        with parts.database.read() as session:
            waiting = accounts.unresolved_accounts(session, source)
        if not waiting:
            continue
        try:
            permit(parts, source)
        except PolicyBlocked as refused:
            if only_source is not None:
                raise
            issues.append(Issue(source, Outcome.POLICY_BLOCKED.value, str(refused)))
            continue
        for account in waiting:
            issues.extend(_resolve(parts, source, account.account_id, account.ref.user_id[1:]))
    with parts.database.write() as session:
        runs.add_issues(session, run_id, issues)
    return issues


def _resolve(parts: Parts, source: str, account_id: int, handle: str) -> list[Issue]:
    adapter = parts.adapters[source]
    request = adapter.resolve(handle, parts.options.get(source, SourceOptions(source)))
    try:
        ref = adapter.read_identity(parts.fetcher.get(source, request.url))
    except SourceError as error:
        detail = f"akun {handle} belum dikenali: {error}"
        return [Issue(source, "unresolved_account", detail, target=handle)]
    except PolicyBlocked as error:
        return [Issue(source, Outcome.POLICY_BLOCKED.value, str(error), target=handle)]
    with parts.database.write() as session:
        accounts.resolve_account(session, account_id, ref, parts.clock())
    return []
