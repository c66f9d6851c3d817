"""Repeated acts of one person for one pair, as pattern rules count them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.domain.acts import Act, ActTime
from monitor.domain.judging import Level


@dataclass(frozen=True, slots=True)
class CountedAct:
    """One act that standing hits concern with one pair; `at` is its latest possible time, `rules` those that hit it."""

    interaction_id: int
    person_id: int
    candidate_id: int
    act: Act
    at: datetime
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Acts of one person for one pair that lie in one window and weigh enough together.

    `members` are numbers of interactions in order of time; `first_at` and `last_at` are the times of the outer ones.
    A pattern raises attention to cases that hold its acts; it opens none. `active` is False while its rule is only
    being tried.
    """

    rule_id: str
    rule_version: int
    level: Level
    person_id: int
    candidate_id: int
    first_at: datetime
    last_at: datetime
    within: timedelta
    weight: int
    members: tuple[int, ...]
    active: bool = True


@dataclass(frozen=True, slots=True)
class PatternAct:
    """One act of a pattern as a page shows it; `case_id` is the case that holds it, None while none does."""

    interaction_id: int
    act: Act
    platform: str
    time: ActTime
    url: str
    case_id: int | None


@dataclass(frozen=True, slots=True)
class CasePattern:
    """A pattern that acts of a case belong to, with all of its acts in order of time."""

    rule: str
    rule_version: int
    title: str
    level: Level
    first_at: datetime
    last_at: datetime
    within: timedelta
    weight: int
    acts: tuple[PatternAct, ...]
