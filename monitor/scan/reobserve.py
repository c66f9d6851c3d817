"""What changed since the last visits: acts withdrawn or back, texts gone, edited or back, each with its evidence.

It comes after all visits, so that a sighting anywhere in the night counts. Withdrawn likes and shares follow from the
looks alone; texts that a listing should have shown are asked after one by one, and only the platform's own word counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from db import absences, edits, observations, runs
from db.absences import LookSeen, StoredAct, Suspect
from db.captures import first_received, store_captures
from db.connect import Session
from db.items import store_batch
from db.observations import Noted
from monitor.domain import AccountKind, Capture, Change, ChangeKind, Issue, Outcome
from monitor.errors import AccountGone, AccountLocked, PolicyBlocked, PrivateContent, SourceError
from monitor.labels import label
from monitor.scan.asking import put
from monitor.scan.parts import Parts
from monitor.scan.store import Origin, Sieve, keep, sift
from monitor.scan.visit import request_text
from scrapers.contract import Page, Rechecks, Request, Response, SourceOptions

RECHECK = "recheck"
MOST_RECHECKS = 200
_LATER = frozenset({Outcome.RATE_LIMITED, Outcome.BUDGET_SPENT, Outcome.QUOTA_SPENT, Outcome.CHALLENGE,
    Outcome.POLICY_BLOCKED, Outcome.NETWORK})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reobserved:
    """What a night noticed: how many changes of each kind, and what went wrong on the way."""

    counts: dict[ChangeKind, int] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()


def reobserve(parts: Parts, sieve: Sieve, run: runs.RunHandle, sources: Iterable[str]) -> Reobserved:
    """Note what changed; `sources` are those that may still be asked tonight. Doing it twice notes nothing twice."""
    with parts.database.write() as session:
        first = observations.last_number(session)
        _settle_acts(session, sieve, run)
    issues = [issue for source in sources for issue in _recheck_source(parts, sieve, run, source)]
    with parts.database.write() as session:
        _settle_texts(session, run)
        _note_edits(session, run)
        runs.add_issues(session, run.id, issues)
        counts = observations.counts_since(session, first)
    return Reobserved(counts, tuple(issues))


def _settle_acts(session: Session, sieve: Sieve, run: runs.RunHandle) -> None:
    """Mark likes and shares that are gone and those that are back.

    An act whose actor the register no longer knows is left as it is: what the sieve drops is not absent.
    """
    marks: list[tuple[int, datetime | None]] = []
    for act in absences.acts_to_settle(session, run.began):
        owner = sieve.watch.match(act.actor, act.time)
        if owner is None or owner.kind is not AccountKind.ASN:
            continue
        if act.absent is not None and act.withdrawn_seen_at != act.absent.finished_at:
            observations.record(session, [_withdrawn(session, act, act.absent)])
            marks.append((act.id, act.absent.finished_at))
        elif act.absent is None and act.withdrawn_seen_at is not None:
            observations.record(session, [_back(session, act)])
            marks.append((act.id, None))
    observations.mark_acts(session, marks)


def _withdrawn(session: Session, act: StoredAct, look: LookSeen) -> Noted:
    of = "total" if look.reported is None else str(look.reported)
    detail = (
        f"catatan akun itu sendiri ({label(look.verb)}) dibaca lengkap: {look.collected} entri, tanpa yang satu ini"
        if look.own
        else f"daftar {label(look.verb)} dibaca sampai habis: {look.collected} dari {of}, tanpa akun ini"
    )
    change = Change(
        kind=ChangeKind.WITHDRAWN,
        platform=act.platform,
        item_id=act.target_id,
        seen_at=look.finished_at,
        interaction_id=act.id,
        before_capture_id=observations.last_capture_of_act(session, act.id),
        capture_id=observations.capture_of_listing(session, act.id, look.started_at, look.finished_at),
        detail=detail,
    )
    return Noted(change, act.key, look.finished_at.isoformat())


def _back(session: Session, act: StoredAct) -> Noted:
    assert act.withdrawn_seen_at is not None  # its caller asks
    change = Change(
        kind=ChangeKind.BACK,
        platform=act.platform,
        item_id=act.target_id,
        seen_at=act.seen_last_at,
        interaction_id=act.id,
        capture_id=observations.last_capture_of_act(session, act.id),
    )
    return Noted(change, act.key, act.withdrawn_seen_at.isoformat())


def _recheck_source(parts: Parts, sieve: Sieve, run: runs.RunHandle, source: str) -> list[Issue]:
    """Ask after the texts of one source that tonight's listings should have shown and did not."""
    adapter, options = parts.adapters.get(source), parts.options.get(source, SourceOptions(source))
    if not isinstance(adapter, Rechecks):
        return []
    with parts.database.read() as session:
        missing = absences.unseen_texts(session, source, run.began)
    issues: list[Issue] = []
    for suspect in missing[:MOST_RECHECKS]:
        request = adapter.recheck(suspect.item_id, suspect.url, options)
        issue = _recheck(parts, sieve, run, suspect, request) if request is not None else None
        if issue is not None:
            issues.append(issue)
            if Outcome(issue.kind) in _LATER:
                break
    if len(missing) > MOST_RECHECKS:
        detail = f"{len(missing) - MOST_RECHECKS} unggahan yang tidak terlihat lagi belum sempat ditanyakan malam ini"
        issues.append(Issue(source, "recheck_postponed", detail, needs_person=False))
    return issues


