"""A year of an invented office, written row by row: two contests for one seat, its acts, cases, steps and nights."""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from db import contests, judgements, registers, users
from db.connect import Database, Session
from db.tables import (
    account,
    candidate,
    capture,
    case_hit,
    contest,
    evidence_file,
    interaction,
    interaction_capture,
    judgement,
    manual_find,
    review_case,
    review_event,
    review_event_note,
    rule_hit,
    scan_run,
    target_coverage,
    target_run,
)
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
    CaseState,
    Contest,
    Coverage,
    Direction,
    Employment,
    EventKind,
    IdentifierKind,
    JudgementOutcome,
    Level,
    Office,
    Outcome,
    Person,
    PersonAccount,
    Reason,
    Regime,
    RuleStatus,
    Stage,
    StageKind,
    StatusFrom,
    Tier,
    WhyHere,
)
from monitor.vault import Vault

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
WEEK = "2024-W42"
"""In the campaign of the second contest."""
S = CaseState
PLACES = ("99.01", "99.01.02", "99.02")
POSITIONS = (
    ("Kepala Dinas Contoh", Employment.PNS), ("Camat Contoh", Employment.PNS), ("Guru Ahli Muda", Employment.PPPK),
    ("Staf", Employment.PNS), ("Kabid Contoh", Employment.PNS), ("", Employment.PNS), ("Kades", Employment.KEPALA_DESA),
)  # fmt: skip
PLATFORMS = ("bluesky", "bluesky", "mastodon", "tiktok")
VERBS = (Act.LIKE, Act.LIKE, Act.SHARE, Act.COMMENT, Act.POST)
KINDS = tuple(StageKind)
STAGES = (
    tuple(datetime(2024, *day, tzinfo=UTC) for day in ((1, 1), (2, 1), (3, 1), (4, 25), (4, 28), (4, 29))),
    tuple(datetime(2024, *day, tzinfo=UTC) for day in ((7, 1), (8, 1), (9, 1), (11, 20), (11, 24), (11, 28))),
)
NOTES = {S.TERDAFTAR: "Pleno, nomor {n:03d}/Reg/TM/PB/Kab/99.01/X/2024", S.DITERUSKAN: "Surat tanpa nomor"}
AFTER = {
    S.BARU: ((S.DITINJAU, Reason.MULAI_TINJAU),),
    S.DITINJAU: ((S.DIKESAMPINGKAN, Reason.KONTEKS_KEDINASAN), (S.DIKESAMPINGKAN, Reason.GANDA),
                 (S.DIUSULKAN, Reason.INDIKASI_KUAT), (S.DIUSULKAN, Reason.INDIKASI_KUAT), None),
    S.DIUSULKAN: ((S.DISETUJUI, Reason.SESUAI_USULAN),),
    S.DISETUJUI: ((S.TERDAFTAR, Reason.HASIL_PLENO), (S.TERDAFTAR, Reason.HASIL_PLENO),
                  (S.TIDAK_DIREGISTRASI, Reason.HASIL_PLENO)),
    S.TERDAFTAR: ((S.DITERUSKAN, Reason.DITERUSKAN_KE_INSTANSI), None),
    S.DITERUSKAN: ((S.TINDAK_LANJUT, Reason.TINDAK_LANJUT_DITERIMA), None),
    S.TINDAK_LANJUT: ((S.DITUTUP, Reason.SELESAI),),
}  # fmt: skip

ORDER = (
    scan_run, target_run, target_coverage, interaction, evidence_file, capture, interaction_capture, manual_find,
    judgement, rule_hit, review_case, case_hit, review_event, review_event_note,
)  # fmt: skip
"""Tables as they refer to each other."""


@dataclass
class Case:
    """One informasi awal while the year is told."""

    id: int
    key: tuple[Any, ...]
    state: CaseState
    created: datetime
    version: int = 1
    hits: int = 0


@dataclass
class Year:
    """All rows of the year, and what it was made of."""

    pairs: list[list[int]]
    contests: list[int]
    people: int
    users: list[int]
    rng: random.Random
    cases: dict[tuple[Any, ...], Case] = field(default_factory=dict)
    rows: dict[sa.Table, list[dict[str, Any]]] = field(default_factory=dict)
    queue: list[tuple[datetime, int, Any]] = field(default_factory=list)
    ticks: Iterator[int] = field(default_factory=lambda: iter(range(10**9)))

    def add(self, table: sa.Table, **row: Any) -> int:
        """Add a row with the next number."""
        held = self.rows.setdefault(table, [])
        held.append(row)
        return len(held)

    def later(self, at: datetime, what: Any) -> None:
        """Let something happen then."""
        heapq.heappush(self.queue, (at, next(self.ticks), what))


