"""Files that officers bring through the console: received sealed, checked without writing, taken in when they say so.

Every step changes the row only from the phase in which it found it, so that a second press, or a second console on the
same workspace, does nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from db import audit, uploads
from db.connect import Database, Session
from db.uploads import Arrived, UploadRow
from monitor.desk import sealed_files
from monitor.desk.sealed_files import SealedWriter
from monitor.domain import Find, Role, UserRow
from monitor.errors import (
    ConflictError,
    DatabaseError,
    EvidenceError,
    ImportQuestion,
    LockHeld,
    PantauError,
    RefusedError,
    UsageError,
)
from monitor.vault import Vault

BRINGERS = frozenset({Role.PENGAWAS, Role.KOORDINATOR, Role.ADMIN})
KEPT = timedelta(hours=24)
QUIET = timedelta(seconds=60)
"""Work that gave no sign for so long is dead: the program was stopped in the middle of it."""

ANSWERS: Final = (
    "format", "date_order", "timezone", "captured_at", "url", "platform", "supplier", "basis", "mapping",
    "skip_bad_rows", "collector", "columns",
)  # fmt: skip
"""What a person may say about a file, under the names that `pantau import` knows."""

_OPTION = re.compile(r"--([a-z][a-z-]+)")
_PROPOSAL = "[kolom]\n"
_WAITS: Final = ("asked", "ready", "refused", "failed")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file, or worth knowing: where, what was expected, how to mend it."""

    file: str
    row: int | None
    column: str
    problem: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a dry run or an import said.

    `counts` names numbers only; `takeable` is False where nothing can be taken, `mendable` says that leaving out bad
    rows would help. `proposal` is a guess of what the columns of a table hold, as TOML.
    """

    kind: str
    recognised: str
    tool: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    left_out: int = 0
    captured_from: str = ""
    captured_to: str = ""
    takeable: bool = True
    mendable: bool = False
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One opened file with what was answered about it; an empty `kind` is to be found out. `told` hears of progress."""

    kind: str
    path: Path
    answers: Mapping[str, str]
    user: UserRow
    told: Callable[[str, int], None] = lambda _phase, _done: None


@dataclass(frozen=True, slots=True)
class FindTold:
    """What became of a find: its number, whether it was new and surely the same act, and what it did to cases."""

    id: int
    new: bool
    certain: bool
    opened: int = 0
    joined: int = 0


