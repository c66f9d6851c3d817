from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from db import audit
from db.connect import open_database
from tests.cli.terminal import PASSWORD, pantau
from tests.scan.own_rules import text

RULE = "aturan-kantor"
BUDGET = ("max_per_1000: 50", "max_per_1000: 1000")


@pytest.fixture
def office(home: Path) -> Path:
    """An office with a rule of its own, not yet in force."""
    write(home, text("draft").replace(*BUDGET))
    return home


def write(home: Path, content: str) -> None:
    (home / "aturan").mkdir(exist_ok=True)
    (home / "aturan" / "kantor.yml").write_text(content, encoding="utf-8")


def as_user(home: Path, name: str, *arguments: str) -> Result:
    return pantau(home, *arguments, "--as", name, typed=PASSWORD)


def change(home: Path, name: str, to: str, *rest: str) -> Result:
    return as_user(home, name, "rules", "activate", RULE, "--to", to, *rest)


def listed(home: Path) -> dict[str, Any]:
    rules = json.loads(pantau(home, "rules", "list", "--json").stdout)["rules"]
    return {row["id"]: row for row in rules}


def test_a_rule_goes_from_draft_to_shadow_to_active_to_retired(office: Path) -> None:
    assert listed(office)[RULE]["status"] == "draft"
    for to in ("shadow", "active"):  # activation alone needs a trial
        if to == "active":
            assert pantau(office, "rules", "backtest", RULE, "--json").exit_code == 0
        assert change(office, "rina", to, "--reason", "uji").exit_code == 0
        assert listed(office)[RULE]["waiting"]["to"] == to
        assert change(office, "bayu", to, "--approve").exit_code == 0
        row = listed(office)[RULE]
        assert (row["status"], row["order"]["approved_by"], row["waiting"]) == (to, "bayu", None)
    assert as_user(office, "rina", "rules", "retire", RULE, "--reason", "keliru").exit_code == 0
    assert as_user(office, "bayu", "rules", "retire", RULE, "--approve").exit_code == 0
    assert listed(office)[RULE]["status"] == "retired"
    assert pantau(office, "verify").exit_code == 0


def test_without_a_trial_activation_is_refused_and_says_how_to_get_one(office: Path) -> None:
    done = change(office, "rina", "active", "--reason", "langsung")
    assert done.exit_code == 3
    assert f"pantau rules backtest {RULE}" in done.stderr


def test_a_trial_above_its_budget_ends_with_one_and_refuses_promotion(office: Path) -> None:
    write(office, text("draft").replace("max_per_1000: 50", "max_per_1000: 0"))
    tried = pantau(office, "rules", "backtest", RULE)
    assert tried.exit_code == 1
    assert "melebihi batas 0 per 1.000" in tried.stderr
    assert change(office, "rina", "active", "--reason", "uji").exit_code == 3


def test_nobody_approves_alone_and_not_twice(office: Path) -> None:
    assert change(office, "bayu", "shadow", "--reason", "uji").exit_code == 0
    assert change(office, "bayu", "shadow", "--approve").exit_code == 3
    assert change(office, "rina", "shadow", "--approve").exit_code == 3
    assert change(office, "rina", "shadow", "--reason", "uji").exit_code == 0
    assert change(office, "bayu", "shadow", "--approve").exit_code == 0
    assert change(office, "bayu", "shadow", "--approve").exit_code == 1


def test_a_proposal_is_withdrawn_and_the_status_stays(office: Path) -> None:
    assert change(office, "rina", "shadow", "--reason", "uji").exit_code == 0
    assert as_user(office, "rina", "rules", "withdraw", RULE, "--reason", "salah pilih").exit_code == 0
    row = listed(office)[RULE]
    assert (row["status"], row["waiting"]) == ("draft", None)


def test_of_two_processes_that_approve_at_once_one_does_it(office: Path) -> None:
    added = pantau(office, "users", "add", "dewi", "--role", "koordinator", "--jurisdiction", "99", typed=PASSWORD)
    assert added.exit_code == 0
    assert change(office, "rina", "shadow", "--reason", "uji").exit_code == 0
    command = [sys.executable, "-m", "monitor", "--workspace", str(office), "rules", "activate", RULE]
    runs = [
        subprocess.Popen(
            [*command, "--to", "shadow", "--approve", "--as", name],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True,
        )
        for name in ("bayu", "dewi")
    ]  # fmt: skip
    for run in runs:
        run.communicate(f"{PASSWORD}\n", timeout=120)
    assert sorted(run.returncode for run in runs) == [0, 1]
    assert listed(office)[RULE]["status"] == "shadow"


def test_a_rule_that_does_not_exist_is_a_wrong_use(office: Path) -> None:
    assert pantau(office, "rules", "backtest", "tidak-ada").exit_code == 2
    assert as_user(office, "rina", "rules", "activate", "tidak-ada", "--reason", "x").exit_code == 2
    assert as_user(office, "rina", "rules", "retire", "tidak-ada", "--reason", "x").exit_code == 2


