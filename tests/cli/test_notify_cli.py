"""`pantau notify`: silent until it is set up, then sent once, tried again and listed; secrets are in private files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
import stamina
from typer.testing import CliRunner, Result

from db import users
from db.connect import Database
from db.tables import review_case
from monitor import installation
from monitor.cli.main import app
from monitor.jobs import tasks
from monitor.notify.signing import fits
from monitor.vault import Vault
from monitor.workspace import workspace
from tests import casebook
from tests.casebook import NOW, comment_case
from tests.notify.receivers import MailServer, Receiver, mail_server, receiver

SECRET = "rahasia-contoh-yang-panjang"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with stamina.set_testing(True, attempts=1, cap=True), receiver() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path, sqlite_database: Database) -> Path:
    """A workspace with one overdue case and an officer who can be written to."""
    made = tmp_path / "office"
    made.mkdir()
    (made / "pantau.toml").write_text(f'database_url = "{sqlite_database.url}"\n', encoding="utf-8")
    installation.create(made)
    book = casebook.open_book(sqlite_database, Vault.load(made / "data" / "keys"))
    comment_case(sqlite_database, book)
    with sqlite_database.write() as session:
        session.execute(sa.update(review_case).values(due_at=NOW))
        users.set_details(session, book.rina.id, full_name="Rina Contoh", agency="", email="rina@contoh.example")
    return made


def configure(home: Path, mail: MailServer, hook: Receiver, more: str = "", mode: int = 0o600) -> None:
    keys = home / "data" / "keys"
    (keys / "smtp.url").write_text(f"smtp://nama:sandi-rahasia@127.0.0.1:{mail.port}\n", encoding="utf-8")
    (keys / "arsip.rahasia").write_text(SECRET + "\n", encoding="utf-8")
    for name in ("smtp.url", "arsip.rahasia"):
        (keys / name).chmod(mode)
    with (home / "pantau.toml").open("a", encoding="utf-8") as file:
        file.write(
            '[notify]\nenabled = true\nbase_url = "https://pantau.contoh.example"\nsender = "pantau@contoh.example"\n'
            f'smtp_file = "data/keys/smtp.url"\n{more}\n'
            f'[[notify.webhooks]]\nname = "arsip"\nurl = "{hook.url}"\nsecret_file = "data/keys/arsip.rahasia"\n'
        )


def pantau(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["--workspace", str(home), "notify", *arguments], env={"COLUMNS": "200"})


def test_nothing_leaves_before_it_is_set_up(home: Path, mail: MailServer) -> None:
    done = pantau(home, "send")
    assert (done.exit_code, done.stdout.strip(), mail.taken) == (0, "Tidak ada pesan.", [])


def test_a_trial_shows_what_would_leave_and_sends_nothing(home: Path, mail: MailServer, hook: Receiver) -> None:
    configure(home, mail, hook)
    told = json.loads(pantau(home, "send", "--dry-run", "--json").stdout)
    assert [(one["channel"], one["target"]) for one in told] == [("mail", "rina@contoh.example"), ("webhook", "arsip")]
    assert (mail.taken, hook.got) == ([], [])


def test_what_waits_leaves_once_and_is_listed(home: Path, mail: MailServer, hook: Receiver) -> None:
    configure(home, mail, hook)
    first = pantau(home, "send", "--json")
    assert json.loads(first.stdout) == {"made": 2, "sent": 2, "failed": 0, "dead": 0}, first.output
    assert json.loads(pantau(home, "send", "--json").stdout)["sent"] == 0
    assert mail.proofs == ["\0nama\0sandi-rahasia"]
    (got,) = hook.got
    assert fits(SECRET.encode(), (got.signature, got.timestamp), got.body, int(got.timestamp))
    listed = json.loads(pantau(home, "list", "--json").stdout)
    assert {one["state"] for one in listed} == {"sent"}


def test_what_fails_is_told_with_its_reason_and_no_secret(home: Path, mail: MailServer, hook: Receiver) -> None:
    configure(home, mail, hook)
    mail.refuse, hook.answers = "550 no", [500]
    done = pantau(home, "send")
    assert done.exit_code == 1
    listed = pantau(home, "list", "--json")
    assert {one["error"] for one in json.loads(listed.stdout)} == {
        "Peladen surat tidak terjangkau atau menolak",
        "Penerima menjawab 500",
    }
    assert not any(secret in done.output + listed.output for secret in (SECRET, "sandi-rahasia"))


def test_the_daily_job_sends_and_tells_of_failures(home: Path, mail: MailServer, hook: Receiver) -> None:
    configure(home, mail, hook)
    hook.answers = [500]
    with workspace(home) as space:
        failed = tasks.digest(space)
        assert len(mail.taken) == 1
        hook.answers = [204]
        then = tasks.digest(space)
    assert (failed.ok, then.ok) == (False, True)
    assert len(mail.taken) == 1
    assert len(hook.got) == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--to", "rina@contoh.example"), 0),
        (("--webhook", "arsip"), 0),
        (("--webhook", "lain"), 2),
        ((), 2),
        (("--channels",), 2),
    ],
)
def test_a_test_message_goes_where_it_is_told(
    home: Path, mail: MailServer, hook: Receiver, arguments: tuple[str, ...], code: int
) -> None:
    configure(home, mail, hook)
    assert pantau(home, "test", *arguments).exit_code == code
    assert (len(mail.taken), len(hook.got)) == (int("--to" in arguments), int(arguments[1:] == ("arsip",)))


def test_a_secret_that_others_can_read_sends_nothing(home: Path, mail: MailServer, hook: Receiver) -> None:
    configure(home, mail, hook, mode=0o644)
    assert pantau(home, "test", "--to", "rina@contoh.example").exit_code == 2
    assert (mail.taken, hook.got) == ([], [])


@pytest.mark.parametrize(
    "more", ['url = "x"', 'base_url = "javascript:x"', "attempts = 0"], ids=["unknown", "no address", "no tries"]
)
def test_wrong_settings_are_refused(home: Path, more: str) -> None:
    with (home / "pantau.toml").open("a", encoding="utf-8") as file:
        file.write(f"[notify]\n{more}\n")
    assert pantau(home, "send").exit_code == 2
