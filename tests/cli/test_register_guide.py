"""The examples of docs/pengawas/register-calon.md are files that the program reads, and say what the page says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.domain import Contest
from monitor.roster.contests import read_contest
from rules.clashes import Clash
from rules.collisions import check_register
from rules.loader import shipped_lexicon

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "pengawas" / "register-calon.md").read_text(encoding="utf-8")
BEFORE, AFTER = (block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if block.startswith("contest:"))

NOTES = {("rendah", 1, "nama_lazim"), ("rendah", 1, "di_dalam_kata_lain")}
"""What is only to be known of `Siti`, before and after."""


@pytest.fixture
def contest_of(tmp_path: Path) -> Callable[[str], Contest]:
    def read(text: str) -> Contest:
        path = tmp_path / "kontes.yml"
        path.write_text(text, encoding="utf-8")
        return read_contest(path, allow_undated=True)

    return read


def said(contest: Contest) -> set[tuple[str, int, str]]:
    return {(c.level.value, c.number, c.kind.value) for c in check_register((contest,), shipped_lexicon())}


def test_the_first_example_has_the_collisions_of_the_table(contest_of: Callable[[str], Contest]) -> None:
    assert (
        said(contest_of(BEFORE))
        == {
            ("tinggi", 1, "kata_sehari_hari"),
            ("tinggi", 1, "slogan_sama"),
            ("tinggi", 2, "slogan_sama"),
            ("tinggi", 2, "beda_satu_huruf"),
            ("tinggi", 3, "beda_satu_huruf"),
        }
        | NOTES
    )


def test_the_mended_example_leaves_the_notes_only(contest_of: Callable[[str], Contest]) -> None:
    assert said(contest_of(AFTER)) == NOTES


@pytest.mark.parametrize("kind", [clash.value for clash in Clash])
def test_every_kind_of_collision_is_described(kind: str) -> None:
    assert f"| `{kind}` |" in PAGE
