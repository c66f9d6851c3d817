"""An upload goes from phase to phase on both databases, each step once, and its files go with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from db import uploads as rows
from db import users
from db.connect import Database
from db.uploads import UploadRow
from monitor.desk import uploads
from monitor.desk.sealed_files import SealedWriter
from monitor.desk.uploads import Bringing, Desk, FindTold, Job, Outcome, Problem
from monitor.domain import Find, Grant, Role, UserRow
from monitor.errors import ConflictError, ImportFormatError, ImportQuestion, LockHeld, RefusedError, UsageError
from monitor.vault import Vault
from tests.casebook import NOW

CONTENT = b"isi berkas contoh"


@dataclass
class Reader:
    """Stands for the readers: says what it is told to say, and counts how often it was asked to take."""

    outcome: Outcome = field(default_factory=lambda: Outcome("capture", "Contoh", counts={"lines": 3}))
    trouble: Exception | None = None
    taken: int = 0
    read: list[bytes] = field(default_factory=list)

    def check(self, job: Job) -> Outcome:
        self.read.append(job.path.read_bytes())
        if self.trouble is not None:
            raise self.trouble
        return self.outcome

    def take(self, job: Job) -> Outcome:
        self.taken += 1
        return self.check(job)


def no_find(_user: UserRow, _find: Find) -> FindTold:
    raise AssertionError


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def now() -> list[datetime]:  # type: ignore[override]  # a clock that the test moves
    return [NOW]


@pytest.fixture
def desk(database: Database, vault: Vault, tmp_path: Path, reader: Reader, now: list[datetime]) -> Desk:
    doors = Bringing(tmp_path / "uploads", 1000, reader.check, reader.take, no_find, lambda _: b"", {})
    return Desk(database, vault, doors, lambda: now[0])


@pytest.fixture
def rina(database: Database) -> UserRow:
    return user(database, "rina", Role.PENGAWAS)


def user(database: Database, name: str, role: Role) -> UserRow:
    with database.write() as session:
        made = users.add_user(session, name, name.title(), "-", NOW)
        users.grant_role(session, made.id, Grant(role, "99.01"), NOW)
        found = users.user_by_id(session, made.id)
    assert found is not None
    return found


def bring(desk: Desk, who: UserRow, kind: str = "capture") -> int:
    with SealedWriter(desk.doors.folder, desk.vault, desk.doors.limit) as writer:
        writer.write(CONTENT)
        writer.finish()
        return uploads.receive(desk, writer, kind, "contoh.ndjson", who)


def row(desk: Desk, number: int, who: UserRow) -> UploadRow:
    return uploads.upload_for(desk, number, who)


def test_a_file_is_read_as_it_came_and_waits_for_a_person(desk: Desk, rina: UserRow, reader: Reader) -> None:
    number = bring(desk, rina)
    uploads.check(desk, number, rina)
    found = row(desk, number, rina)
    assert (found.phase, found.state, reader.read, reader.taken) == ("ready", "tried", [CONTENT], 0)
    assert found.report["counts"] == {"lines": 3, "problems": 0, "warnings": 0}


def test_it_is_taken_once_however_many_press(desk: Desk, rina: UserRow, reader: Reader) -> None:
    number = bring(desk, rina)
    uploads.check(desk, number, rina)
    ready = threading.Barrier(4)

    def press() -> bool:
        ready.wait()
        if uploads.confirm(desk, number, rina):
            uploads.take(desk, number, rina)
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        pressed = [job.result() for job in [pool.submit(press) for _ in range(4)]]
    assert (pressed.count(True), reader.taken, row(desk, number, rina).state) == (1, 1, "done")


def test_nothing_is_taken_before_it_was_checked(desk: Desk, rina: UserRow, reader: Reader) -> None:
    number = bring(desk, rina)
    assert not uploads.confirm(desk, number, rina)
    uploads.take(desk, number, rina)
    assert reader.taken == 0


@pytest.mark.parametrize(
    ("trouble", "phase"),
    [
        (ImportQuestion("tanggal mana?", "sebutkan dengan --date-order dmy"), "asked"),
        (ImportFormatError("tidak terbaca"), "refused"),
        (LockHeld("pemindaian berjalan"), "failed"),
    ],
    ids=["a question", "unreadable", "busy"],
)
def test_what_stands_in_the_way_is_told(
    desk: Desk, rina: UserRow, reader: Reader, trouble: Exception, phase: str
) -> None:
    number = bring(desk, rina)
    reader.trouble = trouble
    uploads.check(desk, number, rina)
    found = row(desk, number, rina)
    told = uploads.details(desk, found)
    assert found.phase == phase
    assert told is not None
    assert told.problems[0].problem in str(trouble)
    assert found.report["fields"] == (["date_order"] if phase == "asked" else [])


def test_a_fault_of_the_program_is_told_without_its_words(desk: Desk, rina: UserRow, reader: Reader) -> None:
    number = bring(desk, rina)
    reader.trouble = ValueError("PEGAWAI CONTOH")
    with pytest.raises(ValueError, match="PEGAWAI"):
        uploads.check(desk, number, rina)
    told = uploads.details(desk, row(desk, number, rina))
    assert told is not None
    assert "PEGAWAI" not in told.problems[0].problem


def test_an_answer_lets_it_be_checked_again(desk: Desk, rina: UserRow, reader: Reader) -> None:
    number = bring(desk, rina)
    reader.trouble = ImportQuestion("tanggal mana?", "--date-order dmy")
    uploads.check(desk, number, rina)
    reader.trouble = None
    assert uploads.answer(desk, number, rina, {"date_order": "dmy", "lain": "x"})
    assert row(desk, number, rina).answers == {"date_order": "dmy"}
    uploads.check(desk, number, rina)
    assert row(desk, number, rina).phase == "ready"


def test_what_quotes_the_file_is_sealed_and_not_in_the_row(desk: Desk, rina: UserRow, reader: Reader) -> None:
    problem = Problem("asn.csv", 3, "nip", "'197803152005011003' salah")
    reader.outcome = replace(reader.outcome, problems=(problem,))
    number = bring(desk, rina)
    uploads.check(desk, number, rina)
    found = row(desk, number, rina)
    assert "197803152005011003" not in str(found.report)
    assert not any(b"197803152005011003" in path.read_bytes() for path in desk.doors.folder.iterdir())
    told = uploads.details(desk, found)
    assert told is not None
    assert told.problems == (problem,)


def test_dead_work_is_seen_and_taken_over_once(desk: Desk, rina: UserRow, now: list[datetime]) -> None:
    number = bring(desk, rina)
    assert not uploads.answer(desk, number, rina, {})
    now[0] += timedelta(seconds=61)
    assert uploads.dead(row(desk, number, rina), now[0])
    assert uploads.answer(desk, number, rina, {})
    assert not uploads.answer(desk, number, rina, {})


def test_a_beat_keeps_work_alive(desk: Desk, rina: UserRow, now: list[datetime]) -> None:
    number = bring(desk, rina)
    now[0] += timedelta(seconds=50)
    with desk.database.write() as session:
        rows.beat(session, number, now[0])
    now[0] += timedelta(seconds=50)
    assert not uploads.dead(row(desk, number, rina), now[0])


def test_what_is_a_day_old_goes_with_its_files_but_not_what_is_worked_on(
    desk: Desk, rina: UserRow, now: list[datetime]
) -> None:
    old, working = bring(desk, rina), bring(desk, rina)
    uploads.check(desk, old, rina)
    now[0] += timedelta(hours=25)
    with desk.database.write() as session:
        rows.beat(session, working, now[0])
    assert uploads.sweep(desk.database, desk.doors.folder, now[0]) == 1
    assert (row(desk, old, rina).state, row(desk, working, rina).state) == ("dropped", "tried")
    assert [path.name for path in desk.doors.folder.iterdir()] == [row(desk, working, rina).stored_as]


def test_what_is_done_or_being_taken_is_not_thrown_away(desk: Desk, rina: UserRow) -> None:
    number = bring(desk, rina)
    uploads.check(desk, number, rina)
    uploads.confirm(desk, number, rina)
    with pytest.raises(ConflictError):
        uploads.drop(desk, number, rina)
    uploads.take(desk, number, rina)
    with pytest.raises(ConflictError):
        uploads.drop(desk, number, rina)


def test_what_was_confirmed_at_that_moment_is_not_thrown_away(desk: Desk, rina: UserRow) -> None:
    number = bring(desk, rina)
    uploads.check(desk, number, rina)

    def meanwhile() -> datetime:
        with desk.database.write() as session:
            rows.move(session, number, ("ready",), NOW, phase="taking")
        return NOW

    with pytest.raises(ConflictError):
        uploads.drop(replace(desk, clock=meanwhile), number, rina)
    assert row(desk, number, rina).stored_as is not None


def test_uploads_belong_to_whoever_brought_them(desk: Desk, rina: UserRow, database: Database) -> None:
    number, joko = bring(desk, rina), user(database, "joko", Role.KOORDINATOR)
    steps: tuple[Callable[[], object], ...] = (
        lambda: uploads.upload_for(desk, number, joko),
        lambda: uploads.confirm(desk, number, joko),
        lambda: uploads.drop(desk, number, joko),
        lambda: uploads.answer(desk, number, joko, {}),
    )
    for step in steps:
        with pytest.raises(UsageError):
            step()


@pytest.mark.parametrize("role", [Role.ANALIS, Role.AUDITOR, Role.DPO])
def test_other_roles_bring_nothing(desk: Desk, database: Database, role: Role) -> None:
    with pytest.raises(RefusedError):
        bring(desk, user(database, "ani", role))
