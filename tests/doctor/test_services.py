"""What the doctor says of services that really answer on loopback, and of those that do not."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import installation
from monitor.doctor import services
from monitor.doctor.checks import Check, Look, seen_by
from monitor.settings import Settings, load_settings
from tests.deploy.proxies import free_port
from tests.notify.receivers import MailServer, mail_server, receiver
from tests.peers import tsa


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return installation.create(tmp_path / "office").home


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def configured(home: Path, more: str) -> Settings:
    with (home / "pantau.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + more)
    return load_settings(home)


def seen(look: Callable[[], object]) -> Check:
    """Return the last thing that a look says."""
    return seen_by(Look("layanan", look))[-1]  # type: ignore[arg-type] # a look as it is used


def now() -> datetime:
    return datetime.now(UTC)


def mailing(home: Path, url: str) -> Settings:
    secret = home / "data/keys/smtp.url"
    secret.write_text(url, encoding="utf-8")
    secret.chmod(0o600)
    told = '[notify]\nenabled = true\nsender = "pantau@contoh.example"\nsmtp_file = "data/keys/smtp.url"\n'
    return configured(home, told)


def test_mail_server_is_asked_with_the_offices_name_and_sent_nothing(home: Path, mail: MailServer) -> None:
    settings = mailing(home, f"smtp://nama:sandi-rahasia@127.0.0.1:{mail.port}")
    check = seen(lambda: services.mail(settings))
    assert check.well
    assert mail.proofs == ["\0nama\0sandi-rahasia"]
    assert mail.taken == []


def test_mail_server_that_is_not_there_is_told_without_its_secret(home: Path) -> None:
    settings = mailing(home, f"smtp://nama:sandi-rahasia@127.0.0.1:{free_port()}")
    check = seen(lambda: services.mail(settings))
    assert not check.well
    assert "tidak terjangkau" in check.detail
    assert "sandi-rahasia" not in check.detail + check.mend


def test_office_without_mail_is_well(home: Path) -> None:
    assert seen(lambda: services.mail(load_settings(home))).well


def stamped(home: Path, office: tsa.Office, url: str) -> Settings:
    return configured(home, f'[timestamp]\nurl = "{url}"\ncertificate = "{office.root}"\nseconds = 5\n')


def test_authority_is_tried_and_its_clock_compared(home: Path, tmp_path: Path) -> None:
    office = tsa.open_office(tmp_path / "otoritas")
    with tsa.desk(office.answer) as server:
        settings = stamped(home, office, server.url)
        check = seen(lambda: services.authority(settings, now))
    assert check.well
    assert "dari jam mesin ini" in check.detail


def test_authority_that_does_not_answer_is_told(home: Path, tmp_path: Path) -> None:
    office = tsa.open_office(tmp_path / "otoritas")
    settings = stamped(home, office, f"http://127.0.0.1:{free_port()}")
    check = seen(lambda: services.authority(settings, now))
    assert not check.well
    assert "tidak terjangkau" in check.detail


@pytest.mark.parametrize(
    ("days", "said"), [pytest.param(3640, "lagi", id="soon over"), pytest.param(3700, "habis", id="over")]
)
def test_certificate_of_the_authority_is_told_before_it_ends(home: Path, tmp_path: Path, days: int, said: str) -> None:
    office = tsa.open_office(tmp_path / "otoritas")
    settings = stamped(home, office, f"http://127.0.0.1:{free_port()}")
    found = services.authority(settings, lambda: now() + timedelta(days=days))
    check = next(iter(found))
    assert (check.name, check.well) == ("sertifikat otoritas waktu", False)
    assert said in check.detail


def test_receiver_of_webhooks_is_reached_and_sent_nothing(home: Path) -> None:
    with receiver() as server:
        told = f'[[notify.webhooks]]\nname = "arsip"\nurl = "{server.url}"\nsecret_file = "rahasia"\n'
        settings = configured(home, f"[notify]\nenabled = true\n{told}")
        check = seen(lambda: services.webhooks(settings, now))
    assert (check.name, check.well, server.got) == ("webhook arsip", True, [])


def test_bucket_on_this_machine_that_went_away_is_told(home: Path, tmp_path: Path) -> None:
    settings = configured(home, f'[evidence]\nurl = "file://{tmp_path / "tidak-terpasang"}"\n')
    check = seen(lambda: services.bucket(settings))
    assert not check.well
    assert "tidak-terpasang" in check.detail


@pytest.mark.parametrize(
    ("web", "said"),
    [
        pytest.param("https = true", "tanpa nama konsol", id="no name"),
        pytest.param('https = true\nhosts = ["lain.contoh.example"]', "tidak ada dalam web.hosts", id="another name"),
        pytest.param('https = true\nhosts = ["pantau.contoh.invalid"]', "dari perantara TLS", id="proxy not named"),
        pytest.param('hosts = ["pantau.contoh.invalid"]', "tidak sejalan", id="cookies without TLS"),
    ],
)
def test_console_that_officers_could_not_enter_is_told(home: Path, web: str, said: str) -> None:
    settings = configured(home, f'[web]\n{web}\n[notify]\nbase_url = "https://pantau.contoh.invalid"\n')
    found = seen_by(Look("konsol", lambda: services.console(settings, now)))
    assert any(said in check.detail and check.mend for check in found if not check.well)


def test_console_that_answers_is_well(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = configured(home, f'[notify]\nbase_url = "{address}"\n')
        assert seen(lambda: services.console(settings, now)).well
