"""Plausible innocent acts of a civil servant: none of them may become an indication."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from monitor.domain import AccountKind, Act, Content, InteractionView, JudgementOutcome
from rules.engine import Judge

View = Callable[..., InteractionView]
Text = Callable[..., Content]


@pytest.mark.parametrize("act", [Act.LIKE, Act.SHARE])
@pytest.mark.parametrize(
    "text",
    [
        "Bupati Budi Contoh meresmikan jembatan. Budi Contoh mengatakan jalan desa selesai.",
        "KPU mengumumkan Budi Contoh dan Agung Permisal telah menyerahkan berkas, Budi Contoh lebih dulu.",
    ],
)
def test_news_of_duty_on_unregistered_accounts_is_no_campaign(
    judge: Judge, view_of: View, content_of: Text, act: Act, text: str
) -> None:
    assert judge.judge(view_of(act, target=content_of(None, text))).hits == ()


def test_two_sure_names_outside_any_duty_still_are(judge: Judge, view_of: View, content_of: Text) -> None:
    text = content_of(None, "Agung Permisal dan Rina Umpama di pasar")
    assert judge.judge(view_of(Act.LIKE, target=text)).outcome is JudgementOutcome.HIT


@pytest.mark.parametrize("kind", [AccountKind.ELECTION_BODY, AccountKind.NEWS, AccountKind.GOVERNMENT])
@pytest.mark.parametrize("act", [Act.LIKE, Act.SHARE])
def test_a_neutral_bodys_answer_in_a_campaign_thread_stays_neutral(
    judge: Judge, view_of: View, content_of: Text, act: Act, kind: AccountKind
) -> None:
    pair = judge.contests[0].candidates[0].id
    thread = content_of(AccountKind.REGISTERED, "Halo warga", pair)
    view = view_of(act, target=content_of(kind, "Kabar itu tidak benar."), root=thread)
    assert judge.judge(view).hits == ()


@pytest.mark.parametrize(
    "text",
    [
        "Ayo dukung peserta nomor 2 di lomba 17 Agustus kecamatan kita",
        "Timnas menang 2-1! Nomor 1 di grup",
        "Pemilihan ketua OSIS: coblos nomor 2",
        "Pilkades pekan depan, pilih nomor 1",
        "Pilih menu nomor 1 saja",
    ],
)
def test_numbers_of_other_contests_are_no_ballot_numbers(judge: Judge, view_of: View, text: str) -> None:
    assert judge.judge(view_of(Act.POST, own=text)).hits == ()


def test_a_ballot_number_beside_a_match_is_still_one(judge: Judge, view_of: View) -> None:
    text = "Lomba yel-yel paslon 1, ayo coblos paslon nomor 1"
    assert judge.judge(view_of(Act.POST, own=text)).outcome is JudgementOutcome.HIT


def test_an_act_that_may_be_a_former_owners_is_not_judged(judge: Judge, view_of: View, content_of: Text) -> None:
    pair = judge.contests[0].candidates[0].id
    view = view_of(Act.LIKE, target=content_of(AccountKind.REGISTERED, "Halo warga", pair))
    judged = judge.judge(replace(view, owner_sure=False))
    assert judged.outcome is JudgementOutcome.NOT_EVALUABLE
    assert "milik orang lain" in judged.not_evaluable[0].reason
