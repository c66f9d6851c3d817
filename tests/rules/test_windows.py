from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import Act, CountedAct, Level, Pattern, RuleStatus
from monitor.errors import RuleError
from rules.examples import run_examples
from rules.loader import RuleSet, load_ruleset
from rules.windows import PatternRule, Window, WindowExamples, patterns

START = datetime(2024, 10, 1, tzinfo=UTC)
DAY = timedelta(days=1)
WEIGHTS = {Act.LIKE: 1, Act.COMMENT: 2, Act.SHARE: 3, Act.POST: 3}
RULE = PatternRule(
    "pola-contoh", 2, "Pola contoh", RuleStatus.ACTIVE, Level.MENENGAH, Window(7 * DAY, WEIGHTS, 6), (),
    WindowExamples((), ()), "contoh:1", "0" * 64,
)  # fmt: skip


def act(number: int, days: float, verb: Act = Act.LIKE, person: int = 1, pair: int = 1, rule: str = "a") -> CountedAct:
    return CountedAct(number, person, pair, verb, START + days * DAY, frozenset({rule}))


def members(*acts: CountedAct, rule: PatternRule = RULE) -> list[tuple[int, ...]]:
    return [found.members for found in patterns([rule], acts)]


series = st.lists(
    st.builds(
        act, st.integers(1, 40), st.integers(0, 30), st.sampled_from(list(Act)), st.integers(1, 2), st.integers(1, 2)
    ),
    max_size=25,
    unique_by=lambda a: a.interaction_id,
)


def test_acts_that_weigh_enough_within_the_window_are_a_pattern() -> None:
    found = patterns([RULE], [act(1, 0), act(2, 1, Act.COMMENT), act(3, 6, Act.SHARE)])
    assert found == (
        Pattern("pola-contoh", 2, Level.MENENGAH, 1, 1, START, START + 6 * DAY, 7 * DAY, 6, (1, 2, 3)),
    )  # fmt: skip


def test_the_end_of_the_window_is_outside_it() -> None:
    assert members(act(1, 0, Act.POST), act(2, 7, Act.POST)) == []


def test_the_last_moment_before_the_end_is_inside() -> None:
    assert members(act(1, 0, Act.POST), act(2, 6.999, Act.POST)) == [(1, 2)]


def test_acts_for_another_pair_do_not_count() -> None:
    assert members(act(1, 0, Act.POST), act(2, 1, Act.POST, pair=2)) == []


def test_acts_of_another_person_do_not_count() -> None:
    assert members(act(1, 0, Act.POST), act(2, 1, Act.POST, person=2)) == []


def test_acts_without_a_weight_do_not_count() -> None:
    assert members(act(1, 0, Act.POST), act(2, 1, Act.FOLLOW), act(3, 2, Act.COMMENT)) == []


def test_one_act_that_several_rules_hit_counts_once() -> None:
    assert members(act(1, 0, Act.POST), act(1, 0, Act.POST, rule="b")) == []


def test_only_hits_of_the_named_rules_count() -> None:
    rule = replace(RULE, window=replace(RULE.window, rules=frozenset({"b"})))
    acts = [act(1, 0, Act.POST), act(2, 1, Act.POST, rule="b"), act(3, 2, Act.POST, rule="b")]
    assert members(*acts, rule=rule) == [(2, 3)]


def test_an_act_is_in_one_pattern_of_a_rule_at_most() -> None:
    acts = [act(number, number, Act.POST) for number in range(12)]
    assert members(*acts) == [(0, 1, 2, 3, 4, 5, 6), (7, 8, 9, 10, 11)]


def test_a_withdrawn_member_lowers_the_weight_until_no_pattern_is_left() -> None:
    acts = [act(1, 0, Act.POST), act(2, 1, Act.POST), act(3, 2)]
    assert [found.weight for found in patterns([RULE], acts)] == [7]
    assert [found.weight for found in patterns([RULE], acts[:2])] == [6]
    assert patterns([RULE], acts[:1]) == ()


def test_a_rule_that_is_only_tried_marks_its_patterns_so() -> None:
    found = patterns([replace(RULE, status=RuleStatus.SHADOW)], [act(1, 0, Act.POST), act(2, 1, Act.POST)])
    assert [pattern.active for pattern in found] == [False]


@pytest.mark.parametrize("status", [RuleStatus.DRAFT, RuleStatus.RETIRED])
def test_a_rule_that_does_not_run_finds_nothing(status: RuleStatus) -> None:
    assert members(act(1, 0, Act.POST), act(2, 1, Act.POST), rule=replace(RULE, status=status)) == []


