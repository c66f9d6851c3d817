"""A small invented register with acts and hits, written into a real database for tests of cases and the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from db import cases, contests, dirty, judgements, registers, users
from db.connect import Database, Session
from db.tables import capture, evidence_file, interaction, interaction_capture, item, item_text, item_version
from db.views import views_of
from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    AttributionStatus,
    Candidate,
    CandidateAccount,
    CandidatePerson,
    CandidateRole,
    CandidateStatus,
    CaseCounts,
    Contest,
    Employment,
    Grant,
    Hit,
    IdentifierKind,
    ItemKind,
    Judgement,
    JudgementOutcome,
    LawProfile,
    LawRow,
    Level,
    Office,
    Person,
    PersonAccount,
    Regime,
    Role,
    RuleStatus,
    Span,
    Stage,
    StageKind,
    StatusFrom,
    Tier,
    TraceNode,
    UserRow,
    interaction_key,
)
from monitor.review.grouping import group
from monitor.vault import Vault
from tests.beginnings import begin

NOW = datetime(2024, 10, 5, 20, 0, tzinfo=UTC)
START = datetime(2024, 8, 27, tzinfo=UTC)
LAW = LawProfile(
    id="skb-2-2022",
    title="SKB 2/2022 contoh",
    employments=(Employment.PNS,),
    rows=(
        LawRow("B2", "Kampanye di media sosial", "disiplin berat", "contoh", CandidateStatus.CALON, 1),
        LawRow("B6", "Menyukai, membagikan, mengomentari", "disiplin berat", "contoh", CandidateStatus.CALON, 2),
        LawRow("B8", "Ajakan", "disiplin berat", "contoh", CandidateStatus.CALON, 3, "X"),
    ),
)
RANKS = {row.code: row.rank for row in LAW.rows}
DETAIL = '{"rules": {"suka-contoh": {"title": "Menyukai unggahan", "false_positives": ["Tersentuh tidak sengaja"]}}}'


@dataclass(frozen=True)
class Book:
    """What the register holds: pair ids by number, account rows by user id, rule set, users."""

    contest_id: int
    pairs: dict[int, int]
    accounts: dict[str, int]
    ruleset_id: int
    batch: int
    rina: UserRow
    bayu: UserRow
    tono: UserRow


def person(number: int, **changes: object) -> Person:
    made = Person(
        IdentifierKind.NIP, f"19780101200604100{number}", f"PEGAWAI CONTOH {number}", Employment.PNS, "Dinas Contoh",
        position="Staf", jurisdiction="99.01",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def owned(number: int, status: AttributionStatus = AttributionStatus.VERIFIED) -> PersonAccount:
    ref = AccountRef("bluesky", f"did:plc:asn{number}", f"pegawai{number}.contoh.test")
    return PersonAccount(IdentifierKind.NIP, person(number).identifier, ref, status, "pernyataan", "bukti contoh")


def contest() -> Contest:
    def pair(number: int, name: str) -> Candidate:
        ref = AccountRef("bluesky", f"did:plc:paslon{number}", f"paslon{number}.contoh.test")
        return Candidate(
            number=number,
            people=(CandidatePerson(CandidateRole.UTAMA, name, (name.split(maxsplit=1)[0].title(),)),),
            status=(StatusFrom(CandidateStatus.CALON, START),),
            parties=("Partai A",),
            accounts=(CandidateAccount(ref, AccountKind.REGISTERED),),
        )

    return Contest(
        name="Bupati Contoh 2024",
        region="99.01",
        office=Office.BUPATI,
        regime=Regime.PILKADA,
        stages=(Stage(StageKind.PRA_PENETAPAN, START), Stage(StageKind.KAMPANYE, START + timedelta(days=29))),
        candidates=(pair(1, "BUDI CONTOH"), pair(2, "ANI CONTOH")),
    )


def open_book(database: Database, vault: Vault) -> Book:
    """Write the register in a transaction of its own."""
    return begin(database, ("book", vault), lambda session: write_book(session, vault))


def write_book(session: Session, vault: Vault) -> Book:
    """Write the register: five people (4 of another place, 5 of none), two pairs, three users."""
    batch = _batch(session, "asn")
    people = [person(1), person(2), person(3), person(4, jurisdiction="99.02"), person(5, jurisdiction="")]
    registers.store_people(session, vault, people, batch, NOW)
    contest_id, _ = contests.store_contest(session, contest(), _batch(session, "kontes"), NOW)
    akun = _batch(session, "akun")
    statuses = {3: AttributionStatus.PROPOSED}
    given = [owned(n, statuses.get(n, AttributionStatus.VERIFIED)) for n in range(1, 6)]
    registers.store_accounts(session, vault, given, akun, NOW)
    pairs = {c.number: c.id for made in contests.load_contests(session) for c in made.candidates}
    accounts = {entry.ref.user_id: entry.account_id for entry in registers.load_register(session)}
    ruleset = judgements.store_ruleset(session, "a" * 64, DETAIL, [("suka-contoh", 1, "active", "c" * 64)], [LAW], NOW)
    rina, bayu, tono = (
        _user(session, name, role, place)
        for name, role, place in (
            ("rina", Role.PENGAWAS, "99.01"),
            ("bayu", Role.KOORDINATOR, "99"),
            ("tono", Role.KOORDINATOR, "99.02"),
        )
    )
    return Book(contest_id, pairs, accounts, ruleset, akun, rina, bayu, tono)


def post(session: Session, book: Book, name: str, number: int = 1) -> str:
    """Write a post of a pair's account and return its id."""
    key = f"at://did:plc:paslon{number}/app.bsky.feed.post/{name}"
    _item(session, key, ItemKind.POST, book.accounts[f"did:plc:paslon{number}"], f"Mari coblos nomor {number}")
    return key