def build(database: Database, vault: Vault, acts: int = 900, seed: int = 42) -> Year:
    """Write the year; the same numbers give the same rows on every database."""
    with database.write() as session:
        year = _register(session, vault, random.Random(seed))
        for at in sorted(FIRST + timedelta(seconds=year.rng.randrange(365 * 86400)) for _ in range(acts)):
            year.later(at, None)
        while year.queue:
            at, _, what = heapq.heappop(year.queue)
            if at >= FIRST + timedelta(days=366):
                continue
            if what is None:
                _act(year, at)
            else:
                _step(year, what, at)
        _nights(year)
        _write(session, year)
    return year


def _register(session: Session, vault: Vault, rng: random.Random) -> Year:
    batch = registers.open_batch(
        session, kind="kontes", file_name="x.yml", sha256="b" * 64, stored_as="x", user="petugas", now=FIRST
    )
    for at, starts in enumerate(STAGES):
        stages = tuple(Stage(kind, start) for kind, start in zip(KINDS, starts, strict=True))
        name = f"Gubernur Contoh {'awal' if at == 0 else 'ulang'}"
        pairs = (_pair(1, at), _pair(2, at), _pair(3, at))
        contests.store_contest(
            session, Contest(name, "99", Office.GUBERNUR, Regime.PILKADA, stages, pairs), batch, FIRST
        )
    people = [
        Person(IdentifierKind.NIP, f"1978010120060410{n:02d}", f"PEGAWAI CONTOH {n}", POSITIONS[n % 7][1],
               "Dinas Contoh", POSITIONS[n % 7][0], PLACES[n % 3])
        for n in range(60)
    ]  # fmt: skip
    registers.store_people(session, vault, people, batch, FIRST)
    owned = [
        PersonAccount(one.identifier_kind, one.identifier, AccountRef("bluesky", f"did:plc:asn{n}"),
                      AttributionStatus.VERIFIED)
        for n, one in enumerate(people)
    ]  # fmt: skip
    registers.store_accounts(session, vault, owned, batch, FIRST)
    judgements.store_ruleset(session, "a" * 64, "{}", [("aturan-satu", 1, "active", "c" * 64)], [], FIRST)
    by_contest = [
        list(session.execute(sa.select(candidate.c.id).where(candidate.c.contest_id == number)).scalars())
        for number in session.execute(sa.select(contest.c.id).order_by(contest.c.id)).scalars()
    ]
    numbers = list(session.execute(sa.select(contest.c.id).order_by(contest.c.id)).scalars())
    staff = [users.add_user(session, name, name, "-", FIRST).id for name in ("rina", "bayu", "tono")]
    return Year(by_contest, numbers, len(people), staff, rng)


def _pair(number: int, contest_at: int) -> Candidate:
    name = f"BUDI CONTOH {number}"
    ref = AccountRef("bluesky", f"did:plc:paslon{contest_at}{number}")
    return Candidate(
        number, (CandidatePerson(CandidateRole.UTAMA, name, (f"Budi {number}",)),),
        (StatusFrom(CandidateStatus.CALON, FIRST),), accounts=(CandidateAccount(ref, AccountKind.REGISTERED),),
    )  # fmt: skip


