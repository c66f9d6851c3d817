"""Messages leave through a real mail server and to a real receiver, or say why they did not."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_string
from email.header import decode_header, make_header

import pytest
import stamina

from monitor.errors import ConfigError, DeliveryError
from monitor.notify.carriers import Hook, Mailbox, post, send_mail, send_office
from monitor.notify.messages import Text
from monitor.notify.signing import fits
from tests.notify.receivers import MailServer, Receiver, mail_server, receiver

TEXT = Text("Pantau: 2 lewat tenggat", "Yang menunggu:\n  Nomor 7: https://pantau.contoh.example/informasi-awal/7\n")
SECRET = b"rahasia-contoh-yang-panjang"
NOW = 1_730_000_000


@pytest.fixture(autouse=True)
def without_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def hooked() -> Iterator[Receiver]:
    with receiver() as server:
        yield server


def box(server: MailServer, **changes: float) -> Mailbox:
    return Mailbox(f"smtp://127.0.0.1:{server.port}", "pantau@contoh.example", **changes)


def hook(server: Receiver, **changes: float) -> Hook:
    return Hook("arsip", server.url, SECRET, **changes)


def test_a_mail_arrives_as_plain_text_with_its_subject(mail: MailServer) -> None:
    send_mail(box(mail), "rina@contoh.example", TEXT)
    (taken,) = mail.taken
    read = message_from_string(taken.data)
    assert taken.to == ["rina@contoh.example"]
    assert str(make_header(decode_header(read["Subject"]))) == TEXT.subject
    part = next(part for part in read.walk() if not part.is_multipart())
    assert part.get_content_type() == "text/plain"
    assert "Nomor 7: https://pantau.contoh.example/informasi-awal/7" in part.get_payload(decode=True).decode()


def test_a_server_that_refuses_is_told_without_its_words(mail: MailServer) -> None:
    mail.refuse = "550 rina@contoh.example unknown"
    with pytest.raises(DeliveryError) as caught:
        send_mail(box(mail), "rina@contoh.example", TEXT)
    assert "rina" not in str(caught.value)


def test_a_server_that_is_down_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    with mail_server() as server:
        pass
    with pytest.raises(DeliveryError):
        send_mail(
            Mailbox(f"smtp://nama:sandi-rahasia@127.0.0.1:{server.port}", "a@contoh.example"), "b@c.example", TEXT
        )
    assert "sandi-rahasia" not in "".join(capfd.readouterr())


def test_a_server_that_never_speaks_is_given_up(mail: MailServer) -> None:
    mail.delay = 2
    with pytest.raises(DeliveryError):
        send_mail(box(mail, seconds=0.2), "rina@contoh.example", TEXT)


@pytest.mark.parametrize("url", ["http://127.0.0.1", "smtp://", "127.0.0.1:25", ""])
def test_an_address_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ConfigError):
        send_mail(Mailbox(url, "pantau@contoh.example"), "rina@contoh.example", TEXT)


def test_a_channel_of_the_office_gets_the_message(hooked: Receiver) -> None:
    send_office(f"json://127.0.0.1:{hooked.port}/saluran", TEXT)
    assert TEXT.subject.encode() in hooked.got[0].body


def test_an_unknown_channel_is_refused_without_showing_it() -> None:
    with pytest.raises(ConfigError) as caught:
        send_office("tidakada://rahasia", TEXT)
    assert "rahasia:" not in str(caught.value)


def test_a_webhook_carries_a_signature_that_its_receiver_can_check(hooked: Receiver) -> None:
    post(hook(hooked), b'{"event":"uji"}', "12", NOW)
    (got,) = hooked.got
    assert fits(SECRET, (got.signature, got.timestamp), got.body, NOW + 30)
    assert got.delivery == "12"
    assert not fits(b"lain", (got.signature, got.timestamp), got.body, NOW)
    assert not fits(SECRET, (got.signature, got.timestamp), got.body + b" ", NOW)
    assert not fits(SECRET, (got.signature, str(NOW + 1)), got.body, NOW)
    assert not fits(SECRET, (got.signature, got.timestamp), got.body, NOW + 301)


def test_a_receiver_that_stumbles_is_asked_again(hooked: Receiver) -> None:
    hooked.answers = [500, 503, 204]
    post(hook(hooked), b"{}", "1", NOW)
    assert len(hooked.got) == 3


@pytest.mark.parametrize(("status", "tries"), [(500, 3), (404, 1), (401, 1), (302, 1)])
def test_a_receiver_that_does_not_take_it_is_told(hooked: Receiver, status: int, tries: int) -> None:
    hooked.answers = [status]
    with pytest.raises(DeliveryError, match=str(status)):
        post(hook(hooked), b"{}", "1", NOW)
    assert len(hooked.got) == tries


def test_a_receiver_that_is_slow_or_down_is_told(hooked: Receiver) -> None:
    hooked.delay = 0.5
    with pytest.raises(DeliveryError, match="tidak terjangkau"):
        post(hook(hooked, seconds=0.1), b"{}", "1", NOW)
    with receiver() as gone:
        pass
    with pytest.raises(DeliveryError, match="tidak terjangkau"):
        post(hook(gone), b"{}", "1", NOW)