@dataclass(frozen=True, slots=True)
class Bringing:
    """What bringing files and finds needs beside the database; handed in by whoever starts the console.

    `check` reads and writes nothing; `take` writes, and doing it again changes nothing. Both raise the error tree.
    `kept` opens a sealed evidence file by its hash.
    """

    folder: Path
    limit: int
    check: Callable[[Job], Outcome]
    take: Callable[[Job], Outcome]
    enter_find: Callable[[UserRow, Find], FindTold]
    kept: Callable[[str], bytes]
    formats: Mapping[str, str]
    mappings: Callable[[], tuple[str, ...]] = tuple


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that every step works with."""

    database: Database
    vault: Vault
    doors: Bringing
    clock: Callable[[], datetime]


def may_bring(user: UserRow) -> None:
    """Raise RefusedError unless the user may bring files."""
    if not (user.active and user.roles & BRINGERS):
        raise RefusedError(
            f"{user.full_name or user.name} tidak berwenang mengunggah berkas", "mintalah admin memberi peran"
        )


def receive(desk: Desk, writer: SealedWriter, kind: str, name: str, user: UserRow) -> int:
    """Write that a file came whole, and return its number; `kind` is empty when the program is to find it out."""
    may_bring(user)
    now = desk.clock()
    file = Arrived(user.id, kind or "capture", name, writer.size, writer.sha256, writer.name)
    with desk.database.write() as session:
        number = uploads.add_upload(session, file, {} if kind else {"find_out": "ya"}, now)
        _audit(session, user, "upload_received", number, {"sha256": file.sha256, "size": file.size}, now)
    return number


def upload_for(desk: Desk, number: int, user: UserRow) -> UploadRow:
    """Return one of the user's uploads; UsageError when there is none, in the same words when it is another's."""
    may_bring(user)
    with desk.database.read() as session:
        row = uploads.upload_of(session, number, user.id)
    if row is None:
        raise UsageError(f"Unggahan {number} tidak ada", "lihat daftar unggahan Anda")
    return row


def dead(row: UploadRow, now: datetime) -> bool:
    """Whether the work on an upload was stopped in the middle."""
    return row.working and row.beat_at is not None and row.beat_at < now - QUIET


def check(desk: Desk, number: int, user: UserRow) -> None:
    """Do the dry run of an upload that waits for it; whatever goes wrong is written into its row."""
    _work(desk, number, user, ("waiting", "checking"), _checked)


def answer(desk: Desk, number: int, user: UserRow, answers: Mapping[str, str], kind: str = "") -> bool:
    """Take what a person said, and let the file be checked again; False when it is being worked on or has ended."""
    row = upload_for(desk, number, user)
    known = {name: answers[name].strip() for name in ANSWERS if answers.get(name, "").strip()}
    now = desk.clock()
    values: dict[str, Any] = {"phase": "waiting", "answers": known}
    if kind:
        values["kind"] = kind
    elif row.answers.get("find_out"):
        known["find_out"] = "ya"
    with desk.database.write() as session:
        if dead(row, now) and not uploads.revive(session, number, row.phase, now - QUIET, now):
            return False
        from_phases = (row.phase,) if dead(row, now) else _WAITS
        return uploads.move(session, number, from_phases, now, **values)


def confirm(desk: Desk, number: int, user: UserRow) -> bool:
    """Say that a checked file is to be taken in; False when it is taken already, or not ready."""
    upload_for(desk, number, user)
    now = desk.clock()
    with desk.database.write() as session:
        begun = uploads.move(session, number, ("ready",), now, phase="taking")
        if begun:
            _audit(session, user, "upload_confirmed", number, {}, now)
    return begun


def take(desk: Desk, number: int, user: UserRow) -> None:
    """Take a confirmed file in; whatever goes wrong is written into its row."""
    _work(desk, number, user, ("taking",), _taken)


def drop(desk: Desk, number: int, user: UserRow) -> None:
    """Throw an upload away; ConflictError when it is being taken in or has ended."""
    row = upload_for(desk, number, user)
    now = desk.clock()
    if row.state != "tried" or (row.phase == "taking" and not dead(row, now)):
        raise ConflictError("Unggahan ini sudah selesai atau sedang dimasukkan", "muat ulang halaman")
    if not _throw_away(desk.database, desk.doors.folder, row, user.name, now):
        raise ConflictError("Unggahan ini baru saja berlanjut", "muat ulang halaman")


def sweep(database: Database, folder: Path, now: datetime) -> int:
    """Throw away what was never finished within a day, and copies that no upload names; return how many ended."""
    with database.read() as session:
        old = uploads.left_over(session, now - KEPT, now - QUIET)
        names = uploads.kept_names(session)
    ended = sum(_throw_away(database, folder, row, "program", now) for row in old)
    kept = names | {note_name(name) for name in names}
    sealed_files.clear_strays(folder, kept, (now - KEPT).timestamp())
    return ended


def details(desk: Desk, row: UploadRow) -> Outcome | None:
    """Return what the last dry run or the import said in full; None where it is not kept any more."""
    name = row.report.get("note")
    if not name:
        return None
    try:
        text = desk.vault.unseal((desk.doors.folder / str(name)).read_bytes())
    except (OSError, EvidenceError):
        return None
    found = json.loads(text)
    for part in ("problems", "warnings"):
        found[part] = tuple(Problem(**one) for one in found[part])
    return Outcome(**found | {"unknown": tuple(found["unknown"])})


def note_name(stored_as: str) -> str:
    """Return under which name the report of a sealed copy lies."""
    return f"hasil-{stored_as}"


def _work(
    desk: Desk,
    number: int,
    user: UserRow,
    phases: tuple[str, ...],
    done: Callable[[Desk, UploadRow, UserRow, Job], None],
) -> None:
    with desk.database.write() as session:
        row = uploads.upload_of(session, number, user.id)
        if row is None or not uploads.move(session, number, phases, desk.clock(), phase=_busy(phases)):
            return
    try:
        with sealed_files.opened(desk.doors.folder / (row.stored_as or ""), row.file_name, desk.vault) as path:
            kind = "" if row.answers.get("find_out") else row.kind
            done(desk, row, user, Job(kind, path, dict(row.answers), user))
    except ImportQuestion as question:
        _stopped(desk, row, "asked", question)
    except PantauError as error:
        _stopped(desk, row, "refused" if _lasting(error) else "failed", error)
    except Exception:
        _stopped(desk, row, "failed", PantauError("Terjadi kesalahan di program", "coba lagi; bila terulang, laporkan"))
        raise


def _busy(phases: tuple[str, ...]) -> str:
    return "taking" if "taking" in phases else "checking"


def _lasting(error: PantauError) -> bool:
    """Whether trying again without changing anything would end the same."""
    return not isinstance(error, LockHeld | DatabaseError)


def _checked(desk: Desk, row: UploadRow, user: UserRow, job: Job) -> None:
    del user
    outcome = desk.doors.check(job)
    note = _keep(desk, row, outcome)
    phase = "ready" if outcome.takeable else "refused"
    answers = {name: value for name, value in row.answers.items() if name != "find_out"}
    with desk.database.write() as session:
        uploads.move(
            session, row.id, ("checking",), desk.clock(), phase=phase, kind=outcome.kind, answers=answers,
            report=_counts(outcome, note),
        )  # fmt: skip


def _taken(desk: Desk, row: UploadRow, user: UserRow, job: Job) -> None:
    outcome = desk.doors.take(job)
    note = _keep(desk, row, outcome)
    now = desk.clock()
    with desk.database.write() as session:
        uploads.end(session, row.id, "done", now, stored_as=None, answers={}, report=_counts(outcome, note))
        detail = {"kind": outcome.kind, "sha256": row.sha256, "counts": dict(outcome.counts)}
        _audit(session, user, "upload_taken", row.id, detail, now)
    _remove(desk.doors.folder / (row.stored_as or ""))


def _stopped(desk: Desk, row: UploadRow, phase: str, error: PantauError) -> None:
    """Write why work stopped: the sentence goes into the sealed note, since it may quote the file."""
    proposal = error.mend.partition(_PROPOSAL)[1:]
    fields = _asked(error.mend) | ({"columns"} if any(proposal) or row.answers.get("columns") else set())
    mend = (
        "" if _asked(error.mend) else error.mend.replace("pantau import --formats", "daftar format di halaman Unggah")
    )
    problems = tuple(Problem(p.file, p.row, p.column, p.problem, p.mend) for p in getattr(error, "problems", ()))
    problems = problems or (Problem(row.file_name, None, "", error.message.removeprefix(f"{row.file_name}: "), mend),)
    outcome = Outcome(row.kind, "", problems=problems, takeable=False, proposal="".join(proposal))
    report = _counts(outcome, _keep(desk, row, outcome)) | {"fields": sorted(fields), "stopped": phase}
    with desk.database.write() as session:
        uploads.move(session, row.id, ("checking", "taking"), desk.clock(), phase=phase, report=report)


def _asked(mend: str) -> set[str]:
    """Return the questions that a remedy's options stand for."""
    named = {name.replace("-", "_") for name in _OPTION.findall(mend.partition(_PROPOSAL)[0])}
    return ({"format"} if "as" in named else set()) | (named & set(ANSWERS))


