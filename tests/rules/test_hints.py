from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import Act, Hit, InteractionView, Judgement, JudgementOutcome, Span, Stance
from rules import schema
from rules.engine import Judge
from rules.examples import read_examples
from rules.hints import HintReader
from rules.loader import RuleSet
from rules.matchers.texts import Lists
from rules.nodes import parse
from rules.stance import StanceHint, StanceReader

OTHER = {Stance.DUKUNGAN: Stance.CELAAN, Stance.CELAAN: Stance.DUKUNGAN, Stance.NETRAL: Stance.DUKUNGAN}


class Turned(StanceReader):
    """Says the opposite of what the words say."""

    def read(self, *given: object, **more: object) -> Mapping[int, StanceHint]:
        told = super().read(*given, **more)  # type: ignore[arg-type]  # whatever the reader takes
        return {pair: replace(hint, stance=OTHER[hint.stance]) for pair, hint in told.items()}


class Silent(StanceReader):
    """Says nothing at all."""

    def read(self, *given: object, **more: object) -> Mapping[int, StanceHint]:
        return {}


class Failing(StanceReader):
    """Breaks at every text."""

    def read(self, *given: object, **more: object) -> Mapping[int, StanceHint]:
        raise ValueError("rusak")


def view(text: str) -> InteractionView:
    (made,) = read_examples(parse(text + "\n", "contoh.yml"))
    return made


def comment(own: str, target: str = "Ayo bergerak") -> InteractionView:
    return view(
        f'{{act: comment, own: "{own}", target: {{author: registered, pair: 1, text: "{target}"}},'
        ' at: "2024-10-01T10:00:00+07:00"}'
    )


def with_reader(judge: Judge, kind: type[StanceReader]) -> Judge:
    return replace(judge, _hints=HintReader(kind(judge.ruleset.lexicon)))


def bare(judgement: Judgement) -> Judgement:
    """The judgement without its hints."""
    hits = tuple(replace(hit, stance=None, stance_spans=()) for hit in judgement.hits)
    return replace(judgement, hits=hits)


def only_hit(judge: Judge, given_view: InteractionView) -> Hit:
    return judge.judge(given_view).hits[0]


def test_a_comment_carries_the_stance_of_its_own_words(judge: Judge) -> None:
    hit = only_hit(judge, comment("Pembohong, omong kosong"))
    assert hit.stance is Stance.CELAAN
    assert [span.text for span in hit.stance_spans] == ["Pembohong", "omong kosong"]


def test_the_words_are_placed_in_the_text_they_stand_in(judge: Judge) -> None:
    assert only_hit(judge, comment("Mantap pak")).stance_spans == (Span("own.text", 0, 6, "Mantap", "dukungan"),)


def test_a_like_carries_the_stance_of_the_post_it_likes(judge: Judge) -> None:
    liked = view(
        '{act: like, target: {author: registered, pair: 1, text: "Ayo coblos nomor 1, jangan ragu"},'
        ' at: "2024-10-01T10:00:00+07:00"}'
    )
    hit = only_hit(judge, liked)
    assert (hit.stance, {span.field for span in hit.stance_spans}) == (Stance.DUKUNGAN, {"target.text"})


def test_an_act_without_any_text_carries_no_stance(judge: Judge) -> None:
    liked = view('{act: like, target: {author: registered, pair: 1}, at: "2024-10-01T10:00:00+07:00"}')
    assert only_hit(judge, liked).stance is None


def test_every_pair_of_one_text_has_its_own_stance(judge: Judge) -> None:
    posted = view(
        '{act: post, own: "Ayo coblos Budi Contoh, Agung Permisal pembohong", at: "2024-10-01T10:00:00+07:00"}'
    )
    stances = {hit.candidate_id: hit.stance for hit in judge.judge(posted).hits}
    assert stances == {1: Stance.DUKUNGAN, 2: Stance.CELAAN}


WORDS = st.lists(
    st.sampled_from(
        ["Budi Contoh", "Agung Permisal", "mantap", "pembohong", "tidak", "coblos", "nomor 1", "rapat", "?", ",", "🔥"]
    ),
    min_size=1,
    max_size=12,
).map(" ".join)


@pytest.mark.parametrize("kind", [Turned, Silent, Failing])
@given(words=WORDS)
def test_turning_round_silencing_or_breaking_the_hint_changes_nothing_else(
    judge: Judge, kind: type[StanceReader], words: str
) -> None:
    for given_view in (comment(words), replace(comment("Selamat pagi", words), act=Act.LIKE, own=None)):
        usual, other = judge.judge(given_view), with_reader(judge, kind).judge(given_view)
        assert bare(other) == bare(usual)


def test_a_broken_hint_loses_no_hit(judge: Judge) -> None:
    judged = with_reader(judge, Failing).judge(comment("Mantap pak"))
    assert judged.outcome is JudgementOutcome.HIT
    assert {hit.stance for hit in judged.hits} == {None}


@pytest.mark.parametrize("name", ["petunjuk.dukungan", "petunjuk"])
def test_no_condition_may_name_a_list_of_the_hint(ruleset: RuleSet, name: str) -> None:
    test = schema.Test("text.lexicon", Lists("own", ("kampanye", name)), "contoh:1")
    assert schema.known_lists(ruleset.lexicon.lists.keys(), test) == name
