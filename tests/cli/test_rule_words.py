from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor.cli.rule_words import sheet_of
from monitor.domain.rule_sheets import Condition, RuleSheet
from rules.loader import load_ruleset
from rules.statuses import Stated, stated

SHIPPED = load_ruleset()
RAW = re.compile(r"\b(?:own|target|root|text|image)\.[a-z_]+|[{}]|frozenset|<")


def sheet(rule: Stated) -> RuleSheet:
    return sheet_of(rule, rule.status, {law.id: law for law in SHIPPED.laws}, Path("tidak-ada"))


def said(condition: Condition) -> str:
    return " ".join((condition.words, condition.detail, *(said(part) for part in condition.parts)))


@pytest.mark.parametrize("rule", stated(SHIPPED), ids=lambda rule: rule.id)
def test_every_shipped_rule_is_told_without_words_of_rule_files(rule: Stated) -> None:
    told = sheet(rule)
    assert told.conditions is not None
    assert not RAW.search(said(told.conditions))
    assert not RAW.search(told.explain)
    assert told.text.startswith(f"id: {rule.id}")


@pytest.mark.parametrize("rule", SHIPPED.rules, ids=lambda rule: rule.id)
def test_every_row_of_law_has_its_text(rule: Stated) -> None:
    told = sheet(rule)
    assert told.law
    assert all(row.text for row in told.law)


def test_every_example_says_what_is_done() -> None:
    examples = [example for rule in stated(SHIPPED) for example in sheet(rule).examples]
    assert all(example.words and not example.words.startswith("(") for example in examples)
