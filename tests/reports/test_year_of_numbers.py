"""Every number of a generated year, held against SQL that shares nothing with how the report counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from db import reporting
from db.connect import Database, Session
from monitor.domain import Employment, StageKind
from monitor.domain.positions import position_level
from monitor.labels import label
from monitor.reports.collect import collect
from monitor.reports.model import ColumnKind, WeeklyReport
from monitor.reports.sections import PERIODS
from monitor.vault import Vault
from tests.reports.year import WEEK, build

MONDAY = datetime(2024, 10, 13, 17, tzinfo=UTC)
"""Midnight of the week's Monday in Jakarta."""
ENDS = MONDAY + timedelta(days=7)

# What a case holds, one row a hit; and of every act the one hit that counts: earliest, then best ranked.
ACTS = """
WITH hit AS (
  SELECT h.interaction_id AS act, h.id AS hit, h.law_rank AS rank, j.joined_at AS at, h.rule_id,
         c.law, c.law_row, c.stage, c.jurisdiction, c.contest_id, c.candidate_id, c.asn_id, i.act AS verb, i.platform,
         p.employment, p.position,
         (SELECT max(s.starts_at) FROM stage s WHERE s.contest_id = c.contest_id AND s.starts_at < :ends) AS begins
  FROM case_hit j JOIN rule_hit h ON h.id = j.hit_id JOIN review_case c ON c.id = j.case_id
  JOIN interaction i ON i.id = h.interaction_id JOIN asn p ON p.id = c.asn_id
  WHERE j.joined_at < :ends),
one AS (
  SELECT a.* FROM hit a WHERE NOT EXISTS (
    SELECT 1 FROM hit b WHERE b.act = a.act AND (b.at, b.rank, b.hit) < (a.at, a.rank, a.hit)))
"""
CASES = """
WITH one AS (
  SELECT c.id, c.law, c.law_row, c.stage, c.jurisdiction, c.contest_id, c.candidate_id, c.asn_id, c.created_at AS at,
         p.employment, p.position,
         (SELECT max(s.starts_at) FROM stage s WHERE s.contest_id = c.contest_id AND s.starts_at < :ends) AS begins,
         (SELECT e.to_state FROM review_event e WHERE e.case_id = c.id AND e.at < :ends ORDER BY e.id DESC LIMIT 1)
           AS stands
  FROM review_case c JOIN asn p ON p.id = c.asn_id WHERE c.created_at < :ends)
"""
STEPS = """
WITH one AS (
  SELECT e.*, c.contest_id,
         (SELECT max(s.starts_at) FROM stage s WHERE s.contest_id = c.contest_id AND s.starts_at < :ends) AS begins
  FROM review_event e JOIN review_case c ON c.id = e.case_id
  LEFT JOIN review_event u ON u.undoes_id = e.id AND u.at < :ends
  WHERE e.kind = 'decided' AND e.from_state <> 'baru' AND e.at < :ends AND u.id IS NULL)
"""
WINDOWS = {
    "week": "sum(CASE WHEN at >= :starts THEN 1 ELSE 0 END)",
    "before": "sum(CASE WHEN at >= :before AND at < :starts THEN 1 ELSE 0 END)",
    "stage": "sum(CASE WHEN at >= begins THEN 1 ELSE 0 END)",
    "whole": "count(*)",
}


@dataclass
class Told:
    """The report of a year, and the database that it is of."""

    database: Database
    report: WeeklyReport

    def rows(self, key: str) -> list[dict[str, Any]]:
        section = self.report.section(key)
        return [dict(zip((c.key for c in section.columns), row, strict=True)) for row in section.rows]

    def total(self, key: str) -> dict[str, Any]:
        section = self.report.section(key)
        return dict(zip((c.key for c in section.columns), section.total, strict=True))

    def sql(self, text: str) -> list[tuple[Any, ...]]:
        with self.database.read() as session:
            return ask(session, text)

    def counts(self, source: str, of: str, *windows: str) -> dict[Any, tuple[int, ...]]:
        """Count rows of a source by a column, in these windows."""
        sums = ", ".join(WINDOWS[name] for name in windows)
        found = self.sql(f"{source} SELECT {of}, {sums} FROM one GROUP BY {of}")
        width = len(of.split(","))
        return {(row[:width] if width > 1 else row[0]): tuple(map(int, row[width:])) for row in found}


