"""The visit to one target: its open requests, what it has seen, and what that says about coverage.

The state is small and JSON-serialisable: it is the checkpoint that lets a killed night go on where it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from monitor.domain import Act, Coverage, EndKind, Look, Outcome, RegisteredAccount, TargetResult
from scrapers.contract import EmptyListing, Page, Request, Response, Target
from scrapers.gather import UNREADABLE

_FULL_STOP = frozenset({Outcome.RATE_LIMITED, Outcome.BUDGET_SPENT, Outcome.QUOTA_SPENT, Outcome.CHALLENGE,
    Outcome.POLICY_BLOCKED})  # fmt: skip
# What a platform keeps back every night is coverage, not a failure of the night.
_KEPT_BACK = frozenset({Outcome.LOGIN_WALL, Outcome.PRIVATE, Outcome.NOT_FOUND})
_COVERAGE_OF = {
    Outcome.LOGIN_WALL: Coverage.LOGIN_WALL,
    Outcome.PRIVATE: Coverage.NOT_PUBLIC,
    Outcome.BLOCKED: Coverage.BLOCKED,
    Outcome.CHALLENGE: Coverage.BLOCKED,
    Outcome.POLICY_BLOCKED: Coverage.BLOCKED,
    Outcome.RATE_LIMITED: Coverage.BUDGET,
    Outcome.BUDGET_SPENT: Coverage.BUDGET,
    Outcome.QUOTA_SPENT: Coverage.BUDGET,
}
_REQUEST = tuple(field.name for field in fields(Request))
_WORST_END = (EndKind.EXHAUSTED, EndKind.WINDOW_REACHED, EndKind.CAP_REACHED, EndKind.SUSPICIOUS_EMPTY, EndKind.BLOCKED)


@dataclass(slots=True)
class Listing:
    """A running look at one verb of one item, over all its pages and endpoints."""

    started_at: str
    finished_at: str
    collected: int = 0
    registered: int = 0
    reported: int | None = None
    end: EndKind = EndKind.EXHAUSTED


@dataclass(slots=True)
class VerbState:
    """What the visit knows of one verb so far; `later` counts listings whose time has not come."""

    seen: int = 0
    short: int = 0
    later: int = 0
    failed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Sums:
    """The running sums of a visit."""

    requests: int = 0
    items: int = 0
    bystanders: int = 0
    acts: list[str] = field(default_factory=list)
    outcome: str = Outcome.OK.value
    cut_short: bool = False
    verbs: dict[str, VerbState] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=dict)
    started_at: str = ""


@dataclass(slots=True)
class Visit:
    """One target on its way through the night; the last request of `frontier` is the next to be made.

    Of two visits that wait for one host the one with the lower `rank` goes first; those of one rank take turns.
    """

    target: Target
    account: RegisteredAccount
    capabilities: Mapping[Act, Coverage]
    query: str
    mapper: str
    frontier: list[Request]
    sums: Sums = field(default_factory=Sums)
    stopped: bool = False
    rank: int = 0

    @property
    def done(self) -> bool:
        """Whether nothing is left to be asked, or asking must wait for another night."""
        return self.stopped or not self.frontier

    def take(self, response: Response, page: Page, acts: list[str], bystanders: int, items: int) -> tuple[Look, ...]:
        """Record one read answer: move the frontier on and return the looks that it completed."""
        request = self.frontier.pop()
        self.frontier.extend(reversed(page.follow))
        self.sums.requests += 1
        self.sums.items += items
        self.sums.bystanders += bystanders
        known = set(self.sums.acts)
        self.sums.acts.extend(sorted(key for key in dict.fromkeys(a[:16] for a in acts) if key not in known))
        self._note_listing(request, page, response.fetched_at, len(page.acts), len(acts))
        empty = tuple(self._empty(listing, response.fetched_at) for listing in page.empty)
        return (*self._finished(request), *empty, *self._own_record(request, page, response.fetched_at, len(acts)))

    def put_off(self, listings: Mapping[Act, int]) -> None:
        """Record listings that are not read tonight because their time has not come."""
        for verb, count in listings.items():
            self._verb(verb).later += count

    @property
    def later(self) -> dict[Act, int]:
        """How many listings of each verb wait for their time."""
        return {Act(verb): state.later for verb, state in self.sums.verbs.items() if state.later}

    def fail(self, outcome: Outcome, at: datetime) -> tuple[Look, ...]:
        """Record that the next request failed; some failures end the visit, others only one listing of it.

        After a limit or a challenge the open requests are kept, so that another night goes on with them.
        """
        if outcome in _FULL_STOP:
            self.stopped = self.sums.cut_short = True
            self.sums.outcome = outcome.value
            return ()
        request = self.frontier.pop()
        self.sums.requests += 1
        if request.verb is not None:
            self._verb(request.verb).failed.append(outcome.value)
            if request.item_id is not None:
                listing = self._listing(request, at)
                listing.end, listing.finished_at = EndKind.BLOCKED, at.isoformat()
        if not (request.optional and outcome in _KEPT_BACK):
            self.sums.outcome = outcome.value
        elif self.sums.outcome == Outcome.OK.value:
            self.sums.outcome = Outcome.PARTIAL.value
        if request.item_id is None and not request.optional:
            self.sums.cut_short = True
            self.frontier.clear()
        return self._finished(request)

    def result(self, finished_at: datetime, had_items: bool, *, blind: bool = False) -> TargetResult:
        """Return how the visit went. `had_items` says whether the account ever showed anything before.

        At a `blind` source nothing counts as fully observed.
        """
        outcome = Outcome(self.sums.outcome)
        coverage = tuple((act, self._coverage(act)) for act in (Act.POST, Act.LIKE, Act.SHARE, Act.COMMENT, Act.FOLLOW))
        if blind:
            coverage = tuple((a, Coverage.PARTIAL if c is Coverage.OBSERVED else c) for a, c in coverage)
        if blind and outcome is Outcome.OK and not self.sums.items and not self.sums.acts:
            outcome = Outcome.SUSPICIOUS_EMPTY
        if outcome is Outcome.OK and any(c is Coverage.PARTIAL and not self._only_later(act) for act, c in coverage):
            outcome = Outcome.PARTIAL
        if outcome is Outcome.OK and not self.sums.items and not self.sums.acts:
            outcome = Outcome.SUSPICIOUS_EMPTY if had_items else Outcome.EMPTY_CONFIRMED
        return TargetResult(
            source=self.target.source,
            direction=self.target.direction,
            target=self.target.account.user_id,
            outcome=outcome,
            coverage=coverage,
            requests=self.sums.requests,
            items=self.sums.items,
            interactions=len(self.sums.acts),
            bystanders_discarded=self.sums.bystanders,
            started_at=datetime.fromisoformat(self.sums.started_at) if self.sums.started_at else finished_at,
            finished_at=finished_at,
        )

    def _coverage(self, act: Act) -> Coverage:
        planned = self.capabilities.get(act, Coverage.NOT_ATTEMPTED)
        if planned is not Coverage.OBSERVED:
            return planned
        state = self.sums.verbs.get(act.value, VerbState())
        if state.failed or self.sums.cut_short:
            why = state.failed[0] if state.failed else self.sums.outcome
            return Coverage.PARTIAL if state.seen else _COVERAGE_OF.get(Outcome(why), Coverage.FAILED)
        if state.short:
            return Coverage.PARTIAL
        if state.later:
            return Coverage.PARTIAL if state.seen else Coverage.NOT_ATTEMPTED
        return planned

    def _only_later(self, act: Act) -> bool:
        state = self.sums.verbs.get(act.value, VerbState())
        return bool(state.later) and not (state.short or state.failed or self.sums.cut_short)

    def _verb(self, verb: Act) -> VerbState:
        return self.sums.verbs.setdefault(verb.value, VerbState())

    def _listing(self, request: Request, at: datetime) -> Listing:
        key = f"{request.verb}|{request.item_id}"
        return self.sums.listings.setdefault(key, Listing(at.isoformat(), at.isoformat()))

    def _note_listing(self, request: Request, page: Page, at: datetime, collected: int, registered: int) -> None:
        if request.verb is None:
            return
        if page.end in (EndKind.CAP_REACHED, EndKind.SUSPICIOUS_EMPTY, EndKind.BLOCKED):
            self._verb(request.verb).short += 1
        if page.end is not None:
            self._verb(request.verb).seen += 1
        if request.item_id is None:
            return
        listing = self._listing(request, at)
        listing.finished_at = at.isoformat()
        listing.collected += collected
        listing.registered += registered
        if page.reported is not None:
            listing.reported = max(listing.reported or 0, page.reported)
        if page.end is not None and _WORST_END.index(page.end) > _WORST_END.index(listing.end):
            listing.end = page.end

    def _empty(self, listing: EmptyListing, at: datetime) -> Look:
        self._verb(listing.verb).seen += 1
        return Look(
            platform=self.target.account.platform,
            item_id=listing.item_id,
            verb=listing.verb,
            started_at=at,
            finished_at=at,
            end=EndKind.EXHAUSTED,
            reported=0,
            collected=0,
            registered=0,
        )

    def _finished(self, request: Request) -> tuple[Look, ...]:
        if request.verb is None or request.item_id is None:
            return ()
        if any(r.verb is request.verb and r.item_id == request.item_id for r in self.frontier):
            return ()
        listing = self.sums.listings.pop(f"{request.verb}|{request.item_id}")
        if listing.reported is not None and listing.collected < listing.reported:
            self._verb(request.verb).short += 1
        return (
            Look(
                platform=self.target.account.platform,
                item_id=request.item_id,
                verb=request.verb,
                started_at=datetime.fromisoformat(listing.started_at),
                finished_at=datetime.fromisoformat(listing.finished_at),
                end=listing.end,
                reported=listing.reported,
                collected=listing.collected,
                registered=listing.registered,
            ),
        )

    def _own_record(self, request: Request, page: Page, at: datetime, registered: int) -> tuple[Look, ...]:
        """Return the looks at the account's own record that this page completes.

        A record with an entry that could not be read proves no absence, so its look ends `blocked`.
        """
        if not page.own:
            return ()
        key = f"own|{request.endpoint}"
        listing = self.sums.listings.setdefault(key, Listing(at.isoformat(), at.isoformat()))
        listing.collected += len(page.acts)
        listing.registered += registered
        if any(issue.kind == UNREADABLE for issue in page.issues):
            listing.end = EndKind.BLOCKED
        if page.end is None:
            return ()
        del self.sums.listings[key]
        return tuple(
            Look(
                platform=self.target.account.platform,
                item_id=self.target.account.user_id,
                verb=act,
                started_at=datetime.fromisoformat(listing.started_at),
                finished_at=at,
                end=max(listing.end, page.end, key=_WORST_END.index),
                reported=None,
                collected=listing.collected,
                registered=listing.registered,
                since=self.target.since,
            )
            for act in page.own
        )

    def freeze(self) -> tuple[str, str]:
        """Return frontier and sums as JSON text for a checkpoint."""
        return json.dumps([_raw(r) for r in self.frontier]), json.dumps(asdict(self.sums))

    def thaw(self, frontier: str, sums: str) -> None:
        """Go on from a checkpoint that `freeze` made."""
        self.frontier = [request_of(raw) for raw in json.loads(frontier)]
        raw = json.loads(sums)
        raw["verbs"] = {k: VerbState(**v) for k, v in raw["verbs"].items()}
        raw["listings"] = {k: Listing(**{**v, "end": EndKind(v["end"])}) for k, v in raw["listings"].items()}
        self.sums = Sums(**raw)
        if Outcome(self.sums.outcome) in _FULL_STOP:
            self.sums.outcome, self.sums.cut_short = Outcome.OK.value, False


def request_text(request: Request) -> str:
    """Return a call as JSON text, to be kept beside its answer."""
    return json.dumps(_raw(request), sort_keys=True)


def _raw(request: Request) -> dict[str, Any]:
    """Return a call as `asdict` does, which copies so deeply that long frontiers took longer to save than to read."""
    return {name: getattr(request, name) for name in _REQUEST}


def request_of(raw: dict[str, Any]) -> Request:
    """Return the call that JSON made of it."""
    return Request(**{**raw, "verb": Act(raw["verb"]) if raw["verb"] else None})
