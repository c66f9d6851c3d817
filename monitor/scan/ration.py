"""Who is visited first, and who not at all tonight, when a source's caps do not hold everybody.

Candidates' accounts come before people's. Within each, contests (or the people's regions) take turns, those in a busy
stage first, and in each turn whoever was not seen for longest: who is left out tonight is first tomorrow.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from db.runs import TargetKey
from monitor.domain import Caps, Direction, Spending, Spent, VisitFact
from monitor.scan.visit import Visit

_NEVER = datetime.min.replace(tzinfo=UTC)
_GUESS = {Direction.CANDIDATE: 20, Direction.SUBJECT: 4}  # requests of a visit that nobody has made yet


@dataclass(frozen=True, slots=True)
class Groups:
    """Among whom turns are taken: by account row the contest or region, and the rows whose contest is busy."""

    of: Mapping[int, str] = field(default_factory=dict)
    busy: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Turn:
    """One visit in its turn: what it is expected to take, whether that still fits, and since when it waits."""

    visit: Visit
    requests: int
    fits: bool
    last_good_at: datetime | None


@dataclass(frozen=True, slots=True)
class Share:
    """What one source has left today and what tonight would take; `left` None where nothing bounds it."""

    source: str
    left: int | None
    wanted: int
    turns: tuple[Turn, ...]

    @property
    def tight(self) -> bool:
        """Whether more is wanted than is left."""
        return self.left is not None and self.wanted > self.left

    @property
    def left_out(self) -> tuple[Turn, ...]:
        """The visits that are not made tonight."""
        return tuple(turn for turn in self.turns if not turn.fits)


def share_out(
    visits: Iterable[Visit], facts: Mapping[TargetKey, VisitFact], groups: Groups, left: Mapping[str, int | None]
) -> tuple[Share, ...]:
    """Return for each source its visits in the order in which they are made, and which of them still fit."""
    by_source: dict[str, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_source[visit.target.source].append(visit)
    return tuple(_share(source, by_source[source], facts, groups, left.get(source)) for source in sorted(by_source))


def _share(
    source: str, visits: list[Visit], facts: Mapping[TargetKey, VisitFact], groups: Groups, left: int | None
) -> Share:
    turns: list[Turn] = []
    wanted = 0
    for visit in _ordered(visits, facts, groups):
        fact = facts.get(key_of(visit), VisitFact())
        requests = max(fact.requests if fact.requests is not None else _GUESS[visit.target.direction], 1)
        # Whoever's turn comes while something is left is visited, if not to the end: nothing stays unspent.
        turns.append(Turn(visit, requests, left is None or wanted < left, fact.last_good_at))
        wanted += requests
    return Share(source, left, wanted, tuple(turns))


def _ordered(visits: list[Visit], facts: Mapping[TargetKey, VisitFact], groups: Groups) -> Iterator[Visit]:
    for direction in (Direction.CANDIDATE, Direction.SUBJECT):
        mine = [visit for visit in visits if visit.target.direction is direction]
        mine.sort(key=lambda visit: _longest_first(visit, facts, groups))
        yield from _in_turns(mine, groups)


def _longest_first(
    visit: Visit, facts: Mapping[TargetKey, VisitFact], groups: Groups
) -> tuple[bool, datetime, str, str]:
    seen = facts.get(key_of(visit), VisitFact()).last_good_at or _NEVER
    account = visit.account
    return (account.account_id not in groups.busy, seen, account.ref.platform, account.ref.user_id)


def _in_turns(visits: list[Visit], groups: Groups) -> Iterator[Visit]:
    """Take one of each group in turn, in the order in which the groups' first ones stand."""
    lines: dict[str, deque[Visit]] = {}
    for visit in visits:
        lines.setdefault(groups.of.get(visit.account.account_id, ""), deque()).append(visit)
    while lines:
        for name in list(lines):
            yield lines[name].popleft()
            if not lines[name]:
                del lines[name]


def key_of(visit: Visit) -> TargetKey:
    """Return the key under which a visit is recorded."""
    return visit.target.source, visit.target.direction.value, visit.target.account.user_id


def requests_left(spent: Spent, caps: Caps, costs: Sequence[Spending]) -> int | None:
    """Return how many requests a source's caps still hold, None where nothing bounds them.

    `costs` are those of the calls that it knows; units and money are reckoned by what a call of them costs on average.
    """
    if spent.closed:
        return 0
    count = max(len(costs), 1)
    units, micros = sum(cost.units for cost in costs) / count, sum(cost.micros for cost in costs) / count
    rooms = [
        (caps.requests, spent.day.requests, 1.0),
        (caps.weekly_requests, spent.weekly_requests, 1.0),
        (caps.units, spent.day.units, units),
        (caps.micros, spent.day.micros, micros),
        (caps.monthly_micros, spent.monthly_micros, micros),
    ]
    held = [int(max(cap - used, 0) // each) for cap, used, each in rooms if cap is not None and each > 0]
    return min(held, default=None)
