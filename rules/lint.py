"""Advice about rules that load but are not yet good: missing samples, idle subjects, rows without a purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain import RuleStatus
from rules.loader import RuleSet, leaves
from rules.schema import Rule

_LEAST_MATCH = 3
_LEAST_NO_MATCH = 3


@dataclass(frozen=True, slots=True)
class LintNote:
    """One piece of advice; `place` is file:line."""

    place: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}" + (f" — {self.hint}" if self.hint else "")


def lint(ruleset: RuleSet) -> list[LintNote]:
    """Return advice for every rule, in the order of rules."""
    return [note for rule in ruleset.rules for note in _notes(rule, ruleset)]


def _notes(rule: Rule, ruleset: RuleSet) -> Iterable[LintNote]:
    if len(rule.examples.match) < _LEAST_MATCH:
        yield LintNote(rule.place, "kurang dari 3 contoh kena", "tambahkan contoh di examples.match")
    if len(rule.examples.no_match) < _LEAST_NO_MATCH:
        yield LintNote(rule.place, "kurang dari 3 contoh tidak kena", "tambahkan contoh di examples.no_match")
    if not rule.examples.not_evaluable:
        yield LintNote(
            rule.place, "belum ada contoh tidak dapat dinilai", "mis. rentang waktu yang melintasi penetapan"
        )
    if not rule.false_positives:
        yield LintNote(rule.place, "belum ada kemungkinan salah tanda", "isi false_positives")
    if not rule.subjects or not rule.acts:
        yield LintNote(rule.place, "aturan tanpa subjects atau acts tidak pernah kena", "isi keduanya")
    if rule.max_per_1000 is None and rule.status is RuleStatus.ACTIVE:
        yield LintNote(rule.place, "aturan aktif tanpa batas jumlah", "isi budget: {max_per_1000: ...}")
    covered = {e for law in ruleset.laws if law.id in rule.basis for e in law.employments}
    for employment in rule.subjects:
        if employment not in covered:
            yield LintNote(
                rule.place, f"subjek {employment.value} tidak punya dasar hukum di basis", "tambahkan profilnya"
            )
    if not list(leaves(rule.when)):
        yield LintNote(rule.place, "aturan tanpa syarat", "isi when")
