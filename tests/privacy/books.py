"""A small register whose acts have real bodies in a real store, so that a purge has something to remove."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from db import audit, cases, holds, search
from db.connect import Database
from db.events import EventDraft
from db.tables import asn, evidence_file, form_issue, review_case
from db.verify import Problem, verify
from monitor.domain import Act, CaseState, EventKind, NoteKind
from monitor.domain.keeping import KeepingTerms, Purged
from monitor.evidence.store import EvidenceStore
from monitor.privacy.purge import PurgeParts, purge_due
from monitor.scan.integrity import Finding, check_evidence
from monitor.scan.progress import Silent
from monitor.sealing import seal_changed
from monitor.vault import Vault
from tests import casebook
from tests.casebook import NOW, Book

OLD = NOW + timedelta(days=5000)
"""Long after every term."""


@contextmanager
def unlocked(_work: str) -> Iterator[None]:
    yield


@dataclass(frozen=True)
class Shelf:
    """The register with its store, and what purges it."""

    book: Book
    parts: PurgeParts

    @property
    def database(self) -> Database:
        return self.parts.database

    @property
    def store(self) -> EvidenceStore:
        return self.parts.evidence

    def case(self, who: int, name: str, *, comment: bool = True) -> int:
        """Open a case of one act whose answer is kept."""
        digest = self.store.put(f"jawaban {name} {who}".encode())
        verb = Act.COMMENT if comment else Act.LIKE
        changes = {"sha": digest, "own": name} if comment else {"sha": digest}
        number = casebook.one_case(self.database, self.book, who, verb, name, **changes)
        with self.database.write() as session:
            search.refresh(session, NOW)
        seal_changed(self.database, self.store, NOW)
        return number

    def close(self, case_id: int, at: datetime = NOW) -> None:
        """Set a case aside with a note."""
        with self.database.write() as session:
            row = session.execute(sa.select(review_case).where(review_case.c.id == case_id)).one()
            draft = EventDraft(
                case_id=case_id, version=row.version + 1, kind=EventKind.DECIDED, to_state=CaseState.DIKESAMPINGKAN,
                at=at, actor="rina", from_state=row.state, reason="kedinasan", user_id=self.book.rina.id,
                note="Catatan contoh tentang pegawai.", note_kind=NoteKind.CATATAN,
            )  # fmt: skip
            cases.record(session, [draft])

    def person(self, who: int) -> int:
        """Return the row of a person by the number in their name."""
        with self.database.read() as session:
            return int(session.execute(sa.select(asn.c.id).where(asn.c.name == f"PEGAWAI CONTOH {who}")).scalar_one())

    def hold(self, *, person: int | None = None, case: int | None = None) -> int:
        with self.database.write() as session:
            return holds.add(session, person, case, "surat 12", self.book.bayu.id, NOW)

    def issue(self, case_id: int) -> str:
        """Write that a form of the case was issued, and return its hash."""
        digest = self.store.put(f"formulir {case_id}".encode())
        with self.database.write() as session:
            session.execute(sa.insert(evidence_file).values(sha256=digest, size=9, origin="program"))
            values = {"case_id": case_id, "form": "a", "version": 1, "sha256": digest, "template_sha256": "c" * 64}
            made = {"reason": "", "issued_by": self.book.bayu.id, "issued_at": NOW}
            session.execute(sa.insert(form_issue).values(values | made))
        return digest

    def purge(self, now: datetime = OLD, terms: KeepingTerms | None = None) -> Purged:
        parts = replace(self.parts, terms=terms) if terms is not None else self.parts
        return purge_due(parts, now, sure=True)

    def faults(self) -> tuple[list[Problem], list[Finding]]:
        """Return what `pantau verify` and `pantau evidence verify` find."""
        with self.database.read() as session:
            problems = verify(session)
        found = check_evidence(self.database, self.store, Silent())
        return problems, [*found.faults, *found.notes]


def open_shelf(database: Database, vault: Vault, folder: Path, store: EvidenceStore | None = None) -> Shelf:
    """Write the register into an empty database."""
    book = casebook.open_book(database, vault)
    for name in ("roster", "uploads", "evidence"):
        (folder / name).mkdir(exist_ok=True)
    parts = PurgeParts(
        database=database,
        evidence=store or EvidenceStore(folder / "evidence", vault),
        roster_dir=folder / "roster",
        uploads_dir=folder / "uploads",
        terms=KeepingTerms(sources={"bluesky": 365}),
        lock=unlocked,
    )
    with database.write() as session:
        audit.record(session, actor="rina", action="a", subject="s:1", detail={"x": "y"}, now=NOW)
    return Shelf(book, parts)
