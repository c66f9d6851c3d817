from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.rules_events import RULES, event_of, facts_of, files, views
from benchmarks.rules_ways import closures, composed, fused
from rules.engine import Judge, with_rules
from rules.loader import load_ruleset


@pytest.fixture
def ours(judge: Judge, tmp_path: Path) -> Judge:
    for name, text in files().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return with_rules(judge, *(rule for rule in load_ruleset([tmp_path]).rules if rule.id.startswith("ukur-")))


@pytest.mark.parametrize("way", [closures, composed, fused])
def test_the_engine_finds_what_the_compared_ways_find(way: Callable[[], Callable[..., list[str]]], ours: Judge) -> None:
    evaluate = way()
    for view in views(300, 7):
        facts = facts_of(ours, view)
        assert sorted(f"ukur-{name}" for name in evaluate(event_of(facts))) == [rule.id for rule in ours.firing(facts)]


def test_every_compared_rule_fires_sometimes(ours: Judge) -> None:
    fired = {rule.id for view in views(300, 7) for rule in ours.firing(facts_of(ours, view))}
    assert fired == {f"ukur-{rule.id}" for rule in RULES}
