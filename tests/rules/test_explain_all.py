from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from monitor.domain import AccountKind, Act, Content, Employment, InteractionView, RuleStatus, TraceNode
from rules.engine import Judge, compile_rules, with_statuses
from rules.examples import example_contest
from rules.explain import RuleTold, ToldOutcome, explain_all
from rules.loader import RuleSet
from rules.matchers import MATCHERS
from tests.rules.generated import VIEWS

ViewOf = Callable[..., InteractionView]
ContentOf = Callable[..., Content]


def told_of(told: tuple[RuleTold, ...], rule_id: str) -> RuleTold:
    return next(entry for entry in told if entry.rule_id == rule_id)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VIEWS)
def test_what_is_told_agrees_with_the_judgement(judge: Judge, view: InteractionView) -> None:
    told, judgement = explain_all(judge, view), judge.judge(view)
    for outcome, judged in (
        (ToldOutcome.HIT, {(h.rule_id, h.candidate_id) for h in judgement.hits}),
        (ToldOutcome.UNCLEAR, {(m.rule_id, m.candidate_id) for m in judgement.not_evaluable}),
    ):
        assert {(t.rule_id, t.candidate_id) for t in told if t.outcome is outcome} == judged


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VIEWS)
def test_every_rule_is_told_with_a_reason(judge: Judge, view: InteractionView) -> None:
    told = explain_all(judge, view)
    assert {t.rule_id for t in told} == {rule.id for rule in judge.ruleset.rules}
    assert all(t.reason for t in told)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(VIEWS)
def test_a_near_miss_says_what_the_full_telling_says(judge: Judge, view: InteractionView) -> None:
    told = {(t.rule_id, t.candidate_id): t.reason for t in explain_all(judge, view)}
    for miss in judge.judge(view).near_misses:
        if miss.rule_id and "tidak satu pun" not in miss.reason:
            assert told[miss.rule_id, miss.candidate_id] == miss.reason


def test_a_hit_is_told_with_its_row(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    told = explain_all(judge, view_of(Act.LIKE, target=content_of(AccountKind.REGISTERED, "pagi", 1)))
    hit = told_of(told, "suka-unggahan-akun-kampanye")
    assert (hit.outcome, hit.candidate_id, "B6" in hit.reason) == (ToldOutcome.HIT, 1, True)


def test_another_act_is_told_as_the_reason(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    told = explain_all(judge, view_of(Act.LIKE, target=content_of(AccountKind.REGISTERED, "pagi", 1)))
    idle = told_of(told, "bagikan-unggahan-akun-kampanye")
    assert (idle.outcome, "bukan menyukai" in idle.reason) == (ToldOutcome.IDLE, True)


def test_another_kind_of_person_is_told_as_the_reason(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    view = view_of(Act.LIKE, target=content_of(AccountKind.REGISTERED, "pagi", 1), employment=Employment.INSTITUSI)
    assert "tidak mencakup institusi" in told_of(explain_all(judge, view), "suka-unggahan-akun-kampanye").reason


def test_a_draft_says_what_it_would_have_said(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    told = explain_all(judge, view_of(Act.FOLLOW, target=content_of(AccountKind.REGISTERED, "", 1)))
    draft = told_of(told, "ikuti-akun-kampanye")
    assert draft.outcome is ToldOutcome.IDLE
    assert "seandainya berlaku: kena" in draft.reason


def test_a_retired_rule_is_told_too(ruleset: RuleSet, view_of: ViewOf, content_of: ContentOf) -> None:
    retired = with_statuses(ruleset, {"suka-unggahan-akun-kampanye": RuleStatus.RETIRED})
    told = explain_all(
        compile_rules(retired, (example_contest(),)),
        view_of(Act.LIKE, target=content_of(AccountKind.REGISTERED, "pagi", 1)),
    )
    assert "statusnya" in told_of(told, "suka-unggahan-akun-kampanye").reason


def test_a_pair_that_is_not_concerned_enough_is_the_reason(
    judge: Judge, view_of: ViewOf, content_of: ContentOf
) -> None:
    told = explain_all(judge, view_of(Act.LIKE, target=content_of(None, "Budi Contoh lewat")))
    miss = told_of(told, "suka-unggahan-kampanye-warga")
    assert (miss.outcome, miss.reason) == (ToldOutcome.MISS, "satu penyebutan tanpa kata kampanye")


def test_an_interaction_about_nobody_is_told_for_every_rule(judge: Judge, view_of: ViewOf) -> None:
    told = explain_all(judge, view_of(Act.POST, own="selamat pagi"))
    assert {(t.candidate_id, t.trace.children[-1].detail) for t in told} == {
        (None, "tidak menyangkut pasangan calon mana pun")
    }


def test_every_failed_condition_is_named(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    view = view_of(Act.SHARE, own="Ayo pilih Budi Contoh", target=content_of(AccountKind.REGISTERED, "pagi", 1))
    reason = told_of(explain_all(judge, view), "unggahan-menyebut-calon").reason
    assert ("harus tidak ada: text.lexicon" in reason, "harus tidak ada: target.author" in reason) == (True, True)


def test_a_failing_matcher_is_told_and_hides_nothing_else(
    judge: Judge, view_of: ViewOf, content_of: ContentOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_facts: object, _argument: object) -> None:
        raise ValueError("rusak")

    broken = replace(MATCHERS["own.tags"], answer=fail)
    monkeypatch.setattr("rules.conditions.MATCHERS", {**MATCHERS, "own.tags": broken})
    view = view_of(Act.SHARE, own="Budi Contoh di pasar", target=content_of(None, "Ayo coblos Agung Permisal"))
    told = explain_all(judge, view)
    assert told_of(told, "menandai-akun-kampanye").outcome is ToldOutcome.ERROR
    assert any(t.outcome is ToldOutcome.HIT for t in told)


def test_the_trace_holds_frame_conditions_and_row(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    told = explain_all(judge, view_of(Act.LIKE, target=content_of(AccountKind.REGISTERED, "pagi", 1)))
    trace: TraceNode = told_of(told, "suka-unggahan-akun-kampanye").trace
    names = [child.name for child in trace.children]
    assert (names[:4], names[-1]) == (["status", "act", "employment", "pasangan calon"], "dasar hukum")
