"""Telling by mail that a weekly report lies ready: a link and hashes, once to everybody for one and the same report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from db.connect import Database
from db.notifications import NewMessage
from monitor.desk.notices import Carriers, Office, Sent, deliver
from monitor.notify.messages import report_ready


@dataclass(frozen=True, slots=True)
class ReadyReport:
    """A report as its mail tells of it: who gets it, week and place of its page, period in words, hashes of files."""

    to: Sequence[str]
    week: str
    region: str
    period: str
    files: tuple[tuple[str, str], ...]


def announce(
    database: Database, office: Office, carriers: Carriers, told: ReadyReport, clock: Callable[[], datetime]
) -> Sent:
    """Mail the link, unless nobody is named or mail is off; what fails is tried again with the digests."""
    if not (told.to and office.mail):
        return Sent()
    return deliver(database, messages(office, told), carriers, clock)


def messages(office: Office, told: ReadyReport) -> list[NewMessage]:
    """Return one message a receiver; files of other bytes make another message."""
    url = f"{office.base_url}/laporan?{urlencode({'pekan': told.week, 'wilayah': told.region})}"
    text = report_ready(told.period, office.agency, url, told.files)
    content = _short(repr(sorted(told.files)))
    return [
        NewMessage("mail", "report", f"laporan/{told.week}/{content}/{_short(one)}", one, text.subject, text.body)
        for one in dict.fromkeys(told.to)
    ]


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
