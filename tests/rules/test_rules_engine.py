from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActTime,
    AttributionStatus,
    CandidateStatus,
    Content,
    Employment,
    InteractionView,
    Judgement,
    JudgementOutcome,
    RuleStatus,
    StageKind,
    StatusFrom,
)
from rules.engine import Judge, compile_rules, with_statuses
from rules.examples import example_contest
from rules.loader import RuleSet
from rules.matchers import MATCHERS

ViewOf = Callable[..., InteractionView]
ContentOf = Callable[..., Content]


def rows(judgement: Judgement) -> set[tuple[int, str]]:
    return {(hit.candidate_id, hit.law_row) for hit in judgement.hits}


@pytest.mark.parametrize(("act", "own"), [(Act.LIKE, None), (Act.SHARE, None), (Act.COMMENT, "siap")])
def test_an_act_under_a_candidate_side_post_concerns_its_pair(
    act: Act, own: str | None, judge: Judge, view_of: ViewOf, content_of: ContentOf
) -> None:
    judgement = judge.judge(view_of(act, own=own, target=content_of(AccountKind.REGISTERED, "pagi", 1)))
    assert (judgement.outcome, rows(judgement)) == (JudgementOutcome.HIT, {(1, "B6")})


def test_a_reply_deep_in_a_candidates_thread_concerns_its_pair(
    judge: Judge, view_of: ViewOf, content_of: ContentOf
) -> None:
    view = view_of(Act.COMMENT, own="ya", target=content_of(None, "setuju"), root=content_of(AccountKind.PARTY, "x", 2))
    assert rows(judge.judge(view)) == {(2, "B6")}