@given(series, st.randoms())
def test_the_order_of_acts_does_not_matter(acts: list[CountedAct], random: object) -> None:
    shuffled = list(acts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert patterns([RULE], shuffled) == patterns([RULE], acts)


@given(series)
def test_every_pattern_is_what_its_members_say(acts: list[CountedAct]) -> None:
    by_number = {a.interaction_id: a for a in acts}
    for found in patterns([RULE], acts):
        held = [by_number[number] for number in found.members]
        assert {(a.person_id, a.candidate_id) for a in held} == {(found.person_id, found.candidate_id)}
        assert found.weight == sum(WEIGHTS[a.act] for a in held) >= 6
        assert (found.first_at, found.last_at) == (min(a.at for a in held), max(a.at for a in held))
        assert found.last_at - found.first_at < found.within


@given(series)
def test_no_window_that_weighs_enough_is_passed_over(acts: list[CountedAct]) -> None:
    found = {number for pattern in patterns([RULE], acts) for number in pattern.members}
    for first in acts:
        window = [
            a
            for a in acts
            if (a.person_id, a.candidate_id) == (first.person_id, first.candidate_id)
            and first.at <= a.at < first.at + 7 * DAY
            and a.act in WEIGHTS
        ]
        if sum(WEIGHTS[a.act] for a in window) >= 6:
            assert found & {a.interaction_id for a in window}


@given(series)
def test_a_pattern_has_its_own_start_for_each_person_and_pair(acts: list[CountedAct]) -> None:
    keys = [(p.rule_id, p.person_id, p.candidate_id, p.first_at) for p in patterns([RULE], acts)]
    assert len(keys) == len(set(keys))


TEXT = """id: pola-kantor
version: 1
title: Pola kantor
status: draft
level: rendah
window: {by: [asn, candidate], within: 12h, weights: {like: 1}, at_least: 2}
false_positives: []
examples:
  match:
    - [{act: like, at: "2024-10-01T08:00:00+07:00"}, {act: like, at: "2024-10-01T19:00:00+07:00"}]
  no_match:
    - [{act: like, at: "2024-10-01T08:00:00+07:00"}, {act: like, at: "2024-10-01T20:00:00+07:00"}]
"""


@pytest.fixture
def office(tmp_path: Path) -> Callable[[str], RuleSet]:
    def load(text: str) -> RuleSet:
        (tmp_path / "aturan").mkdir(exist_ok=True)
        (tmp_path / "aturan" / "pola.yml").write_text(text)
        return load_ruleset([tmp_path / "aturan"])

    return load


def test_an_office_may_write_a_pattern_rule(office: Callable[[str], RuleSet]) -> None:
    rule = next(r for r in office(TEXT).patterns if r.id == "pola-kantor")
    assert rule.window == Window(timedelta(hours=12), {Act.LIKE: 1}, 2)


def test_the_examples_of_a_draft_are_run(office: Callable[[str], RuleSet]) -> None:
    broken = office(TEXT.replace("within: 12h", "within: 13h"))
    assert [failure.rule_id for failure in run_examples(broken)] == ["pola-kantor"]


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("by: [asn, candidate]", "by: [asn]", 6, "per orang dan pasangan"),
        ("within: 12h", "within: 1w", 6, "lama waktu"),
        ("within: 12h", "within: 400d", 6, "366 hari"),
        ("weights: {like: 1}", "weights: {}", 6, "bobot"),
        ("weights: {like: 1}", "weights: {lik: 1}", 6, "lik"),
        ("weights: {like: 1}", "weights: {like: 0}", 6, "bobot"),
        ("at_least: 2", "at_least: 1", 6, "ambang"),
        ("at_least: 2", "at_least: 2000", 6, "ambang"),
        ("weights: {like: 1}", "weights: {like: 2}", 6, "satu tindakan"),
        ("status: draft", "when: {all: []}\nstatus: draft", 4, "when"),
        ("version: 1", "version: 0", 2, "versi"),
        ("at_least: 2}", "at_least: 2, rules: [tak-ada]}", 1, "tak-ada"),
    ],
)
def test_a_wrong_pattern_rule_is_refused_with_its_line(
    office: Callable[[str], RuleSet], old: str, new: str, line: int, word: str
) -> None:
    with pytest.raises(RuleError, match=word) as error:
        office(TEXT.replace(old, new))
    assert f"pola.yml:{line}" in str(error.value)


def shifted(rule: PatternRule) -> list[PatternRule]:
    """The rule with each of its numbers changed a little."""
    window = rule.window
    lighter = [replace(window, weights={**window.weights, verb: 0}) for verb in window.weights]
    windows = [replace(window, at_least=window.at_least + 1), replace(window, at_least=window.at_least - 1), *lighter]
    windows += [replace(window, within=window.within + 2 * DAY), replace(window, within=window.within - 2 * DAY)]
    return [replace(rule, window=changed) for changed in windows]


@pytest.mark.parametrize("number", range(9))
def test_changing_any_number_of_the_shipped_rule_breaks_an_example(ruleset: RuleSet, number: int) -> None:
    for rule in ruleset.patterns:
        changed = shifted(rule)[number]
        assert run_examples(replace(ruleset, rules=(), raisers=(), patterns=(changed,)))
