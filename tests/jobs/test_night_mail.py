"""The office is told of a night by mail: once, also of one that broke off, and nobody watched is in the mail."""

from __future__ import annotations

import json
import quopri
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from db import runs
from monitor.cli.demo import make_workspace
from monitor.domain import Issue
from monitor.jobs import tasks
from monitor.jobs.night_mail import tell_night
from monitor.scan.plan import ScanOrder
from monitor.workspace import Workspace, workspace
from tests.notify.receivers import MailServer, mail_server


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as state:
        yield state


@pytest.fixture
def space(server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    home = tmp_path / "peragaan"
    make_workspace(home)
    monkeypatch.setenv("PANTAU_NOTIFY__ENABLED", "true")
    monkeypatch.setenv("PANTAU_NOTIFY__BASE_URL", "https://pantau.contoh.example")
    monkeypatch.setenv("PANTAU_NOTIFY__SENDER", "pantau@contoh.example")
    monkeypatch.setenv("PANTAU_NOTIFY__SMTP_URL", f"smtp://127.0.0.1:{server.port}")
    monkeypatch.setenv("PANTAU_HEALTH__MAIL_TO", '["kepala@contoh.example"]')
    with workspace(home) as space:
        yield space


def begin(space: Workspace, *issues: Issue) -> int:
    began = space.clock() - timedelta(hours=1)
    with space.database.write() as session:
        run = runs.open_run(session, ScanOrder().query, began, timedelta(hours=12))
        runs.add_issues(session, run.id, issues)
    return run.id


def finish(space: Workspace, run: int, *, ok: bool = True) -> None:
    with space.database.write() as session:
        runs.finish_run(session, run, json.dumps({}), ok, space.clock())


def said(server: MailServer) -> list[str]:
    return [quopri.decodestring(mail.data.encode()).decode(errors="replace") for mail in server.taken]


def test_a_scheduled_night_is_told_once(space: Workspace, server: MailServer) -> None:
    tasks.nightly(space)
    tell_night(space)
    (mail,) = said(server)
    assert "Ringkasan pemindaian 1" in mail
    assert "https://pantau.contoh.example/kesehatan" in mail


def test_a_night_that_broke_off_is_told_and_again_when_it_ended(space: Workspace, server: MailServer) -> None:
    run = begin(space, Issue("", "run_failed", "OSError: cakram penuh"))
    tell_night(space)
    tell_night(space)
    finish(space, run)
    tell_night(space)
    first, second = said(server)
    assert "cakram penuh" in first
    assert "dilanjutkan sampai selesai" in second


def test_a_night_that_runs_is_not_told(space: Workspace, server: MailServer) -> None:
    begin(space)
    tell_night(space)
    assert said(server) == []


def test_a_good_night_is_told_only_where_that_is_wanted(
    space: Workspace, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin(space)
    finish(space, run)
    monkeypatch.setenv("PANTAU_HEALTH__MAIL_WHEN", "bila_perlu")
    with workspace(space.settings.home) as quiet:
        tell_night(quiet)
        assert said(server) == []
    tell_night(space)
    assert len(said(server)) == 1


def test_a_server_that_refuses_costs_no_night(space: Workspace, server: MailServer) -> None:
    server.refuse = "550 tidak dikenal"
    finish(space, begin(space))
    tell_night(space)
    server.refuse = ""
    tasks.digest(space)
    assert any("Ringkasan pemindaian" in mail for mail in said(server))
