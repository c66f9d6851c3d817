"""The last night in few words: per source what was visited and what could be seen, and whether its sums agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.visit_facts import GOOD
from monitor.domain import Act, Coverage, Issue, JudgedCounts, Outcome, TargetResult


@dataclass(frozen=True, slots=True)
class SourceNight:
    """One source: how many visits ended how, and for each verb how many targets were seen how well."""

    name: str
    targets: int
    outcomes: tuple[tuple[Outcome, int], ...]
    coverage: tuple[tuple[Act, tuple[tuple[Coverage, int], ...]], ...]

    @property
    def seen(self) -> tuple[tuple[Act, int], ...]:
        """For each verb, at how many targets it was observed; verbs observed nowhere are left out."""
        return tuple(
            (act, dict(seen)[Coverage.OBSERVED]) for act, seen in self.coverage if Coverage.OBSERVED in dict(seen)
        )

    @property
    def blind(self) -> tuple[tuple[Act, tuple[tuple[Coverage, int], ...]], ...]:
        """For each verb, what was not or not fully observed, and at how many targets."""
        gaps = ((act, tuple((c, n) for c, n in seen if c is not Coverage.OBSERVED)) for act, seen in self.coverage)
        return tuple((act, missed) for act, missed in gaps if missed)

    @property
    def good(self) -> int:
        """How many targets were visited well, nothing to see being one way of it."""
        return sum(count for outcome, count in self.outcomes if outcome in GOOD)

    @property
    def unseen(self) -> tuple[Act, ...]:
        """The verbs that were fully observed at no target."""
        seen = dict(self.seen)
        return tuple(act for act, _ in self.coverage if act not in seen)


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issue for everybody's eyes: what concerns single accounts is counted, not quoted."""

    source: str
    kind: str
    detail: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Night:
    """One run of the scan. `judged` is None while it is unfinished."""

    started_at: datetime
    finished_at: datetime | None
    ok: bool
    sources: tuple[SourceNight, ...]
    issues: tuple[IssueLine, ...]
    judged: JudgedCounts | None = None

    @property
    def adds_up(self) -> bool:
        """Whether evaluated = hits + misses + not evaluable + errors."""
        j = self.judged
        return j is not None and j.evaluated == j.hits + j.misses + j.not_evaluable + j.errors


def source_nights(targets: Sequence[TargetResult]) -> tuple[SourceNight, ...]:
    """Sum up visits by source, in the order of the alphabet."""
    by_source: dict[str, list[TargetResult]] = {}
    for target in targets:
        by_source.setdefault(target.source, []).append(target)
    return tuple(_source(name, by_source[name]) for name in sorted(by_source))


def issue_lines(issues: Sequence[Issue]) -> tuple[IssueLine, ...]:
    """Return issues of whole sources as they are, and issues of single accounts as counts by kind."""
    whole = [IssueLine(issue.source, issue.kind, issue.detail) for issue in issues if not issue.target]
    single = Counter((issue.source, issue.kind) for issue in issues if issue.target)
    return tuple(whole) + tuple(IssueLine(source, kind, "", count) for (source, kind), count in sorted(single.items()))


def _source(name: str, targets: list[TargetResult]) -> SourceNight:
    outcomes = Counter(target.outcome for target in targets)
    seen: dict[Act, Counter[Coverage]] = {}
    for target in targets:
        for act, coverage in target.coverage:
            seen.setdefault(act, Counter())[coverage] += 1
    return SourceNight(
        name=name,
        targets=len(targets),
        outcomes=tuple((outcome, outcomes[outcome]) for outcome in Outcome if outcomes[outcome]),
        coverage=tuple((act, tuple((c, seen[act][c]) for c in Coverage if seen[act][c])) for act in Act if act in seen),
    )
