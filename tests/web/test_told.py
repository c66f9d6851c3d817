from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import TraceNode
from monitor.web import told
from rules.matchers import MATCHERS

WIB = ZoneInfo("Asia/Jakarta")


def test_times_of_an_explanation_are_local() -> None:
    text = "Akun a.test menyukai unggahan b.test pada 2026-09-22 20:00 UTC."
    assert told.explanation(text, WIB) == "Akun a.test menyukai unggahan b.test pada 23 Sep 2026, 03.00 WIB."


def test_a_bracket_reads_as_a_sentence() -> None:
    text = "Akun a.test menyukai b.test pada antara 2026-11-15 23:00 UTC dan 2026-11-21 23:44 UTC."
    shown = told.explanation(text, ZoneInfo("Asia/Makassar"))
    assert shown == "Akun a.test menyukai b.test antara 16 Nov 2026, 07.00 WITA dan 22 Nov 2026, 07.44 WITA."


def test_what_looks_like_a_time_but_is_none_stays() -> None:
    assert told.explanation("pada 2026-13-40 99:99 UTC", WIB) == "pada 2026-13-40 99:99 UTC"


@pytest.mark.parametrize("name", [*MATCHERS, "all", "any", "none", "dasar hukum"])
def test_every_condition_of_a_rule_has_plain_words(name: str) -> None:
    assert told.condition(TraceNode(name, passed=True)) != name


@pytest.mark.parametrize(
    ("name", "detail", "shown"),
    [
        ("target.author", "penulis: candidate_account, registered",
         "penulis: akun pihak pasangan calon, akun kampanye terdaftar di KPU"),
        ("dasar hukum", "skb-2-2022 A4", "skb-2-2022, baris A4"),
        ("text.lexicon", "2 kata dari kampanye, sikap.dukungan", "2 ditemukan: kata kampanye, kata dukungan"),
        ("act", "like", "menyukai"),
        ("stage", "masa_tenang", "masa tenang"),
        ("own.text", "tanpa teks sendiri", "tanpa teks sendiri"),
    ],
)  # fmt: skip
def test_findings_are_told_without_tokens(name: str, detail: str, shown: str) -> None:
    assert told.detail(TraceNode(name, passed=True, detail=detail)) == shown


@given(st.text("0123456789abcdef", max_size=64))
def test_groups_of_a_hash_join_to_the_hash(digest: str) -> None:
    assert "".join(told.groups(digest)) == digest