def test_a_trial_prints_its_figures_for_people_and_programs(office: Path) -> None:
    told = json.loads(pantau(office, "rules", "backtest", RULE, "--json").stdout)
    (trial,) = told["trials"]
    assert told["ok"] is True
    assert trial["would_fire"] == sum(trial["jurisdictions"].values())
    assert trial["per_1000"] == pytest.approx(1000 * trial["would_fire"] / trial["evaluated"], abs=0.001)
    assert "Perkiraan jam pemeriksa" in pantau(office, "rules", "backtest", RULE).stdout


def test_without_a_name_every_rule_that_is_not_active_is_tried(office: Path) -> None:
    told = json.loads(pantau(office, "rules", "backtest", "--json").stdout)
    idle = {name for name, row in listed(office).items() if row["status"] in ("draft", "shadow")}
    assert {trial["rule"] for trial in told["trials"]} == idle


def test_a_pattern_rule_needs_two_people_and_no_trial(office: Path) -> None:
    assert pantau(office, "rules", "backtest", "pola-berulang").exit_code == 2
    assert as_user(office, "rina", "rules", "retire", "pola-berulang", "--reason", "uji").exit_code == 0
    assert as_user(office, "bayu", "rules", "retire", "pola-berulang", "--approve").exit_code == 0
    assert listed(office)["pola-berulang"]["status"] == "retired"
    again = ("rules", "activate", "pola-berulang")
    assert as_user(office, "rina", *again, "--reason", "kembali").exit_code == 0
    assert as_user(office, "bayu", *again, "--approve").exit_code == 0
    assert listed(office)["pola-berulang"]["status"] == "active"


def test_broken_files_are_named_with_their_line(office: Path) -> None:
    write(office, text().replace("level: rendah", "levle: rendah"))
    done = pantau(office, "rules", "list")
    assert done.exit_code == 2
    assert "aturan/kantor.yml:5" in done.stderr


def first_hit(home: Path) -> tuple[int, int]:
    """Return a case and the number of one of its hits."""
    case = json.loads(pantau(home, "queue", "list", "--json").stdout)[0]["id"]
    detail = json.loads(pantau(home, "queue", "show", str(case), "--json").stdout)["detail"]
    return case, detail["hits"][0]["brief"]["id"]


def test_verdicts_become_precision(office: Path) -> None:
    _, hit = first_hit(office)
    said = as_user(office, "rina", "queue", "verdict", str(hit), "--is", "benar", "--json")
    assert json.loads(said.stdout)["is"] == "benar"
    whole, place = json.loads(pantau(office, "rules", "precision", "--json").stdout)
    assert (whole["right"], whole["wrong"], whole["precision"], whole["advice"]) == (1, 0, 1.0, "belum_cukup")
    assert (whole["jurisdiction"], place["jurisdiction"].startswith("99.01")) == (None, True)
    assert listed(office)[whole["rule"]]["precision"]["right"] == 1


def test_a_wrong_verdict_without_a_reason_is_a_wrong_use(office: Path) -> None:
    _, hit = first_hit(office)
    assert as_user(office, "rina", "queue", "verdict", str(hit), "--is", "salah").exit_code == 2
    assert as_user(office, "rina", "queue", "verdict", "99999", "--is", "benar").exit_code == 2


def test_the_hits_of_a_rule_are_listed_for_its_reviewers(office: Path) -> None:
    _, hit = first_hit(office)
    rule = next(r["id"] for r in listed(office).values() if hit in [h["id"] for h in hits(office, r["id"])])
    before = hits(office, rule)
    assert all("*" in row["asn"]["nip_masked"] for row in before)
    assert as_user(office, "rina", "queue", "verdict", str(hit), "--is", "benar").exit_code == 0
    assert [row["id"] for row in hits(office, rule, "--unjudged")] == [row["id"] for row in before if row["id"] != hit]
    assert pantau(office, "rules", "hits", rule).exit_code == 0


def test_hits_of_another_place_are_not_listed_and_reading_is_audited(office: Path) -> None:
    rule = next(name for name in listed(office) if hits(office, name))
    added = pantau(office, "users", "add", "tono", "--role", "pengawas", "--jurisdiction", "98", typed=PASSWORD)
    assert added.exit_code == 0
    assert json.loads(as_user(office, "tono", "rules", "hits", rule, "--json").stdout) == []
    database = open_database(f"sqlite:///{office / 'data' / 'pantau.db'}")
    with database.read() as session:
        row = audit.tail(session, 1)[0]
    database.dispose()
    assert (row.actor, row.action, row.subject) == ("tono", "rule_hits_viewed", f"rule:{rule}")


