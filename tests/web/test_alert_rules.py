"""The alert rules that are handed out speak only of figures that there are, and say what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from db.connect import Database
from monitor.vault import Vault
from monitor.web.app import WebDeps
from tests.web import world
from tests.web.test_metrics import AROUND, ask, night

ROOT = Path(__file__).resolve().parents[2]
RULES = yaml.safe_load((ROOT / "deploy/prometheus/pantau.rules.yml").read_text(encoding="utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]


@pytest.fixture
def told(deps: WebDeps, database: Database, vault: Vault) -> Mapping[str, frozenset[str]]:
    """Return every metric of a troubled office with the names of its labels."""
    world.found(database, vault)
    night(database)
    text = ask(replace(deps, around=lambda: AROUND)).text
    return {
        family.name: frozenset(label for sample in family.samples for label in sample.labels)
        for family in text_string_to_metric_families(text)
    }


def test_every_alert_rests_on_figures_and_labels_that_there_are(told: Mapping[str, frozenset[str]]) -> None:
    for alert in ALERTS:
        for name, labels in re.findall(r"\b(pantau_\w+)(?:\{([^}]*)\})?", alert["expr"]):
            assert (alert["alert"], name in told) == (alert["alert"], True)
            asked = set(re.findall(r"(\w+)\s*=~?", labels))
            assert (alert["alert"], asked - told[name]) == (alert["alert"], set())


@pytest.mark.parametrize("alert", ALERTS, ids=[alert["alert"] for alert in ALERTS])
def test_every_alert_says_how_grave_it_is_and_what_to_do(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in ("kritis", "peringatan")
    assert all(alert["annotations"][part].endswith(".") for part in ("ringkasan", "tindakan"))


def test_every_figure_is_in_the_guide(told: Mapping[str, frozenset[str]]) -> None:
    guide = (ROOT / "docs/pemantauan.md").read_text(encoding="utf-8")
    assert [name for name in told if f"`{name}`" not in guide] == []
    assert [name for name in re.findall(r"`(pantau_\w+)`", guide) if name not in told] == []