def _recheck(parts: Parts, sieve: Sieve, run: runs.RunHandle, suspect: Suspect, request: Request) -> Issue | None:
    """Ask after one text and write what the platform says; a failure says nothing about the text."""
    source = suspect.platform
    adapter, options = parts.adapters[source], parts.options.get(source, SourceOptions(source))
    origin = Origin(source, RECHECK, f"{source}/{adapter.version}", request=request_text(request))

    def read(response: Response) -> Page | AccountGone | PrivateContent:
        try:
            return adapter.read(request, response, options)
        except (AccountGone, PrivateContent) as word:
            return word

    try:
        response, page = put(parts, source, request, read)
    except (SourceError, PolicyBlocked) as error:
        kind = error.outcome if isinstance(error, SourceError) else Outcome.POLICY_BLOCKED.value
        return Issue(source, kind, f"{request.endpoint}: {error}", needs_person=False)
    if not isinstance(page, Page):
        _note_away(parts, run, suspect, keep(response, origin, parts.evidence), page)
        return None
    parts.fetcher.settle(source, request, response, page.billed)
    sifted = sift(page, response, origin, sieve, parts.evidence)
    with parts.database.write() as session:
        store_batch(session, sifted.batch, parts.clock(), run.id)
    return None


def _note_away(parts: Parts, run: runs.RunHandle, suspect: Suspect, capture: Capture, word: SourceError) -> None:
    """Write that a text is gone or closed, with the answer that says so."""
    with parts.database.write() as session:
        kept, _ = store_captures(session, [capture], run.id)
        at = capture.fetched_at
        change = Change(
            kind=_kind(word),
            platform=suspect.platform,
            item_id=suspect.item_id,
            seen_at=at,
            before_capture_id=observations.last_capture_of_text(session, suspect.platform, suspect.item_id, at),
            capture_id=kept.id(capture),
            detail=word.message,
        )
        observations.record(session, [Noted(change, suspect.item_id, at.isoformat())])
        observations.mark_published(session, suspect.platform, suspect.item_id, at)


def _kind(word: SourceError) -> ChangeKind:
    if isinstance(word, AccountGone):
        return ChangeKind.GONE
    return ChangeKind.LOCKED if isinstance(word, AccountLocked) else ChangeKind.PRIVATE


def _settle_texts(session: Session, run: runs.RunHandle) -> None:
    """Note texts that were away and that this night saw again."""
    for platform, item_id, at, away in absences.texts_back(session, run.began):
        capture = observations.last_capture_of_text(session, platform, item_id)
        change = Change(ChangeKind.BACK, platform, item_id, at, capture_id=capture)
        observations.record(session, [Noted(change, item_id, away)])
        observations.mark_published(session, platform, item_id, None)


def _note_edits(session: Session, run: runs.RunHandle) -> None:
    """Note texts that this night read in other words; no later night will, so a clock that was set back is heeded."""
    since = min(run.began, first_received(session, run.id) or run.began)
    observations.record(
        session,
        [
            Noted(
                Change(
                    kind=ChangeKind.EDITED,
                    platform=edit.platform,
                    item_id=edit.item_id,
                    seen_at=edit.seen_at,
                    before_capture_id=edit.before_capture_id,
                    capture_id=edit.capture_id,
                    detail=f"menurut platform disunting {edit.edited_at.isoformat()}" if edit.edited_at else "",
                ),
                edit.item_id,
                edit.content_hash,
            )
            for edit in edits.edits_since(session, since)
        ],
    )
