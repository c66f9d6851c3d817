"""Interactions and facts as hypothesis makes them, on the invented contest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActTime,
    AttributionStatus,
    Content,
    Employment,
    InteractionView,
    StageKind,
)
from rules.examples import example_contest
from rules.facts import Facts
from rules.loader import shipped_lexicon
from rules.mentions import MentionFinder
from rules.shelf import read_texts

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
DAYS = st.integers(0, 500).map(lambda days: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=days))
TIMES = (
    DAYS.map(lambda day: ActTime(occurred_at=day))
    | DAYS.map(lambda day: ActTime(hi=day))
    | st.builds(lambda day, width: ActTime(lo=day - timedelta(days=width), hi=day), DAYS, st.integers(0, 40))
)
VIEWS = st.builds(
    InteractionView,
    id=st.just(1),
    key=st.just("k"),
    platform=st.just("contoh"),
    act=st.sampled_from(Act),
    time=TIMES,
    actor=st.just(AccountRef("contoh", "a")),
    person_id=st.just(1),
    employment=st.sampled_from(Employment),
    jurisdiction=st.just("99.01"),
    attribution=st.just(AttributionStatus.VERIFIED),
    target_id=st.just("t"),
    own=CONTENTS,
    target=CONTENTS,
    root=CONTENTS,
    owner_sure=st.booleans(),
)
CONTEST = example_contest()
FINDER = MentionFinder((CONTEST,), shipped_lexicon())


def facts_of(view: InteractionView, number: int, stage: StageKind | None) -> Facts:
    texts = read_texts(view, FINDER)
    return Facts(view, CONTEST, CONTEST.candidates[number], stage, texts.own, texts.target, texts.root)


FACTS = st.builds(facts_of, VIEWS, st.integers(0, 1), st.none() | st.sampled_from(StageKind))
