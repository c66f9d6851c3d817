from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActTime,
    AttributionStatus,
    Content,
    Contest,
    Employment,
    InteractionView,
    StageKind,
)
from rules.examples import example_contest
from rules.facts import Facts, read_texts
from rules.loader import shipped_lexicon
from rules.matchers import AUTHORS, MATCHERS
from rules.mentions import MentionFinder
from rules.nodes import parse

# What a rule file may write behind each word; a new matcher needs its line here.
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "target.author": (*AUTHORS, "[unregistered, asn, media]", "[candidate_account, neutral]", "[party, news]"),
    "root.author": (*AUTHORS, "[unregistered, volunteer]"),
    "own.mentions": ("kuat", "lemah", "{tier: sedang, campaign_word: required}", "{tier: pendukung, count: 2}"),
    "target.mentions": ("kuat", "sedang", "{tier: kuat, campaign_word: required, count: 2}", "{tier: kuat, count: 0}"),
    "text.lexicon": (
        "{field: own, lists: [kampanye]}",
        "{field: target, lists: [sikap.dukungan, sikap.merendahkan]}",
        "{field: root, lists: [kedinasan]}",
        "{field: own, lists: []}",
    ),
    "text.pattern": ('{field: own, pattern: "budi +contoh"}', '{field: target, pattern: "\\\\d"}',
                     "{field: root, pattern: .}"),
    "official.context": ("own", "target", "root"),
    "own.text": ("present", "absent"),
    "act": ("like", "[post, share, comment]"),
    "employment": ("pns", "[institusi, tni]"),
    "stage": ("kampanye", "[masa_tenang, pasca]"),
}  # fmt: skip

WORDS = (
    "Budi Contoh", "Agung Permisal", "BUSI", "#BusiMenang", "ayo pilih", "coblos nomor 2", "mantap", "pembohong",
    "rapat koordinasi", "KPU mengumumkan", "selamat pagi", "   ", "\udc80", "paslon 01", "apel pagi", "😀☝️",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join) | st.text(st.characters(), max_size=20)
CONTENTS = st.none() | st.builds(
    Content,
    st.just("t"),
    st.just(""),
    TEXTS,
    st.none() | st.sampled_from(AccountKind),
    st.sampled_from([(), (1,), (2,), (1, 2)]),
    alt_texts=st.just(()) | TEXTS.map(lambda text: (text,)),
)
VIEWS = st.builds(
    InteractionView,
    id=st.just(1),
    key=st.just("k"),
    platform=st.just("contoh"),
    act=st.sampled_from(Act),
    time=st.just(ActTime(occurred_at=datetime(2024, 10, 1, tzinfo=UTC))),
    actor=st.just(AccountRef("contoh", "a")),
    person_id=st.just(1),
    employment=st.sampled_from(Employment),
    jurisdiction=st.just("99.01"),
    attribution=st.just(AttributionStatus.VERIFIED),
    target_id=st.just("t"),
    own=CONTENTS,
    target=CONTENTS,
    root=CONTENTS,
)
CONTEST: Contest = example_contest()
FINDER = MentionFinder((CONTEST,), shipped_lexicon())


def facts_of(view: InteractionView, number: int, stage: StageKind | None) -> Facts:
    texts = read_texts(view, FINDER)
    return Facts(view, CONTEST, CONTEST.candidates[number], stage, texts.own, texts.target, texts.root)


FACTS = st.builds(facts_of, VIEWS, st.integers(0, 1), st.none() | st.sampled_from(StageKind))


def test_every_matcher_has_arguments_to_be_tried_with() -> None:
    assert set(ARGUMENTS) == set(MATCHERS)


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS)
def test_the_fast_test_says_what_the_full_answer_says(name: str, facts: Facts) -> None:
    matcher = MATCHERS[name]
    arguments = [matcher.read(parse(written, "x.yml")) for written in ARGUMENTS[name]]
    assert [matcher.test(facts, a) for a in arguments] == [matcher.answer(facts, a).passed for a in arguments]


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(facts=FACTS)
def test_spans_of_an_answer_lie_in_their_texts(name: str, facts: Facts) -> None:
    for written in ARGUMENTS[name]:
        verdict = MATCHERS[name].answer(facts, MATCHERS[name].read(parse(written, "x.yml")))
        for span in verdict.spans:
            evidence = facts.evidence(span.field.split(".", 1)[0])
            assert evidence is not None
            if span.field.endswith(".text"):
                assert 0 <= span.start < span.end <= len(evidence.content.text)
