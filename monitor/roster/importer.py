"""Importing a register: check everything, keep a sealed dated copy, then store all of it or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from monitor.domain import Contest, Person, PersonAccount
from monitor.errors import RowProblem, plainly, unwritten
from monitor.roster.accounts import KnownRegister, parse_accounts
from monitor.roster.contests import parse_contest
from monitor.roster.files import Parsed, RosterFile, RosterKind, read_bytes
from monitor.roster.people import parse_people

T = TypeVar("T")
Progress = Callable[[int, int], None]


class Counts(Protocol):
    """How many rows storing added, changed and found as they were."""

    @property
    def new(self) -> int: ...  # noqa: D102 - said by the class

    @property
    def changed(self) -> int: ...  # noqa: D102 - said by the class

    @property
    def same(self) -> int: ...  # noqa: D102 - said by the class


@dataclass(frozen=True, slots=True)
class BatchFile:
    """What the database records of an imported file; `stored_as` is the sealed copy's name in the roster folder."""

    kind: RosterKind
    file_name: str
    sha256: str
    stored_as: str


@dataclass(frozen=True, slots=True)
class Doors:
    """The outside world of an import, handed in by the assembly.

    Each `store_*` opens the batch and stores everything in one transaction, reading its iterable once. `known` is None
    where nothing is stored to compare with. `seal` encrypts a copy. `review` says what in a contest a person should
    look at; it never keeps one out.
    """

    store_people: Callable[[BatchFile, Iterable[Person]], Counts]
    store_accounts: Callable[[BatchFile, Iterable[PersonAccount]], Counts]
    store_contest: Callable[[BatchFile, Contest], Counts]
    known: KnownRegister | None
    seal: Callable[[bytes], bytes]
    roster_dir: Path
    clock: Callable[[], datetime]
    review: Callable[[Contest], tuple[RowProblem, ...]] | None = None


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import: only check, leave out bad rows, and the region of rows that name none."""

    dry_run: bool = False
    skip_bad_rows: bool = False
    default_jurisdiction: str = ""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `rows` is new + changed + same + left_out once stored; a refused file stores nothing."""

    kind: RosterKind
    file: str
    sha256: str
    rows: int
    dry_run: bool
    stored: bool
    new: int = 0
    changed: int = 0
    same: int = 0
    left_out: int = 0
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether nothing needs a person: the exit code is 0, else 1."""
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {**asdict(self), "ok": self.ok}


def check_people(path: Path, default_jurisdiction: str = "") -> Parsed[Person]:
    """Return what an ASN register says, without storing anything."""
    return parse_people(read_bytes(path), default_jurisdiction)


def check_accounts(path: Path, known: KnownRegister | None = None) -> Parsed[PersonAccount]:
    """Return what an account register says, without storing anything."""
    return parse_accounts(read_bytes(path), known)


def check_contest(path: Path) -> Parsed[Contest]:
    """Return what a contest file says, without storing anything."""
    return parse_contest(read_bytes(path))


def import_file(
    kind: RosterKind, path: Path, doors: Doors, options: ImportOptions, progress: Progress | None = None
) -> ImportReport:
    """Check a register file and, unless it is a dry run or has problems, store it.

    RosterError when the file cannot be read as a register at all. Importing the same file again changes nothing.
    `progress` is called with (rows stored, rows to store).
    """
    file = read_bytes(path)
    match kind:
        case RosterKind.ASN:
            people = parse_people(file, options.default_jurisdiction)
            return _take(kind, people, doors, options, lambda batch: doors.store_people(batch, _tick(people, progress)))
        case RosterKind.AKUN:
            accounts = parse_accounts(file, doors.known)
            return _take(
                kind, accounts, doors, options, lambda batch: doors.store_accounts(batch, _tick(accounts, progress))
            )
        case RosterKind.KONTES:
            contest = _reviewed(parse_contest(file), doors)
            return _take(kind, contest, doors, options, lambda batch: doors.store_contest(batch, contest.values[0]))


def _reviewed(parsed: Parsed[Contest], doors: Doors) -> Parsed[Contest]:
    """Add what the review says of a contest to the warnings of its file."""
    if doors.review is None:
        return parsed
    said = (replace(w, file=parsed.file.name) for contest in parsed.values for w in doors.review(contest))
    return replace(parsed, warnings=(*parsed.warnings, *said))


def _take(
    kind: RosterKind, parsed: Parsed[T], doors: Doors, options: ImportOptions, store: Callable[[BatchFile], Counts]
) -> ImportReport:
    report = ImportReport(
        kind=kind,
        file=parsed.file.name,
        sha256=parsed.file.sha256,
        rows=parsed.rows,
        dry_run=options.dry_run,
        stored=False,
        left_out=parsed.rows - len(parsed.good),
        problems=parsed.problems,
        warnings=parsed.warnings,
    )
    takes = bool(parsed.good) and (not parsed.problems or (options.skip_bad_rows and not parsed.unusable))
    if options.dry_run or not takes:
        return report
    copy, added = _keep_copy(parsed.file, doors)
    try:
        counts = store(BatchFile(kind, parsed.file.name, parsed.file.sha256, copy.name))
    except BaseException:
        # The copy stands for a stored batch; without one it would be a stray file of personal data.
        if added:
            copy.unlink(missing_ok=True)
        raise
    return replace(report, stored=True, new=counts.new, changed=counts.changed, same=counts.same)


def _tick(parsed: Parsed[T], progress: Progress | None) -> Iterator[T]:
    total = len(parsed.good)
    for number, value in enumerate(parsed.values, start=1):
        yield value
        if progress is not None:
            progress(number, total)


def _keep_copy(file: RosterFile, doors: Doors) -> tuple[Path, bool]:
    """Return the sealed copy of this content and whether it was made now; there is one for each content."""
    short = file.sha256[:12]
    try:
        doors.roster_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        present = sorted(doors.roster_dir.glob(f"*-{short}-*.sealed"))
        if present:
            return present[0], False
        safe = re.sub(r"[^A-Za-z0-9._-]+", "_", file.name)[-80:].lstrip("._-") or "berkas"
        copy = doors.roster_dir / f"{doors.clock().astimezone(UTC):%Y%m%dT%H%M%SZ}-{short}-{safe}.sealed"
        _write_private(copy, doors.seal(file.data))
    except OSError as error:
        raise unwritten(
            error,
            f"salinan register tidak dapat ditulis ke {doors.roster_dir} ({plainly(error)})",
            "periksa izin dan ruang disk",
        ) from error
    return copy, True


def _write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    try:
        partial.write_bytes(data)
        partial.chmod(0o600)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
