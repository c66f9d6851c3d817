"""A small office: two pairs, three people, one week of acts, judged and grouped by the real parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from db import cases, contests, judgements, registers, runs
from db.connect import Database, Session
from db.events import EventDraft
from db.items import store_batch
from db.tables import account, candidate, interaction, review_case, review_event
from monitor.domain import (
    AccountKind,
    AccountRef,
    Act,
    ActRecord,
    ActTime,
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
    Hit,
    IdentifierKind,
    Issue,
    Judgement,
    JudgementOutcome,
    Level,
    Office,
    Outcome,
    Person,
    PersonAccount,
    Reason,
    Regime,
    RuleStatus,
    Sighting,
    Stage,
    StageKind,
    StatusFrom,
    StoreBatch,
    TargetResult,
    Tier,
)
from monitor.review.grouping import group
from monitor.vault import Vault

MONDAY = datetime(2024, 9, 29, 17, tzinfo=UTC)
"""Midnight of Monday, 30 September 2024, in Jakarta: week 2024-W40."""
START = datetime(2024, 8, 27, tzinfo=UTC)
CAMPAIGN = datetime(2024, 9, 24, 17, tzinfo=UTC)
VERIFIED = AttributionStatus.VERIFIED
PEOPLE = (("99.01", Employment.PNS), ("99.01.02", Employment.PPPK), ("99.02", Employment.PNS))


class SmallOffice:
    """What a test does to the office, one transaction at a time."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def act(self, person: int, pair: int, at: datetime, act: Act = Act.LIKE) -> None:
        """Let a registered person act on a post of a pair, and judge and group it at that time."""
        with self.database.write() as session:
            actor = self._account(session, f"did:plc:asn{person}")
            record = ActRecord("bluesky", AccountRef("bluesky", f"did:plc:asn{person}"), act, f"at://pair{pair}/{at:%m%d%H}",
                               ActTime(occurred_at=at))  # fmt: skip
            store_batch(session, StoreBatch(sightings=(Sighting(record, actor, at),)), at)
            row = session.execute(sa.select(interaction.c.id).where(interaction.c.key == record.key)).scalar_one()
            self._judge(session, Judgement(row, JudgementOutcome.HIT, hits=(self._hit(session, pair),)), at)
            waiting = cases.ungrouped_hits(session)
            held = cases.held_acts(session, [hit.interaction_id for hit in waiting])
            plan = group(waiting, cases.cases_of(session, [hit.person_id for hit in waiting]), held)
            cases.apply_grouping(session, plan, at, "program")

    def decide(self, case: int, state: CaseState, at: datetime) -> None:
        """Let an officer decide a case."""
        with self.database.write() as session:
            row = session.execute(sa.select(review_case).where(review_case.c.id == case)).one()
            draft = EventDraft(
                case, row.version + 1, EventKind.DECIDED, state, at, "petugas", row.state, Reason.MULAI_TINJAU.value
            )
            cases.record(session, [draft])

    def undo(self, at: datetime) -> None:
        """Let the officer take the last decision back."""
        with self.database.write() as session:
            decided = sa.select(review_event).where(review_event.c.kind == EventKind.DECIDED)
            last = session.execute(decided.order_by(review_event.c.id.desc()).limit(1)).one()
            row = session.execute(sa.select(review_case).where(review_case.c.id == last.case_id)).one()
            draft = EventDraft(
                row.id, row.version + 1, EventKind.UNDONE, last.from_state, at, "petugas", row.state, undoes=last.id,
                detail={"why": "baru"},
            )  # fmt: skip
            cases.record(session, [draft])

    def night(self, at: datetime, outcome: Outcome = Outcome.OK, ok: bool = True) -> None:
        """Let a night visit the first pair's account."""
        coverage = ((Act.POST, Coverage.OBSERVED), (Act.LIKE, Coverage.PARTIAL))
        result = TargetResult("bluesky", Direction.CANDIDATE, "did:plc:paslon1", outcome, coverage, 4, 2, 1, 250)
        with self.database.write() as session:
            run = runs.open_run(session, "f" * 64, at, timedelta(hours=1)).id
            runs.record_target(session, run, result)
            runs.add_issues(session, run, [] if ok else [Issue("bluesky", "login_wall", "contoh")])
            runs.finish_run(session, run, "{}", ok, at + timedelta(minutes=5))

    def cases(self) -> list[int]:
        """Return the numbers of all cases."""
        with self.database.read() as session:
            return list(session.execute(sa.select(review_case.c.id).order_by(review_case.c.id)).scalars())

    def _account(self, session: Session, user_id: str) -> int:
        return int(session.execute(sa.select(account.c.id).where(account.c.platform_user_id == user_id)).scalar_one())

    def _hit(self, session: Session, pair: int) -> Hit:
        row = session.execute(sa.select(candidate).where(candidate.c.number == pair)).one()
        return Hit(
            rule_id="suka-contoh", rule_version=1, mode=RuleStatus.ACTIVE, level=Level.MENENGAH, candidate_id=row.id,
            contest_id=row.contest_id, law="skb-2-2022", law_row="B6", law_rank=3, stage=StageKind.KAMPANYE,
            stage_straddled=False, candidate_status=CandidateStatus.CALON, tier=Tier.KUAT, explanation="contoh",
        )  # fmt: skip

    def _judge(self, session: Session, judged: Judgement, at: datetime) -> None:
        rules = [("suka-contoh", 1, "active", "c" * 64)]
        ruleset = judgements.store_ruleset(session, "a" * 64, "{}", rules, [], at)
        judgements.store_judgements(session, [judged], ruleset, at)


