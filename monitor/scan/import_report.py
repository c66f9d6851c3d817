"""What an import of captured files did, file by file, for people and for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.domain import CaseCounts, Issue, JudgedCounts, RuleTally, StoreCounts
from monitor.scan.bystanders import Passed
from monitor.scan.summary import issues_json, rules_json
from scrapers.imports.contract import UNKNOWN_FIELDS, Captured

_ISSUES_SHOWN = 200


@dataclass(slots=True)
class FileReport:
    """What one file held and what became of it."""

    file: str
    sha256: str
    format: str
    tool: str = ""
    size: int = 0
    lines: int = 0
    taken: int = 0
    items: int = 0
    interactions: int = 0
    bystanders: int = 0
    captured_from: datetime | None = None
    captured_to: datetime | None = None
    skipped: Counter[str] = field(default_factory=Counter)
    unknown_fields: set[str] = field(default_factory=set)
    issues: list[dict[str, Any]] = field(default_factory=list)
    issues_left_out: int = 0
    drift: list[Issue] = field(default_factory=list)
    stored: StoreCounts = field(default_factory=StoreCounts)

    def note(self, captured: Captured) -> None:
        """Count one record."""
        self.lines += 1
        if captured.skipped is not None:
            self.skipped[captured.skipped] += 1
        else:
            self.taken += 1
            seen = captured.collected_at
            self.captured_from = min(self.captured_from or seen, seen)
            self.captured_to = max(self.captured_to or seen, seen)
        for issue in captured.issues:
            if issue.kind == UNKNOWN_FIELDS:
                self.unknown_fields.update(name.strip() for name in issue.detail.split(","))
            elif len(self.issues) < _ISSUES_SHOWN:
                self.issues.append({"line": captured.line, "kind": issue.kind, "detail": issue.detail})
            else:
                self.issues_left_out += 1

    def count(self, passed: Passed) -> None:
        """Count what the sieve left of one record."""
        self.items += len(passed.items)
        self.interactions += len(passed.acts)
        self.bystanders += passed.bystanders

    def as_json(self) -> dict[str, Any]:
        """Return the report for people and programs."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "format": self.format,
            "tool": self.tool,
            "lines": self.lines,
            "taken": self.taken,
            "items": self.items,
            "interactions": self.interactions,
            "bystanders_discarded": self.bystanders,
            "captured_from": self.captured_from.isoformat() if self.captured_from else None,
            "captured_to": self.captured_to.isoformat() if self.captured_to else None,
            "skipped": dict(sorted(self.skipped.items())),
            "unknown_fields": sorted(self.unknown_fields),
            "issues": self.issues,
            "issues_left_out": self.issues_left_out,
            "new": {
                "items": self.stored.items,
                "versions": self.stored.versions,
                "interactions": self.stored.interactions,
                "captures": self.stored.captures,
            },
        }


@dataclass(frozen=True, slots=True)
class Failure:
    """One file that was not taken, while others were: why, how to mend it, and the exit code that this alone has."""

    file: str
    reason: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did; nothing is judged in a dry run."""

    files: tuple[FileReport, ...]
    dry_run: bool
    collector: str = ""
    failures: tuple[Failure, ...] = ()
    judged: JudgedCounts = field(default_factory=JudgedCounts)
    cases: CaseCounts = field(default_factory=CaseCounts)
    issues: tuple[Issue, ...] = ()
    rules: tuple[RuleTally, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no file, no line and nothing else needs a person."""
        lines = any(report.issues for report in self.files) or bool(self.failures)
        return not lines and not self.judged.errors and not any(issue.needs_person for issue in self.issues)

    def as_json(self) -> dict[str, Any]:
        """Return the summary for programs."""
        j, c = self.judged, self.cases
        return {
            "ok": self.ok,
            "dry_run": self.dry_run,
            "collector": self.collector,
            "files": [report.as_json() for report in self.files],
            "failures": [{"file": failure.file, "reason": failure.reason} for failure in self.failures],
            "judged": {
                "evaluated": j.evaluated,
                "hits": j.hits,
                "misses": j.misses,
                "not_evaluable": j.not_evaluable,
                "errors": j.errors,
            },
            "cases": {"new": c.new, "joined": c.joined, "reopened": c.reopened, "unqueued": c.unqueued},
            "suppressed": {"hidden": c.hidden, "back": c.back},
            "issues": issues_json(self.issues),
            "rules": rules_json(self.rules),
        }
