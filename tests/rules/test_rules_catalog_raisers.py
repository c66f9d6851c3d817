"""Reasons to look at a hit earlier, and that they never make a hit or change its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from monitor.domain import AccountKind, Act, Content, InteractionView, Level
from rules.engine import Judge, compile_rules
from rules.examples import example_contest, run_examples
from rules.loader import RuleSet

View = Callable[..., InteractionView]
Text = Callable[..., Content]
QUIET = "2024-11-25T10:00:00+07:00"


def test_every_raiser_has_three_examples_of_each_kind(ruleset: RuleSet) -> None:
    counts = {r.id: (len(r.raised), len(r.not_raised)) for r in ruleset.raisers}
    assert {i for i, (up, flat) in counts.items() if up < 3 or flat < 3} == set()


def test_every_example_of_every_raiser_holds(ruleset: RuleSet) -> None:
    names = {r.id for r in ruleset.raisers}
    assert [str(f) for f in run_examples(ruleset) if f.rule_id in names] == []


def test_a_comment_in_the_quiet_period_is_looked_at_first(judge: Judge, view_of: View, content_of: Text) -> None:
    hit = judge.judge(view_of(Act.COMMENT, own="ya", target=content_of(AccountKind.REGISTERED, "x", 1), at=QUIET)).hits[
        0
    ]
    assert (hit.level, hit.raised) == (Level.TINGGI, ("dilakukan pada masa tenang atau hari pemungutan suara",))


def test_a_like_in_the_quiet_period_rises_by_one_step_only(judge: Judge, view_of: View, content_of: Text) -> None:
    hit = judge.judge(view_of(Act.LIKE, target=content_of(AccountKind.REGISTERED, "x", 1), at=QUIET)).hits[0]
    assert hit.level is Level.MENENGAH


def test_an_act_that_may_lie_before_the_quiet_period_is_not_raised(
    judge: Judge, view_of: View, content_of: Text
) -> None:
    view = view_of(
        Act.COMMENT, own="ya", target=content_of(AccountKind.REGISTERED, "x", 1),
        between=("2024-11-23T10:00:00+07:00", QUIET),
    )  # fmt: skip
    hit = judge.judge(view).hits[0]
    assert (hit.stage_straddled, hit.raised) == (True, ())


def test_several_reasons_stand_side_by_side(judge: Judge, view_of: View) -> None:
    hit = judge.judge(view_of(Act.POST, own="Budi Contoh antek asing, ijazah palsu", at=QUIET)).hits[0]
    assert len(hit.raised) == 3


def test_a_raiser_never_lowers(ruleset: RuleSet, view_of: View) -> None:
    low = tuple(replace(raiser, to=Level.RENDAH) for raiser in ruleset.raisers)
    lowered = compile_rules(replace(ruleset, raisers=low), (example_contest(),))
    levels = {h.rule_id: h.level for h in lowered.judge(view_of(Act.POST, own="Ayo pilih Budi Contoh", at=QUIET)).hits}
    assert levels["unggahan-kampanye-sendiri"] is Level.TINGGI


@pytest.mark.parametrize("text", ["Budi Contoh antek asing", "Ayo pilih Budi Contoh", "Budi Contoh di pasar"])
def test_raisers_change_neither_rows_nor_the_number_of_hits(ruleset: RuleSet, view_of: View, text: str) -> None:
    view = view_of(Act.POST, own=text, at=QUIET)
    plain = compile_rules(replace(ruleset, raisers=()), (example_contest(),)).judge(view)
    full = compile_rules(ruleset, (example_contest(),)).judge(view)
    assert [(h.rule_id, h.law_row) for h in full.hits] == [(h.rule_id, h.law_row) for h in plain.hits]
