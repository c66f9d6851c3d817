"""Fixtures for rules: the shipped set loaded once, and builders of contests and interactions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActTime,
    AttributionStatus,
    Candidate,
    CandidatePerson,
    CandidateRole,
    CandidateStatus,
    Content,
    Contest,
    Employment,
    InteractionView,
    Mention,
    Office,
    Regime,
    StatusFrom,
)
from rules.engine import Judge, compile_rules
from rules.examples import example_contest
from rules.loader import RuleSet, load_ruleset, shipped_lexicon
from rules.mentions import MentionFinder

Pair = tuple[str, str]


@pytest.fixture(scope="session")
def ruleset() -> RuleSet:
    return load_ruleset()


@pytest.fixture(scope="session")
def judge(ruleset: RuleSet) -> Judge:
    return compile_rules(ruleset, (example_contest(),))


@pytest.fixture(scope="session")
def contest_of() -> Callable[..., Contest]:
    """Build a contest out of pairs: ("NAMA UTAMA", "NAMA WAKIL") in the order of their numbers."""

    def build(*pairs: Pair, name: str = "Bupati Contoh 2024", region: str = "99.01", office: Office = Office.BUPATI,
              first_id: int = 1, **extra: tuple[str, ...]) -> Contest:  # fmt: skip
        candidates = tuple(
            Candidate(
                number=number,
                people=(CandidatePerson(CandidateRole.UTAMA, first), CandidatePerson(CandidateRole.WAKIL, second)),
                status=(StatusFrom(CandidateStatus.CALON),),
                id=first_id + number - 1,
                **(extra if number == 1 else {}),
            )
            for number, (first, second) in enumerate(pairs, start=1)
        )
        return Contest(name, region, office, Regime.PILKADA, (), candidates, id=first_id)

    return build


@pytest.fixture(scope="session")
def pair_of() -> Callable[..., Candidate]:
    """Build a pair with short names and words; `short` holds the short names of the first and of the second person."""

    def build(number: int, first: str, second: str = "", *, short: tuple[tuple[str, ...], ...] = ((), ()),
              key: int = 0, **extra: Any) -> Candidate:  # fmt: skip
        people = [CandidatePerson(CandidateRole.UTAMA, first, short[0])]
        people += [CandidatePerson(CandidateRole.WAKIL, second, short[1])] if second else []
        status = (StatusFrom(CandidateStatus.CALON),)
        return Candidate(number, tuple(people), status, id=key or number, **extra)

    return build


@pytest.fixture(scope="session")
def race_of() -> Callable[..., Contest]:
    """Build a contest out of pairs."""

    def build(*pairs: Candidate, name: str = "Bupati Contoh 2024", region: str = "99.01",
              office: Office = Office.BUPATI, key: int = 1) -> Contest:  # fmt: skip
        return Contest(name, region, office, Regime.PILKADA, (), pairs, id=key)

    return build


@pytest.fixture(scope="session")
def finder_of() -> Callable[..., MentionFinder]:
    return lambda *contests: MentionFinder(contests, shipped_lexicon())


@pytest.fixture(scope="session")
def finder(contest_of: Callable[..., Contest], finder_of: Callable[..., MentionFinder]) -> MentionFinder:
    return finder_of(
        contest_of(
            ("H. BUDI PERMISALAN, S.E.", "SITI TELADANI"), ("AGUNG UMPAMAWAN", "RINA CONTOHWATI"), aliases=("BUSIT",)
        )
    )


@pytest.fixture(scope="session")
def sure() -> Callable[[tuple[Mention, ...]], set[int]]:
    """Return the pairs that mentions name surely enough to act on."""
    return lambda mentions: {m.candidate_id for m in mentions if m.tier.rank >= 2 and m.kind.value != "inherited"}


@pytest.fixture
def view_of() -> Callable[..., InteractionView]:
    """Build an interaction with the example contest's pairs 1 and 2."""

    def build(
        act: Act = Act.LIKE,
        *,
        own: str | None = None,
        target: Content | None = None,
        root: Content | None = None,
        at: str = "2024-10-01T10:00:00+07:00",
        between: tuple[str, str] | None = None,
        employment: Employment = Employment.PNS,
        jurisdiction: str = "99.01",
    ) -> InteractionView:
        time = (
            ActTime(lo=datetime.fromisoformat(between[0]), hi=datetime.fromisoformat(between[1]))
            if between
            else ActTime(occurred_at=datetime.fromisoformat(at))
        )
        return InteractionView(
            id=7, key="k", platform="contoh", act=act, time=time,
            actor=AccountRef("contoh", "id-pegawai", "pegawai.contoh.test"), person_id=1, employment=employment,
            jurisdiction=jurisdiction, attribution=AttributionStatus.VERIFIED, target_id="t",
            own=Content("o", "", own, AccountKind.ASN) if own is not None else None, target=target, root=root,
        )  # fmt: skip

    return build


@pytest.fixture
def content_of() -> Callable[..., Content]:
    def build(kind: AccountKind | None = None, text: str = "", *pairs: int, published: str | None = None) -> Content:
        return Content(
            "t", "", text, kind, pairs, published_at=datetime.fromisoformat(published) if published else None
        )  # fmt: skip

    return build
