"""What is due is done once, what was missed is caught up and told, and what failed is tried again, not for ever."""

from __future__ import annotations

import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from db import job_runs
from db.connect import Database, open_database
from monitor.domain import Job, JobState
from monitor.errors import DatabaseError, LockHeld
from monitor.jobs.flight import flight, under_way
from monitor.jobs.tasks import Done
from monitor.vault import Vault
from monitor.workspace import Workspace
from tests.jobs.offices import DAY, FIRST_NIGHT, HOUR, MINUTE, Schedule, schedule_of


@pytest.fixture
def schedule(tmp_path: Path, database: Database, vault: Vault) -> Schedule:
    return schedule_of(tmp_path, database, vault)


def failing(_: Workspace) -> Done:
    raise DatabaseError("Basis data sedang dikunci proses lain")


def stopped(_: Workspace) -> Done:
    raise KeyboardInterrupt


def test_a_night_is_begun_at_its_time_and_once(schedule: Schedule) -> None:
    assert [one.state for one in schedule.look()] == [JobState.OK]
    assert schedule.look() == []
    (run,) = schedule.history()
    assert (run.due_at, run.started_at) == (FIRST_NIGHT, FIRST_NIGHT)


def test_a_new_office_does_not_begin_with_yesterdays_work(schedule: Schedule) -> None:
    schedule.clock.now += HOUR
    assert schedule.to_do() == {}


def test_a_night_that_was_missed_is_caught_up_and_the_older_ones_are_remembered(schedule: Schedule) -> None:
    schedule.look()
    schedule.clock.now += 3 * DAY + 7 * HOUR
    schedule.look()
    _, *missed, caught_up = schedule.history()
    assert [run.due_at for run in missed] == [FIRST_NIGHT + DAY, FIRST_NIGHT + 2 * DAY]
    assert {run.state for run in missed} == {JobState.MISSED}
    assert (caught_up.due_at, caught_up.late, caught_up.state) == (FIRST_NIGHT + 3 * DAY, 7 * HOUR, JobState.OK)


def test_a_due_time_that_somebody_else_did_meanwhile_is_not_done_again(schedule: Schedule) -> None:
    schedule.perform(due=FIRST_NIGHT)
    assert schedule.perform(due=FIRST_NIGHT).state is JobState.OK
    assert len(schedule.begun) == 1


def test_a_night_by_hand_does_not_stand_for_the_one_that_is_due(schedule: Schedule) -> None:
    schedule.clock.now -= HOUR
    schedule.perform()
    schedule.clock.now += HOUR
    assert Job.NIGHTLY in schedule.to_do()