def ask(session: Session, text: str) -> list[tuple[Any, ...]]:
    moments = {"before": MONDAY - timedelta(days=7), "starts": MONDAY, "ends": ENDS}
    if session.dialect.name == "sqlite":
        told: dict[str, Any] = {name: f"{at:%Y-%m-%d %H:%M:%S.%f}" for name, at in moments.items()}
    else:
        told = dict(moments)
    wanted = {name: value for name, value in told.items() if f":{name}" in text}
    return [tuple(row) for row in session.execute(sa.text(text), wanted)]


def read(database: Database) -> WeeklyReport:
    with database.read() as session:
        return collect(session, WEEK, "", reporting.last_known(session), ZoneInfo("Asia/Jakarta"))


@pytest.fixture
def year(database: Database, vault: Vault) -> Told:
    build(database, vault)
    return Told(database, read(database))


def numbers(rows: list[dict[str, Any]], key: str, *names: str) -> dict[Any, tuple[int, ...]]:
    return {row[key]: tuple(row[name] for name in names) for row in rows if any(row[name] for name in names)}


def seen(counts: dict[Any, tuple[int, ...]]) -> dict[Any, tuple[int, ...]]:
    return {key: found for key, found in counts.items() if any(found)}


def words(counts: dict[Any, tuple[int, ...]], of: Any) -> dict[Any, tuple[int, ...]]:
    """Add up counts under what their keys are called."""
    told: dict[Any, tuple[int, ...]] = {}
    for key, found in counts.items():
        before = told.get(of(key), (0,) * len(found))
        told[of(key)] = tuple(a + b for a, b in zip(before, found, strict=True))
    return seen(told)


ACT = ("acts_week", "acts_before", "acts_stage")
THREE = ("week", "before", "stage")
CASE = ("cases_week", "cases_stage")
TWO = ("week", "stage")


def test_every_number_equals_what_sql_counts(year: Told) -> None:
    """All tables at once: writing the year is what takes time."""
    _check_summary(year)
    _check_dimensions(year)
    _check_pairs_and_rules(year)
    _check_handling(year)
    _check_coverage(year)
    _check_sums(year)


def _check_summary(year: Told) -> None:
    told = {row["key"]: (row["week"], row["stage"], row["whole"]) for row in year.rows("summary")}
    three = ", ".join(WINDOWS[name] for name in ("week", "stage", "whole"))
    assert told["acts"] == year.sql(f"{ACTS} SELECT {three} FROM one")[0]
    assert told["cases"] == year.sql(f"{CASES} SELECT {three} FROM one")[0]
    assert told["decisions"] == year.sql(f"{STEPS} SELECT {three} FROM one")[0]
    people = "count(DISTINCT CASE WHEN {} THEN asn_id END)"
    distinct = ", ".join(people.format(when) for when in ("at >= :starts", "at >= begins", "at < :ends"))
    assert told["people"] == year.sql(f"{ACTS} SELECT {distinct} FROM one")[0]
    for key, state in (
        ("registered", "terdaftar"),
        ("not_registered", "tidak_diregistrasi"),
        ("forwarded", "diteruskan"),
    ):
        assert told[key] == year.sql(f"{STEPS} SELECT {three} FROM one WHERE to_state = '{state}'")[0], key
    closed = "('dikesampingkan', 'tidak_diregistrasi', 'ditutup', 'diarsipkan')"
    assert told["open"][0] == year.sql(f"{CASES} SELECT count(*) FROM one WHERE stands NOT IN {closed}")[0][0]
    judged = "SELECT count(*) FROM judgement WHERE judged_at >= :starts AND judged_at < :ends"
    assert told["judged"][0] == year.sql(judged)[0][0]
    assert (told["nights"][0], told["good_nights"][0]) == _nights(year)
    _check_hours(year, told)


def _nights(year: Told) -> tuple[int, int]:
    good = "sum(CASE WHEN ok THEN 1 ELSE 0 END)"
    found = year.sql(f"SELECT count(*), {good} FROM scan_run WHERE started_at >= :starts AND started_at < :ends")[0]
    return int(found[0]), int(found[1])


