"""Kabupaten Contoh in a real database: one pair, people of two places, acts, hits and cases, nobody real."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from db import accounts, contests, dirty, grouping, items, judgements, registers
from db.connect import Database, Session
from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActRecord,
    ActTime,
    Addressee,
    AttributionStatus,
    Candidate,
    CandidateAccount,
    CandidatePerson,
    CandidateRole,
    CandidateStatus,
    Capture,
    Contest,
    Employment,
    Hit,
    IdentifierKind,
    InteractionView,
    ItemKind,
    ItemRecord,
    Judgement,
    JudgementOutcome,
    LawProfile,
    Level,
    Office,
    Person,
    PersonAccount,
    Regime,
    RuleStatus,
    Sighting,
    Stage,
    StageKind,
    StatusFrom,
    StoreBatch,
    Tier,
)
from monitor.review.grouping import group
from monitor.vault import Vault
from tests.beginnings import begin
from tests.web.samples import ACT_AT, CAMPAIGN, NOW, OWN_TEXT, ROW_B6, TARGET_TEXT, case_hit, span

POST = "at://did:plc:busicontoh/app.bsky.feed.post/1"
RULE = "komentar-unggahan-akun-kampanye"
ADDRESSEES = (
    Addressee("Lembaga lama", ends=date(2024, 8, 24)),
    Addressee("Lembaga sekarang", starts=date(2024, 8, 24)),
    Addressee("Lembaga kelak", starts=date(2027, 1, 1)),
    Addressee("Komandan", employments=(Employment.TNI,)),
)


@dataclass(frozen=True, slots=True)
class Asn:
    """A watched person with one account and what they wrote under the campaign's post; no words is a mere like."""

    name: str
    nip: str
    region: str = "99.01"
    text: str = OWN_TEXT
    act: Act = Act.COMMENT
    status: AttributionStatus = AttributionStatus.VERIFIED

    @property
    def ref(self) -> AccountRef:
        handle = self.name.lower().replace(" ", "")
        return AccountRef("bluesky", f"did:plc:{handle}", f"{handle}.test")


ANI = Asn("ANI CONTOH", "197803152005011003")
DEDI = Asn("DEDI CONTOH", "198001012006041002", act=Act.LIKE)
SARI = Asn("SARI TETANGGA", "198505052010012001", region="98.02")
PEOPLE = (ANI, DEDI, SARI)


ANSWER = "9f" * 32
"""The hash of the kept answer, whose body no store has unless a test puts one there."""


def found(
    database: Database,
    vault: Vault,
    people: Sequence[Asn] = PEOPLE,
    target_text: str = TARGET_TEXT,
    answer: str = ANSWER,
) -> None:
    """Register the people, store their acts, judge them and open the cases."""
    given = tuple(people), target_text, answer
    begin(database, ("found", vault, *given), lambda session: _found(session, vault, *given))


def _found(session: Session, vault: Vault, people: Sequence[Asn], target_text: str, answer: str) -> None:
    batch = registers.open_batch(
        session, kind="asn", file_name="asn.csv", sha256="0" * 64, stored_as="asn", user="admin", now=NOW
    )
    registers.store_people(session, vault, [_person(asn) for asn in people], batch, NOW)
    accounts.store_accounts(session, vault, [_account(asn) for asn in people], batch, NOW)
    contests.store_contest(session, _contest(), batch, NOW)
    rows = {entry.ref.user_id: entry.account_id for entry in registers.load_register(session)}
    items.store_batch(session, _batch(people, rows, target_text, answer), NOW)
    _judge(session)
    _group(session)


def _person(asn: Asn) -> Person:
    return Person(
        IdentifierKind.NIP,
        asn.nip,
        asn.name,
        Employment.PNS,
        "Dinas Contoh Kabupaten Contoh",
        "Analis Kebijakan",
        asn.region,
    )


def _account(asn: Asn) -> PersonAccount:
    return PersonAccount(
        IdentifierKind.NIP, asn.nip, asn.ref, asn.status, method="profil resmi", evidence="ND-012/2024"
    )


def _contest() -> Contest:
    pair = Candidate(
        number=1,
        people=(
            CandidatePerson(CandidateRole.UTAMA, "H. BUDI CONTOH, S.E.", ("Budi",)),
            CandidatePerson(CandidateRole.WAKIL, "SITI TELADAN", ("Siti",)),
        ),
        status=(
            StatusFrom(CandidateStatus.BAKAL_CALON, ACT_AT - timedelta(days=60)),
            StatusFrom(CandidateStatus.CALON, ACT_AT - timedelta(days=41)),
        ),
        parties=("Partai A",),
        accounts=(CandidateAccount(CAMPAIGN, AccountKind.REGISTERED),),
    )
    stages = (Stage(StageKind.KAMPANYE, ACT_AT - timedelta(days=40)),)
    return Contest("Bupati Contoh 2024", "99.01", Office.BUPATI, Regime.PILKADA, stages, (pair,))


