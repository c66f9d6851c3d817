"""Fetches the posts that registered people liked or shared and whose text no visit brought.

It comes after all visits and asks in order of ids, so that what is kept never depends on which visit was faster.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from db import items, runs
from monitor.domain import Issue, Outcome
from monitor.errors import PolicyBlocked, SourceError
from monitor.scan.asking import ask
from monitor.scan.parts import Parts
from monitor.scan.plan import permit
from monitor.scan.store import HYDRATE, Origin, Sieve, sift
from monitor.scan.visit import request_text
from scrapers.contract import Request, SourceOptions

LATER = frozenset({Outcome.RATE_LIMITED, Outcome.BUDGET_SPENT, Outcome.QUOTA_SPENT, Outcome.CHALLENGE,
    Outcome.POLICY_BLOCKED, Outcome.NETWORK})  # fmt: skip


def fetch_missing_texts(parts: Parts, sieve: Sieve, run: runs.RunHandle, sources: Iterable[str]) -> list[Issue]:
    """Read the missing texts of what this night saw, source by source; return what failed. A later night asks again."""
    issues: list[Issue] = []
    for source in sources:
        for request in _requests(parts, source, run.began):
            issue = fetch_texts(parts, sieve, run, source, request)
            if issue is not None:
                issues.append(issue)
                if Outcome(issue.kind) in LATER:
                    break
    with parts.database.write() as session:
        runs.add_issues(session, run.id, issues)
    return issues


def _requests(parts: Parts, source: str, seen_since: datetime) -> tuple[Request, ...]:
    try:
        permit(parts, source)
    except PolicyBlocked:  # already an issue of the plan
        return ()
    with parts.database.read() as session:
        missing = items.missing_texts(session, source, seen_since)
    options = parts.options.get(source, SourceOptions(source))
    return parts.adapters[source].hydrate(tuple(missing), options) if missing else ()


def fetch_texts(parts: Parts, sieve: Sieve, run: runs.RunHandle, source: str, request: Request) -> Issue | None:
    """Store one answer's texts that name a candidate; a failure is coverage, not a fault of the night."""
    adapter = parts.adapters[source]
    try:
        response, page = ask(parts, source, request)
    except (SourceError, PolicyBlocked) as error:
        kind = error.outcome if isinstance(error, SourceError) else Outcome.POLICY_BLOCKED.value
        return Issue(source, kind, f"{request.endpoint}: {error}", needs_person=False)
    origin = Origin(source, HYDRATE, f"{source}/{adapter.version}", request=request_text(request))
    sifted = sift(page, response, origin, sieve, parts.evidence)
    with parts.database.write() as session:
        items.store_batch(session, replace(sifted.batch, sightings=()), parts.clock(), run.id)
    return None
