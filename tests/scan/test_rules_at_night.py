from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from db import activations, backtests, contests, users, verify
from db.connect import Database
from db.tables import interaction, judgement, review_case, rule_hit
from monitor.domain import Backtest, RuleFile, RuleStatus
from monitor.scan.backtest import TrialOrder, run_trial
from monitor.scan.imports import ImportOrder, import_files
from monitor.scan.progress import Silent
from monitor.scan.rulebook import load_own, read_own
from monitor.scan.summary import ScanSummary
from rules.engine import compile_rules
from rules.statuses import file_of
from tests.scan.offices import NOW, Office
from tests.scan.own_rules import text
from tests.scan.written_bluesky import WrittenBluesky

RULE = "aturan-kantor"


def own(office: Office, content: str) -> None:
    folder = office.home / "aturan"
    folder.mkdir(exist_ok=True)
    (folder / "kantor.yml").write_text(content, encoding="utf-8")


def count(database: Database, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    with database.read() as session:
        return int(session.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())


def kinds(summary: ScanSummary) -> list[str]:
    return [issue.kind for issue in summary.issues if issue.needs_person]


def of_rule(summary: ScanSummary) -> dict[str, tuple[str, int]]:
    return {r.rule_id: (r.mode.value, r.hits) for r in summary.rules}


def ordered(database: Database, office: Office, status: RuleStatus) -> None:
    rule = load_own(read_own(office.home / "aturan")).rule(RULE)
    with database.write() as session:
        first, second = (users.add_user(session, f"{n}-{status.value}", n, "-", NOW).id for n in ("dewi", "eko"))
        number = activations.propose(session, activations.Proposal(file_of(rule), status, "uji"), first, NOW)
        activations.approve(session, number, second, NOW)


def trial(database: Database, office: Office, **changes: object) -> Backtest:
    loaded = load_own(read_own(office.home / "aturan"))
    rule = replace(loaded.rule(RULE), status=RuleStatus.ACTIVE)
    with database.read() as session:
        known = contests.load_contests(session)
    order = TrialOrder(
        compile_rules(replace(loaded, rules=(rule,)), known), (file_of(rule),), None, 3, 10, 20, "program"
    )
    return run_trial(database, replace(order, **changes), Silent(), lambda: NOW)[0]  # type: ignore[arg-type]  # by name


def test_with_broken_rules_the_night_collects_and_judges_nothing_until_they_are_mended(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    own(office, "id: [")
    night = office.scan(network)
    assert (night.ok, night.judged.evaluated, night.ruleset, kinds(night)) == (False, 0, "", ["rules_refused"])
    stored = count(database, interaction)
    assert stored > 0
    assert count(database, judgement) == 0
    own(office, text("shadow"))
    mended = office.scan(network)
    assert (mended.judged.evaluated, kinds(mended)) == (stored, [])


def test_an_import_with_broken_rules_stores_and_waits(
    office: Office, network: WrittenBluesky, database: Database, tmp_path: Path
) -> None:
    office.scan(network)
    own(office, text("shadow"))
    office.scan(network)
    own(office, "id: [")
    with office.parts(network) as parts:
        summary = import_files(
            parts, ImportOrder((empty_capture(tmp_path),), collector="rina", format="zeeschuimer"), Silent()
        )
    assert [issue.kind for issue in summary.issues] == ["rules_broken"]
    assert summary.ok is False


def empty_capture(folder: Path) -> Path:
    path = folder / "kosong.ndjson"
    path.write_text("")
    return path


def test_a_rule_in_shadow_is_counted_and_opens_no_case(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    own(office, text("shadow"))
    night = office.scan(network)
    mode, hits = of_rule(night)[RULE]
    assert (mode, hits > 0) == ("shadow", True)
    assert count(database, rule_hit, rule_hit.c.rule_id == RULE, rule_hit.c.mode == RuleStatus.ACTIVE) == 0
    with database.read() as session:
        held = session.exec_driver_sql(
            f"SELECT count(*) FROM case_hit JOIN rule_hit ON rule_hit.id = hit_id WHERE rule_id = '{RULE}'"
        ).scalar()
    assert held == 0


def test_a_trial_foretells_what_activation_brings_and_stores_no_judgement(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    own(office, text("draft"))
    office.scan(network)
    before = (count(database, judgement), count(database, rule_hit), count(database, review_case))
    told = trial(database, office).figures
    assert (count(database, judgement), count(database, rule_hit), count(database, review_case)) == before
    assert told["evaluated"] == count(database, interaction)
    ordered(database, office, RuleStatus.ACTIVE)
    night = office.scan(network)
    assert of_rule(night)[RULE] == ("active", told["would_fire"])
    assert night.cases.new == told["new_cases"]
    with database.read() as session:
        assert verify.verify(session) == []


def test_page_size_plays_no_part_in_a_trial(office: Office, network: WrittenBluesky, database: Database) -> None:
    own(office, text("draft"))
    office.scan(network)
    figures = [trial(database, office, batch=size).figures for size in (1, 7, 1000)]
    assert figures[0] == figures[1] == figures[2]


def test_an_activated_rule_is_known_to_its_next_trial(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    own(office, text("draft"))
    office.scan(network)
    first = trial(database, office).figures
    ordered(database, office, RuleStatus.ACTIVE)
    office.scan(network)
    own(office, text("draft", note="Isi baru."))
    second = trial(database, office).figures
    assert second["overlap"]["same_rule"] == first["would_fire"]
    assert (second["new_cases"], second["hours"], second["overlap"]["lost"]) == (0, 0, 0)
    assert second["judged"]["undecided"] == second["would_fire"]


def test_a_demoted_rule_leaves_its_cases_without_standing_hits(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    own(office, text("draft"))
    ordered(database, office, RuleStatus.ACTIVE)
    active = office.scan(network)
    ordered(database, office, RuleStatus.SHADOW)
    shadow = office.scan(network)
    assert (of_rule(active)[RULE][1], shadow.cases.new) == (of_rule(shadow)[RULE][1], 0)
    with database.read() as session:
        assert verify.verify(session) == []


@pytest.mark.parametrize(
    ("budget", "passed"), [("{max_per_1000: 1000}", True), ("{max_per_1000: 1}", False), (None, False)]
)
def test_a_trial_is_held_to_the_budget(
    office: Office, network: WrittenBluesky, database: Database, budget: str | None, passed: bool
) -> None:
    line = f"budget: {budget}" if budget else ""
    own(office, text("draft").replace("budget: {max_per_1000: 50}", line))
    office.scan(network)
    assert trial(database, office).passed is passed


def test_a_store_without_acts_passes_nothing(office: Office, database: Database) -> None:
    own(office, text("draft"))
    result = trial(database, office)
    assert (result.passed, result.figures["evaluated"]) == (False, 0)


def test_the_newest_whole_trial_of_a_content_is_the_one_that_counts(
    office: Office, network: WrittenBluesky, database: Database
) -> None:
    own(office, text("draft").replace("max_per_1000: 50", "max_per_1000: 1000"))
    office.scan(network)
    whole = trial(database, office)
    part = trial(database, office, since=NOW)
    assert (whole.passed, part.passed) == (True, False)
    file = RuleFile(whole.rule_id, whole.version, whole.content_hash)
    with database.read() as session:
        found = backtests.last_backtest(session, file)
        assert backtests.last_backtest(session, replace(file, content_hash="0" * 64)) is None
    assert found is not None
    assert found.id == whole.id
    assert found.figures == whole.figures


def test_a_trial_of_late_acts_only_looks_at_them(office: Office, network: WrittenBluesky, database: Database) -> None:
    own(office, text("draft"))
    office.scan(network)
    late = sa.func.coalesce(interaction.c.occurred_at, interaction.c.bracket_hi) >= NOW.replace(hour=0)
    assert trial(database, office, since=NOW.replace(hour=0)).figures["evaluated"] == count(database, interaction, late)


def test_changed_rule_files_reach_the_next_night_of_the_same_process(
    office: Office, network: WrittenBluesky, tmp_path: Path
) -> None:
    del tmp_path
    office.scan(network)
    own(office, text("shadow"))
    assert RULE in of_rule(office.scan(network))
    (office.home / "aturan" / "kantor.yml").unlink()
    assert RULE not in of_rule(office.scan(network))