def _check_hours(year: Told, told: dict[str, Any]) -> None:
    with year.database.read() as session:
        events = session.execute(
            sa.text("SELECT case_id, id, kind, from_state, at, undoes_id FROM review_event ORDER BY id")
        )
        rows = [(r.case_id, r.id, r.kind, r.from_state, _moment(r.at), r.undoes_id) for r in events]
    rows = [row for row in rows if row[4] < ENDS]
    undone = {row[5] for row in rows}
    opened = {row[0]: row[4] for row in rows if row[2] == "opened"}
    for key, wanted in (
        ("hours_to_open", [row for row in rows if row[2] == "first_opened"]),
        ("hours_to_decide", [r for r in rows if r[2] == "decided" and r[3] == "ditinjau" and r[1] not in undone]),
    ):
        first: dict[int, float] = {}
        for row in wanted:
            first.setdefault(row[0], round((row[4] - opened[row[0]]).total_seconds() / 3600 + 1e-9, 1))
        week = [hours for case, hours in first.items() if opened[case] >= MONDAY]
        assert told[key][0] == round(median(week), 1), key
        assert told[key][2] == pytest.approx(median(first.values()), abs=0.051), key


def _moment(at: Any) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=UTC) if isinstance(at, str) else at.astimezone(UTC)


def _check_dimensions(year: Told) -> None:
    names: dict[str, Any] = {
        "by_employment": ("employment", lambda key: label(Employment(key))),
        "by_stage": ("stage", lambda key: label(StageKind(key))),
        "by_region": ("jurisdiction", str),
        "by_level": ("position, employment", lambda key: label(position_level(key[0], Employment(key[1])))),
    }
    for key, (column, word) in names.items():
        assert numbers(year.rows(key), "key1", *ACT) == words(year.counts(ACTS, column, *THREE), word), key
        assert numbers(year.rows(key), "key1", *CASE) == words(year.counts(CASES, column, *TWO), word), key
    rows = [row | {"both": (row["key1"], row["key2"])} for row in year.rows("by_law_row")]
    assert numbers(rows, "both", *ACT) == seen(year.counts(ACTS, "law, law_row", *THREE))
    assert numbers(rows, "both", *CASE) == seen(year.counts(CASES, "law, law_row", *TWO))
    assert numbers(year.rows("by_platform"), "key1", *ACT) == seen(year.counts(ACTS, "platform", *THREE))
    verbs = {"like": "menyukai", "share": "membagikan", "comment": "komentar", "post": "unggahan"}
    assert numbers(year.rows("by_act"), "key1", *ACT) == words(year.counts(ACTS, "verb", *THREE), verbs.get)
    periods = words(year.counts(ACTS, "stage", "week", "whole"), lambda key: PERIODS[StageKind(key)])
    assert numbers(year.rows("by_period"), "key1", "acts_week", "acts_whole") == periods


def _check_pairs_and_rules(year: Told) -> None:
    each = ACTS.replace("b.act = a.act AND", "b.act = a.act AND b.candidate_id = a.candidate_id AND")
    names = dict(year.sql("SELECT c.id, n.name || c.number FROM candidate c JOIN contest n ON n.id = c.contest_id"))
    rows = [row | {"pair": f"{row['contest']}{row['number']}"} for row in year.rows("by_candidate")]
    assert numbers(rows, "pair", *ACT) == words(year.counts(each, "candidate_id", *THREE), names.get)
    assert numbers(rows, "pair", *CASE) == words(year.counts(CASES, "candidate_id", *TWO), names.get)
    hits = ACTS[: ACTS.index("one AS (")] + "one AS (SELECT * FROM hit)"
    assert numbers(year.rows("by_rule"), "rule", *ACT) == seen(year.counts(hits, "rule_id", *THREE))


