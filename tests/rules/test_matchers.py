from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from rules.facts import Facts
from rules.matchers import AUTHORS, MATCHERS
from rules.nodes import parse
from tests.rules.generated import FACTS

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
    "text.appeal": ("own", "target", "root"),
    "text.first_person": (
        "{field: own, lists: [keanggotaan.tim]}",
        "{field: target, lists: [keanggotaan, foto]}",
        "{field: root, lists: []}",
    ),
    "text.near": (
        "{field: own, lists: [kampanye], near: candidate, within: 6}",
        "{field: target, lists: [kampanye, sikap], near: [kedinasan, konteks], within: 30}",
        "{field: root, lists: [kampanye], near: candidate, within: 0}",
    ),
    "own.media": ("photo",),
    "own.kind": ("bio",),
    "image.mentions": ("own", "target", "root"),
    "own.tags": ("candidate_account",),
    "own.recirculated": ("stages", "stage"),
    "act": ("like", "[post, share, comment]"),
    "employment": ("pns", "[institusi, tni]"),
    "stage": ("kampanye", "[masa_tenang, pasca]"),
}  # fmt: skip


def test_every_matcher_has_arguments_to_be_tried_with() -> None:
    assert set(ARGUMENTS) == set(MATCHERS)


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
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
