"""The week's report is told of by mail: a link and hashes, once; a server that refuses costs no report."""

from __future__ import annotations

import quopri
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.cli.demo import make_workspace
from monitor.jobs import tasks
from monitor.workspace import Workspace, workspace
from tests.notify.receivers import MailServer, mail_server

BOTH = [["kepala@contoh.example"], ["koordinator@contoh.example"]]


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as state:
        yield state


@pytest.fixture
def office(server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "peragaan"
    make_workspace(home)
    monkeypatch.setenv("PANTAU_NOTIFY__ENABLED", "true")
    monkeypatch.setenv("PANTAU_NOTIFY__BASE_URL", "https://pantau.contoh.example")
    monkeypatch.setenv("PANTAU_NOTIFY__SENDER", "pantau@contoh.example")
    monkeypatch.setenv("PANTAU_NOTIFY__SMTP_URL", f"smtp://127.0.0.1:{server.port}")
    monkeypatch.setenv("PANTAU_REPORT__MAIL_TO", '["kepala@contoh.example", "koordinator@contoh.example"]')
    return home


def run(task: Callable[[Workspace], tasks.Done], office: Path) -> tasks.Done:
    with workspace(office) as space:
        return task(space)


def body(server: MailServer) -> str:
    return quopri.decodestring(server.taken[0].data.encode()).decode(errors="replace")


def test_the_weekly_job_mails_a_link_with_hashes_once(office: Path, server: MailServer) -> None:
    run(tasks.weekly, office)
    run(tasks.weekly, office)
    assert sorted(mail.to for mail in server.taken) == BOTH
    assert "https://pantau.contoh.example/laporan?pekan=2026-W46&wilayah=99.01" in body(server)
    assert "laporan-mingguan-2026-W46-99.01-s0.pdf" in body(server)


def test_a_refused_mail_leaves_the_report_and_goes_with_the_next_digest(office: Path, server: MailServer) -> None:
    server.refuse = "550 tidak dikenal"
    done = run(tasks.weekly, office)
    assert not done.ok
    assert "2 pesan belum diterima" in done.detail
    assert list((office / "data" / "reports").glob("*.pdf"))
    server.refuse = ""
    run(tasks.digest, office)
    assert sorted(mail.to for mail in server.taken) == BOTH


def test_nobody_is_told_while_messages_are_off(
    office: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANTAU_NOTIFY__ENABLED", "false")
    run(tasks.weekly, office)
    with workspace(office) as space:
        assert space.settings.report.mail_to
    assert server.taken == []