def _act(year: Year, at: datetime) -> None:
    rng = year.rng
    which = at >= STAGES[1][0]
    stage = [kind for kind, start in zip(KINDS, STAGES[which], strict=True) if start <= at][-1]
    person = rng.randrange(year.people)
    verb, platform, pair = rng.choice(VERBS), rng.choice(PLATFORMS), rng.choice(year.pairs[which])
    number = len(year.rows.get(interaction, ())) + 1
    year.add(
        interaction, id=number, key=f"{number:064x}", platform=platform, actor_account_id=person, act=verb,
        target_id=f"at://contoh/{number}", occurred_at=at, seen_first_at=at, seen_last_at=at, dirty=False,
    )  # fmt: skip
    outcome = JudgementOutcome.HIT
    year.add(judgement, id=number, interaction_id=number, ruleset_id=1, result_hash=f"{number:064x}", outcome=outcome,
             current=True, judged_at=at)  # fmt: skip
    rows = ("A2", "A4") if stage in (StageKind.PRA_PENETAPAN, StageKind.PENETAPAN) else ("B2", "B6")
    row = rows[verb is not Act.POST]
    wanted = [(pair, row, "aturan-satu")]
    chance = rng.random()
    if chance < 0.1:
        wanted.append((rng.choice([one for one in year.pairs[which] if one != pair]), row, "aturan-satu"))
    elif chance < 0.2:
        wanted.append((pair, row, "aturan-dua"))
    elif chance < 0.3:
        wanted.insert(0, (pair, "B8", "aturan-tiga"))
    brought = chance > 0.97
    if brought:
        _find(year, number, person, verb, at, platform)
    for one, law_row, rule in wanted:
        _hit(year, number, person, (one, year.contests[which], law_row, stage), rule, at)


def _find(year: Year, number: int, person: int, verb: Act, at: datetime, platform: str) -> None:
    sha = f"{number:064x}"
    year.add(evidence_file, sha256=sha, size=1, origin="officer")
    kept = year.add(
        capture, id=len(year.rows.get(capture, ())) + 1, source=platform, endpoint="x", url="https://contoh.test",
        url_hash=sha, final_url="https://contoh.test", status=200, headers=[], sha256=sha, size=1, fetched_at=at,
        mapper="manual/1", collector="rina",
    )  # fmt: skip
    year.add(interaction_capture, interaction_id=number, capture_id=kept, pointer="/")
    year.add(manual_find, key=sha, kind=year.rng.choice(("laporan", "pengawasan")), account_id=person, asn_id=person,
             act=verb, platform=platform, url="https://contoh.test", capture_id=kept, seen_at=at, received_at=at,
             received_by="rina", note="")  # fmt: skip


def _hit(year: Year, act: int, person: int, of: tuple[Any, ...], rule: str, at: datetime) -> None:
    pair, contest_id, row, stage = of
    hit = len(year.rows.get(rule_hit, ())) + 1
    year.add(
        rule_hit, id=hit, interaction_id=act, judgement_id=act, asn_id=person, rule_id=rule, rule_version=1,
        mode=RuleStatus.ACTIVE, level=Level.MENENGAH, candidate_id=pair, contest_id=contest_id, law="skb-2-2022",
        law_row=row, law_rank={"B8": 9}.get(row, 2), stage=stage, stage_straddled=False,
        candidate_status=CandidateStatus.CALON, tier=Tier.KUAT, active=True, first_judged_at=at, changed_at=at,
        raised=[],
    )  # fmt: skip
    key = (person, pair, row, stage)
    case = year.cases.get(key)
    if case is None or not case.state.before_registration:
        case = Case(len(year.rows.get(review_case, ())) + 1, key, S.BARU, at)
        year.cases[key] = case
        year.add(review_case, case=case, contest_id=contest_id)
        _event(year, case, EventKind.OPENED, S.BARU, at, detail={"hits": [hit]}, start=None)
        year.later(at + timedelta(minutes=year.rng.randrange(20, 4000)), case)
    elif case.state.open:
        _event(year, case, EventKind.HIT_JOINED, case.state, at, detail={"hits": [hit]})
    else:
        _event(year, case, EventKind.REOPENED, S.DITINJAU, at, detail={"hits": [hit]})
        year.later(at + timedelta(minutes=year.rng.randrange(20, 4000)), case)
    case.hits += 1
    year.add(case_hit, hit_id=hit, case_id=case.id, joined_at=at)


def _step(year: Year, case: Case, at: datetime) -> None:
    choices = AFTER.get(case.state)
    found = year.rng.choice(choices) if choices else None
    if found is None:
        return
    user = year.rng.choice(year.users)
    if case.state is S.BARU:
        _event(year, case, EventKind.FIRST_OPENED, S.BARU, at, user=user)
        if year.rng.random() < 0.3:
            known = (at - timedelta(hours=year.rng.randrange(1, 40))).isoformat()
            _event(year, case, EventKind.NOTED, S.BARU, at, user=user, detail={"known_at": known})
    before = case.state
    number = _event(year, case, EventKind.DECIDED, found[0], at, user=user, reason=found[1].value)
    if found[0] in NOTES:
        year.add(review_event_note, event_id=number, note=NOTES[found[0]].format(n=number), purged_at=None)
    if year.rng.random() < 0.05:
        undone = at + timedelta(minutes=9)
        _event(year, case, EventKind.UNDONE, before, undone, user=user, undoes=number, detail={"why": "baru"})
    year.later(at + timedelta(minutes=year.rng.choice((15, 25, 45, 3000, 9000))), case)


