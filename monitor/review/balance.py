"""Whether rules or reviewers lean to one side: shares with intervals, so that noise is not read as bias."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import quantiles

from monitor.domain.cases import CandidateBrief
from monitor.domain.oversight import DecisionFact, PairLoad, SecondLook
from monitor.domain.review import CaseState
from monitor.domain.shares import difference, wilson
from monitor.review.agreement import Agreement, agreement

LEAST = 5
"""Decisions on each side below which nothing is called odd: there the interval promises more than it knows."""


@dataclass(frozen=True, slots=True)
class Share:
    """A counted share with its 95 % interval."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """The share itself, None where nothing was counted."""
        return self.part / self.whole if self.whole else None

    @property
    def low(self) -> float:
        """Where the interval begins."""
        return wilson(self.part, self.whole)[0]

    @property
    def high(self) -> float:
        """Where the interval ends."""
        return wilson(self.part, self.whole)[1]


@dataclass(frozen=True, slots=True)
class PairBalance:
    """What came in for a pair and what became of it; `odd` says that it is set aside unlike the other pairs."""

    pair: CandidateBrief
    acts: int
    cases: int
    set_aside: Share
    proposed: Share
    odd: bool


@dataclass(frozen=True, slots=True)
class ReviewerBalance:
    """How one reviewer decided; `hours` is the median from first opening to decision."""

    user_id: int
    name: str
    decided: int
    undone: int
    set_aside: Share
    proposed: Share
    hours: float | None
    odd: bool


@dataclass(frozen=True, slots=True)
class Lopsided:
    """A reviewer who sets aside one pair's cases unlike those of the others, beyond chance."""

    name: str
    pair: CandidateBrief
    here: Share
    elsewhere: Share
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Times:
    """Hours between two moments: how many spans, the median, and what nine of ten stay below."""

    spans: int
    median: float | None
    most: float | None


@dataclass(frozen=True, slots=True)
class Quality:
    """How steady review is.

    `blind` compares second looks that did not know the first; `answers` counts its pairs of answers. `returned` is the
    share of answered proposals that the second person sent back; `undone` that of decisions their makers took back.
    """

    blind: Agreement
    answers: tuple[tuple[CaseState, CaseState, int], ...]
    returned: Share
    undone: Share
    to_open: Times
    to_decide: Times


def by_pair(loads: Sequence[PairLoad], decisions: Sequence[DecisionFact]) -> tuple[PairBalance, ...]:
    """Return what came in for each pair and what became of it."""
    standing = [decision for decision in decisions if not decision.undone]
    told = []
    for load in loads:
        here = [decision for decision in standing if decision.candidate_id == load.pair.id]
        rest = [decision for decision in standing if decision.candidate_id != load.pair.id]
        told.append(
            PairBalance(
                load.pair,
                load.acts,
                load.cases,
                _aside(here),
                _share(here, lambda decision: decision.to_state is CaseState.DIUSULKAN),
                _odd(here, rest, len(loads)),
            )
        )
    return tuple(told)


def by_reviewer(decisions: Sequence[DecisionFact]) -> tuple[ReviewerBalance, ...]:
    """Return how each reviewer decided, whoever decided most first."""
    names = {decision.user_id: decision.user_name for decision in decisions}
    standing = [decision for decision in decisions if not decision.undone]
    told = []
    for user_id, name in names.items():
        own = [decision for decision in standing if decision.user_id == user_id]
        rest = [decision for decision in standing if decision.user_id != user_id]
        told.append(
            ReviewerBalance(
                user_id,
                name,
                len(own),
                sum(decision.undone for decision in decisions if decision.user_id == user_id),
                _aside(own),
                _share(own, lambda decision: decision.to_state is CaseState.DIUSULKAN),
                _decided(own).median,
                _odd(own, rest, len(names)),
            )
        )
    return tuple(sorted(told, key=lambda row: (-row.decided, row.name)))


def lopsided(loads: Sequence[PairLoad], decisions: Sequence[DecisionFact]) -> tuple[Lopsided, ...]:
    """Return where a reviewer treats one pair unlike the others by more than chance explains.

    The more reviewers and pairs are compared, the wider the intervals.
    """
    standing = [decision for decision in decisions if not decision.undone]
    users = {decision.user_id: decision.user_name for decision in standing}
    told = []
    for user_id, name in sorted(users.items(), key=lambda item: item[1]):
        own = [decision for decision in standing if decision.user_id == user_id]
        for load in loads:
            here = _aside([decision for decision in own if decision.candidate_id == load.pair.id])
            rest = _aside([decision for decision in own if decision.candidate_id != load.pair.id])
            low, high = _apart(here, rest, len(users) * len(loads))
            if low > 0 or high < 0:
                told.append(Lopsided(name, load.pair, here, rest, low, high))
    return tuple(told)


def quality(decisions: Sequence[DecisionFact], looks: Sequence[SecondLook]) -> Quality:
    """Return how steady review is."""
    blind = [(look.first, look.second) for look in looks if look.blind]
    answered = [look for look in looks if not look.blind]
    cells = {pair: blind.count(pair) for pair in blind}
    standing = [decision for decision in decisions if not decision.undone]
    return Quality(
        agreement(blind),
        tuple((first, second, count) for (first, second), count in sorted(cells.items())),
        Share(sum(look.second is CaseState.DIKEMBALIKAN for look in answered), len(answered)),
        Share(len(decisions) - len(standing), len(decisions)),
        _times((d.read_at - d.opened_at).total_seconds() for d in standing if d.read_at is not None),
        _decided(standing),
    )


def _aside(decisions: Sequence[DecisionFact]) -> Share:
    return _share(decisions, lambda decision: decision.to_state is CaseState.DIKESAMPINGKAN)


def _share(decisions: Sequence[DecisionFact], counts: Callable[[DecisionFact], bool]) -> Share:
    return Share(sum(counts(decision) for decision in decisions), len(decisions))


def _odd(here: Sequence[DecisionFact], rest: Sequence[DecisionFact], comparisons: int) -> bool:
    low, high = _apart(_aside(here), _aside(rest), comparisons)
    return low > 0 or high < 0


def _apart(one: Share, other: Share, comparisons: int) -> tuple[float, float]:
    if min(one.whole, other.whole) < LEAST:
        return -1.0, 1.0
    return difference((one.part, one.whole), (other.part, other.whole), comparisons)


def _decided(decisions: Iterable[DecisionFact]) -> Times:
    return _times((d.at - (d.read_at or d.opened_at)).total_seconds() for d in decisions)


def _times(seconds: Iterable[float]) -> Times:
    hours = sorted(max(0.0, second) / 3600 for second in seconds)
    if not hours:
        return Times(0, None, None)
    cuts = quantiles(hours, n=10, method="inclusive") if len(hours) > 1 else [hours[0]] * 9
    return Times(len(hours), round(cuts[4], 1), round(cuts[8], 1))