def pair(number: int) -> Candidate:
    return Candidate(
        number=number,
        people=(CandidatePerson(CandidateRole.UTAMA, f"BUDI CONTOH {number}", (f"Budi {number}",)),),
        status=(StatusFrom(CandidateStatus.CALON, START),),
        accounts=(CandidateAccount(AccountRef("bluesky", f"did:plc:paslon{number}"), AccountKind.REGISTERED),),
    )


@pytest.fixture
def office(database: Database, vault: Vault) -> SmallOffice:
    stages = (Stage(StageKind.PENETAPAN, START), Stage(StageKind.KAMPANYE, CAMPAIGN))
    contest = Contest("Bupati Contoh 2024", "99", Office.GUBERNUR, Regime.PILKADA, stages, (pair(1), pair(2)))
    people = [
        Person(IdentifierKind.NIP, f"19780101200604100{at}", f"PEGAWAI CONTOH {at}", kind, "Dinas", "", region)
        for at, (region, kind) in enumerate(PEOPLE, start=1)
    ]
    accounts = [
        PersonAccount(one.identifier_kind, one.identifier, AccountRef("bluesky", f"did:plc:asn{at}"), VERIFIED)
        for at, one in enumerate(people, start=1)
    ]
    with database.write() as session:
        batch = registers.open_batch(
            session, kind="kontes", file_name="x.yml", sha256="b" * 64, stored_as="x", user="petugas", now=START
        )
        contests.store_contest(session, contest, batch, START)
        registers.store_people(session, vault, people, batch, START)
        registers.store_accounts(session, vault, accounts, batch, START)
    return SmallOffice(database)


@pytest.fixture
def busy(office: SmallOffice) -> SmallOffice:
    """One act before the campaign, one in the week before, three in the week, a decision and two nights."""
    office.act(1, 1, CAMPAIGN - timedelta(days=3))
    office.act(1, 2, MONDAY - timedelta(days=2))
    office.act(1, 1, MONDAY)
    office.act(2, 1, MONDAY + timedelta(days=1), Act.SHARE)
    office.act(3, 2, MONDAY + timedelta(days=2), Act.COMMENT)
    office.decide(office.cases()[0], CaseState.DITINJAU, MONDAY + timedelta(days=3))
    office.night(MONDAY + timedelta(hours=20))
    office.night(MONDAY + timedelta(hours=44), Outcome.LOGIN_WALL, ok=False)
    return office
