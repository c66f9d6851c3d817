from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from db import activations, judgements, users
from db.connect import Database
from monitor.domain import RuleFile, RuleStatus
from monitor.scan.rulebook import Rulebook, open_rulebook, read_own
from tests.scan.own_rules import text

NOW = datetime(2024, 10, 5, 20, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "aturan"
    made.mkdir()
    return made


def write(folder: Path, content: str, name: str = "kantor.yml") -> str:
    (folder / name).write_text(content, encoding="utf-8")
    return sha256(content.encode()).hexdigest()


def ordered(database: Database, content_hash: str, status: RuleStatus = RuleStatus.ACTIVE) -> None:
    """Let two people give the rule a status."""
    with database.write() as session:
        names = [f"orang-{len(activations.standing(session))}-{n}-{status.value}-{content_hash[:6]}" for n in (1, 2)]
        first, second = (users.add_user(session, name, name, "-", NOW).id for name in names)
        file = RuleFile("aturan-kantor", 1, content_hash)
        number = activations.propose(session, activations.Proposal(file, status, "uji"), first, NOW)
        activations.approve(session, number, second, NOW)


def judged_with(database: Database, book: Rulebook) -> None:
    """Do what a night does with its rules: store them with what they came from."""
    assert book.ruleset is not None
    own = {name: data.decode() for name, data in book.own.items()}
    with database.write() as session:
        judgements.store_ruleset(session, book.ruleset.hash, json.dumps({"own": own}), [], [], NOW)


def status(book: Rulebook) -> RuleStatus | None:
    assert book.ruleset is not None
    rules: Mapping[str, RuleStatus] = {rule.id: rule.status for rule in book.ruleset.rules}
    return rules.get("aturan-kantor")


def kinds(book: Rulebook) -> list[tuple[str, bool]]:
    return [(issue.kind, issue.needs_person) for issue in book.issues]


def test_without_own_files_the_shipped_rules_hold(database: Database, folder: Path) -> None:
    book = open_rulebook(database, folder)
    assert (status(book), kinds(book)) == (None, [])


def test_a_file_that_says_active_is_only_shadowed(database: Database, folder: Path) -> None:
    write(folder, text("active"))
    book = open_rulebook(database, folder)
    assert (status(book), kinds(book)) == (RuleStatus.SHADOW, [("rule_unapproved", False)])


def test_two_people_activate_exactly_this_content(database: Database, folder: Path) -> None:
    ordered(database, write(folder, text()))
    book = open_rulebook(database, folder)
    assert (status(book), kinds(book)) == (RuleStatus.ACTIVE, [])


def test_a_status_changes_the_identity_of_the_set(database: Database, folder: Path) -> None:
    content = write(folder, text())
    before = open_rulebook(database, folder).ruleset
    ordered(database, content)
    after = open_rulebook(database, folder).ruleset
    assert before is not None
    assert after is not None
    assert before.hash != after.hash


def test_a_changed_file_is_taken_up_without_a_restart(database: Database, folder: Path) -> None:
    write(folder, text())
    open_rulebook(database, folder)
    write(folder, text("shadow"))
    assert status(open_rulebook(database, folder)) is RuleStatus.SHADOW


@pytest.mark.parametrize("broken", ["id: [", "", text().replace("level", "levle"), text()[:200]])
def test_a_broken_file_leaves_the_last_good_set_in_force(database: Database, folder: Path, broken: str) -> None:
    write(folder, text("shadow"))
    good = open_rulebook(database, folder)
    judged_with(database, good)
    write(folder, broken)
    book = open_rulebook(database, folder)
    assert kinds(book) == [("rules_broken", True)]
    assert "aturan/kantor.yml" in book.issues[0].detail
    assert book.ruleset is not None
    assert good.ruleset is not None
    assert book.ruleset.hash == good.ruleset.hash


def test_one_broken_file_among_good_ones_never_gives_half_a_set(database: Database, folder: Path) -> None:
    write(folder, text("shadow"))
    judged_with(database, open_rulebook(database, folder))
    write(folder, text("shadow").replace("aturan-kantor", "aturan-lain"), "lain.yml")
    write(folder, "id: [", "rusak.yml")
    book = open_rulebook(database, folder)
    assert book.ruleset is not None
    assert status(book) is RuleStatus.SHADOW
    assert "aturan-lain" not in {rule.id for rule in book.ruleset.rules}


def test_broken_from_the_start_nothing_may_be_judged(database: Database, folder: Path) -> None:
    write(folder, "id: [")
    book = open_rulebook(database, folder)
    assert (book.ruleset, kinds(book)) == (None, [("rules_refused", True)])


def test_a_set_of_before_the_files_were_kept_is_no_last_good_one(database: Database, folder: Path) -> None:
    with database.write() as session:
        judgements.store_ruleset(session, "a" * 64, "{}", [], [], NOW)
    write(folder, "id: [")
    assert kinds(open_rulebook(database, folder)) == [("rules_refused", True)]


def test_a_link_out_of_the_folder_is_a_broken_file(database: Database, folder: Path) -> None:
    (folder / "kantor.yml").symlink_to("/proc/self/mem")
    write(folder, text(), "lain.yml")
    assert kinds(open_rulebook(database, folder)) == [("rules_refused", True)]


def test_an_approved_rule_runs_as_approved_although_its_file_was_changed(database: Database, folder: Path) -> None:
    approved = write(folder, text())
    ordered(database, approved)
    judged_with(database, open_rulebook(database, folder))
    write(folder, text(note="Diubah satu orang."))
    book = open_rulebook(database, folder)
    assert (status(book), kinds(book)) == (RuleStatus.ACTIVE, [("rule_changed", True)])
    assert sha256(book.own["kantor.yml"]).hexdigest() == approved


def test_an_approved_rule_runs_although_its_file_was_deleted(database: Database, folder: Path) -> None:
    ordered(database, write(folder, text()))
    good = open_rulebook(database, folder)
    judged_with(database, good)
    (folder / "kantor.yml").unlink()
    book = open_rulebook(database, folder)
    assert (status(book), kinds(book)) == (RuleStatus.ACTIVE, [("rule_missing", True)])
    assert book.ruleset is not None
    assert good.ruleset is not None
    assert book.ruleset.hash == good.ruleset.hash


def test_a_deleted_rule_that_two_people_retired_is_gone_quietly(database: Database, folder: Path) -> None:
    content = write(folder, text())
    ordered(database, content)
    judged_with(database, open_rulebook(database, folder))
    ordered(database, content, RuleStatus.RETIRED)
    (folder / "kantor.yml").unlink()
    book = open_rulebook(database, folder)
    assert (status(book), kinds(book)) == (None, [])


def test_a_deleted_rule_that_never_judged_is_told(database: Database, folder: Path) -> None:
    ordered(database, write(folder, text()))
    (folder / "kantor.yml").unlink()
    book = open_rulebook(database, folder)
    assert (status(book), kinds(book)) == (None, [("rule_missing", True)])


def test_a_changed_rule_whose_approved_text_is_lost_is_shadowed(database: Database, folder: Path) -> None:
    ordered(database, "0" * 64)
    write(folder, text("active"))
    book = open_rulebook(database, folder)
    assert (status(book), kinds(book)) == (RuleStatus.SHADOW, [("rule_changed", True)])


def test_retiring_holds_for_any_content(database: Database, folder: Path) -> None:
    ordered(database, write(folder, text()), RuleStatus.RETIRED)
    write(folder, text("active", note="Isi baru."))
    assert status(open_rulebook(database, folder)) is RuleStatus.RETIRED


def test_new_content_is_in_force_once_it_is_approved(database: Database, folder: Path) -> None:
    ordered(database, write(folder, text()))
    judged_with(database, open_rulebook(database, folder))
    ordered(database, write(folder, text(note="Isi baru.")))
    book = open_rulebook(database, folder)
    assert (status(book), kinds(book)) == (RuleStatus.ACTIVE, [])
    assert b"Isi baru." in book.own["kantor.yml"]


def test_files_are_read_by_name_and_only_rule_files(folder: Path) -> None:
    write(folder, "a", "b.yaml")
    write(folder, "a", "a.yml")
    write(folder, "a", "catatan.txt")
    write(folder, "a", ".simpanan.yml")
    assert list(read_own(folder)) == ["a.yml", "b.yaml"]


def test_a_folder_that_is_not_there_holds_no_files(tmp_path: Path) -> None:
    assert read_own(tmp_path / "tidak-ada") == {}
