"""Asks again for kept texts before a platform's terms want them gone, and says which could not be refreshed.

What is due is asked for by its id, as missing texts are. What stays unseen longer than the terms allow is an issue for
a person: delete it, or record the law that lets it be kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from db import retention, runs
from monitor.domain import Issue, Outcome
from monitor.scan.parts import Parts
from monitor.scan.store import Sieve
from monitor.scan.texts import LATER, fetch_texts
from scrapers.contract import SourceOptions

MARGIN = timedelta(days=5)  # how long before the end of its time a text is asked for again
MOST_REFRESHED = 500  # texts of one source in one night
DUE = "retention_due"


def refresh_texts(
    parts: Parts, sieve: Sieve, run: runs.RunHandle, sources: Collection[str], wanted: Collection[str]
) -> list[Issue]:
    """Refresh what falls due at these sources; return what failed, and what of all wanted ones has outstayed its time.

    A source that may not be asked tonight keeps its texts too long as well.
    """
    issues: list[Issue] = []
    for source in sorted({*sources, *wanted}):
        manifest = parts.manifests.get(source)
        if manifest is not None and manifest.retention_days is not None:
            limit = timedelta(days=manifest.retention_days)
            if source in sources:
                issues += _refresh(parts, sieve, run, source, parts.clock() - limit + MARGIN)
            issues += _outstayed(parts, source, parts.clock() - limit, manifest.retention_days)
    with parts.database.write() as session:
        runs.add_issues(session, run.id, issues)
    return issues


def _refresh(parts: Parts, sieve: Sieve, run: runs.RunHandle, source: str, before: datetime) -> Iterable[Issue]:
    with parts.database.read() as session:
        due = retention.stale_texts(session, source, before, MOST_REFRESHED)
    options = parts.options.get(source, SourceOptions(source))
    for request in parts.adapters[source].hydrate(tuple(text.item_id for text in due), options):
        issue = fetch_texts(parts, sieve, run, source, request)
        if issue is not None:
            yield issue
            if Outcome(issue.kind) in LATER:
                return


def _outstayed(parts: Parts, source: str, before: datetime, days: int) -> Iterable[Issue]:
    with parts.database.read() as session:
        left = retention.stale_texts(session, source, before)
    if left:
        detail = (
            f"{len(left)} teks dari API tersimpan lebih dari {days} hari tanpa tampak lagi (yang tertua terakhir "
            f"tampak {left[0].seen_last_at:%Y-%m-%d}); ketentuan platform meminta dihapus, kecuali hukum lain berlaku"
        )
        yield Issue(source, DUE, detail)
