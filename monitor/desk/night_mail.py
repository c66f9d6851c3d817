"""The summary of a night by mail: once for each night and each way it stands, to whom the settings name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

from db.connect import Database
from db.notifications import NewMessage
from monitor.desk.night_summary import NightTold, as_text
from monitor.desk.notices import Carriers, Office, Sent, deliver
from monitor.moments import iso_day
from monitor.notify.messages import Text


def announce(
    database: Database, office: Office, carriers: Carriers, mail: Sequence[NewMessage], clock: Callable[[], datetime]
) -> Sent:
    """Send what `messages` made; what fails is tried again with the digests. Nothing happens while mail is off."""
    return deliver(database, mail, carriers, clock) if mail and office.mail else Sent()


def messages(office: Office, told: NightTold, to: Sequence[str], *, always: bool) -> list[NewMessage]:
    """Return one message a receiver; none while the night runs, nor for a night that needs nobody unless `always`.

    A night that is broken off, or waits for a worker that is not there, is told, and again when it comes to its end.
    """
    if (told.running and not told.stuck) or not (always or told.urgent):
        return []
    text = night_text(office, told)
    state = "selesai" if told.facts.finished_at is not None else "menunggu" if told.running else "terhenti"
    return [
        NewMessage("mail", "night", f"malam/{told.facts.run}/{state}/{_short(one)}", one, text.subject, text.body)
        for one in dict.fromkeys(to)
    ]


def night_text(office: Office, told: NightTold) -> Text:
    """Return the mail: how it went in the subject, the whole summary below, and where the console tells more."""
    day = iso_day(told.facts.started_at.astimezone(told.zone).date().isoformat())
    how = f"perlu diperiksa, {len(told.urgent)} hal" if told.urgent else "selesai tanpa masalah"
    body = as_text(told, office.agency)
    body += f"\nRincian, sesudah masuk: {office.base_url}/kesehatan\n"
    body += "Surat ini hanya memuat hitungan; tidak ada nama atau akun orang yang diawasi di dalamnya.\n"
    return Text(f"Pantau: malam {day}: {how}", body)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