def _counts(outcome: Outcome, note: str) -> dict[str, Any]:
    told = {"problems": len(outcome.problems) + outcome.left_out, "warnings": len(outcome.warnings)}
    return {"counts": dict(outcome.counts) | told, "recognised": outcome.recognised, "tool": outcome.tool, "note": note}


def _keep(desk: Desk, row: UploadRow, outcome: Outcome) -> str:
    assert row.stored_as is not None  # only a kept file is worked on
    name = note_name(row.stored_as)
    text = json.dumps(asdict(outcome), ensure_ascii=True).encode()
    sealed_files.write_note(desk.doors.folder / name, text, desk.vault)
    return name


def _throw_away(database: Database, folder: Path, row: UploadRow, actor: str, now: datetime) -> bool:
    """Throw an upload away; False when it has ended or gone on since it was read."""
    with database.write() as session:
        if not uploads.end(session, row.id, "dropped", now, phase=row.phase, stored_as=None, answers={}, report={}):
            return False
        audit.record(
            session, actor=actor, action="upload_dropped", subject=f"upload:{row.id}", detail={"sha256": row.sha256},
            now=now,
        )  # fmt: skip
    if row.stored_as:
        for name in (row.stored_as, note_name(row.stored_as)):
            _remove(folder / name)
    return True


def _remove(path: Path) -> None:
    if path.is_file():
        path.unlink(missing_ok=True)


def _audit(
    session: Session, user: UserRow, action: str, number: int, detail: Mapping[str, object], now: datetime
) -> None:
    audit.record(session, actor=user.name, action=action, subject=f"upload:{number}", detail=detail, now=now)
