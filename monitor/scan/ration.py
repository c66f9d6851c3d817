"""Who is visited first, and who not at all tonight, when a source's caps do not hold everybody.

While all fits, candidates' accounts come before people's, those in a busy stage first. When it does not fit, the three
lines share what is left by weight, and one that was not served for long begins: nobody waits for ever. Within a line
contests (or the people's regions) take turns, in a contest its pairs, in a pair its accounts: each time the one whose
turn was longest ago. A try counts as a turn, however it ended; who was left out tonight is therefore nearer tomorrow.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from db.runs import TargetKey
from monitor.domain import Caps, Direction, Spending, Spent, VisitFact
from monitor.scan.alternation import Path, Turns
from monitor.scan.visit import Visit

_NEVER = datetime.min.replace(tzinfo=UTC)
_NIGHT = 86_400.0  # seconds
_GUESS = {Direction.CANDIDATE: 20, Direction.SUBJECT: 4}  # requests of a visit that nobody has made yet

WEIGHTS = (8, 4, 1)
"""Shares of the lines where they compete: pairs in a busy stage, other pairs, people."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Among whom turns are taken: by account row the contests and pairs or the region, and the rows that are busy.

    An account of several pairs stands in the turn of each of them and is visited in the first that comes.
    """

    of: Mapping[int, tuple[Path, ...]] = field(default_factory=dict)
    busy: frozenset[int] = frozenset()

    def paths(self, visit: Visit) -> tuple[Path, ...]:
        """Return in whose turns a visit stands."""
        return self.of.get(visit.account.account_id) or (("", ""),)


@dataclass(frozen=True, slots=True)
class Turn:
    """One visit in its turn: what it is expected to take, whether that still fits, and since when it waits.

    `path` names the contest and pair, or the region, whose turn it was; `nights` is after how many nights it is reached
    if the caps stay as they are, 0 for tonight.
    """

    visit: Visit
    requests: int
    fits: bool
    last_good_at: datetime | None
    path: Path = ("", "")
    nights: int = 0


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
    known = _Known(facts, groups)
    return tuple(_share(source, by_source[source], known, left.get(source)) for source in sorted(by_source))


@dataclass(frozen=True, slots=True)
class _Known:
    """What earlier nights say of visits, and among whom they take turns."""

    facts: Mapping[TargetKey, VisitFact]
    groups: Groups

    def requests(self, visit: Visit) -> int:
        """Return what a visit is expected to take, by the earlier ones that ended well."""
        fact = self.fact(visit)
        return max(fact.requests if fact.requests is not None else _GUESS[visit.target.direction], 1)

    def fact(self, visit: Visit) -> VisitFact:
        """Return what is known of a visit's target."""
        return self.facts.get(key_of(visit), VisitFact())

    def tried(self, visit: Visit) -> datetime:
        """Return when a visit was last begun, whatever came of it."""
        fact = self.fact(visit)
        return fact.last_tried_at or fact.last_good_at or _NEVER

    def line(self, visit: Visit) -> int:
        """Return in which of the three lines a visit waits."""
        if visit.target.direction is Direction.SUBJECT:
            return 2
        return 0 if visit.account.account_id in self.groups.busy else 1


def _share(source: str, visits: list[Visit], known: _Known, left: int | None) -> Share:
    lines: list[list[Visit]] = [[], [], []]
    for visit in visits:
        lines[known.line(visit)].append(visit)
    wanted = sum(known.requests(visit) for visit in visits)
    ordered = [list(_in_turns(line, known)) for line in lines]
    tight = left is not None and wanted > left
    turns: list[Turn] = []
    before = 0
    for path, visit in _weighed(ordered, known) if tight else (one for line in ordered for one in line):
        requests = known.requests(visit)
        # Whoever's turn comes while something is left is visited, if not to the end: nothing stays unspent.
        fits = left is None or before < left
        nights = 0 if fits or not left else before // left
        turns.append(Turn(visit, requests, fits, known.fact(visit).last_good_at, path, nights))
        before += requests
    return Share(source, left, wanted, tuple(turns))


def _weighed(lines: list[list[tuple[Path, Visit]]], known: _Known) -> Iterator[tuple[Path, Visit]]:
    """Let the lines share by weight what their visits take; first come those that wait longest for their weight."""
    waits = _waits(lines, known)
    spent, places = [0.0] * len(lines), [0] * len(lines)
    while open_lines := [n for n, line in enumerate(lines) if places[n] < len(line)]:
        line = min(open_lines, key=lambda n: (spent[n], -waits[n], n))
        path, visit = lines[line][places[line]]
        places[line] += 1
        spent[line] += known.requests(visit) / WEIGHTS[line]
        yield path, visit


def _waits(lines: list[list[tuple[Path, Visit]]], known: _Known) -> list[float]:
    """Return by line for how long it was not served, times its weight; endless for one that never was."""
    served = [max((known.tried(visit) for _, visit in line), default=_NEVER) for line in lines]
    newest = max(served)
    return [
        float("inf") if at == _NEVER else ((newest - at).total_seconds() + _NIGHT) * weight
        for at, weight in zip(served, WEIGHTS, strict=True)
    ]


def _in_turns(visits: Sequence[Visit], known: _Known) -> Iterator[tuple[Path, Visit]]:
    """Let groups take turns, in a group its parts, in a part its visits: each time the one served longest ago."""
    turns = Turns({id(visit): known.groups.paths(visit) for visit in visits})
    for visit in sorted(visits, key=lambda visit: (known.tried(visit), key_of(visit))):
        turns.add(visit, known.tried(visit))
    while (found := turns.take()) is not None:
        yield found


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