def _event(  # every part by name
    year: Year, case: Case, kind: EventKind, to: CaseState, at: datetime, *, user: int | None = None, reason: str = "",
    detail: dict[str, Any] | None = None, undoes: int | None = None, start: Any = "state",
) -> int:  # fmt: skip
    number = len(year.rows.get(review_event, ())) + 1
    before = case.state if start == "state" else None
    year.add(
        review_event, id=number, case_id=case.id, case_version=case.version, kind=kind, from_state=before, to_state=to,
        reason=reason or None, actor="program" if user is None else "petugas", user_id=user, undoes_id=undoes,
        detail=json.dumps(detail or {}, separators=(",", ":")), note_hash=None, note_kind=None, at=at,
        prev_hash=f"{number:064x}", hash=f"{number + 1:064x}",
    )  # fmt: skip
    case.state, case.version = to, case.version + 1
    return number


def _nights(year: Year) -> None:
    for day in range(366):
        at = FIRST + timedelta(days=day, hours=18, minutes=5)
        run = day + 1
        good = day % 5 != 0
        year.add(scan_run, id=run, query_hash="f" * 64, started_at=at, finished_at=at + timedelta(hours=1), ok=good,
                 summary={})  # fmt: skip
        for one in range(3):
            visit = len(year.rows.get(target_run, ())) + 1
            began = at + timedelta(minutes=25 * one)
            year.add(
                target_run, id=visit, run_id=run, source="bluesky", direction=Direction.CANDIDATE,
                target=f"did:plc:paslon1{one + 1}", outcome=Outcome.OK if good else Outcome.LOGIN_WALL, requests=2,
                items=1, interactions=1, bystanders_discarded=7, started_at=began,
                finished_at=began + timedelta(minutes=5),
            )  # fmt: skip
            for verb in (Act.POST, Act.LIKE):
                seen = Coverage.OBSERVED if good or verb is Act.POST else Coverage.LOGIN_WALL
                year.add(target_coverage, target_run_id=visit, act=verb, coverage=seen)


def _write(session: Session, year: Year) -> None:
    """Write all rows, people and accounts by their place in the register."""
    ids = dict(session.execute(sa.select(account.c.platform_user_id, account.c.id)).all())
    people = list(session.execute(sa.select(registers.asn.c.id).order_by(registers.asn.c.id)).scalars())
    accounts = [ids[f"did:plc:asn{n}"] for n in range(year.people)]
    opened = year.rows.pop(review_case)
    year.rows[review_case] = [_case_row(year, row["case"], row["contest_id"], people) for row in opened]
    for row in year.rows[interaction]:
        row["actor_account_id"] = accounts[row["actor_account_id"]]
    for row in year.rows[rule_hit]:
        row["asn_id"] = people[row["asn_id"]]
    for row in year.rows.get(manual_find, ()):
        row |= {"account_id": accounts[row["account_id"]], "asn_id": people[row["asn_id"]]}
    for table in ORDER:
        rows = year.rows.get(table, [])
        for at in range(0, len(rows), 5000):
            session.execute(sa.insert(table), rows[at : at + 5000])


def _case_row(year: Year, case: Case, contest_id: int, people: list[int]) -> dict[str, Any]:
    person, pair, row, stage = case.key
    place = PLACES[person % 3]
    return {
        "id": case.id, "asn_id": people[person], "candidate_id": pair, "contest_id": contest_id, "law": "skb-2-2022",
        "law_row": row, "stage": stage, "stage_straddled": False, "state": case.state, "why": WhyHere.BARU,
        "version": case.version, "priority": 0.5, "jurisdiction": place, "queue": place, "hit_count": case.hits,
        "first_seen_at": case.created, "last_hit_at": case.created, "created_at": case.created,
        "changed_at": case.created,
    }  # fmt: skip