def test_a_comment_that_names_the_rival_concerns_both(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    view = view_of(Act.COMMENT, own="Agung Permisal mantap", target=content_of(AccountKind.REGISTERED, "pagi", 1))
    assert rows(judge.judge(view)) == {(1, "B6"), (2, "B6")}


@pytest.mark.parametrize("kind", [AccountKind.ELECTION_BODY, AccountKind.NEWS, AccountKind.GOVERNMENT])
@pytest.mark.parametrize("act", [Act.LIKE, Act.SHARE])
def test_a_neutral_bodys_post_is_no_hit(
    kind: AccountKind, act: Act, judge: Judge, view_of: ViewOf, content_of: ContentOf
) -> None:
    view = view_of(act, target=content_of(kind, "Budi Contoh menang, pilih nomor 1, #BusiMenang"))
    assert judge.judge(view).outcome is JudgementOutcome.MISS


def test_a_neighbours_post_needs_more_than_one_name(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    outcomes = [
        judge.judge(view_of(Act.LIKE, target=content_of(None, text))).outcome
        for text in ("Budi Contoh lewat", "Budi Contoh #BusiMenang", "pilih Budi Contoh", "pilih no 1")
    ]
    assert [o is JudgementOutcome.HIT for o in outcomes] == [False, True, True, False]


def test_a_near_miss_says_why(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    judgement = judge.judge(view_of(Act.LIKE, target=content_of(None, "Budi Contoh lewat")))
    assert "satu penyebutan tanpa kata kampanye" in [miss.reason for miss in judgement.near_misses]


def test_own_words_count_when_the_target_was_not_captured(judge: Judge, view_of: ViewOf) -> None:
    assert rows(judge.judge(view_of(Act.COMMENT, own="Budi Contoh mantap"))) == {(1, "B6")}


def test_an_own_post_is_the_campaign_row(judge: Judge, view_of: ViewOf) -> None:
    assert rows(judge.judge(view_of(Act.POST, own="Budi Contoh pasti menang"))) == {(1, "B2")}


def test_a_bare_name_in_official_words_is_a_near_miss(judge: Judge, view_of: ViewOf) -> None:
    judgement = judge.judge(view_of(Act.POST, own="Rapat koordinasi bersama Budi Contoh"))
    assert judgement.outcome is JudgementOutcome.MISS
    assert any("kedinasan" in miss.reason for miss in judgement.near_misses)


def test_official_words_stand_beside_a_hit(judge: Judge, view_of: ViewOf) -> None:
    hit = judge.judge(view_of(Act.POST, own="Rapat koordinasi selesai, ayo pilih Budi Contoh")).hits[0]
    assert any("kedinasan" in signal for signal in hit.counter_signals)


def test_disparagement_counts_as_content(judge: Judge, view_of: ViewOf) -> None:
    assert judge.judge(view_of(Act.POST, own="Budi Contoh pembohong")).outcome is JudgementOutcome.HIT


def test_the_row_follows_the_status_at_the_time(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    target = content_of(AccountKind.REGISTERED, "pagi", 1)
    early = judge.judge(view_of(target=target, at="2024-09-01T10:00:00+07:00"))
    assert (rows(early), early.hits[0].candidate_status) == ({(1, "A4")}, CandidateStatus.BAKAL_CALON)


def test_a_bracket_over_the_determination_is_not_evaluable(
    judge: Judge, view_of: ViewOf, content_of: ContentOf
) -> None:
    view = view_of(
        target=content_of(AccountKind.REGISTERED, "pagi", 1),
        between=("2024-09-21T00:00:00+07:00", "2024-09-23T00:00:00+07:00"),
    )
    judgement = judge.judge(view)
    assert (judgement.outcome, judgement.hits) == (JudgementOutcome.NOT_EVALUABLE, ())
    assert "A4 / B6" in judgement.not_evaluable[0].reason


def test_a_bracket_that_begins_at_the_determination_is_clear(
    judge: Judge, view_of: ViewOf, content_of: ContentOf
) -> None:
    view = view_of(
        target=content_of(AccountKind.REGISTERED, "pagi", 1),
        between=("2024-09-22T00:00:00+07:00", "2024-09-23T00:00:00+07:00"),
    )
    assert rows(judge.judge(view)) == {(1, "B6")}


def test_the_targets_own_time_narrows_a_bracket(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    target = content_of(AccountKind.REGISTERED, "pagi", 1, published="2024-09-22T08:00:00+07:00")
    view = view_of(target=target, between=("2024-09-20T00:00:00+07:00", "2024-09-23T00:00:00+07:00"))
    assert rows(judge.judge(view)) == {(1, "B6")}


def test_a_bracket_over_a_stage_edge_with_one_row_is_a_marked_hit(
    judge: Judge, view_of: ViewOf, content_of: ContentOf
) -> None:
    view = view_of(
        target=content_of(AccountKind.REGISTERED, "pagi", 1),
        between=("2024-11-23T00:00:00+07:00", "2024-11-25T00:00:00+07:00"),
    )
    hit = judge.judge(view).hits[0]
    assert (hit.stage, hit.stage_straddled) == (StageKind.MASA_TENANG, True)


def test_an_open_bracket_is_not_evaluable(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    view = replace(
        view_of(target=content_of(AccountKind.REGISTERED, "pagi", 1)),
        time=ActTime(hi=datetime(2024, 10, 1, tzinfo=UTC)),
    )
    assert judge.judge(view).outcome is JudgementOutcome.NOT_EVALUABLE


def test_an_act_before_the_first_stage_is_a_near_miss(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    view = view_of(target=content_of(AccountKind.REGISTERED, "pagi", 1), at="2024-01-01T10:00:00+07:00")
    judgement = judge.judge(view)
    assert judgement.outcome is JudgementOutcome.MISS
    assert "perbuatan sebelum tahapan pertama" in [miss.reason for miss in judgement.near_misses]


def with_status(*steps: StatusFrom) -> tuple[object, ...]:
    contest = example_contest()
    return (replace(contest, candidates=(replace(contest.candidates[0], status=steps), *contest.candidates[1:])),)


def test_a_pair_that_fell_out_gives_no_hit(ruleset: RuleSet, view_of: ViewOf, content_of: ContentOf) -> None:
    contests = with_status(StatusFrom(CandidateStatus.GUGUR, datetime(2024, 9, 1, tzinfo=UTC)))
    judgement = compile_rules(ruleset, contests).judge(view_of(target=content_of(AccountKind.REGISTERED, "pagi", 1)))
    assert "pasangan calon sudah gugur" in [miss.reason for miss in judgement.near_misses]


def test_an_undated_status_is_never_guessed(ruleset: RuleSet, view_of: ViewOf, content_of: ContentOf) -> None:
    contests = with_status(StatusFrom(CandidateStatus.CALON))
    judgement = compile_rules(ruleset, contests).judge(view_of(target=content_of(AccountKind.REGISTERED, "pagi", 1)))
    assert judgement.outcome is JudgementOutcome.NOT_EVALUABLE


@pytest.mark.parametrize(
    ("employment", "law"),
    [(Employment.PPPK, "skb-2-2022"), (Employment.PPNPN, "ppnpn"), (Employment.KEPALA_DESA, "desa"),
     (Employment.POLRI, "tni-polri"), (Employment.INSTITUSI, "institusi")],
)  # fmt: skip
def test_the_law_follows_the_kind_of_person(
    employment: Employment, law: str, judge: Judge, view_of: ViewOf, content_of: ContentOf
) -> None:
    view = view_of(target=content_of(AccountKind.REGISTERED, "pagi", 1), employment=employment)
    assert {hit.law for hit in judge.judge(view).hits} == {law}


def test_an_act_before_the_law_is_a_near_miss(ruleset: RuleSet, view_of: ViewOf, content_of: ContentOf) -> None:
    contest = example_contest()
    early = timedelta(days=4 * 365)
    older = replace(
        contest,
        stages=tuple(replace(s, starts=s.starts - early) for s in contest.stages),
        candidates=tuple(
            replace(c, status=tuple(replace(s, starts=s.starts - early) for s in c.status if s.starts))
            for c in contest.candidates
        ),
    )
    view = view_of(target=content_of(AccountKind.REGISTERED, "pagi", 1), at="2020-10-10T10:00:00+07:00")
    assert rows(compile_rules(ruleset, (older,)).judge(view)) == set()
    chosen = compile_rules(ruleset, (replace(older, law="skb-2-2022"),)).judge(view)
    assert rows(chosen) == {(1, "B6")}


def test_a_rule_in_shadow_hits_without_deciding(ruleset: RuleSet, view_of: ViewOf, content_of: ContentOf) -> None:
    shadowed = with_statuses(ruleset, {"suka-unggahan-akun-kampanye": RuleStatus.SHADOW})
    judgement = compile_rules(shadowed, (example_contest(),)).judge(
        view_of(target=content_of(AccountKind.REGISTERED, "pagi", 1))
    )
    assert (judgement.outcome, [h.mode for h in judgement.hits]) == (JudgementOutcome.MISS, [RuleStatus.SHADOW])


def test_a_changed_status_changes_the_hash(ruleset: RuleSet) -> None:
    changed = with_statuses(ruleset, {"ikuti-akun-kampanye": RuleStatus.ACTIVE})
    assert (changed.hash != ruleset.hash, with_statuses(ruleset, {}).hash == ruleset.hash) == (True, True)


def test_a_draft_does_not_run(judge: Judge, view_of: ViewOf, content_of: ContentOf) -> None:
    view = view_of(Act.FOLLOW, target=content_of(AccountKind.REGISTERED, "", 1))
    assert judge.judge(view).hits == ()


def test_a_failing_matcher_is_counted_and_leaves_other_rules_alone(
    ruleset: RuleSet, view_of: ViewOf, content_of: ContentOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_facts: object) -> bool | None:
        raise ValueError("rusak")

    broken = replace(MATCHERS["own.tags"], compile=lambda _argument: fail)
    monkeypatch.setattr("rules.plans.MATCHERS", {**MATCHERS, "own.tags": broken})
    judgement = compile_rules(ruleset, (example_contest(),)).judge(
        view_of(Act.SHARE, own="Budi Contoh di pasar", target=content_of(None, "Ayo coblos Agung Permisal"))
    )
    assert judgement.outcome is JudgementOutcome.HIT
    assert {error.split(" ")[0] for error in judgement.errors} == {"menandai-akun-kampanye"}


def test_a_hit_carries_trace_spans_and_explanation(judge: Judge, view_of: ViewOf) -> None:
    text = "Ayo pilih Budi Contoh"
    hit = judge.judge(view_of(Act.POST, own=text)).hits[0]
    assert hit.trace is not None
    assert hit.trace.passed is True
    assert {text[s.start : s.end] for s in hit.spans} >= {"pilih", "Budi Contoh"}
    assert "{" not in hit.explanation


def test_the_judges_hash_follows_the_contests(judge: Judge, ruleset: RuleSet) -> None:
    contest = example_contest()
    renamed = replace(contest, candidates=(replace(contest.candidates[0], aliases=("BUSITI",)), contest.candidates[1]))
    assert compile_rules(ruleset, (renamed,)).hash != judge.hash


def test_the_judges_hash_ignores_ids_and_order(ruleset: RuleSet) -> None:
    one, other = example_contest(), replace(example_contest(), name="Bupati Misal 2024", id=9)
    assert compile_rules(ruleset, (one, other)).hash == compile_rules(ruleset, (replace(other, id=0), one)).hash


VIEWS = st.builds(
    InteractionView,
    id=st.integers(1, 9),
    key=st.just("k"),
    platform=st.just("contoh"),
    act=st.sampled_from(Act),
    time=st.integers(0, 500).map(lambda days: ActTime(hi=datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=days))),
    actor=st.just(AccountRef("contoh", "a")),
    person_id=st.just(1),
    employment=st.sampled_from(Employment),
    jurisdiction=st.sampled_from(["99.01", "99", "", "12"]),
    attribution=st.sampled_from(AttributionStatus),
    target_id=st.just("t"),
    own=st.none() | st.builds(Content, st.just("o"), st.just(""), st.text(st.characters(), max_size=60)),
    target=st.none()
    | st.builds(
        Content, st.just("t"), st.just(""), st.text(st.characters(), max_size=60) | st.just("pilih Budi Contoh no 2"),
        st.none() | st.sampled_from(AccountKind),
        st.lists(st.integers(0, 4)).map(tuple),
    ),
)  # fmt: skip


@settings(deadline=None)
@given(VIEWS)
def test_no_interaction_makes_the_judge_raise_or_err(judge: Judge, view: InteractionView) -> None:
    assert judge.judge(view).errors == ()


@settings(deadline=None, max_examples=30)
@given(st.lists(VIEWS, max_size=8), st.randoms())
def test_judgements_do_not_depend_on_the_order(
    judge: Judge, views: list[InteractionView], mixer: random.Random
) -> None:
    mixed = list(views)
    mixer.shuffle(mixed)
    first = {id(view): judge.judge(view) for view in views}
    assert all(judge.judge(view) == first[id(view)] for view in mixed)
