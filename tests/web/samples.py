"""Builders of invented cases for the pages: Kabupaten Contoh, nobody real."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActTime,
    AttributionStatus,
    CandidateBrief,
    CandidateDetail,
    CandidateStatus,
    CaptureBrief,
    CaseAccount,
    CaseDetail,
    CaseFacts,
    CaseHit,
    CaseRow,
    CaseState,
    Caveat,
    ContentDetail,
    Employment,
    EventKind,
    EventRow,
    HitBrief,
    IdentifierKind,
    LawRow,
    Level,
    Office,
    PersonBrief,
    Priority,
    PriorityPart,
    RuleStatus,
    Span,
    StageKind,
    Tier,
    TraceNode,
    WhyHere,
)

NOW = datetime(2024, 11, 3, 0, 5, tzinfo=UTC)
ACT_AT = datetime(2024, 11, 2, 12, 32, tzinfo=UTC)
TARGET_TEXT = "Malam ini kampanye akbar di alun-alun. Contoh Bangkit bersama Budi–Siti! #BusiMenang"
OWN_TEXT = "Siap hadir, Contoh Bangkit! Nomor satu ya, Pak Budi."
PERSON = PersonBrief(
    id=1,
    name="ANI CONTOH",
    identifier_kind=IdentifierKind.NIP,
    identifier_masked="1978**********1003",
    employment=Employment.PNS,
    agency="Dinas Contoh Kabupaten Contoh",
    position="Analis Kebijakan",
    jurisdiction="99.01",
)
PAIR = CandidateBrief(id=1, contest_id=1, contest="Bupati Contoh 2024", number=1, label="Budi–Siti")
ACTOR = AccountRef("bluesky", "did:plc:anicontoh", "ani.contoh.test")
CAMPAIGN = AccountRef("bluesky", "did:plc:busicontoh", "busi.contoh.test")
ROW_B6 = LawRow(
    code="B6",
    text="Membuat unggahan, komentar, membagikan atau menyukai konten pasangan calon.",
    sanction="hukuman disiplin berat",
    basis="SKB 2/2022 lampiran II",
    status=CandidateStatus.CALON,
    rank=6,
    mark="U",
    purpose="Dengan tujuan memberikan dukungan",
    source="https://contoh.test/skb",
    note="Bunyi baris menurut dua sumber berbeda.",
)


def span(text: str, part: str, field: str, alias: str = "") -> Span:
    start = text.index(part)
    return Span(field=field, start=start, end=start + len(part), text=part, alias=alias)


def hit(act: Act = Act.COMMENT, number: int = 1, time: ActTime | None = None) -> HitBrief:
    return HitBrief(
        id=number,
        rule="komentar-unggahan-akun-kampanye",
        act=act,
        platform="bluesky",
        account=ACTOR.user_id,
        handle=ACTOR.handle,
        url=f"https://bsky.app/profile/ani.contoh.test/post/{number}",
        time=time or ActTime(occurred_at=ACT_AT),
        tier=Tier.KUAT,
        level=Level.MENENGAH,
        mode=RuleStatus.ACTIVE,
    )


def row(number: int = 7, state: CaseState = CaseState.BARU, **changes: object) -> CaseRow:
    base = CaseRow(
        id=number,
        state=state,
        priority=0.62,
        due_at=None,
        person=PERSON,
        candidate=PAIR,
        law="skb-2-2022",
        law_row="B6",
        stage=StageKind.KAMPANYE,
        hits=(hit(), hit(Act.LIKE, 2, ActTime(lo=ACT_AT - timedelta(hours=20), hi=ACT_AT))),
        why_here=WhyHere.BARU,
        queue="99.01",
        version=1,
        opened_at=NOW - timedelta(hours=5),
        changed_at=NOW - timedelta(hours=5),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def case_hit(brief: HitBrief | None = None) -> CaseHit:
    return CaseHit(
        brief=brief or hit(),
        interaction_id=(brief or hit()).id,
        rule_version=3,
        rule_title="Mengomentari unggahan akun kampanye calon",
        law="skb-2-2022",
        law_row=ROW_B6,
        stage=StageKind.KAMPANYE,
        stage_straddled=False,
        candidate_status=CandidateStatus.CALON,
        explanation="Akun ani.contoh.test mengomentari unggahan busi.contoh.test (Budi–Siti) pada 2 November 2024.",
        own=ContentDetail("at://ani/1", "https://bsky.app/profile/ani.contoh.test/post/1", OWN_TEXT, "bluesky", ACTOR),
        target=ContentDetail(
            "at://busi/1",
            "https://bsky.app/profile/busi.contoh.test/post/1",
            TARGET_TEXT,
            "bluesky",
            CAMPAIGN,
            AccountKind.REGISTERED,
            (PAIR,),
            published=ActTime(occurred_at=ACT_AT - timedelta(hours=3)),
        ),
        spans=(
            span(OWN_TEXT, "Contoh Bangkit", "own.text", "slogan"),
            span(OWN_TEXT, "Nomor satu", "own.text", "nomor urut 1"),
            span(TARGET_TEXT, "Budi–Siti", "target.text", "Budi–Siti"),
            span(TARGET_TEXT, "#BusiMenang", "target.text", "BusiMenang"),
        ),
        counter_signals=("Tulisan tidak memuat ajakan memilih.",),
        false_positives=("Suami atau istri calon dengan CLTN.",),
        trace=TraceNode(
            "all",
            True,
            children=(
                TraceNode("target.author", True, "candidate_account (registered)"),
                TraceNode("none", True, children=(TraceNode("target.author", False, "election_body"),)),
                TraceNode("own.mention", None, "teks terlalu pendek"),
            ),
        ),
        captures=(
            CaptureBrief(1, "9f" * 32, NOW - timedelta(hours=6), "https://public.api.bsky.app/xrpc/…", "bluesky"),
        ),
        first_seen_at=NOW - timedelta(hours=6),
    )


def detail(state: CaseState = CaseState.BARU, hits: tuple[CaseHit, ...] | None = None) -> CaseDetail:
    return CaseDetail(
        row=row(state=state),
        accounts=(
            CaseAccount(
                1,
                ACTOR,
                AttributionStatus.VERIFIED,
                method="profil resmi",
                evidence="ND-012/2024",
                proposer="rina",
                verifier="joko",
            ),
        ),
        candidate=CandidateDetail(
            PAIR,
            "99.01",
            Office.BUPATI,
            ("H. BUDI CONTOH, S.E.", "SITI TELADAN"),
            ("Partai A",),
            (
                (CandidateStatus.BAKAL_CALON, ACT_AT - timedelta(days=60)),
                (CandidateStatus.CALON, ACT_AT - timedelta(days=41)),
            ),
        ),
        law_title="SKB 2/2022",
        law_row=ROW_B6,
        hits=hits or (case_hit(), replace(case_hit(row().hits[1]), own=None, caveats=(Caveat.TIME_BRACKET,))),
        events=(EventRow(1, EventKind.OPENED, NOW - timedelta(hours=5), None, ""),),
        facts=CaseFacts(case_id=7, state=state, version=1, jurisdiction="99.01"),
        caveats=(Caveat.TIME_BRACKET,),
        priority=Priority(0.62, (PriorityPart("tindakan", 0.4, "komentar"),)),
    )
