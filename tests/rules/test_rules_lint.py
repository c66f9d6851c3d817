from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.domain import CandidateStatus, Employment, RuleStatus
from rules.lint import lint
from rules.loader import RuleSet
from rules.nodes import parse
from rules.schema import Examples, Group, Rule

RULE = "suka-unggahan-akun-kampanye"


def advice(ruleset: RuleSet, **changes: object) -> list[str]:
    """Return what lint says of one good shipped rule with these fields changed."""
    rule = replace(ruleset.rule(RULE), **changes)  # type: ignore[arg-type]  # fields of a rule by name
    return [note.problem for note in lint(replace(ruleset, rules=(rule,), raisers=(), patterns=()))]


def examples_of(rule: Rule, **counts: int) -> Examples:
    kept = {name: getattr(rule.examples, name)[:count] for name, count in counts.items()}
    return replace(rule.examples, **kept)


def test_a_shipped_rule_gets_no_advice(ruleset: RuleSet) -> None:
    assert advice(ruleset) == []


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"match": 2}, "kurang dari 3 contoh kena"),
        ({"no_match": 2}, "kurang dari 3 contoh tidak kena"),
        ({"not_evaluable": 0}, "belum ada contoh tidak dapat dinilai"),
    ],
)
def test_too_few_examples_are_named(ruleset: RuleSet, counts: dict[str, int], said: str) -> None:
    assert advice(ruleset, examples=examples_of(ruleset.rule(RULE), **counts)) == [said]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"false_positives": ()}, "belum ada kemungkinan salah tanda"),
        ({"max_per_1000": None}, "aturan aktif tanpa batas jumlah"),
        ({"acts": ()}, "aturan tanpa subjects atau acts tidak pernah kena"),
        ({"when": Group("all", ())}, "aturan tanpa syarat"),
    ],
)
def test_what_a_rule_lacks_is_named(ruleset: RuleSet, changes: dict[str, object], said: str) -> None:
    assert advice(ruleset, **changes) == [said]


def test_a_draft_needs_no_limit_yet(ruleset: RuleSet) -> None:
    assert advice(ruleset, max_per_1000=None, status=RuleStatus.DRAFT) == []


def without(rule: Rule, law: str, status: CandidateStatus) -> dict[str, dict[CandidateStatus, str]]:
    return {
        name: {at: row for at, row in rows.items() if (name, at) != (law, status)} for name, rows in rule.basis.items()
    }


@pytest.mark.parametrize("law", ["skb-2-2022", "ppnpn", "desa", "tni-polri"])
@pytest.mark.parametrize("status", [CandidateStatus.BAKAL_CALON, CandidateStatus.CALON])
def test_a_row_that_is_missing_is_named(ruleset: RuleSet, law: str, status: CandidateStatus) -> None:
    basis = without(ruleset.rule(RULE), law, status)
    assert advice(ruleset, basis=basis) == [f"belum ada baris {law} untuk {status.value}"]


def test_a_reason_stands_for_a_row(ruleset: RuleSet) -> None:
    basis = without(ruleset.rule(RULE), "desa", CandidateStatus.CALON)
    assert advice(ruleset, basis=basis, no_row={"desa": {CandidateStatus.CALON: "tidak diatur"}}) == []


def test_a_reason_beside_a_row_is_named(ruleset: RuleSet) -> None:
    assert "alasannya berlebih" in advice(ruleset, no_row={"desa": {CandidateStatus.CALON: "tidak diatur"}})[0]


def test_a_law_that_covers_no_subject_needs_no_row(ruleset: RuleSet) -> None:
    basis = {"skb-2-2022": ruleset.rule(RULE).basis["skb-2-2022"]}
    assert advice(ruleset, basis=basis, subjects=(Employment.PNS,)) == []


def test_a_subject_without_law_is_named(ruleset: RuleSet) -> None:
    said = advice(ruleset, subjects=(*ruleset.rule(RULE).subjects, Employment.INSTITUSI))
    assert "subjek institusi tidak punya dasar hukum di basis" in said


def test_an_example_that_cannot_be_read_is_named_with_its_line(ruleset: RuleSet) -> None:
    rule = ruleset.rule(RULE)
    wrong = parse("\n\n- {act: like, warna: merah}\n", "aturan/kantor.yml").items()
    broken = replace(rule, examples=replace(rule.examples, match=(*rule.examples.match, *wrong)))
    notes = lint(replace(ruleset, rules=(broken,), raisers=(), patterns=()))
    assert [note.place for note in notes] == ["aturan/kantor.yml:3"]


def test_raisers_and_patterns_need_examples_too(ruleset: RuleSet) -> None:
    poor = replace(
        ruleset,
        rules=(),
        raisers=(replace(ruleset.raisers[0], raised=()),),
        patterns=(replace(ruleset.patterns[0], false_positives=()),),
    )
    assert [note.problem for note in lint(poor)] == ["kurang dari 3 contoh kena", "belum ada kemungkinan salah tanda"]
