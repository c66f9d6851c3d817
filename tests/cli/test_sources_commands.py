"""`pantau sources` and `pantau scan --plan` as an officer types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import pantau


def test_the_matrix_names_direction_door_and_reason(tmp_path: Path) -> None:
    listed = {one["name"]: one for one in json.loads(pantau(tmp_path, "sources", "list", "--json").output)}
    rows = [c for c in listed["tiktok"]["matrix"] if (c["direction"], c["verb"]) == ("import", "like")]
    assert [(c["door"], c["level"], bool(c["reason"])) for c in rows] == [("import", "none", True)]
    assert {"gated", "imports", "quota", "price", "liveness", "retention_days"} <= listed["bluesky"].keys()


def test_the_matrix_is_printed_for_people_without_a_workspace(tmp_path: Path) -> None:
    shown = pantau(tmp_path, "sources", "list")
    assert shown.exit_code == 0
    assert "Syarat" in shown.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("sources", "check", "friendster"), 2),
        (("sources", "check", "mastodon"), 3),
        (("sources", "policy", "friendster"), 2),
        (("sources", "health", "friendster"), 2),
        (("sources", "remap", "friendster"), 2),
        (("scan", "--source", "friendster"), 2),
        (("scan", "--plan", "--source", "friendster"), 2),
    ],
)
def test_wrong_uses_and_refusals_have_their_exit_codes(home: Path, arguments: tuple[str, ...], code: int) -> None:
    assert pantau(home, *arguments).exit_code == code


def test_a_policy_shows_who_approved_it_whether_it_holds_and_when_a_night_recorded_it(home: Path) -> None:
    (told,) = json.loads(pantau(home, "sources", "policy", "bluesky", "--json").stdout)
    assert (told["permitted"], told["mode"], bool(told["approved_by"]), bool(told["noted_at"])) == (
        True, "live_api", True, True,
    )  # fmt: skip
    assert "API resmi" in pantau(home, "sources", "policy").output


def test_a_policy_that_is_missing_is_refused_with_what_to_write(home: Path) -> None:
    refused = pantau(home, "sources", "policy", "mastodon", "--json")
    assert (refused.exit_code, json.loads(refused.stdout)[0]["permitted"]) == (3, False)
    assert "[sources.mastodon]" in refused.stderr


def test_the_plan_of_a_night_says_who_and_why_and_asks_nobody(home: Path) -> None:
    told = json.loads(pantau(home, "scan", "--plan", "--json").output)
    assert {"at", "sources", "targets", "refused", "issues"} <= told.keys()
    assert all(target["why"] for target in told["targets"])
    assert pantau(home, "scan", "--plan").exit_code == 0


def test_health_shows_what_the_nights_recorded(home: Path) -> None:
    shown = pantau(home, "sources", "health", "--json")
    assert shown.exit_code in (0, 1)
    for one in json.loads(shown.output):
        assert {"source", "last_worked_at", "nights", "completeness", "drift", "canaries", "issues"} <= one.keys()


def test_a_remap_may_be_tried_first(home: Path) -> None:
    told = json.loads(pantau(home, "sources", "remap", "bluesky", "--dry-run", "--json").output)
    assert told["dry_run"] is True


def test_whoever_gets_nothing_of_spent_caps_is_not_said_to_be_reached_tonight(home: Path) -> None:
    config = home / "pantau.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("[sources.bluesky]", "[sources.bluesky]\nweekly_cap = 0")
    )
    told = json.loads(pantau(home, "scan", "--plan", "--json").output)
    shown = pantau(home, "scan", "--plan").output
    assert {group["tonight"] for group in told["sources"][0]["groups"]} == {0}
    assert "belum dapat" in shown
