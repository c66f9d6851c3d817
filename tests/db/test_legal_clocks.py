from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import cases, judgements, legal_clocks
from db.connect import Database, Session
from db.events import EventDraft
from db.tables import review_case
from db.verify import verify
from monitor.desk.calendar import lay_calendar, office_days
from monitor.domain import CaseFilter, CaseState, Employment, EventKind, LawProfile, LegalClock, Regime
from monitor.domain.clocks import DayType
from monitor.errors import ConfigError
from monitor.vault import Vault
from tests.web.samples import NOW, ROW_B6
from tests.web.world import found

LIMITS = (
    LegalClock(Regime.PILKADA, "lapor", 7, "calendar", "known_at", "Pasal 134"),
    LegalClock(Regime.PILKADA, "tindak_lanjut", 3, "calendar", "received_at", "Pasal 134"),
    LegalClock(Regime.PILKADA, "verifikasi_satgas", 7, "unspecified", "received_at", "SBT"),
    LegalClock(Regime.PILKADA, "kajian_sbt", 3, "working", "verified_at", "SBT"),
)
OPENED = datetime.fromisoformat("2024-11-04T08:00:00+07:00")


@pytest.fixture
def cased(database: Database) -> Database:
    found(database, Vault(b"k" * 32))
    law = LawProfile("skb-2-2022", "SKB 2/2022", (Employment.PNS,), (ROW_B6,), clocks=LIMITS)
    with database.write() as session:
        judgements.store_ruleset(session, "c" * 64, "{}", [], [law], NOW)
    return database


def step(session: Session, kind: EventKind, to: CaseState, at: datetime, **more: object) -> None:
    case = cases.list_cases(session, CaseFilter(scope=("99.01",), open_only=False), at).rows[0]
    row = session.execute(
        sa.select(review_case.c.version, review_case.c.state).where(review_case.c.id == case.id)
    ).one()
    draft = EventDraft(case.id, row.version + 1, kind, to, at, "rina", from_state=row.state)
    cases.record(session, [replace(draft, **more)])  # type: ignore[arg-type]


def due(session: Session) -> datetime | None:
    case = cases.list_cases(session, CaseFilter(scope=("99.01",), open_only=False), NOW).rows[0]
    return case.due_at


def test_opening_a_case_starts_its_limit(cased: Database) -> None:
    with cased.write() as session:
        assert due(session) is None
        step(session, EventKind.FIRST_OPENED, CaseState.BARU, OPENED)
        assert due(session) == datetime.fromisoformat("2024-11-12T00:00:00+07:00")


def test_setting_a_case_aside_ends_its_limit(cased: Database) -> None:
    with cased.write() as session:
        step(session, EventKind.FIRST_OPENED, CaseState.DITINJAU, OPENED)
        step(session, EventKind.DECIDED, CaseState.DIKESAMPINGKAN, OPENED + timedelta(hours=1))
        assert due(session) is None


def test_registration_starts_the_limit_to_follow_up(cased: Database) -> None:
    with cased.write() as session:
        step(session, EventKind.FIRST_OPENED, CaseState.DITINJAU, OPENED)
        step(session, EventKind.DECIDED, CaseState.TERDAFTAR, OPENED + timedelta(days=2))
        assert due(session) == datetime.fromisoformat("2024-11-10T00:00:00+07:00")


def test_a_known_time_overrules_the_first_opening(cased: Database) -> None:
    with cased.write() as session:
        step(session, EventKind.FIRST_OPENED, CaseState.DITINJAU, OPENED)
        step(session, EventKind.NOTED, CaseState.BARU, OPENED, detail={"known_at": OPENED - timedelta(days=2)})
        assert due(session) == datetime.fromisoformat("2024-11-10T00:00:00+07:00")


def test_a_known_time_that_no_event_tells_is_a_fault(cased: Database) -> None:
    with cased.write() as session:
        step(session, EventKind.NOTED, CaseState.BARU, OPENED, detail={"known_at": OPENED - timedelta(days=2)})
        assert cases.projection_faults(session) == []
        session.execute(sa.update(review_case).values(known_at=OPENED))
        assert {column for _, column in cases.projection_faults(session)} == {"known_at"}


