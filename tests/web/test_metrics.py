"""Figures for Prometheus: who may read them, what they count, and that they name nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from prometheus_client.parser import text_string_to_metric_families

from db import canaries, job_runs, runs
from db.connect import Database
from monitor.domain import Act, CanaryRun, Coverage, Direction, Issue, Job, JobState, Outcome, TargetResult
from monitor.vault import Vault
from monitor.web.app import WebDeps, create_app
from monitor.web.deps import Around
from tests.web import world
from tests.web.samples import CAMPAIGN, NOW

HERE = ("127.0.0.1", 50000)
AROUND = Around(
    "9.9.9", (("data", 5_000),), 1_000, 777, ((Job.BACKUP, NOW - timedelta(hours=2)),),
    (("schedule.digest", "Jadwal «tiap pagi» bukan baris cron"),), NOW - timedelta(days=3),
)  # fmt: skip


def ask(deps: WebDeps, headers: Mapping[str, str] | None = None, *, client: tuple[str, int] = HERE,
        host: str = "localhost:8000") -> Response:  # fmt: skip
    with TestClient(create_app(deps), base_url=f"http://{host}", client=client) as browser:
        return browser.get("/metrics", headers=headers)


def samples(answer: Response) -> dict[tuple[str, tuple[str, ...]], float]:
    """Return every sample by its name without our prefix and the values of its labels, in the order of their names."""
    assert answer.status_code == 200
    return {
        (sample.name.removeprefix("pantau_"), tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def night(database: Database) -> None:
    """Record a night in which the pair's account was read, one person's broke off, and one's was left for later."""
    began = NOW - timedelta(hours=5)
    seen = ((Act.POST, Coverage.OBSERVED), (Act.LIKE, Coverage.NOT_PUBLIC))
    with database.write() as session:
        run = runs.open_run(session, "q", began, timedelta(hours=12))
        for direction, target, outcome in (
            (Direction.CANDIDATE, CAMPAIGN.user_id, Outcome.OK),
            (Direction.SUBJECT, world.ANI.ref.user_id, Outcome.NETWORK),
            (Direction.SUBJECT, world.SARI.ref.user_id, Outcome.BUDGET_SPENT),
        ):
            visit = TargetResult("bluesky", direction, target, outcome, seen, 4, 2, 1, 9, began, NOW)
            runs.record_target(session, run.id, visit)
        lost = Issue("bluesky", "not_found", f"akun @{world.ANI.ref.handle} hilang", target=world.ANI.ref.user_id)
        runs.add_issues(session, run.id, [lost])
        judged = {"evaluated": 3, "hits": 1, "misses": 2, "not_evaluable": 0, "errors": 0}
        runs.finish_run(session, run.id, json.dumps({"judged": judged}), False, NOW)
        canaries.record(session, CanaryRun("bluesky", "unggahan kantor", NOW, found=False))
        number = job_runs.begin(session, Job.BACKUP, began, began, "mesin-contoh:1")
        job_runs.finish(session, number, JobState.FAILED, "cakram penuh", NOW)
        week = job_runs.begin(session, Job.WEEKLY, began, began, "mesin-contoh:1")
        job_runs.finish(session, week, JobState.OK, "", NOW)


def test_a_night_is_told_in_figures(deps: WebDeps, database: Database, vault: Vault) -> None:
    world.found(database, vault)
    night(database)
    found = samples(ask(replace(deps, around=lambda: AROUND)))
    told = {
        ("night_ok", ()): 0,
        ("night_duration_seconds", ()): 5 * 3600,
        ("night_timestamp_seconds", ("ended",)): NOW.timestamp(),
        ("night_faults", ("budget_spent", "true")): 1,
        ("night_judged", ("hits",)): 1,
        ("night_pairs_unread", ()): 0,
        ("source_targets", ("bluesky",)): 3,
        ("source_targets_read", ("bluesky",)): 1,
        ("source_targets_waiting", ("bluesky",)): 1,
        ("source_bystanders", ("bluesky",)): 27,
        ("source_outcomes", ("network", "bluesky")): 1,
        ("source_coverage", ("not_public", "bluesky", "like")): 3,
        ("source_blind", ("bluesky",)): 1,
        ("job_state", ("backup", "failed")): 1,
        ("job_late_since_timestamp_seconds", ("backup",)): AROUND.late[0][1].timestamp(),
        ("disk_free_bytes", ("data",)): 5_000,
        ("database_bytes", ()): 777,
        ("info", ("9.9.9",)): 1,
        ("schedule_unreadable", ("schedule.digest",)): 1,
        ("night_never_since_timestamp_seconds", ()): (NOW - timedelta(days=3)).timestamp(),
    }
    assert {key: found.get(key) for key in told} == told
    assert ("night_timestamp_seconds", ("well",)) not in found


def test_nobody_is_named(deps: WebDeps, database: Database, vault: Vault) -> None:
    world.found(database, vault)
    night(database)
    text = ask(deps).text
    secret = [*(word for asn in world.PEOPLE for word in (asn.name, asn.nip, asn.ref.user_id, asn.ref.handle or "?"))]
    assert [word for word in secret if word in text] == []


def test_before_the_first_night_there_are_figures_too(deps: WebDeps) -> None:
    found = samples(ask(deps))
    assert found["visits_waiting", ()] == 0
    assert ("night_ok", ()) not in found


@pytest.mark.parametrize(
    ("headers", "client", "host"),
    [
        ({}, ("203.0.113.9", 50000), "localhost:8000"),
        ({"X-Forwarded-For": "127.0.0.1"}, HERE, "localhost:8000"),
        ({"Forwarded": "for=203.0.113.9"}, HERE, "localhost:8000"),
        ({}, HERE, "pantau.contoh.example"),
        ({"Authorization": "Bearer salah"}, ("203.0.113.9", 50000), "localhost:8000"),
        ({"Authorization": "Bearer "}, ("203.0.113.9", 50000), "localhost:8000"),
    ],
    ids=["elsewhere", "handed on", "handed on by the standard", "another name", "wrong token", "no token"],
)
def test_figures_are_for_this_machine(
    deps: WebDeps, headers: Mapping[str, str], client: tuple[str, int], host: str
) -> None:
    open_to = replace(deps, hosts=(*deps.hosts, "pantau.contoh.example"))
    answer = ask(open_to, headers, client=client, host=host)
    assert (answer.status_code, "pantau_" in answer.text) == (403, False)


def test_behind_a_tls_proxy_only_the_token_counts(deps: WebDeps) -> None:
    proxied = replace(deps, https=True, metrics_token=lambda: "rahasia-contoh-panjang")
    assert ask(proxied).status_code == 403
    assert ask(proxied, {"Authorization": "Bearer rahasia-contoh-panjang"}).status_code == 200


def test_the_token_opens_the_figures_to_another_machine(deps: WebDeps) -> None:
    told = replace(deps, metrics_token=lambda: "rahasia-contoh-panjang")
    bearer = {"Authorization": "Bearer rahasia-contoh-panjang"}
    assert ask(told, bearer, client=("203.0.113.9", 50000)).status_code == 200


def test_a_watchdog_that_reads_no_json_gets_503_when_it_asks_strictly(deps: WebDeps) -> None:
    with TestClient(create_app(replace(deps, health=lambda: {"ok": False})), base_url="http://localhost:8000") as asked:
        assert [asked.get(path).status_code for path in ("/healthz", "/healthz?ketat=1")] == [200, 503]
