"""Pictures of pages at the desk: who brings one, who sees the readable copy, who opens what is sealed and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from db import audit, screenshots
from db.connect import Database, Session
from monitor.desk.access import READERS, facts_for, must_hold
from monitor.desk.pictures import Picture, picture_of
from monitor.domain import PictureRow, PictureState, PictureTaken, UserRow
from monitor.errors import RefusedError, UsageError
from monitor.review import machine


@dataclass(frozen=True, slots=True)
class PictureRoom:
    """Where pictures lie: `put` keeps a file and returns its hash, `get` gives one back."""

    put: Callable[[bytes], str]
    get: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class OwnPicture:
    """A screenshot that an officer took of a text of a case; `item_row` is the text's row."""

    case_id: int
    item_row: int
    data: bytes


def must_review(user: UserRow) -> None:
    """Raise RefusedError for who reviews nothing anywhere, before a file of theirs is read."""
    if not (user.active and any(role in user.roles for role in machine.REVIEWERS)):
        raise RefusedError("Anda tidak berwenang menambahkan gambar", "mintalah admin memberi peran peninjau")


def may_bring_picture(database: Database, case_id: int, user: UserRow, now: datetime) -> None:
    """Raise RefusedError or UsageError unless the user reviews this case."""
    with database.read() as session:
        _must_review(session, case_id, user, now)


def ask_pictures(
    database: Database, case_id: int, user: UserRow, now: datetime, start: Callable[[int, str], None]
) -> None:
    """Have the pages of a case photographed: `start` begins with case and user name, and what began is audited.

    RefusedError or UsageError for who reviews nothing there; what `start` raises leaves no trace.
    """
    with database.write() as session:
        _must_review(session, case_id, user, now)
        subject = f"case:{case_id}"
        audit.record(session, actor=user.name, action="pictures_asked", subject=subject, detail={}, now=now)
        start(case_id, user.name)


def bring_picture(database: Database, room: PictureRoom, own: OwnPicture, user: UserRow, now: datetime) -> int:
    """Keep an officer's own screenshot as it is, and return its number; UsageError for what is no whole picture."""
    seen: Picture = picture_of(own.data)
    with database.read() as session:
        _must_review(session, own.case_id, user, now)
        if own.item_row not in screenshots.texts_of_case(session, own.case_id).values():
            raise UsageError("Unggahan itu bukan bagian dari informasi awal ini", "pilih unggahan dari daftarnya")
    taken = PictureTaken(
        item_row=own.item_row,
        state=PictureState.LENGKAP,
        taken_at=now,
        sha256=room.put(own.data),
        size=len(own.data),
        width=seen.width,
        height=seen.height,
        collector=user.name,
        detail="tangkapan layar petugas",
    )
    with database.write() as session:
        number = screenshots.store(session, taken)
        detail = {"picture": number, "sha256": taken.sha256, "size": taken.size}
        subject = f"case:{own.case_id}"
        audit.record(session, actor=user.name, action="picture_added", subject=subject, detail=detail, now=now)
    return number


def readable_copy(
    database: Database, room: PictureRoom, case_id: int, number: int, user: UserRow, now: datetime
) -> bytes:
    """Return the masked copy of a picture of a case that the user may see; its page is audited as a view of the case.

    UsageError where there is no such picture, or it has no readable copy.
    """
    with database.read() as session:
        digest = _picture(session, case_id, number, user, now).masked_sha256
    if digest is None:
        raise UsageError("Gambar ini tidak mempunyai salinan baca", "buka gambar aslinya dengan alasan")
    return room.get(digest)


def open_picture(
    database: Database, room: PictureRoom, wanted: tuple[int, int], reason: str, user: UserRow, now: datetime
) -> tuple[PictureRow, bytes]:
    """Return a sealed picture as it was taken, for a written reason; `wanted` is case and picture.

    Who opened it and why is audited. UsageError without a reason or where there is no such picture.
    """
    case_id, number = wanted
    if not reason.strip():
        raise UsageError("Pembukaan gambar asli harus beralasan", "tulis alasannya, lalu kirim lagi")
    with database.write() as session:
        found = _picture(session, case_id, number, user, now)
        must_hold(user, facts_for(session, case_id, user, now).jurisdiction, *READERS)
        if found.sha256 is None:
            raise UsageError("Potret ini tidak menghasilkan gambar", "lihat keterangannya")
        detail = {"picture": number, "sha256": found.sha256, "reason": reason.strip()}
        subject = f"case:{case_id}"
        audit.record(session, actor=user.name, action="picture_opened", subject=subject, detail=detail, now=now)
    return found, room.get(found.sha256)


def _must_review(session: Session, case_id: int, user: UserRow, now: datetime) -> None:
    must_hold(user, facts_for(session, case_id, user, now).jurisdiction, *machine.REVIEWERS)


def _picture(session: Session, case_id: int, number: int, user: UserRow, now: datetime) -> PictureRow:
    facts_for(session, case_id, user, now)
    found = next((row for row in screenshots.of_case(session, case_id) if row.id == number), None)
    if found is None:
        raise UsageError(f"Gambar {number} tidak ada pada informasi awal ini", "lihat daftar gambarnya")
    return found
