from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.web.audit_words import ACTIONS, detail_words, subject_words

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {"record", "_audit", "_note", "_told"}


def actions_written() -> set[str]:
    """Return every action that the program's own calls write into the audit log."""
    files = [*(ROOT / "monitor").rglob("*.py"), *(ROOT / "db").rglob("*.py")]
    return {name for file in files for call in calls_of(file) for name in names_in(call)}


def calls_of(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in WRITERS:
            yield node


def names_in(call: ast.Call) -> Iterator[str]:
    parts = [*call.args, *(word.value for word in call.keywords if word.arg == "action")]
    for part in parts:
        ends = (
            [part.body, part.orelse]
            if isinstance(part, ast.IfExp)
            else part.elts
            if isinstance(part, ast.Tuple)
            else [part]
        )
        for end in ends:
            if isinstance(end, ast.Constant) and isinstance(end.value, str) and "_" in end.value:
                yield end.value


def test_every_action_of_the_audit_log_has_words() -> None:
    written = actions_written()
    assert {"sign_in", "case_viewed", "second_factor_set"} <= written
    assert sorted(written - set(ACTIONS)) == []


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ('{"person":29}', (("orang", "29"),)),
        ('{"by":"password"}', (("dengan", "kata sandi"),)),
        ('{"finds":[]}', (("catatan", "tidak ada"),)),
        ('{"people":[3,4]}', (("orang", "3, 4"),)),
        ('{"shared":true,"scope":null}', (("dibagikan", "ya"), ("wilayah", "—"))),
        ('{"files":{"laporan.xlsx":"ab"}}', (("berkas", "laporan.xlsx ab"),)),
        ('{"from":"perlu_bukti","to":"dikesampingkan"}', (("dari", "Perlu bukti"), ("ke", "Dikesampingkan"))),
        (None, ()),
    ],
)
def test_facts_of_a_row_are_named_in_words(detail: str | None, shown: tuple[tuple[str, str], ...]) -> None:
    assert detail_words(detail) == shown


@pytest.mark.parametrize(
    ("subject", "shown"),
    [("attributions", "Daftar kaitan akun"), ("audit:", "Catatan audit"), ("upload:7", "Unggahan 7")],
)
def test_lists_and_newer_subjects_are_named_in_words(subject: str, shown: str) -> None:
    assert subject_words(subject) == shown