def test_what_fails_is_tried_again_after_longer_and_longer_waits_and_then_left_for_a_person(schedule: Schedule) -> None:
    schedule.work = failing
    for _ in range(60):
        schedule.look()
        schedule.clock.now += MINUTE
    waits = [(then - first) // MINUTE for first, then in zip(schedule.begun, schedule.begun[1:], strict=False)]
    assert waits == [5, 10, 20]
    assert set(schedule.states()) == {JobState.FAILED}
    assert "dikunci proses lain" in schedule.history()[-1].detail
    assert schedule.standing().late_since == FIRST_NIGHT


def test_a_new_night_has_its_own_tries(schedule: Schedule) -> None:
    schedule.work = failing
    for _ in range(4):
        schedule.look()
        schedule.clock.now += HOUR
    schedule.clock.now = FIRST_NIGHT + DAY
    schedule.work = lambda _: Done()
    assert [one.state for one in schedule.look()] == [JobState.OK]


def test_an_end_with_problems_is_not_tried_again(schedule: Schedule) -> None:
    schedule.work = lambda _: Done(ok=False, detail="perlu orang: bluesky blind 1")
    assert [one.exit_code for one in schedule.look()] == [1]
    schedule.clock.now += HOUR
    assert schedule.look() == []
    assert schedule.standing().late_since is None


def test_a_fault_of_the_program_is_recorded_by_its_kind_only(schedule: Schedule) -> None:
    def faulty(_: Workspace) -> Done:
        raise ValueError("BUDI CONTOH")

    schedule.work = faulty
    with pytest.raises(ValueError, match="BUDI"):
        schedule.look()
    assert schedule.history()[0].detail == "galat: ValueError"


def test_a_night_that_is_told_to_stop_is_taken_up_again(schedule: Schedule) -> None:
    schedule.work = stopped
    with pytest.raises(KeyboardInterrupt):
        schedule.look()
    assert schedule.states() == [JobState.LOST]
    schedule.clock.now += 5 * MINUTE
    assert Job.NIGHTLY in schedule.to_do()


def begun_and_killed(schedule: Schedule, machine: str = "mesin-contoh:12") -> None:
    """Leave what SIGKILL leaves: a row that was begun, and a free lock."""
    with schedule.space.database.write() as session:
        job_runs.begin(session, Job.NIGHTLY, FIRST_NIGHT, FIRST_NIGHT, machine)


def test_a_run_whose_process_died_is_told_as_lost_and_done_again(schedule: Schedule) -> None:
    begun_and_killed(schedule)
    assert schedule.to_do() == {}
    schedule.clock.now += 5 * MINUTE
    schedule.look()
    assert schedule.states() == [JobState.LOST, JobState.OK]


def test_a_run_that_is_alive_is_left_alone_however_long_it_takes(schedule: Schedule) -> None:
    begun_and_killed(schedule)
    with flight(schedule.space.settings, schedule.space.database, Job.NIGHTLY):
        schedule.clock.now += 8 * HOUR
        assert under_way(schedule.space.settings, schedule.space.database, Job.NIGHTLY)
        assert schedule.to_do() == {}
        assert schedule.standing().late_since is None
    assert not under_way(schedule.space.settings, schedule.space.database, Job.NIGHTLY)


def test_a_second_start_of_a_running_job_is_refused_with_its_code_and_a_line(schedule: Schedule) -> None:
    begun_and_killed(schedule)
    with flight(schedule.space.settings, schedule.space.database, Job.NIGHTLY):
        ended = schedule.perform(due=FIRST_NIGHT)
    assert (ended.state, ended.exit_code) == (JobState.REFUSED, 3)
    assert "Pemindaian malam sedang berjalan" in ended.detail
    assert schedule.states() == [JobState.RUNNING]
    assert schedule.begun == []


def test_a_job_kept_from_the_platforms_by_another_waits_and_is_done_as_soon_as_it_can(schedule: Schedule) -> None:
    def held(_: Workspace) -> Done:
        raise LockHeld("pemindaian sedang berjalan (proses 12)", "tunggu sampai selesai")

    schedule.work = held
    for _ in range(30):
        schedule.look()
        schedule.clock.now += MINUTE
    assert schedule.states() == [JobState.REFUSED]
    schedule.work = lambda _: Done()
    schedule.look()
    assert schedule.states() == [JobState.OK]


def test_a_clock_that_ran_ahead_costs_no_later_night(schedule: Schedule) -> None:
    schedule.look()
    schedule.clock.now += timedelta(days=400)
    schedule.look()
    schedule.clock.now = FIRST_NIGHT + DAY
    assert [one.state for one in schedule.look()] == [JobState.OK]


def test_nights_that_a_clock_ahead_passed_over_are_done_when_their_time_comes_and_are_not_late(
    schedule: Schedule,
) -> None:
    schedule.look()
    schedule.clock.now += timedelta(days=30)
    schedule.look()
    for day in range(1, 32):
        schedule.clock.now = FIRST_NIGHT + day * DAY + MINUTE
        assert [one.state for one in schedule.look()] == [JobState.OK], day
        schedule.clock.now += HOUR
        assert (schedule.standing().late_since, schedule.standing().missed) == (None, 0)


def test_a_clock_that_is_set_back_does_not_do_a_night_again(schedule: Schedule) -> None:
    schedule.look()
    schedule.clock.now -= HOUR
    assert schedule.look() == []
    schedule.clock.now += HOUR
    assert schedule.look() == []


@examples(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    looks=st.lists(st.tuples(st.integers(-180, 40 * 60), st.sampled_from(["ok", "fails", "stops"])), max_size=12),
)
def test_whatever_happens_even_to_the_clock_no_night_is_done_twice_and_none_is_forgotten(
    looks: list[tuple[int, str]], tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, vault: Vault
) -> None:
    home = tmp_path_factory.mktemp("kantor")
    shutil.copyfile(sqlite_template, home / "pantau.db")
    database = open_database(f"sqlite:///{home / 'pantau.db'}")
    schedule = schedule_of(home, database, vault)
    schedule.look()
    for minutes, what in looks:
        schedule.clock.now += minutes * MINUTE
        schedule.work = {"ok": lambda _: Done(), "fails": failing, "stops": stopped}[what]
        with suppress(KeyboardInterrupt):
            schedule.look()
    schedule.work = lambda _: Done()
    schedule.clock.now += DAY
    schedule.look()
    runs = schedule.history()
    database.dispose()
    done = [run.due_at for run in runs if run.state.done]
    assert len(done) == len(set(done))
    nights = (schedule.clock.now - FIRST_NIGHT) // DAY + 1
    told = {run.due_at for run in runs}
    assert told >= {FIRST_NIGHT + n * DAY for n in range(nights)}
    assert max(due for due in told if due is not None and due <= schedule.clock.now) in done