def hits(home: Path, rule: str, *options: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(pantau(home, "rules", "hits", rule, *options, "--json").stdout)
    return found


def acts(home: Path) -> list[int]:
    database = open_database(f"sqlite:///{home / 'data' / 'pantau.db'}")
    with database.read() as session:
        found = [int(row[0]) for row in session.exec_driver_sql("SELECT id FROM interaction ORDER BY id")]
    database.dispose()
    return found


def test_every_rule_is_explained_for_a_stored_act(office: Path) -> None:
    told = json.loads(pantau(office, "rules", "explain", str(acts(office)[0]), "--json").stdout)
    assert {row["rule"] for row in told["rules"]} == set(listed(office)) - {"pola-berulang"}
    assert "*" in told["asn"]["nip_masked"]
    assert all(row["reason"] for row in told["rules"])


def test_an_act_is_also_named_by_its_key_and_the_address_of_its_text(office: Path) -> None:
    told = json.loads(pantau(office, "rules", "explain", str(acts(office)[0]), "--json").stdout)
    again = json.loads(pantau(office, "rules", "explain", told["key"], "--json").stdout)
    assert again["interaction"] == told["interaction"]
    database = open_database(f"sqlite:///{office / 'data' / 'pantau.db'}")
    query = """SELECT i.id, t.url FROM interaction i JOIN item t ON t.id = i.own_item_id WHERE t.url <> ''"""
    with database.read() as session:
        number, url = session.exec_driver_sql(query).first() or (0, "")
    database.dispose()
    assert json.loads(pantau(office, "rules", "explain", url, "--json").stdout)["interaction"] == number


def test_an_explanation_is_audited_under_the_name_of_its_reader(office: Path) -> None:
    number = acts(office)[0]
    assert as_user(office, "rina", "rules", "explain", str(number)).exit_code == 0
    database = open_database(f"sqlite:///{office / 'data' / 'pantau.db'}")
    with database.read() as session:
        row = audit.tail(session, 1)[0]
    database.dispose()
    assert (row.actor, row.action, row.subject) == ("rina", "interaction_explained", f"interaction:{number}")


def test_reading_the_suppressions_is_audited(office: Path) -> None:
    assert pantau(office, "rules", "suppress", "list").exit_code == 0
    database = open_database(f"sqlite:///{office / 'data' / 'pantau.db'}")
    with database.read() as session:
        row = audit.tail(session, 1)[0]
    database.dispose()
    assert row.action == "suppressions_listed"


def test_an_act_of_another_place_is_not_explained(office: Path) -> None:
    added = pantau(office, "users", "add", "tono", "--role", "pengawas", "--jurisdiction", "98", typed=PASSWORD)
    assert added.exit_code == 0
    done = as_user(office, "tono", "rules", "explain", str(acts(office)[0]))
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize("name", ["999999", "https://contoh.test/tidak-ada", "x" * 5000, "99999999999999999999999"])
def test_an_act_that_is_not_stored_is_a_wrong_use(office: Path, name: str) -> None:
    assert pantau(office, "rules", "explain", name).exit_code == 2


def test_a_suppression_takes_two_people_an_end_and_shows_what_it_hides(office: Path) -> None:
    case, _ = first_hit(office)
    add = ("rules", "suppress", "add", "--person-of", str(case), "--reason", "uji", "--json")
    assert as_user(office, "rina", *add, "--until", "2099-01-01").exit_code == 2
    made = as_user(office, "rina", *add, "--until", until())
    assert made.exit_code == 0, made.output
    number, fitting = (json.loads(made.stdout)[name] for name in ("id", "fitting"))
    assert fitting > 0
    assert as_user(office, "rina", "rules", "suppress", "approve", str(number)).exit_code == 3
    assert as_user(office, "bayu", "rules", "suppress", "approve", str(number)).exit_code == 0
    (row,) = json.loads(pantau(office, "rules", "suppress", "list", "--json").stdout)
    assert (row["state"], row["approved_by"], row["hiding"]) == ("active", "bayu", 0)
    assert as_user(office, "rina", "rules", "suppress", "end", str(number), "--reason", "cukup").exit_code == 0
    (row,) = json.loads(pantau(office, "rules", "suppress", "list", "--json").stdout)
    assert row["state"] == "ended"


def until() -> str:
    return (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


@pytest.mark.parametrize(
    "scope",
    [
        (),
        ("--rule", "tidak-ada"),
        ("--account", "bluesky:bukan-siapa-siapa"),
        ("--person-of", "99999"),
        ("--candidate", "Bupati Contoh#9"),
    ],
    ids=" ".join,
)
def test_a_suppression_of_nothing_known_is_a_wrong_use(office: Path, scope: tuple[str, ...]) -> None:
    add = ("rules", "suppress", "add", "--reason", "uji", "--until", until(), *scope)
    assert as_user(office, "rina", *add).exit_code == 2
