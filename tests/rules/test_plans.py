from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from monitor.domain import AccountKind, Act, Content, InteractionView, JudgementOutcome, StageKind, TraceNode
from rules import plans
from rules.conditions import Condition, top_level, trace_rule
from rules.engine import Judge, compile_rules
from rules.examples import example_contest
from rules.facts import THE_PAIR, Facts
from rules.loader import RuleSet
from rules.matchers import MATCHERS, Verdict
from rules.nodes import parse
from rules.plans import FAR, HOLDS, UNKNOWN, Plan, RuleBook, kind_of
from rules.schema import Group, Rule
from rules.schema import Test as Leaf
from rules.shelf import read_texts
from tests.rules.generated import FACTS
from tests.rules.test_matchers import ARGUMENTS

ViewOf = Callable[..., InteractionView]
ContentOf = Callable[..., Content]
SETTLED = sorted(name for name, matcher in MATCHERS.items() if matcher.settled)


def read_all(name: str) -> list[Any]:
    return [MATCHERS[name].read(parse(written, "x.yml")) for written in ARGUMENTS[name]]


def needs_of(name: str) -> list[Collection[str] | None]:
    return [MATCHERS[name].needs(argument) for argument in read_all(name)]


PATTERN = Leaf("text.pattern", MATCHERS["text.pattern"].read(parse("{field: own, pattern: ayo}", "x.yml")), "x.yml:1")


NEEDY = sorted(name for name in MATCHERS if any(needs_of(name)))
Way = Callable[[RuleBook, Facts], Plan]
WAYS = (RuleBook.plan, RuleBook.plan_for_words)


def author(word: str) -> Leaf:
    return Leaf("target.author", frozenset({word}), "x.yml:1")


@pytest.fixture(scope="module")
def book(ruleset: RuleSet) -> RuleBook:
    """Return the whole catalog with some rules of every shape of groups added, asked by all tests of this module."""
    return RuleBook((*ruleset.rules, *shapes(ruleset.rules[0])))


def shapes(like: Rule) -> Iterator[Rule]:
    """Return rules whose groups nest in every way, about all acts and people."""
    own, official = Leaf("own.text", "present", "x.yml:1"), Leaf("official.context", "own", "x.yml:1")
    inner = (
        Group("all", (author("asn"), own)),
        Group("any", (author("news"), official)),
        Group("none", (own, PATTERN)),
    )
    groups = [
        Group(mode, parts)
        for mode in ("all", "any", "none")
        for parts in (inner, inner[:1], (author("party"),), (own, author("party"), PATTERN), (PATTERN, inner[2]))
    ]
    groups.append(Group("all", (*inner, Group("none", inner))))
    for number, when in enumerate(groups):
        yield replace(like, id=f"bentuk-{number}", when=when, acts=tuple(Act), subjects=like.subjects * 2)


def met(condition: Condition, facts: Facts) -> bool | None:
    """Return a top-level condition's answer by the way of traces."""
    whole = Rule("x", 1, "", *[None] * 5, Group("all", (condition.part,)), *[None] * 6)  # type: ignore[arg-type]  # only the conditions are asked
    trace: TraceNode = trace_rule(whole, facts)[0].children[0]
    return trace.passed if condition.wanted or trace.passed is None else not trace.passed


def by_trace(rule: Rule, facts: Facts) -> int:
    values = [met(condition, facts) for condition in top_level(rule.when)]
    failed = [place for place, value in enumerate(values) if value is False]
    if failed:
        return failed[0] if len(failed) == 1 and len(values) > 1 else FAR
    return UNKNOWN if None in values else HOLDS


def rules_for(facts: Facts, ruleset: RuleSet) -> list[Rule]:
    everything = (*ruleset.rules, *shapes(ruleset.rules[0]))
    return [r for r in everything if facts.view.act in r.acts and facts.view.employment in r.subjects]


@pytest.mark.parametrize("way", WAYS)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS)
def test_a_plan_says_what_the_traces_say(way: Way, book: RuleBook, ruleset: RuleSet, facts: Facts) -> None:
    outcomes = [(a.rule.id, a.outcome if a.weigh is None else a.weigh(facts)) for a in way(book, facts).asked]
    traced = [(rule.id, by_trace(rule, facts)) for rule in rules_for(facts, ruleset)]
    assert [o for o in outcomes if o[1] != FAR] == [o for o in traced if o[1] != FAR]


@pytest.mark.parametrize("way", WAYS)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS)
def test_the_firing_rules_are_those_whose_trace_passes(
    way: Way, book: RuleBook, ruleset: RuleSet, facts: Facts
) -> None:
    traced = [rule.id for rule in rules_for(facts, ruleset) if trace_rule(rule, facts)[0].passed]
    assert [rule.id for rule in way(book, facts).firing(facts)] == traced


@pytest.mark.parametrize("way", WAYS)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS)
def test_a_trace_of_a_kind_says_what_one_made_anew_says(way: Way, book: RuleBook, facts: Facts) -> None:
    for asked in way(book, facts).asked:
        assert asked.tracer.trace(facts) == trace_rule(asked.rule, facts)


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(FACTS)
def test_traces_that_say_the_same_are_one_with_and_without_their_last_condition(book: RuleBook, facts: Facts) -> None:
    last = TraceNode("dasar hukum", passed=True, detail="baris")
    for asked in book.plan(facts).asked:
        one, other = (asked.tracer.trace(made)[0] for made in (facts, replace(facts)))
        assert one is other
        assert asked.tracer.longer(one, last) is asked.tracer.longer(other, replace(last))
        assert asked.tracer.longer(one, last).children == (*one.children, last)


