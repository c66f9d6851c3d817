"""Breaking any one thing in a rule makes one of its own examples fail: the examples say all that the rule means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from rules.engine import Judge, compile_rules, with_rules
from rules.examples import example_contest, run_raiser, run_rule, samples
from rules.loader import RuleSet, load_ruleset
from rules.patternfile import example_fails
from rules.schema import Rule
from rules.windows import PatternRule
from tests.rules.mutations import mutants, of_group

SHIPPED = load_ruleset()
RULES = {rule.id: rule for rule in SHIPPED.rules}
RAISERS = {raiser.id: raiser for raiser in SHIPPED.raisers}
PATTERNS = {pattern.id: pattern for pattern in SHIPPED.patterns}


@pytest.fixture(scope="module")
def trial(ruleset: RuleSet) -> Judge:
    return compile_rules(ruleset, (example_contest(),), drafts=True)


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_whatever_breaks_a_rule_breaks_an_example(rule_id: str, trial: Judge) -> None:
    rule = RULES[rule_id]
    told = samples(rule)
    unnoticed = [name for name, broken in mutants(rule) if next(run_rule(trial, broken, told), None) is None]
    assert "\n".join(unnoticed) == ""


@pytest.mark.parametrize("raiser_id", sorted(RAISERS))
def test_whatever_breaks_a_raiser_breaks_an_example(raiser_id: str, trial: Judge) -> None:
    raiser = RAISERS[raiser_id]
    unnoticed = []
    for name, when in of_group(raiser.when):
        if when is None:
            continue
        broken = replace(raiser, when=when)
        alone = replace(trial, ruleset=replace(trial.ruleset, raisers=(broken,)))
        judge = with_rules(alone, *trial.ruleset.rules)
        if next(run_raiser(judge, broken), None) is None:
            unnoticed.append(name)
    assert "\n".join(unnoticed) == ""


def broken_patterns(rule: PatternRule) -> Iterator[tuple[str, PatternRule]]:
    window = rule.window
    for act in window.weights:
        left = {a: weight for a, weight in window.weights.items() if a is not act}
        yield f"without {act}", replace(rule, window=replace(window, weights=left))
        more = {**window.weights, act: window.weights[act] + 1}
        yield f"{act} weighs more", replace(rule, window=replace(window, weights=more))
    for least in (window.at_least - 1, window.at_least + 1):
        yield f"at least {least}", replace(rule, window=replace(window, at_least=least))
    for share in (0.5, 2):
        yield f"{share} of the window", replace(rule, window=replace(window, within=window.within * share))


@pytest.mark.parametrize("pattern_id", sorted(PATTERNS))
def test_whatever_breaks_a_pattern_breaks_an_example(pattern_id: str) -> None:
    rule = PATTERNS[pattern_id]
    nodes = (*rule.examples.match, *rule.examples.no_match)
    unnoticed = [
        name for name, broken in broken_patterns(rule) if not any(example_fails(broken, node) for node in nodes)
    ]
    assert "\n".join(unnoticed) == ""


def test_a_rule_without_its_conditions_is_noticed(trial: Judge) -> None:
    """Show that the tests above can fail: a rule with one example lets nearly all mutants live."""
    rule: Rule = RULES["suka-unggahan-akun-kampanye"]
    poor = replace(rule, examples=replace(rule.examples, match=rule.examples.match[:1], no_match=(), not_evaluable=()))
    assert [n for n, broken in mutants(poor) if next(run_rule(trial, broken, samples(poor)), None) is None]
