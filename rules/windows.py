"""Pattern rules: what many small acts of one person for one pair amount to within a time.

A pattern rule consumes the hits of other rules and gives none of its own: no case, hit or row of law rests on it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.domain import Act, CountedAct, Level, Pattern, RuleStatus
from rules.nodes import Node

_COUNTED = frozenset({RuleStatus.ACTIVE, RuleStatus.SHADOW})


@dataclass(frozen=True, slots=True)
class Window:
    """How acts are counted: half-open windows of `within`, each act by its weight, from `at_least` up.

    `rules` names the rules whose hits count, none for all; acts without a weight count nothing.
    """

    within: timedelta
    weights: Mapping[Act, int]
    at_least: int
    rules: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class WindowExamples:
    """Series of acts that a pattern rule must and must not find a pattern in."""

    match: tuple[Node, ...]
    no_match: tuple[Node, ...]

    @property
    def count(self) -> int:
        """How many examples there are."""
        return len(self.match) + len(self.no_match)


@dataclass(frozen=True, slots=True)
class PatternRule:
    """One pattern rule as written; `content_hash` is of the file."""

    id: str
    version: int
    title: str
    status: RuleStatus
    level: Level
    window: Window
    false_positives: tuple[str, ...]
    examples: WindowExamples
    place: str
    content_hash: str


def patterns(rules: Iterable[PatternRule], acts: Iterable[CountedAct]) -> tuple[Pattern, ...]:
    """Return the patterns that active and tried rules find, in a fixed order; the order of the acts does not matter."""
    series: dict[tuple[int, int], list[CountedAct]] = defaultdict(list)
    for act in acts:
        series[act.person_id, act.candidate_id].append(act)
    return tuple(
        found
        for rule in sorted(rules, key=lambda r: r.id)
        if rule.status in _COUNTED
        for key in sorted(series)
        for found in _found(rule, series[key])
    )


def _found(rule: PatternRule, acts: Iterable[CountedAct]) -> Iterator[Pattern]:
    """Yield windows that weigh enough, the earliest first; an act is in one of them at most."""
    window = rule.window
    counting = _counting(window, acts)
    start = 0
    while start < len(counting):
        held = _from(counting, start, window.within)
        weight = sum(window.weights[act.act] for act in held)
        if weight < window.at_least:
            start += 1
            continue
        yield Pattern(
            rule_id=rule.id,
            rule_version=rule.version,
            level=rule.level,
            person_id=held[0].person_id,
            candidate_id=held[0].candidate_id,
            first_at=held[0].at,
            last_at=held[-1].at,
            within=window.within,
            weight=weight,
            members=tuple(act.interaction_id for act in held),
            active=rule.status is RuleStatus.ACTIVE,
        )
        start += len(held)


def _counting(window: Window, acts: Iterable[CountedAct]) -> list[CountedAct]:
    """Return the acts that count, each once, in order of time."""
    chosen = {
        act.interaction_id: act
        for act in acts
        if window.weights.get(act.act, 0) > 0 and (not window.rules or window.rules & act.rules)
    }
    return sorted(chosen.values(), key=lambda act: (act.at, act.interaction_id))


def _from(acts: Sequence[CountedAct], start: int, within: timedelta) -> Sequence[CountedAct]:
    end = start
    while end < len(acts) and acts[end].at < acts[start].at + within:
        end += 1
    return acts[start:end]
