from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from db import audit, checkpoints, policies, runs
from db.connect import Database
from db.tables import checkpoint, election
from db.upsert import insert_missing, upsert
from monitor.domain import Act, Checkpoint, Coverage, Direction, Issue, Outcome, Regime, TargetResult

HOUR = timedelta(hours=1)


def visit(target: str = "did:plc:a", **changes: object) -> TargetResult:
    coverage = ((Act.POST, Coverage.OBSERVED), (Act.LIKE, Coverage.PARTIAL))
    made = TargetResult("bluesky", Direction.CANDIDATE, target, Outcome.OK, coverage, 9, 31, 41, 250)
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def opened(database: Database, at: datetime, query: str = "q") -> runs.RunHandle:
    with database.write() as session:
        return runs.open_run(session, query, at, 6 * HOUR)


def test_an_interrupted_run_of_the_same_question_is_taken_up(database: Database, now: datetime) -> None:
    first = opened(database, now)
    with database.write() as session:
        runs.record_target(session, first.id, visit())
    second = opened(database, now + HOUR)
    assert second == runs.RunHandle(first.id, first.began, True, frozenset({("bluesky", "candidate", "did:plc:a")}))


@pytest.mark.parametrize(("later", "query"), [(6 * HOUR, "q"), (HOUR, "lain")])
def test_an_old_run_or_another_question_is_not_taken_up(
    database: Database, now: datetime, later: timedelta, query: str
) -> None:
    first = opened(database, now)
    assert opened(database, now + later, query).id != first.id


def test_a_finished_run_is_not_taken_up(database: Database, now: datetime) -> None:
    first = opened(database, now)
    with database.write() as session:
        runs.finish_run(session, first.id, "{}", ok=True, now=now)
    assert not opened(database, now + HOUR).resumed


def noted(database: Database, run: runs.RunHandle) -> bool:
    with database.write() as session:
        return runs.note_restart(session, run.id)


def test_a_server_that_was_up_all_night_is_no_news(database: Database, now: datetime) -> None:
    assert not noted(database, opened(database, now))


def test_a_restart_while_a_run_is_open_is_noted_once(postgres_database: Database, now: datetime) -> None:
    run = opened(postgres_database, now)
    with postgres_database.write() as session:  # as if the server had been up since before
        earlier = sa.text("update scan_run set database_since = database_since - interval '1 hour'")
        session.execute(earlier)
    assert [noted(postgres_database, run) for _ in range(2)] == [True, False]


def test_a_target_recorded_twice_stands_as_the_second_says(database: Database, now: datetime) -> None:
    run = opened(database, now)
    last = visit(outcome=Outcome.PARTIAL, coverage=((Act.LIKE, Coverage.BLOCKED),), finished_at=now)
    with database.write() as session:
        runs.record_target(session, run.id, visit())
        runs.record_target(session, run.id, last)
        assert runs.run_targets(session, run.id) == (last,)


def test_targets_come_back_as_they_were_recorded(database: Database, now: datetime) -> None:
    run = opened(database, now)
    visits = (visit("z"), visit("a", started_at=now, finished_at=now + HOUR))
    with database.write() as session:
        for one in visits:
            runs.record_target(session, run.id, one)
    with database.read() as session:
        assert runs.run_targets(session, run.id) == visits


def test_an_issue_is_recorded_once_for_a_run(database: Database, now: datetime) -> None:
    run = opened(database, now)
    issue = Issue("bluesky", "drift", "kolom baru", "did:plc:a", needs_person=False)
    with database.write() as session:
        runs.add_issues(session, run.id, [issue, issue])
        runs.add_issues(session, run.id, [issue, replace(issue, detail="lain")])
        assert runs.run_issues(session, run.id) == (issue, replace(issue, detail="lain"))


def test_the_newest_runs_come_first_with_their_summaries(database: Database, now: datetime) -> None:
    for hours in range(3):
        run = opened(database, now + hours * HOUR)
        with database.write() as session:
            runs.finish_run(session, run.id, json.dumps({"run": run.id}), ok=hours == 2, now=now + hours * HOUR)
    with database.read() as session:
        rows = runs.last_runs(session, 2)
    assert [(row.ok, row.summary) for row in rows] == [(True, {"run": 3}), (False, {"run": 2})]


def saved(now: datetime, **changes: object) -> Checkpoint:
    made = Checkpoint("bluesky", Direction.SUBJECT, "did:plc:a", "q", "bluesky/1", "[]", "{}", now, now + HOUR)
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


def test_a_checkpoint_is_replaced_and_dropped(database: Database, now: datetime) -> None:
    where = ("bluesky", Direction.SUBJECT, "did:plc:a")
    with database.write() as session:
        checkpoints.save(session, saved(now))
        checkpoints.save(session, saved(now, frontier="[1]"))
        assert checkpoints.load(session, *where) == saved(now, frontier="[1]")
        checkpoints.drop(session, *where)
        assert checkpoints.load(session, *where) is None
        assert session.execute(checkpoint.select()).all() == []


def test_a_policy_is_recorded_and_audited_when_it_changes(database: Database, now: datetime) -> None:
    with database.write() as session:
        said = [policies.note_policy(session, "bluesky", text, now) for text in ("{}", "{}", '{"a":1}', "{}")]
        noted = [row.subject for row in audit.tail(session, action="policy_noted")]
    assert said == [True, False, True, True]
    assert noted == ["source:bluesky"] * 3


def test_inserting_what_is_missing_counts_only_what_was_added(database: Database) -> None:
    rows = [{"regime": Regime.PEMILU, "year": year} for year in range(2000, 8000)]
    with database.write() as session:
        assert insert_missing(session, election, rows[::2], ["regime", "year"]) == 3000
        assert insert_missing(session, election, rows, ["regime", "year"]) == 3000
        assert insert_missing(session, election, rows, ["regime", "year"]) == 0


def test_upserting_sets_only_the_named_columns(database: Database, now: datetime) -> None:
    key = ["source", "direction", "target"]
    row = {n: getattr(saved(now), n) for n in Checkpoint.__dataclass_fields__}
    with database.write() as session:
        upsert(session, checkpoint, [row], key, ["frontier"])
        upsert(session, checkpoint, [row | {"frontier": "[2]", "sums": "lain"}], key, ["frontier"])
        stored = checkpoints.load(session, "bluesky", Direction.SUBJECT, "did:plc:a")
    assert stored == saved(now, frontier="[2]")
