"""Who is told what, how often, and what becomes of messages that are not taken; against real servers on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
import stamina

from db import judgements, notifications, users
from db.connect import Database
from db.tables import review_case
from monitor import desk
from monitor.desk import notices
from monitor.desk.notices import Carriers, Office, Sent
from monitor.domain import CaseState, DecisionCommand, LegalClock, Preferences, Regime, UserRow
from monitor.notify.carriers import Hook, Mailbox, post, send_mail, send_office
from monitor.notify.signing import fits
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book, comment_case
from tests.notify.receivers import MailServer, Receiver, mail_server, receiver

S = CaseState
SECRET = b"rahasia-contoh-yang-panjang"
OFFICE = Office("Bawaslu Kabupaten Contoh", "https://pantau.contoh.example", ZoneInfo("Asia/Jakarta"), mail=True)


@dataclass
class Post:
    """An office with its servers, and a clock that stands until it is moved."""

    database: Database
    mail: MailServer
    hook: Receiver
    office: Office = OFFICE
    now: datetime = NOW
    most: int = 8
    trouble: list[str] = field(default_factory=list)

    def send(self) -> Sent:
        box = Mailbox(f"smtp://127.0.0.1:{self.mail.port}", "pantau@contoh.example", 2)
        hook = Hook("arsip", self.hook.url, SECRET, 2)
        carriers = Carriers(
            mail=lambda to, text: send_mail(box, to, text),
            channel=lambda text: send_office(f"json://127.0.0.1:{self.hook.port}/saluran", text),
            hooks={"arsip": lambda body, number: post(hook, body, number, int(self.now.timestamp()))},
            most_attempts=self.most,
        )
        return notices.send(self.database, self.office, carriers, lambda: self.now)

    def mails(self) -> list[tuple[str, str]]:
        return [(mail.to[0], mail.data) for mail in self.mail.taken]


@pytest.fixture
def book(database: Database, vault: Vault) -> Book:
    made = casebook.open_book(database, vault)
    with database.write() as session:
        for user in (made.rina, made.bayu, made.tono):
            details = {"full_name": user.full_name, "agency": "", "email": f"{user.name}@contoh.example"}
            users.set_details(session, user.id, **details)
    return made


@pytest.fixture
def office(database: Database, book: Book) -> Iterator[Post]:
    del book
    with stamina.set_testing(True, attempts=2, cap=True), mail_server() as mail, receiver() as hook:
        yield Post(database, mail, hook)


def due(database: Database, case_id: int, at: datetime) -> None:
    with database.write() as session:
        session.execute(sa.update(review_case).where(review_case.c.id == case_id).values(due_at=at))


def go(database: Database, case_id: int, user: UserRow, *steps: tuple[CaseState, str]) -> None:
    for to, reason in steps:
        desk.decide(database, DecisionCommand(case_id, to, reason, user, note="catatan contoh"), NOW)


def test_nothing_is_sent_when_there_is_nothing_to_say(office: Post) -> None:
    assert office.send() == Sent()
    assert office.mail.taken == []


def test_who_sees_the_place_is_told_what_is_overdue_without_a_name(office: Post, book: Book) -> None:
    case_id = comment_case(office.database, book)
    due(office.database, case_id, NOW - timedelta(hours=1))
    assert office.send().sent == 2
    assert sorted(to for to, _ in office.mails()) == ["bayu@contoh.example", "rina@contoh.example"]
    for _, data in office.mails():
        assert f"informasi-awal/{case_id}" in data
        assert "PEGAWAI" not in data
        assert "pegawai1" not in data


def test_a_day_has_one_digest_however_often_it_is_sent(office: Post, book: Book) -> None:
    due(office.database, comment_case(office.database, book), NOW + timedelta(hours=5))
    assert office.send().sent == 2
    assert office.send() == Sent()
    office.now += timedelta(hours=1)
    assert office.send() == Sent()
    office.now += timedelta(days=1)
    assert office.send().sent == 2


def test_a_day_of_warning_is_told_before_the_limit_is_near(office: Post, book: Book) -> None:
    case_id = comment_case(office.database, book)
    law = replace(casebook.LAW, clocks=(LegalClock(Regime.PILKADA, "lapor", 7, "calendar", "known_at", "Pasal 134"),))
    with office.database.write() as session:
        judgements.store_ruleset(session, "d" * 64, "{}", [], [law], NOW)
    go(office.database, case_id, book.rina, (S.DITINJAU, "mulai_tinjau"))
    known = desk.Known(NOW, "laporan masyarakat", ZoneInfo("Asia/Jakarta"))
    desk.set_known(office.database, case_id, book.rina, known, NOW)
    assert office.send() == Sent()
    office.now += timedelta(days=4)
    assert office.send().sent == 2
    assert "1 pada hari peringatan" in office.mails()[-1][1]
    assert f"informasi-awal/{case_id}" in office.mails()[-1][1]
    office.now += timedelta(days=1)
    assert office.send() == Sent()


def test_what_falls_overdue_later_is_told_once_more_that_day(office: Post, book: Book) -> None:
    due(office.database, comment_case(office.database, book), NOW + timedelta(hours=1))
    office.send()
    office.now += timedelta(hours=2)
    assert office.send().sent == 2
    assert office.send() == Sent()
    assert "lewat tenggat" in office.mails()[-1][1]


def test_a_proposer_hears_of_what_came_back_and_the_second_person_of_what_waits(office: Post, book: Book) -> None:
    case_id = comment_case(office.database, book)
    go(office.database, case_id, book.rina, (S.DITINJAU, "mulai_tinjau"), (S.DIUSULKAN, "indikasi_kuat"))
    office.send()
    assert [(to, "orang kedua" in data) for to, data in office.mails()] == [("bayu@contoh.example", True)]
    office.mail.taken.clear()
    go(office.database, case_id, book.bayu, (S.DIKEMBALIKAN, "usulan_belum_lengkap"))
    office.now += timedelta(days=1)
    office.send()
    assert [(to, "dikembalikan" in data) for to, data in office.mails()] == [("rina@contoh.example", True)]


def test_who_switched_digests_off_gets_none(office: Post, book: Book) -> None:
    due(office.database, comment_case(office.database, book), NOW - timedelta(hours=1))
    with office.database.write() as session:
        users.set_preferences(session, book.rina.id, Preferences(digest=False))
    office.send()
    assert [to for to, _ in office.mails()] == ["bayu@contoh.example"]


def test_two_senders_at_once_send_nothing_twice(office: Post, book: Book) -> None:
    due(office.database, comment_case(office.database, book), NOW - timedelta(hours=1))
    with ThreadPoolExecutor(4) as pool:
        sent = [job.result().sent for job in [pool.submit(office.send) for _ in range(4)]]
    assert sum(sent) == len(office.mail.taken) == 2


def test_a_refused_mail_is_kept_with_its_reason_tried_again_and_given_up(office: Post, book: Book) -> None:
    office.most, office.mail.refuse = 2, "550 no"
    due(office.database, comment_case(office.database, book), NOW - timedelta(hours=1))
    assert (office.send().failed, office.send().failed) == (2, 2)
    done = office.send()
    assert (done.failed, done.dead) == (0, 2)
    with office.database.read() as session:
        rows = notifications.list_messages(session)
    assert {(row.attempts, row.sent_at, row.error) for row in rows} == {
        (2, None, "Peladen surat tidak terjangkau atau menolak")
    }
    office.most, office.mail.refuse = 8, ""
    assert office.send().sent == 2


def test_a_webhook_tells_programs_the_same_signed(office: Post, book: Book) -> None:
    office.office = Office(OFFICE.agency, OFFICE.base_url, OFFICE.zone, hooks=("arsip",))
    case_id = comment_case(office.database, book)
    due(office.database, case_id, NOW - timedelta(hours=1))
    assert office.send() == Sent(made=1, sent=1)
    assert office.send() == Sent()
    (got,) = office.hook.got
    assert fits(SECRET, (got.signature, got.timestamp), got.body, int(NOW.timestamp()))
    assert str(case_id).encode() in got.body
    assert b"PEGAWAI" not in got.body


def test_a_webhook_that_fails_comes_again_under_the_same_number(office: Post, book: Book) -> None:
    office.office = Office(OFFICE.agency, OFFICE.base_url, OFFICE.zone, hooks=("arsip",))
    due(office.database, comment_case(office.database, book), NOW - timedelta(hours=1))
    office.hook.answers = [500]
    assert office.send().failed == 1
    office.hook.answers = [200]
    assert office.send().sent == 1
    assert len({got.delivery for got in office.hook.got}) == 1
    assert len({got.body for got in office.hook.got}) == 1


def test_a_channel_of_the_office_gets_the_counts_of_the_whole_office(office: Post, book: Book) -> None:
    office.office = Office(OFFICE.agency, OFFICE.base_url, OFFICE.zone, channel=True)
    due(office.database, comment_case(office.database, book), NOW - timedelta(hours=1))
    assert office.send().sent == 1
    assert b"1 lewat tenggat" in office.hook.got[0].body