KNOWN: dict[tuple[str, str, Hashable], bool | None] = {}


@pytest.mark.parametrize("name", SETTLED)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS)
def test_what_is_called_settled_follows_from_the_kind_alone(name: str, facts: Facts) -> None:
    for written in ARGUMENTS[name]:
        answer = MATCHERS[name].test(facts, MATCHERS[name].read(parse(written, "x.yml")))
        assert KNOWN.setdefault((name, written, kind_of(facts)), answer) is answer


SAID: dict[tuple[str, str], Verdict] = {}


def own_lists(facts: Facts) -> frozenset[str]:
    own = facts.own
    assert own is not None
    return own.listed | {THE_PAIR} if facts.candidate.id in own.counts else own.listed


@pytest.mark.parametrize("name", NEEDY)
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS.filter(lambda facts: facts.own is not None))
def test_of_words_without_what_it_needs_a_condition_says_always_the_same(name: str, facts: Facts) -> None:
    for argument, needs in zip(read_all(name), needs_of(name), strict=True):
        if needs is not None and own_lists(facts).isdisjoint(needs):
            verdict = MATCHERS[name].answer(facts, argument)
            assert (SAID.setdefault((name, repr(argument)), verdict), verdict.spans) == (verdict, ())


@pytest.mark.parametrize("name", sorted(name for name in NEEDY if MATCHERS[name].one_will_do))
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS.filter(lambda facts: facts.own is not None))
def test_where_one_will_do_a_condition_holds_with_one_of_what_it_needs(name: str, facts: Facts) -> None:
    for argument, needs in zip(read_all(name), needs_of(name), strict=True):
        if needs is not None and not own_lists(facts).isdisjoint(needs):
            assert MATCHERS[name].test(facts, argument) is True


def test_what_a_text_lacks_is_not_asked_of_it(
    judge: Judge, ruleset: RuleSet, view_of: ViewOf, content_of: ContentOf
) -> None:
    book = RuleBook(ruleset.rules)
    view = view_of(Act.COMMENT, own="pagi", target=content_of(AccountKind.REGISTERED, "Terima kasih warga", 1))
    texts = read_texts(view, judge.finder)
    contest, candidate = judge.pairs[1]
    facts = Facts(view, contest, candidate, StageKind.KAMPANYE, texts.own, texts.target, texts.root)
    assert [a.rule.id for a in book.plan_for_words(facts).asked if a.weigh is not None] == []
    assert [a.rule.id for a in book.plan(facts).asked if a.weigh is not None] != []


def test_a_costly_condition_of_several_rules_is_asked_once(
    ruleset: RuleSet, judge: Judge, monkeypatch: pytest.MonkeyPatch, view_of: ViewOf, content_of: ContentOf
) -> None:
    asked = []

    def counted(_: object) -> Callable[[Facts], bool]:
        return lambda facts: bool(asked.append(facts)) or True

    monkeypatch.setattr(
        "rules.plans.MATCHERS", {**MATCHERS, "text.pattern": replace(MATCHERS["text.pattern"], compile=counted)}
    )
    rule = replace(
        ruleset.rules[0], when=Group("all", (PATTERN,)), acts=(Act.POST,), subjects=ruleset.rules[0].subjects
    )
    book = RuleBook((rule, replace(rule, id="lain"), replace(rule, id="ketiga")))
    contest, candidate = judge.pairs[1]
    view = view_of(Act.POST, own="ayo", employment=rule.subjects[0])
    facts = Facts(view, contest, candidate, StageKind.KAMPANYE, None, None, None)
    assert (len(book.plan(facts).firing(facts)), len(asked)) == (3, 1)


def test_a_matcher_that_fails_while_a_plan_is_made_is_counted_for_its_rules_only(
    ruleset: RuleSet, view_of: ViewOf, content_of: ContentOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_facts: object) -> bool | None:
        raise ValueError("rusak")

    broken = replace(MATCHERS["root.author"], compile=lambda _argument: fail)
    monkeypatch.setattr("rules.plans.MATCHERS", {**MATCHERS, "root.author": broken})
    judge = compile_rules(ruleset, (example_contest(),))
    view = view_of(Act.SHARE, own="Budi Contoh di pasar", target=content_of(None, "Ayo coblos Agung Permisal"))
    first, second = judge.judge(view), judge.judge(view)
    assert first.outcome in {JudgementOutcome.HIT, JudgementOutcome.ERROR}
    assert "unggahan-menyebut-calon" in {hit.rule_id for hit in first.hits}
    assert (first == second, all("rusak" in error for error in first.errors), bool(first.errors)) == (True, True, True)


def test_forgetting_plans_changes_nothing(
    judge: Judge, ruleset: RuleSet, view_of: ViewOf, content_of: ContentOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "_MOST_PLANS", 1)
    forgetful = compile_rules(ruleset, (example_contest(),))
    views = [view_of(act, own="Ayo pilih Budi Contoh", target=content_of(None, "pagi")) for act in (*Act, *Act)]
    assert [forgetful.judge(view) for view in views] == [judge.judge(view) for view in views]
