"""Advice about rules that load but are not yet good: missing samples, idle subjects, rows without a purpose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.domain import CandidateStatus, LawProfile, RuleStatus
from monitor.errors import RuleError
from rules.examples import samples
from rules.loader import RuleSet, leaves
from rules.schema import Rule

_LEAST = 3
_KINDS = ("match", "no_match")
_ROWED = (CandidateStatus.BAKAL_CALON, CandidateStatus.CALON)


@dataclass(frozen=True, slots=True)
class LintNote:
    """One piece of advice; `place` is file:line."""

    place: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}" + (f" — {self.hint}" if self.hint else "")


def lint(ruleset: RuleSet) -> list[LintNote]:
    """Return advice for every rule, then for raisers and pattern rules, each in their order."""
    notes = [note for rule in ruleset.rules for note in (*_samples(rule), *_notes(rule), *_rows(rule, ruleset.laws))]
    for raiser in ruleset.raisers:
        notes.extend(_enough(raiser.place, raiser.raised, raiser.not_raised, ("raised", "not_raised")))
    for pattern in ruleset.patterns:
        notes.extend(_enough(pattern.place, pattern.examples.match, pattern.examples.no_match, _KINDS))
        notes.extend(_innocence(pattern.place, pattern.false_positives))
    return notes


def _samples(rule: Rule) -> Iterable[LintNote]:
    try:
        samples(rule)
    except RuleError as error:
        yield LintNote(error.place, f"contoh tidak terbaca: {error.problem}", error.hint)
    yield from _enough(rule.place, rule.examples.match, rule.examples.no_match, _KINDS)
    if not rule.examples.not_evaluable:
        yield LintNote(
            rule.place, "belum ada contoh tidak dapat dinilai", "mis. rentang waktu yang melintasi penetapan"
        )


def _enough(
    place: str, match: Sequence[object], no_match: Sequence[object], names: tuple[str, str]
) -> Iterable[LintNote]:
    for given, name, word in ((match, names[0], "kena"), (no_match, names[1], "tidak kena")):
        if len(given) < _LEAST:
            yield LintNote(place, f"kurang dari {_LEAST} contoh {word}", f"tambahkan contoh di examples.{name}")


def _innocence(place: str, false_positives: Sequence[str]) -> Iterable[LintNote]:
    if not false_positives:
        yield LintNote(place, "belum ada kemungkinan salah tanda", "isi false_positives")


def _notes(rule: Rule) -> Iterable[LintNote]:
    yield from _innocence(rule.place, rule.false_positives)
    if not rule.subjects or not rule.acts:
        yield LintNote(rule.place, "aturan tanpa subjects atau acts tidak pernah kena", "isi keduanya")
    if rule.max_per_1000 is None and rule.status is RuleStatus.ACTIVE:
        yield LintNote(rule.place, "aturan aktif tanpa batas jumlah", "isi budget: {max_per_1000: ...}")
    if not list(leaves(rule.when)):
        yield LintNote(rule.place, "aturan tanpa syarat", "isi when")


def _rows(rule: Rule, laws: Sequence[LawProfile]) -> Iterable[LintNote]:
    """Yield subjects without any law, and law that covers a subject without a row or a reason why there is none."""
    covered = {e for law in laws if law.id in rule.basis for e in law.employments}
    for employment in rule.subjects:
        if employment not in covered:
            yield LintNote(
                rule.place, f"subjek {employment.value} tidak punya dasar hukum di basis", "tambahkan profilnya"
            )
    for law in laws:
        told, why = rule.basis.get(law.id, {}), rule.no_row.get(law.id, {})
        for status in _ROWED if set(law.employments) & set(rule.subjects) else ():
            has_rows = any(row.status in {None, status} for row in law.rows)
            if has_rows and status not in told and status not in why:
                yield LintNote(
                    rule.place,
                    f"belum ada baris {law.id} untuk {status.value}",
                    f"isi basis, atau sebut alasannya: no_row: {{{law.id}: {{{status.value}: ...}}}}",
                )
            if status in told and status in why:
                yield LintNote(rule.place, f"baris {law.id} untuk {status.value} ada, alasannya berlebih", "hapus")