def act(session: Session, book: Book, who: int, verb: Act, target: str, **changes: object) -> int:
    """Write an act of person `who` with a kept answer and return its number."""
    own = f"at://did:plc:asn{who}/app.bsky.feed.post/{changes['own']}" if "own" in changes else None
    own_id = None
    if own is not None:
        own_id = _item(session, own, ItemKind.COMMENT, book.accounts[f"did:plc:asn{who}"], "Lanjutkan Pak Budi", target)
    row = {
        "key": interaction_key("bluesky", f"did:plc:asn{who}", verb, target, own),
        "platform": "bluesky",
        "actor_account_id": book.accounts[f"did:plc:asn{who}"],
        "act": verb,
        "target_id": target,
        "target_author_account_id": book.accounts.get(target.split("/")[2]) if target.startswith("at://") else None,
        "own_item_key": own,
        "own_item_id": own_id,
        "occurred_at": changes.get("at", NOW - timedelta(days=1)),
        "bracket_hi": changes.get("hi"),
        "seen_first_at": NOW,
        "seen_last_at": NOW,
        "dirty": True,
    }
    number = session.execute(sa.insert(interaction).values(row).returning(interaction.c.id)).scalar_one()
    sha = str(changes.get("sha", f"{number:064x}"))
    session.execute(sa.insert(evidence_file).values(sha256=sha, size=10, origin="program"))
    kept = {
        "source": "bluesky", "endpoint": "getLikes", "url": "https://contoh.test/x", "url_hash": sha, "sha256": sha,
        "final_url": "https://contoh.test/x", "status": 200, "headers": [], "size": 10, "fetched_at": NOW,
        "mapper": "bluesky/1", "collector": "",
    }  # fmt: skip
    answer = session.execute(sa.insert(capture).values(kept).returning(capture.c.id)).scalar_one()
    session.execute(sa.insert(interaction_capture).values(interaction_id=number, capture_id=answer, pointer="/likes/0"))
    return int(number)


