from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor import moments
from monitor.domain import Act, ActTime, CasePattern, Level, PatternAct, PriorityPart, Stance
from monitor.review.priority import WEIGHTS
from monitor.web import told
from monitor.web.shapes import case_json, detail_json
from tests.web.samples import ACT_AT, detail, hit, row

PATTERN = CasePattern(
    "pola-contoh", 1, "Pola contoh", Level.MENENGAH, ACT_AT, ACT_AT + timedelta(days=2), timedelta(days=7), 6,
    (PatternAct(3, Act.SHARE, "bluesky", ActTime(occurred_at=ACT_AT), "https://contoh.test/3", 9),),
)  # fmt: skip


def with_stances(*stances: Stance | None) -> object:
    hits = tuple(replace(hit(number=n), stance=stance) for n, stance in enumerate(stances, start=1))
    return case_json(row(hits=hits))["stance"]


def test_every_hit_of_a_list_names_its_stance() -> None:
    shown = case_json(row(hits=(replace(hit(), stance=Stance.CELAAN), hit(number=2))))
    assert [one["stance"] for one in shown["hits"]] == ["celaan", None]


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        ((Stance.DUKUNGAN, Stance.DUKUNGAN), "dukungan"),
        ((Stance.CELAAN, Stance.NETRAL, None), "celaan"),
        ((Stance.DUKUNGAN, Stance.CELAAN), "netral"),
        ((Stance.NETRAL,), "netral"),
        ((None,), None),
    ],
)
def test_a_case_names_the_stance_its_hits_share(stances: tuple[Stance | None, ...], expected: str | None) -> None:
    assert with_stances(*stances) == expected


def test_a_shown_case_names_the_acts_of_its_patterns() -> None:
    (pattern,) = json.loads(json.dumps(detail_json(replace(detail(), patterns=(PATTERN,)))))["detail"]["patterns"]
    assert (pattern["rule"], pattern["within"], pattern["weight"]) == ("pola-contoh", 604800, 6)
    assert [(act["interaction_id"], act["case_id"]) for act in pattern["acts"]] == [(3, 9)]


@pytest.mark.parametrize(
    ("length", "expected"),
    [(timedelta(days=7), "7 hari"), (timedelta(hours=12), "12 jam"), (timedelta(hours=36), "36 jam")],
)
def test_a_window_is_told_in_days_or_hours(length: timedelta, expected: str) -> None:
    assert moments.span(length) == expected


@pytest.mark.parametrize("name", [*WEIGHTS, "none"])
def test_every_share_of_the_order_of_attention_has_words(name: str) -> None:
    assert told.part_name(PriorityPart(name, 0.1)) != name


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (PriorityPart("act", 0.2, "like"), "menyukai"),
        (PriorityPart("stage", 0.1, "masa_tenang"), "masa tenang"),
        (PriorityPart("stance", 0.05, "dukungan, celaan"), "dukungan, celaan"),
        (PriorityPart("pattern", 0.06, "menengah"), "menengah"),
        (PriorityPart("count", 0.02, "2"), "2"),
        (PriorityPart("pattern", 0.0, ""), ""),
    ],
)
def test_what_a_share_rests_on_is_told_in_words(part: PriorityPart, expected: str) -> None:
    assert told.part_detail(part) == expected
