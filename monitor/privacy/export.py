"""A person's own data on request: everything that is stored about them, to be read by programs and by people.

UU 27/2022, Pasal 7, gives the right to a copy; others in it are masked, and who reported is in none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from db import audit, finds, holds, subject_export, subjects, users
from db.connect import Database, Session
from db.holds import place_of
from db.identifiers import person_ids
from db.subjects import Section, Subject
from monitor.desk.access import must_hold
from monitor.domain import IdentifierKind, Role, UserRow
from monitor.errors import UsageError
from monitor.privacy.masking import Mask
from monitor.vault import Vault

EXPORTERS = (Role.DPO,)
EXPORTED: Final = "subject_exported"
_FREE: Final = frozenset({
    "note", "evidence", "method", "reason", "explanation", "counter_signals", "purpose", "release_reason", "text",
    "alt_texts", "links",
})  # fmt: skip
"""Fields that hold words somebody wrote, or that name others; all else is codes, counts, hashes and times."""


@dataclass(frozen=True, slots=True)
class Request:
    """Whose copy is asked for and on what ground: the identifier as the register has it, and the letter's number.

    `notes` tells what people wrote into the cases too; it must be read before it is handed over.
    """

    kind: IdentifierKind
    identifier: str = field(repr=False)
    ground: str
    notes: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """What a person is given: sections by name, what is left out and why, and by whose clock it was made."""

    made_at: datetime
    ground: str
    sections: dict[str, Section]
    left_out: dict[str, str]
    notes: bool


def export(database: Database, vault: Vault, request: Request, user: UserRow, now: datetime) -> Copy:
    """Return a person's copy; that it was made, by whom and on what ground, is audited in the same transaction.

    The caller has made sure of the user anew. UsageError when nobody of that number is in the user's places, in the
    same words wherever they are.
    """
    ground = " ".join(request.ground.split())
    if not ground:
        raise UsageError("Permintaan salinan data harus berdasar", 'tulis --reason "nomor surat permintaan"')
    with database.write() as session:
        key = (request.kind, "".join(request.identifier.split()))
        number = person_ids(session, vault, [key]).get(key)
        place = place_of(session, number, None) if number is not None else None
        if number is None or place is None or not any(user.has(role, place) for role in EXPORTERS):
            must_hold(user, next(iter(user.regions(*EXPORTERS)), ""), *EXPORTERS)
            raise UsageError("Tidak ada orang dengan pengenal itu dalam wilayah Anda", "periksa jenis dan nomornya")
        must_hold(user, place, *EXPORTERS)
        of = subjects.subject_of(session, number, now)
        sections = subject_export.collect(session, vault, of, notes=request.notes)
        masked = _masked(session, vault, of, sections)
        detail = {"ground": ground, "notes": request.notes, "rows": sum(map(len, sections.values()))}
        audit.record(session, actor=user.name, action=EXPORTED, subject=f"asn:{number}", detail=detail, now=now)
        holds.note(session, "exported", (holds.PERSON, number), user.name, ground, now)
    left_out = dict(subject_export.LEFT_OUT)
    if not request.notes:
        left_out["review_event_note"] = "catatan peninjau dapat memuat orang lain; petugas menyalinnya satu per satu"
    return Copy(now, ground, masked, left_out, request.notes)


def as_json(copy: Copy, agency: str) -> dict[str, Any]:
    """Return the copy for programs."""
    return {
        "format": "pantau-subject-copy 1",
        "controller": agency,
        "made_at": copy.made_at.isoformat(),
        "ground": copy.ground,
        "law": "UU 27/2022, Pasal 7",
        "sections": copy.sections,
        "left_out": copy.left_out,
    }


def _masked(session: Session, vault: Vault, of: Subject, sections: dict[str, Section]) -> dict[str, Section]:
    free = "\n".join(_words(sections))
    staff = {name for user in users.list_users(session) for name in (user.name, user.full_name)}
    reporters = {
        word
        for number in subjects.reports_about(session, of)
        if (who := finds.reporter_of(session, vault, number)) is not None
        for word in (who.name, who.contact)
    }
    known = subjects.own_handles(session, of) | subjects.public_handles(session)
    mask = Mask(
        accounts=known,
        handles=subjects.handles_named(session, free, of) - known,
        names=staff | reporters | subjects.others_named(session, free, of.person),
    )
    return {name: [_row(row, mask) for row in rows] for name, rows in sections.items()}


def _row(row: dict[str, Any], mask: Mask) -> dict[str, Any]:
    return {name: mask.value(value) if name in _FREE else value for name, value in row.items()}


def _words(sections: dict[str, Section]) -> Iterable[str]:
    for rows in sections.values():
        for row in rows:
            for name in _FREE & row.keys():
                yield str(row[name] or "")
