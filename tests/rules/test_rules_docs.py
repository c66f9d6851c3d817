from __future__ import annotations

from pathlib import Path

import pytest

from rules.examples import run_examples
from rules.lint import lint
from rules.loader import load_ruleset
from rules.matchers import AUTHORS, MATCHERS
from rules.schema import PLACEHOLDERS

PAGE = Path("docs/aturan/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(MATCHERS))
def test_every_matcher_is_documented(name: str) -> None:
    assert f"| `{name}` |" in PAGE


@pytest.mark.parametrize("name", sorted({*AUTHORS, *(f"{{{p}}}" for p in PLACEHOLDERS)}))
def test_every_author_and_placeholder_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGE


def test_the_documented_example_is_a_good_rule(tmp_path: Path) -> None:
    start = PAGE.index("```yaml\n") + 8
    (tmp_path / "contoh.yml").write_text(PAGE[start : PAGE.index("```", start)], encoding="utf-8")
    ruleset = load_ruleset([tmp_path])
    assert [f for f in run_examples(ruleset) if f.rule_id == "suka-unggahan-relawan"] == []
    advice = [note.problem for note in lint(ruleset) if note.place.startswith(tmp_path.name)]
    assert advice == ["kurang dari 3 contoh kena", "kurang dari 3 contoh tidak kena"]
