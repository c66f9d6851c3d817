"""The page of rules lists every rule, raiser and contest as the files state them."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.domain import CandidateStatus, RuleStatus
from rules.lawfile import DAY_TYPES, KINDS, SANCTIONS, STARTS
from rules.loader import RuleSet
from rules.schema import Rule

PAGE = Path("docs/aturan/README.md").read_text(encoding="utf-8")


def line_of(rule: Rule) -> str:
    rows = rule.basis.get("skb-2-2022") or next(iter(rule.basis.values()))
    codes = " / ".join(rows.get(status, "—") for status in (CandidateStatus.BAKAL_CALON, CandidateStatus.CALON))
    acts = ", ".join(act.value for act in rule.acts)
    return f"| `{rule.id}` | {acts} | {codes} | {rule.level.value} | {rule.status.value} |"


def test_every_rule_is_listed_with_its_acts_rows_level_and_status(ruleset: RuleSet) -> None:
    assert [line for rule in ruleset.rules if (line := line_of(rule)) not in PAGE] == []


def test_every_pattern_rule_is_listed(ruleset: RuleSet) -> None:
    assert [rule.id for rule in ruleset.patterns if f"| `{rule.id}` |" not in PAGE] == []


def test_every_raiser_is_listed_with_its_level_and_reason(ruleset: RuleSet) -> None:
    lines = [f"| `{r.id}` | {r.to.value} | {r.because} |" for r in ruleset.raisers]
    assert [line for line in lines if line not in PAGE] == []


def test_every_contest_is_told(ruleset: RuleSet) -> None:
    assert [r.id for r in ruleset.rules if r.contested and r.contested.reason not in PAGE] == []


def test_drafts_say_why_they_wait_and_only_they_are_contested(ruleset: RuleSet) -> None:
    drafts = {rule.id for rule in ruleset.rules if rule.status is RuleStatus.DRAFT}
    assert {rule.id for rule in ruleset.rules if rule.contested} == drafts


def test_every_rule_names_three_known_mistakes(ruleset: RuleSet) -> None:
    assert [rule.id for rule in ruleset.rules if len(rule.false_positives) < 3] == []


@pytest.mark.parametrize("token", sorted({*KINDS, *SANCTIONS, *DAY_TYPES, *STARTS}))
def test_every_token_of_a_law_file_is_described(token: str) -> None:
    assert f"`{token}`" in PAGE
