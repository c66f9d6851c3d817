"""What a night or an import says of itself: the fixed JSON that cron and the console read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.domain import CaseCounts, ChangeKind, Issue, JudgedCounts, Outcome, RuleTally, TargetResult

TOLERATED = frozenset({Outcome.OK, Outcome.EMPTY_CONFIRMED, Outcome.PARTIAL})


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """One run, complete; `ruleset` is the hash of the rules that judged, empty when nothing could be judged."""

    run: int
    started: datetime
    finished: datetime
    targets: tuple[TargetResult, ...]
    judged: JudgedCounts
    cases: CaseCounts
    issues: tuple[Issue, ...]
    rules: tuple[RuleTally, ...] = ()
    ruleset: str = ""
    changes: Mapping[ChangeKind, int] = field(default_factory=dict)

    @property
    def sums_agree(self) -> bool:
        """Whether evaluated = hits + misses + not evaluable + errors."""
        j = self.judged
        return j.evaluated == j.hits + j.misses + j.not_evaluable + j.errors

    @property
    def ok(self) -> bool:
        """Whether nobody needs to look at the run: no failed target, no open issue, sums agree."""
        return (
            self.sums_agree
            and not self.judged.errors
            and all(t.outcome in TOLERATED for t in self.targets)
            and not any(i.needs_person for i in self.issues)
        )

    def as_json(self) -> dict[str, Any]:
        """Return the summary in its fixed shape."""
        return {
            "run": self.run,
            "started": self.started.isoformat(),
            "finished": self.finished.isoformat(),
            "ok": self.ok,
            "targets": [target_json(t) for t in self.targets],
            "judged": {
                "evaluated": self.judged.evaluated,
                "hits": self.judged.hits,
                "misses": self.judged.misses,
                "not_evaluable": self.judged.not_evaluable,
                "errors": self.judged.errors,
            },
            "cases": {
                "new": self.cases.new,
                "joined": self.cases.joined,
                "reopened": self.cases.reopened,
                "unqueued": self.cases.unqueued,
            },
            "suppressed": {"hidden": self.cases.hidden, "back": self.cases.back},
            "observations": {kind.value: self.changes.get(kind, 0) for kind in ChangeKind},
            "issues": issues_json(self.issues),
            "ruleset": self.ruleset,
            "rules": rules_json(self.rules),
        }


def target_json(target: TargetResult) -> dict[str, Any]:
    """Return one target in its fixed shape."""
    return {
        "source": target.source,
        "direction": target.direction.value,
        "target": target.target,
        "outcome": target.outcome.value,
        "coverage": {act.value: coverage.value for act, coverage in target.coverage},
        "requests": target.requests,
        "items": target.items,
        "interactions": target.interactions,
        "bystanders_discarded": target.bystanders_discarded,
    }


def rules_json(rules: Sequence[RuleTally]) -> list[dict[str, Any]]:
    """Return what each rule gave; hits of rules in shadow open no case."""
    return [
        {
            "rule": r.rule_id,
            "version": r.version,
            "mode": r.mode.value,
            "hits": r.hits,
            "not_evaluable": r.not_evaluable,
        }
        for r in rules
    ]


def issues_json(issues: Sequence[Issue]) -> list[dict[str, str]]:
    """Return issues in their fixed shape."""
    return [{"source": i.source, "kind": i.kind, "detail": i.detail, "target": i.target} for i in issues]