def test_the_office_reading_moves_open_dates_at_once(cased: Database, tmp_path: Path) -> None:
    with cased.write() as session:
        step(session, EventKind.FIRST_OPENED, CaseState.DITINJAU, OPENED)
    assert lay_calendar(cased, tmp_path / "libur.csv", {"pilkada.lapor": "working"}, OPENED)
    with cased.read() as session:
        assert due(session) == datetime.fromisoformat("2024-11-14T00:00:00+07:00")


def test_the_office_file_adds_and_takes_away_days(cased: Database, tmp_path: Path) -> None:
    own = tmp_path / "libur.csv"
    own.write_text("tanggal,jenis,keterangan\n2024-11-06,cuti_bersama,Hari Kabupaten Contoh\n2024-12-25,kerja,piket\n")
    lay_calendar(cased, own, {}, OPENED)
    with cased.read() as session:
        free = legal_clocks.free_days(session)
    assert free[date(2024, 11, 6)] == "Hari Kabupaten Contoh"
    assert date(2024, 12, 25) not in free
    assert free[date(2024, 8, 17)] == "Hari Kemerdekaan Republik Indonesia"


def test_a_calendar_that_is_already_kept_changes_nothing(cased: Database, tmp_path: Path) -> None:
    assert lay_calendar(cased, tmp_path / "libur.csv", {}, OPENED)
    assert not lay_calendar(cased, tmp_path / "libur.csv", {}, OPENED + timedelta(hours=5))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2024-13-01,libur,x", "baris 3: tanggal '2024-13-01' tidak dapat dibaca"),
        ("2024-11-06,pesta,x", "baris 3: jenis 'pesta' tidak dikenal"),
        ("2024-11-06,libur", "baris 3: 2 kolom, seharusnya 3"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    own = tmp_path / "libur.csv"
    own.write_text(f"tanggal,jenis,keterangan\n2024-11-05,libur,x\n{line}\n")
    with pytest.raises(ConfigError, match="baris 3") as raised:
        office_days(own)
    assert said in raised.value.message


def begin(session: Session, name: str, at: datetime | None) -> None:
    step(session, EventKind.NOTED, CaseState.DITERUSKAN, OPENED, detail={"clock": name, "starts_at": at})


def test_a_limit_that_an_officer_began_runs_after_the_hand_over_until_it_is_ended(cased: Database) -> None:
    with cased.write() as session:
        step(session, EventKind.DECIDED, CaseState.DITERUSKAN, OPENED)
        assert due(session) is None
        begin(session, "verifikasi_satgas", OPENED)
        assert due(session) == datetime.fromisoformat("2024-11-12T00:00:00+07:00")
        begin(session, "kajian_sbt", OPENED)
        assert due(session) == datetime.fromisoformat("2024-11-08T00:00:00+07:00")
        begin(session, "kajian_sbt", OPENED + timedelta(days=3))
        assert due(session) == datetime.fromisoformat("2024-11-12T00:00:00+07:00")
        begin(session, "verifikasi_satgas", None)
        assert due(session) == datetime.fromisoformat("2024-11-13T00:00:00+07:00")
        begin(session, "kajian_sbt", None)
        assert due(session) is None
        assert legal_clocks.stale(session) == []


@pytest.mark.parametrize(("days", "warns"), [(0, 0), (3, 0), (4, 1), (5, 0), (6, 1), (7, 0)])
def test_cases_are_warned_of_on_day_four_and_six_and_then_as_due_soon(cased: Database, days: int, warns: int) -> None:
    with cased.write() as session:
        step(session, EventKind.FIRST_OPENED, CaseState.DITINJAU, OPENED)
        assert len(legal_clocks.warned(session, OPENED + timedelta(days=days))) == warns


def test_readings_are_kept_whole(cased: Database) -> None:
    with cased.write() as session:
        legal_clocks.keep_readings(session, {("pilkada", "lapor"): DayType.WORKING}, NOW)
        legal_clocks.keep_readings(session, {("pemilu", "temuan"): DayType.CALENDAR}, NOW)
        assert legal_clocks.readings(session) == {("pemilu", "temuan"): DayType.CALENDAR}


def test_verify_names_a_due_date_that_does_not_fit(cased: Database) -> None:
    with cased.write() as session:
        step(session, EventKind.FIRST_OPENED, CaseState.BARU, OPENED)
        assert legal_clocks.stale(session) == []
        session.execute(sa.update(review_case).values(due_at=OPENED))
        assert "tenggat" in {problem.invariant for problem in verify(session)}