def hit(book: Book, pair: int = 1, **changes: object) -> Hit:
    row = str(changes.get("law_row", "B6"))
    made = Hit(
        rule_id="suka-contoh",
        rule_version=1,
        mode=RuleStatus.ACTIVE,
        level=Level.MENENGAH,
        candidate_id=book.pairs[pair],
        contest_id=book.contest_id,
        law=LAW.id,
        law_row=row,
        law_rank=RANKS[row],
        stage=StageKind.KAMPANYE,
        stage_straddled=False,
        candidate_status=CandidateStatus.CALON,
        tier=Tier.KUAT,
        explanation="Akun contoh menyukai unggahan contoh.",
        spans=(Span("target.text", 5, 11, "coblos"),),
        counter_signals=("dapat dibatalkan",),
        trace=TraceNode("all", True, "", (TraceNode("act", True, "like"),)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def judge(session: Session, book: Book, given: dict[int, Sequence[Hit]], now: datetime = NOW) -> None:
    """Store a judgement for each act: a hit where there are hits, else a miss."""
    told = [
        Judgement(number, JudgementOutcome.HIT if hits else JudgementOutcome.MISS, tuple(hits))
        for number, hits in given.items()
    ]
    judgements.store_judgements(session, told, book.ruleset_id, now)
    dirty.clear_marks(session, views_of(session, list(given)))


def regroup(session: Session, now: datetime = NOW) -> CaseCounts:
    """Do what the end of a night does."""
    hits = cases.ungrouped_hits(session)
    known = cases.cases_of(session, {h.person_id for h in hits})
    held = cases.held_acts(session, {h.interaction_id for h in hits})
    return cases.apply_grouping(session, group(hits, known, held), now, "program")


def comment_case(database: Database, book: Book, who: int = 1, name: str = "k1") -> int:
    """Make a case of one comment and return its number."""
    return one_case(database, book, who, Act.COMMENT, name, own=name)


def like_case(database: Database, book: Book, who: int = 1, name: str = "s1") -> int:
    """Make a case of one like and return its number."""
    return one_case(database, book, who, Act.LIKE, name)


def one_case(database: Database, book: Book, who: int, verb: Act, name: str, **changes: object) -> int:
    def write(session: Session) -> int:
        number = act(session, book, who, verb, post(session, book, name), **changes)
        judge(session, book, {number: [hit(book)]})
        regroup(session)
        held = cases.held_acts(session, [number])
        return held[0].case_id

    return begin(database, ("case", who, verb, name, *sorted(changes.items())), write)


def _batch(session: Session, kind: str) -> int:
    return registers.open_batch(
        session, kind=kind, file_name=f"{kind}.csv", sha256="b" * 64, stored_as=f"{kind}.bin", user="wati", now=NOW
    )


def _user(session: Session, name: str, role: Role, place: str) -> UserRow:
    made = users.add_user(session, name, f"{name.title()} Contoh", "-", NOW)
    users.grant_role(session, made.id, Grant(role, place), NOW)
    found = users.user_by_id(session, made.id)
    assert found is not None
    return found


def _item(session: Session, key: str, kind: ItemKind, author: int, text: str, parent: str | None = None) -> int:
    row = {
        "platform": "bluesky", "platform_item_id": key, "author_account_id": author, "kind": kind,
        "url": "https://contoh.test/" + key.rsplit("/", 1)[-1], "published_at": NOW - timedelta(days=2),
        "parent_id": parent, "root_id": parent,
    }  # fmt: skip
    number = int(session.execute(sa.insert(item).values(row).returning(item.c.id)).scalar_one())
    version = {"item_id": number, "content_hash": f"{number:064x}"}
    made = session.execute(sa.insert(item_version).values(version).returning(item_version.c.id)).scalar_one()
    session.execute(sa.insert(item_text).values(version_id=made, text=text, hashtags=["Contoh"], seen_last_at=NOW))
    return number