def _check_handling(year: Told) -> None:
    states = {row["state"]: row["cases"] for row in year.rows("by_state")}
    assert states == {key: found[0] for key, found in year.counts(CASES, "stands", "whole").items()}
    four = ("week", "before", "stage", "whole")
    stands = {"tidak_diregistrasi": "tidak diregistrasi", "dikesampingkan": "dikesampingkan sebelum registrasi"}
    after = ("terdaftar", "diteruskan", "tindak_lanjut", "ditutup", "diarsipkan")
    told = words(
        year.counts(CASES, "stands", *four),
        lambda key: "teregistrasi" if key in after else stands.get(key, "belum diputuskan"),
    )
    assert numbers(year.rows("registration"), "key1", *four) == told
    steps = words(year.counts(STEPS, "to_state, reason", *four), lambda key: key)
    assert sorted(tuple(row[name] for name in four) for row in year.rows("decisions")) == sorted(steps.values())
    finds = """
      , found AS (
        SELECT j.case_id, min(f.kind) AS kind FROM manual_find f
        JOIN interaction_capture k ON k.capture_id = f.capture_id
        JOIN rule_hit h ON h.interaction_id = k.interaction_id JOIN case_hit j ON j.hit_id = h.id
        JOIN one ON one.id = j.case_id WHERE j.joined_at = one.at GROUP BY j.case_id)
      SELECT coalesce(found.kind, ''), {} FROM one LEFT JOIN found ON found.case_id = one.id GROUP BY 1"""
    found = year.sql(CASES + finds.format(", ".join(WINDOWS[name] for name in four)))
    origin = {"": "pemantauan program", "laporan": "laporan", "pengawasan": "hasil pengawasan"}
    assert numbers(year.rows("by_find"), "key1", *four) == {origin[row[0]]: tuple(map(int, row[1:])) for row in found}
    waiting = year.sql(f"{CASES} SELECT count(*) FROM one WHERE stands = 'diteruskan'")[0][0]
    assert year.total("follow_up")["waiting"] == waiting
    sent = year.sql(f"{STEPS} SELECT count(*) FROM one WHERE to_state = 'diteruskan'")[0][0]
    assert year.total("follow_up")["whole"] == sent
    papers = "('terdaftar', 'tidak_diregistrasi', 'diteruskan', 'tindak_lanjut')"
    week = year.sql(f"{STEPS} SELECT case_id FROM one WHERE at >= :starts AND to_state IN {papers} ORDER BY id")
    assert [row["case"] for row in year.rows("references")] == [row[0] for row in week]
    assert year.total("deadlines")["cases"] == next(r["week"] for r in year.rows("summary") if r["key"] == "open")


def _check_coverage(year: Told) -> None:
    visits = """
      SELECT count(*), sum(t.requests), sum(t.bystanders_discarded) FROM target_run t JOIN scan_run r ON r.id = t.run_id
      WHERE r.started_at >= :starts AND r.started_at < :ends"""
    total = year.total("visits")
    assert (total["visits"], total["requests"], total["bystanders"]) == tuple(map(int, year.sql(visits)[0]))
    looks = """
      SELECT count(*), sum(CASE WHEN c.coverage = 'observed' THEN 0 ELSE 1 END) FROM target_coverage c
      JOIN target_run t ON t.id = c.target_run_id JOIN scan_run r ON r.id = t.run_id
      WHERE r.started_at >= :starts AND r.started_at < :ends"""
    wanted = tuple(map(int, year.sql(looks)[0]))
    assert (_sum(year, "coverage", "visits"), _sum(year, "coverage", "gaps")) == wanted
    assert (_sum(year, "coverage_by_hour", "looks"), _sum(year, "coverage_by_hour", "gaps")) == wanted
    assert [row["hour"] for row in year.rows("coverage_by_hour") if row["looks"]] == ["01.00–01.59"]
    spans = {
        row["act"]: (row["hours_seen"], row["hours_gap"], row["hours_unvisited"]) for row in year.rows("blind_spans")
    }
    good = _nights(year)[1]
    assert spans == {"unggahan": (7, 0, 161), "menyukai": (good, 7 - good, 161)}


def _sum(year: Told, key: str, column: str) -> int:
    return sum(row[column] for row in year.rows(key))


APART = {
    "by_candidate": {"acts_week", "acts_before", "acts_stage"},  # an act about two pairs counts for both
    "follow_up": {"longest"},
    "deadlines": {"longest"},
    "by_period": {"share"},
}


def _check_sums(year: Told) -> None:
    """Every table that has sums adds up to them, and all tables of one thing to the same."""
    with_sums = [section for section in year.report.sections if section.total]
    assert len(with_sums) >= 17
    for section in with_sums:
        for at, column in enumerate(section.columns):
            if column.kind is ColumnKind.TEXT or column.key == "number" or column.key in APART.get(section.key, ()):
                continue
            assert sum(row[at] or 0 for row in section.rows) == section.total[at], (section.key, column.key)
    for window in ("week", "stage"):
        totals = [year.total(section.key) for section in with_sums if section.key.startswith("by_")]
        acts = {total[f"acts_{window}"] for total in totals if f"acts_{window}" in total}
        cases = {total[f"cases_{window}"] for total in totals if f"cases_{window}" in total}
        told = {row["key"]: row[window] for row in year.rows("summary")}
        assert (acts, cases) == ({told["acts"]}, {told["cases"]}), window
