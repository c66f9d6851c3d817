"""By what right a night reads: the policy record of each source, put on record before the first request."""

from __future__ import annotations

import json
from dataclasses import asdict

from db import accounts, policies, runs
from monitor.domain import Issue
from monitor.errors import PolicyBlocked
from monitor.scan.parts import Parts
from monitor.scan.plan import permit
from scrapers.contract import SourceOptions


def note_policies(parts: Parts, run_id: int, only_source: str | None) -> list[Issue]:
    """Record and audit the policies of the sources that tonight may ask; return a notice for each that has changed."""
    issues: list[Issue] = []
    with parts.database.write() as session:
        watched = {account.ref.platform for account in accounts.load_register(session)}
        for source in sorted(watched & set(parts.adapters)):
            if only_source not in (None, source) or not _permitted(parts, source):
                continue
            known = policies.latest(session, source) is not None
            changed = policies.note_policy(session, source, _record(parts, source), parts.clock())
            if known and changed:
                detail = "izin sumber ini berubah sejak pemindaian sebelumnya; hash barunya tercatat dalam log audit"
                issues.append(Issue(source, "policy_changed", detail, needs_person=False))
        runs.add_issues(session, run_id, issues)
    return issues


def _permitted(parts: Parts, source: str) -> bool:
    try:
        permit(parts, source)
    except PolicyBlocked:
        return False
    return True


def _record(parts: Parts, source: str) -> str:
    """Return the policy as it is hashed: the same record always gives the same text."""
    urls = parts.options.get(source, SourceOptions(source)).urls
    return json.dumps({"policy": asdict(parts.policies[source]), "urls": dict(urls)}, sort_keys=True, default=str)
