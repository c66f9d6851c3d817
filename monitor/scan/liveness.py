"""Asks whether the texts of open cases are still online, ever more seldom, and writes down what changed.

A deletion after capture is an event with two hashes: of the answer that last showed the text, and of the one that says
it is gone. An answer that says the text is there is not kept, only its hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from db import liveness, observations
from db.captures import store_captures
from db.connect import Session
from db.observations import Noted
from monitor.domain import Change, ChangeKind, Issue, LiveCheck, LiveState, Outcome, SourceMode, WatchedText
from monitor.errors import AccountGone, AccountLocked, PolicyBlocked, PrivateContent, SourceError
from monitor.labels import label
from monitor.scan.parts import Parts
from monitor.scan.store import Origin, keep
from scrapers import liveness as oembed
from scrapers.contract import Adapter, Rechecks, Request, Response, SourceOptions
from scrapers.liveness import Liveness
from scrapers.policy import check

STEPS = (1, 3, 7, 14, 30)
"""Days to the next question, by how many were answered before; the last step repeats."""

_ASK_AGAIN = timedelta(days=1)  # after an answer that says nothing
_GIVE_UP_AFTER = 3  # answers in a row that a text is gone
_STOPS = frozenset({Outcome.RATE_LIMITED, Outcome.BUDGET_SPENT, Outcome.QUOTA_SPENT, Outcome.CHALLENGE})


@dataclass(slots=True)
class Rechecked:
    """What came of asking: answers by state, changes, texts left for another time, and what a person should know."""

    states: dict[LiveState, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    unasked: dict[str, int] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Door:
    """How a text is asked after: under which source, with which call, and whose adapter reads the answer."""

    source: str
    request: Request
    adapter: Adapter | None = None


def recheck(parts: Parts, *, everything: bool = False, most: int = 500, case_id: int | None = None) -> Rechecked:
    """Ask after the texts that are due, at most so many; a platform that asks to be left alone is left alone.

    With `case_id` only those of one case.
    """
    done, stopped = Rechecked(), set[str]()
    with parts.database.read() as session:
        texts = liveness.watched(session, parts.clock(), everything=everything, case_id=case_id)
    for text in texts[:most]:
        if text.platform in stopped:
            _leave(done, text)
            continue
        try:
            door = _door(parts, text)
            if door is None:
                _leave(done, text)
                continue
            _ask(parts, text, door, done)
        except (PolicyBlocked, SourceError) as error:
            stopped.add(text.platform)
            _leave(done, text)
            done.issues.append(_issue(text.platform, error))
    for text in texts[most:]:
        _leave(done, text)
    return done


def next_check(now: datetime, text: WatchedText, state: LiveState) -> datetime | None:
    """Return when a text is asked after again, after this answer; None when never.

    An answer that says nothing is asked for again soon. A text that is gone may come back, so that it is asked after
    twice more before it is let be.
    """
    if state is LiveState.UNKNOWN:
        return now + _ASK_AGAIN
    if state.away and text.away + 1 >= _GIVE_UP_AFTER:
        return None
    return now + timedelta(days=STEPS[min(text.answered, len(STEPS) - 1)])


def _door(parts: Parts, text: WatchedText) -> _Door | None:
    """Return how to ask after a text, None where there is no way; PolicyBlocked where the policy closes it."""
    if oembed.can_ask(text.platform, text.kind, parts.manifests):
        manifest, source = parts.manifests[text.platform], oembed.source_of(text.platform)
        policy = check(parts.policies.get(source), source, SourceMode.LIVE_API)
        if manifest.gated and not policy.permission_ref.strip():
            raise PolicyBlocked(
                f"{manifest.title} hanya boleh ditanyai lewat oEmbed dengan izin tertulis dari platformnya",
                f"isi permission_ref di [sources.{source}] pada pantau.toml",
            )
        base = parts.options.get(source, SourceOptions(source)).urls.get("oembed_url", "")
        return _Door(source, oembed.plan(manifest, text.url, base))
    adapter = parts.adapters.get(text.platform)
    if not isinstance(adapter, Rechecks):
        return None
    check(parts.policies.get(text.platform), text.platform, manifest=parts.manifests[text.platform])
    options = parts.options.get(text.platform, SourceOptions(text.platform))
    request = adapter.recheck(text.item_id, text.url, options)
    return _Door(text.platform, request, adapter) if request is not None else None


def _ask(parts: Parts, text: WatchedText, door: _Door, done: Rechecked) -> None:
    """Ask after one text and write what came of it; raises what closes the platform for this time."""
    now = parts.clock()
    check_ = LiveCheck(text.platform, text.item_id, text.url, now, LiveState.UNKNOWN)
    response: Response | None = None
    try:
        response = parts.fetcher.send(door.source, door.request)
        said = _read(parts, text, door, response)
    except SourceError as error:
        if Outcome(error.outcome) in _STOPS:
            raise
        said = Liveness(LiveState.UNKNOWN, error.message)
    at = response.fetched_at if response is not None else now
    check_ = replace(check_, checked_at=at, state=said.state, detail=said.detail, next_at=None)
    if response is not None:
        check_ = replace(check_, status=response.status, sha256=response.sha256)
    check_ = replace(check_, next_at=next_check(at, text, said.state))
    with parts.database.write() as session:
        liveness.record(session, check_)
        change = _change(parts, session, check_, _Said(door, response, said.locked))
    done.states[said.state] = done.states.get(said.state, 0) + 1
    if change is not None:
        done.changes.append(change)


def _read(parts: Parts, text: WatchedText, door: _Door, response: Response) -> Liveness:
    if door.adapter is None:
        return oembed.read(text.platform, response)
    options = parts.options.get(door.source, SourceOptions(door.source))
    try:
        page = door.adapter.read(door.request, response, options)
    except AccountGone as error:
        return Liveness(LiveState.DELETED, error.message)
    except PrivateContent as error:
        return Liveness(LiveState.PRIVATE, error.message, locked=isinstance(error, AccountLocked))
    shown = any(item.item_id == text.item_id for item in page.items)
    return Liveness(LiveState.ONLINE) if shown else Liveness(LiveState.UNKNOWN, "jawaban tidak memuat teks ini")


@dataclass(frozen=True, slots=True)
class _Said:
    """The answer about one text, the door that it came by, and whether it speaks of the whole account."""

    door: _Door
    response: Response | None
    locked: bool


def _change(parts: Parts, session: Session, check_: LiveCheck, said: _Said) -> Change | None:
    """Write what changed since the text was last seen, with the answer that says so; None where nothing did."""
    story = observations.of_texts(session, check_.platform, [check_.item_id]).get(check_.item_id, ())
    kind, door, response = _kind(check_.state, _away(story), locked=said.locked), said.door, said.response
    if kind is None or response is None:
        return None
    captured: int | None = None
    if kind.away:
        origin = Origin(door.source, door.request.endpoint, "")
        capture = keep(response, origin, parts.evidence)
        kept, _ = store_captures(session, [capture])
        captured = kept.id(capture)
    change = Change(
        kind=kind,
        platform=check_.platform,
        item_id=check_.item_id,
        seen_at=check_.checked_at,
        before_capture_id=observations.last_capture_of_text(
            session, check_.platform, check_.item_id, check_.checked_at
        ),
        capture_id=captured,
        detail=check_.detail,
    )
    observations.record(session, [Noted(change, check_.item_id, check_.checked_at.isoformat())])
    away_since = check_.checked_at if kind.away else None
    observations.mark_published(session, check_.platform, check_.item_id, away_since)
    return change


def _away(story: Iterable[Change]) -> ChangeKind | None:
    """Return as what a text was last seen to be away, None where it was there."""
    last: ChangeKind | None = None
    for change in story:
        if change.kind.away or change.kind is ChangeKind.BACK:
            last = change.kind if change.kind.away else None
    return last


def _kind(state: LiveState, before: ChangeKind | None, *, locked: bool) -> ChangeKind | None:
    closed = ChangeKind.LOCKED if locked else ChangeKind.PRIVATE
    told: Mapping[LiveState, ChangeKind] = {LiveState.DELETED: ChangeKind.GONE, LiveState.PRIVATE: closed}
    if state is LiveState.ONLINE:
        return ChangeKind.BACK if before is not None else None
    kind = told.get(state)
    if kind is not None and before is not None and kind.closed and before.closed:
        return None  # one door may know that it is the account, another only that the text is closed
    return kind if kind is not before else None


def _leave(done: Rechecked, text: WatchedText) -> None:
    done.unasked[text.platform] = done.unasked.get(text.platform, 0) + 1


def _issue(platform: str, error: PolicyBlocked | SourceError) -> Issue:
    kind = error.outcome if isinstance(error, SourceError) else Outcome.POLICY_BLOCKED.value
    return Issue(platform, kind, f"pemeriksaan ulang ({label(Outcome(kind))}): {error}", needs_person=False)