def _batch(people: Sequence[Asn], rows: dict[str, int], target_text: str, answer: str) -> StoreBatch:
    post = ItemRecord(
        platform="bluesky",
        item_id=POST,
        author=CAMPAIGN,
        kind=ItemKind.POST,
        text=target_text,
        url="https://bsky.app/profile/busi.contoh.test/post/1",
        published=ActTime(occurred_at=ACT_AT - timedelta(hours=3)),
    )
    comments = [_comment(asn) for asn in people if asn.act is Act.COMMENT]
    sightings = tuple(_sighting(asn, rows[asn.ref.user_id], answer) for asn in people)
    return StoreBatch(items=(post, *comments), sightings=sightings)


def _comment(asn: Asn) -> ItemRecord:
    return ItemRecord(
        platform="bluesky",
        item_id=f"at://{asn.ref.user_id}/app.bsky.feed.post/1",
        author=asn.ref,
        kind=ItemKind.COMMENT,
        text=asn.text,
        url=f"https://bsky.app/profile/{asn.ref.handle}/post/1",
        published=ActTime(occurred_at=ACT_AT),
        parent_id=POST,
        parent_author=CAMPAIGN,
        root_id=POST,
        root_author=CAMPAIGN,
    )


def _sighting(asn: Asn, account_id: int, answer: str) -> Sighting:
    exact = asn.act is Act.COMMENT
    record = ActRecord(
        platform="bluesky",
        actor=asn.ref,
        act=asn.act,
        target_id=POST,
        time=ActTime(occurred_at=ACT_AT) if exact else ActTime(hi=NOW - timedelta(hours=6)),
        own_item_id=f"at://{asn.ref.user_id}/app.bsky.feed.post/1" if exact else None,
        target_author=CAMPAIGN,
    )
    capture = Capture(
        source="bluesky",
        endpoint="getPostThread",
        url="https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread",
        final_url="https://public.api.bsky.app/xrpc/app.bsky.feed.getPostThread",
        status=200,
        headers=(),
        sha256=answer,
        size=2048,
        fetched_at=NOW - timedelta(hours=6),
        mapper="bluesky/1",
    )
    return Sighting(record, account_id, NOW - timedelta(hours=6), capture)


def _judge(session: Session) -> None:
    law = LawProfile("skb-2-2022", "SKB 2/2022", (Employment.PNS,), (ROW_B6,), addressees=ADDRESSEES)
    told = {"title": "Mengomentari unggahan akun kampanye calon", "false_positives": ["Tersentuh tidak sengaja."]}
    number = judgements.store_ruleset(
        session, "a" * 64, json.dumps({"rules": {RULE: told}}), [(RULE, 3, "active", "b" * 64)], [law], NOW
    )
    (contest,) = contests.load_contests(session)
    views = judgements.pending(session, number, 1000)
    judged = [Judgement(view.id, JudgementOutcome.HIT, (_hit(view, contest),)) for view in views]
    judgements.store_judgements(session, judged, number, NOW)
    dirty.clear_marks(session, views)


def _hit(view: InteractionView, contest: Contest) -> Hit:
    sample = case_hit()
    own, target = view.own.text if view.own else "", view.target.text if view.target else ""
    wanted = ((own, "Contoh Bangkit", "own.text"), (target, "#BusiMenang", "target.text"))
    return Hit(
        rule_id=RULE,
        rule_version=3,
        mode=RuleStatus.ACTIVE,
        level=Level.MENENGAH,
        candidate_id=contest.candidates[0].id,
        contest_id=contest.id,
        law="skb-2-2022",
        law_row="B6",
        law_rank=6,
        stage=StageKind.KAMPANYE,
        stage_straddled=False,
        candidate_status=CandidateStatus.CALON,
        tier=Tier.KUAT,
        explanation=f"Akun {view.actor.handle} mengomentari unggahan busi.contoh.test (Budi–Siti).",
        spans=tuple(replace(span(text, part, field), alias=part) for text, part, field in wanted if part in text),
        counter_signals=sample.counter_signals,
        raised=("dilakukan pada masa tenang atau hari pemungutan suara",),
        trace=sample.trace,
    )


def _group(session: Session) -> None:
    hits = grouping.ungrouped_hits(session)
    known = grouping.cases_of(session, {hit.person_id for hit in hits})
    held = grouping.held_acts(session, {hit.interaction_id for hit in hits})
    grouping.apply_grouping(session, group(hits, known, held), NOW - timedelta(hours=5), "sistem")
