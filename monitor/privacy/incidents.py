"""A failure of the protection of personal data: noted at once, told in writing within 3 x 24 hours.

UU 27/2022, Pasal 46: the people concerned and the agency are told which data was disclosed, when and how, and what is
done about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db import audit, incidents
from db.connect import Database
from monitor.desk.access import must_hold
from monitor.desk.people import region_code
from monitor.domain import Role, UserRow
from monitor.domain.keeping import Incident
from monitor.errors import UsageError

NOTERS = (Role.DPO, Role.KOORDINATOR, Role.ADMIN)
"""Whoever may see something go wrong may note it; only a DPO dates the notices."""
_LONGEST = 5000


@dataclass(frozen=True, slots=True)
class IncidentTold:
    """What is known of an incident when it is noted; never a person's data.

    `jurisdiction` is the region of those whose data it was; empty for the office's own.
    """

    known_at: datetime
    what: str
    how: str
    remedy: str
    jurisdiction: str = ""


def note_incident(database: Database, told: IncidentTold, user: UserRow, now: datetime, *, place: str) -> Incident:
    """Write an incident down and return it; its 3 x 24 hours run from when it became known. `place` is the office's."""
    region = _region(told.jurisdiction)
    must_hold(user, region or place, *NOTERS)
    if told.known_at > now:
        raise UsageError("Waktu diketahui ada di masa depan", "isi waktu yang sudah lewat")
    fields = {"data yang terungkap": told.what, "kapan dan bagaimana": told.how, "upaya penanganan": told.remedy}
    for name, text in fields.items():
        if not text.strip() or len(text) > _LONGEST:
            raise UsageError(f"Isian «{name}» kosong atau terlalu panjang", f"tulis paling banyak {_LONGEST} huruf")
    with database.write() as session:
        said = (told.what.strip(), told.how.strip(), told.remedy.strip())
        made = Incident(0, told.known_at, *said, user.name, now, jurisdiction="" if region == place else region)
        number = incidents.add(session, made, user.id)
        subject = f"incident:{number}"
        detail = {"known_at": told.known_at}
        audit.record(session, actor=user.name, action="incident_noted", subject=subject, detail=detail, now=now)
        return incidents.list_incidents(session, only=number)[0]


@dataclass(frozen=True, slots=True)
class Dated:
    """Which step of an incident was taken when: `subjects` or `agency` were told, or all is done (`closed`)."""

    number: int
    step: str
    at: datetime


def date_step(database: Database, dated: Dated, user: UserRow, now: datetime, *, place: str) -> Incident:
    """Write down that a step was taken; each is dated once, and the last needs the others.

    UsageError for what is not in the user's places, in the same words as for what does not exist.
    """
    must_hold(user, next(iter(user.regions(Role.DPO)), place), Role.DPO)
    number, step, at = dated.number, dated.step, dated.at
    if step not in incidents.TOLD:
        raise UsageError("Langkah itu tidak dikenal", "pilih salah satu tombol di halaman")
    with database.write() as session:
        found = next(iter(incidents.list_incidents(session, only=number)), None)
        if found is None or not user.has(Role.DPO, found.jurisdiction or place):
            raise UsageError(f"Insiden {number} tidak ada dalam wilayah Anda", "lihat daftarnya di halaman Privasi")
        if not found.known_at <= at <= now:
            raise UsageError("Waktu itu sebelum insiden diketahui, atau di masa depan", "periksa waktunya")
        if step == "closed" and not found.told:
            raise UsageError("Pemberitahuan tertulisnya belum lengkap", "catat dahulu kedua pemberitahuan")
        if not incidents.date(session, number, step, at):
            raise UsageError("Langkah itu sudah tercatat", "muat ulang halaman")
        subject = f"incident:{number}"
        detail = {"step": step, "at": at}
        audit.record(session, actor=user.name, action="incident_dated", subject=subject, detail=detail, now=now)
        return incidents.list_incidents(session, only=number)[0]


def list_incidents(database: Database, user: UserRow, *, place: str) -> list[Incident]:
    """Return the incidents of the user's places, open ones first."""
    must_hold(user, next(iter(user.regions(*NOTERS)), place), *NOTERS)
    with database.read() as session:
        rows = incidents.list_incidents(session)
    return [row for row in rows if any(user.has(role, row.jurisdiction or place) for role in NOTERS)]


def _region(code: str) -> str:
    try:
        return region_code(code)
    except UsageError as error:
        raise UsageError(error.message, "tulis seperti 99.01; kosong berarti wilayah kantor ini") from error
