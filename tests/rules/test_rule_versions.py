from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import RuleError
from rules.loader import shipped_versions
from rules.nodes import parse
from rules.versions import Version, read_lock, unlocked, version_of, write_lock

LOCK = Path("rules/versions.lock")
RULE = "id: aturan-contoh\nversion: 2\ntitle: Contoh\nexamples: {match: []}\n"


def version(text: str = RULE) -> Version:
    return version_of(parse(text, "x.yml"))


def test_every_shipped_rule_means_what_its_locked_version_means() -> None:
    """Raise the version of a changed rule, then run `python -m scripts.lock_rules` (`--rewrite` before a release)."""
    assert "\n".join(unlocked(shipped_versions(), read_lock(LOCK.read_text(encoding="utf-8")))) == ""


def test_the_lock_names_rules_raisers_and_patterns() -> None:
    named = {version.id for version in shipped_versions()}
    assert {"suka-unggahan-akun-kampanye", "masa-tenang", "pola-berulang"} <= named


def test_the_lock_is_written_as_it_is_read() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert write_lock(read_lock(text)) == text


@pytest.mark.parametrize(
    "changed",
    [
        RULE.replace("{match: []}", "{match: [{act: like}]}"),
        "# catatan\n" + RULE,
        "title: Contoh\n" + RULE.replace("title: Contoh\n", ""),
    ],
    ids=["examples", "comment", "order"],
)
def test_what_changes_no_meaning_needs_no_version(changed: str) -> None:
    assert version(changed).digest == version().digest


@pytest.mark.parametrize("changed", [RULE.replace("Contoh", "Lain"), RULE + "level: tinggi\n"], ids=["text", "field"])
def test_what_changes_the_meaning_changes_the_digest(changed: str) -> None:
    assert version(changed).digest != version().digest


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        ({("aturan-contoh", 2): version().digest}, []),
        ({("aturan-contoh", 2): "lain"}, ["berubah tanpa menaikkan versi 2"]),
        ({("aturan-contoh", 1): version().digest}, ["belum dikunci"]),
        ({("aturan-contoh", 3): version().digest}, ["kembali ke v2"]),
        ({("aturan-contoh", 3): "x", ("aturan-contoh", 2): version().digest}, ["kembali ke v2"]),
        ({}, ["belum dikunci"]),
    ],
)
def test_a_version_is_held_to_its_lock(lock: dict[tuple[str, int], str], said: list[str]) -> None:
    wrong = unlocked([version()], lock)
    assert [part in line for part, line in zip(said, wrong, strict=True)] == [True] * len(said)


@pytest.mark.parametrize("line", ["satu", "satu dua tiga", "satu 1", "satu 1 a b"])
def test_a_line_that_is_no_lock_is_refused(line: str) -> None:
    with pytest.raises(RuleError):
        read_lock(line)
