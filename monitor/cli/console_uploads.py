"""What the console may do with files that officers bring: the same readers, importers and finds as the command line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from db.identifiers import person_ids
from db.register_lists import places_of
from monitor import desk
from monitor.assembly import night, roster_doors
from monitor.cli import roster_check
from monitor.cli.import_listed import FORMATS
from monitor.cli.moments import moment_of
from monitor.desk.uploads import BRINGERS, Bringing, FindTold, Job, Outcome, Problem
from monitor.domain import Find, IdentifierKind, PersonAccount, UserRow, region_covers
from monitor.errors import RosterError, RowProblem, UsageError
from monitor.roster import accounts as account_register
from monitor.roster import people as people_register
from monitor.roster.files import Parsed, RosterFile, RosterKind
from monitor.roster.importer import (
    ImportOptions,
    ImportReport,
    check_accounts,
    check_contest,
    check_people,
    import_file,
)
from monitor.roster.tables import read_table
from monitor.scan.finds import Doors as FindDoors
from monitor.scan.finds import enter_find
from monitor.scan.import_report import FileReport, ImportSummary
from monitor.scan.imports import ImportOrder, import_files
from monitor.scan.mappings import FOLDER, load_mapping
from monitor.workspace import Workspace
from scrapers.imports.contract import ReadOptions

_HEAD = 64 * 1024
_CONTEST = re.compile(rb"^\s*[\"']?contest[\"']?\s*:", re.MULTILINE)
_REGISTERS = {"asn": "Register ASN", "akun": "Register akun", "kontes": "Register kontes"}
_TABLE = "table"


@dataclass(frozen=True, slots=True)
class _Told:
    """Hands on how far an import is, as `Progress` wants it."""

    job: Job

    def phase(self, name: str, total: int) -> None:
        """Begin a phase; names of files stay out of it."""
        del total
        self.job.told(name.split(" ", 1)[0], 0)

    def step(self, done: int, note: str = "") -> None:
        """Say how far it is."""
        del note
        self.job.told("", done)


def bringing(space: Workspace, limit_mb: float) -> Bringing:
    """Return what bringing files and finds needs, over a workspace."""
    return Bringing(
        folder=space.settings.uploads_dir,
        limit=int(limit_mb * 1024 * 1024),
        check=lambda job: _run(space, job, dry_run=True),
        take=lambda job: _run(space, job, dry_run=False),
        enter_find=lambda user, find: _enter(space, user, find),
        kept=space.evidence.get,
        formats=FORMATS,
        mappings=lambda: _mappings(space),
    )


def kind_of(path: Path) -> str:
    """Return which register a file is by its content, or `capture`: everything else is left to the readers."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if _CONTEST.search(head):
        return RosterKind.KONTES.value
    whole = path.read_bytes() if head.startswith(b"PK\x03\x04") and _is_workbook(path) else head
    sheet = RosterFile(path.name, whole, "")
    for kind, columns, needed in (
        (RosterKind.ASN, people_register.COLUMNS, {"nama", "jenis", "instansi"}),
        (RosterKind.AKUN, account_register.COLUMNS, {"akun", "status"}),
    ):
        try:
            found = read_table(sheet, columns).columns
        except RosterError:
            continue
        if needed <= found and found & {"nip", "pengenal"}:
            return kind.value
    return "capture"


def _is_workbook(path: Path) -> bool:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist() and path.stat().st_size < 32 * 1024 * 1024
    except (zipfile.BadZipFile, OSError):
        return False


def _mappings(space: Workspace) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (space.settings.home / FOLDER).glob("*.toml")))


def _run(space: Workspace, job: Job, *, dry_run: bool) -> Outcome:
    kind = job.kind or kind_of(job.path)
    if kind == "capture":
        return _capture(space, job, dry_run=dry_run)
    return _register(space, RosterKind(kind), job, dry_run=dry_run)


def _capture(space: Workspace, job: Job, *, dry_run: bool) -> Outcome:
    answers = job.answers
    options, format_name = _options(space, job), answers.get("format") or None
    if answers.get("mapping"):
        if answers["mapping"] not in _mappings(space):
            raise UsageError("Pemetaan itu tidak ada di ruang kerja", "pilih salah satu yang ditampilkan")
        columns, platform = load_mapping(space.settings.home, answers["mapping"])
        options = replace(options, mapping=columns, platform=options.platform or platform)
        format_name = format_name or _TABLE
    elif answers.get("columns"):
        options, format_name = replace(options, mapping=_columns(answers["columns"])), format_name or _TABLE
    collector = answers.get("collector") or job.user.name
    order = ImportOrder((job.path,), collector, format_name, dry_run, options)
    with night(space) as parts:
        return _of_capture(import_files(parts, order, _Told(job)))


def _columns(text: str) -> Mapping[str, str]:
    """Return typed columns by field; UsageError names what is wrong with them."""
    try:
        found = tomllib.loads(text.replace("[kolom]", ""))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            "Daftar kolom tidak terbaca", 'tulis seperti akun = "Nama akun", satu isian sebaris'
        ) from error
    if not found or not all(isinstance(value, str) for value in found.values()):
        raise UsageError("Daftar kolom masih kosong", 'tulis seperti akun = "Nama akun", satu isian sebaris')
    return found


def _options(space: Workspace, job: Job) -> ReadOptions:
    answers = job.answers
    order = answers.get("date_order")
    return ReadOptions(
        date_order="dmy" if order == "dmy" else "mdy" if order == "mdy" else None,
        timezone=answers.get("timezone") or space.settings.agency.timezone,
        captured_at=moment_of(space, answers.get("captured_at"), "waktu penangkapan"),
        url=answers.get("url"),
        platform=answers.get("platform"),
        supplier=answers.get("supplier", ""),
        basis=answers.get("basis", ""),
    )


def _of_capture(summary: ImportSummary) -> Outcome:
    reports, judged, cases = summary.files, summary.judged, summary.cases
    counts = {
        "lines": sum(report.lines for report in reports),
        "taken": sum(report.taken for report in reports),
        "interactions": sum(report.interactions for report in reports),
        "bystanders": sum(report.bystanders for report in reports),
    }
    if not summary.dry_run:
        counts |= {
            "new_interactions": sum(report.stored.interactions for report in reports),
            "evaluated": judged.evaluated,
            "hits": judged.hits,
            "new_cases": cases.new,
            "joined_cases": cases.joined,
        }
    first = min((r.captured_from for r in reports if r.captured_from), default=None)
    last = max((r.captured_to for r in reports if r.captured_to), default=None)
    skipped: dict[str, int] = {}
    for report in reports:
        for reason, count in report.skipped.items():
            skipped[reason] = skipped.get(reason, 0) + count
    return Outcome(
        kind="capture",
        recognised="; ".join(dict.fromkeys(FORMATS.get(report.format, report.format) for report in reports)),
        tool="; ".join(dict.fromkeys(report.tool for report in reports if report.tool)),
        counts=counts,
        skipped=dict(sorted(skipped.items())),
        unknown=tuple(sorted({name for report in reports for name in report.unknown_fields})),
        problems=tuple(_line_problems(summary)),
        left_out=sum(report.issues_left_out for report in reports),
        captured_from=first.isoformat() if first else "",
        captured_to=last.isoformat() if last else "",
        takeable=counts["taken"] > 0,
    )


def _line_problems(summary: ImportSummary) -> Iterator[Problem]:
    for failure in summary.failures:
        yield Problem(failure.file, None, "", failure.reason)
    for report in summary.files:
        yield from _issues(report)


def _issues(report: FileReport) -> Iterator[Problem]:
    for issue in report.issues:
        yield Problem(report.file, int(issue["line"]), "", str(issue["detail"]), "baris ini dilewati; yang lain masuk")


def _register(space: Workspace, kind: RosterKind, job: Job, *, dry_run: bool) -> Outcome:
    skip = job.answers.get("skip_bad_rows") == "ya"
    beyond = tuple(_beyond(space, kind, job))
    if beyond and not dry_run:
        raise RosterError(beyond)
    doors = replace(roster_doors(space, job.user.name), review=roster_check.reviewer(space))
    options = ImportOptions(dry_run, skip, space.settings.agency.jurisdiction)
    report = import_file(kind, job.path, doors, options, lambda done, _total: job.told("", done))
    if not dry_run and not report.stored:
        raise RosterError(report.problems)
    return _of_register(kind, report, beyond, skip=skip)


def _of_register(kind: RosterKind, report: ImportReport, beyond: tuple[RowProblem, ...], *, skip: bool) -> Outcome:
    problems = (*beyond, *report.problems)
    good = report.rows - report.left_out
    counts = {"rows": report.rows, "good": good}
    if report.stored:
        counts |= {"new": report.new, "changed": report.changed, "same": report.same, "left_out": report.left_out}
    whole = any(problem.row is None for problem in report.problems)
    return Outcome(
        kind=kind.value,
        recognised=_REGISTERS[kind.value],
        counts=counts,
        problems=tuple(_problem(problem) for problem in problems),
        warnings=tuple(_problem(problem) for problem in report.warnings),
        takeable=good > 0 and not beyond and not whole and (skip or not report.problems),
        mendable=good > 0 and not beyond and not whole and bool(report.problems) and not skip,
    )


def _problem(one: RowProblem) -> Problem:
    return Problem(one.file, one.row, one.column, one.problem, one.mend)


def _beyond(space: Workspace, kind: RosterKind, job: Job) -> Iterator[RowProblem]:
    """Yield the rows that concern places where the user may not write; whose they are now counts as well."""
    regions = job.user.regions(*BRINGERS)
    if "" in regions:
        return
    said, mend = "baris ini di luar wilayah Anda", "hapus baris ini, atau mintalah petugas wilayah itu"
    for number, column, place in _places(space, kind, job.path):
        if not any(region_covers(region, place) for region in regions):
            yield RowProblem(job.path.name, number, column, said, mend)


def _places(space: Workspace, kind: RosterKind, path: Path) -> Iterator[tuple[int | None, str, str]]:
    default = space.settings.agency.jurisdiction
    match kind:
        case RosterKind.ASN:
            people = check_people(path, default)
            known = _known_places(space, ((p.identifier_kind, p.identifier) for p in people.values))
            for number, person in people.good.items():
                for place in {person.jurisdiction, known.get((person.identifier_kind, person.identifier), "")} - {""}:
                    yield number, "wilayah", place
        case RosterKind.AKUN:
            accounts = check_accounts(path)
            known = _known_places(space, ((a.identifier_kind, a.identifier) for a in accounts.values))
            yield from _of_accounts(accounts, known)
        case RosterKind.KONTES:
            yield from ((None, "region", contest.region) for contest in check_contest(path).values)


def _of_accounts(
    accounts: Parsed[PersonAccount], known: dict[tuple[IdentifierKind, str], str]
) -> Iterator[tuple[int | None, str, str]]:
    for number, account in accounts.good.items():
        place = known.get((account.identifier_kind, account.identifier))
        if place is not None:
            yield number, "nip", place


def _known_places(
    space: Workspace, keys: Iterable[tuple[IdentifierKind, str]]
) -> dict[tuple[IdentifierKind, str], str]:
    with space.database.read() as session:
        people = person_ids(session, space.vault, dict.fromkeys(keys))
        places = places_of(session, set(people.values()))
    return {key: places.get(number, "") for key, number in people.items()}


def _enter(space: Workspace, user: UserRow, find: Find) -> FindTold:
    with night(space) as parts:
        doors = FindDoors(space.vault, user, lambda place: desk.may_enter(user, place))
        done = enter_find(parts, doors, find)
    return FindTold(done.id, done.new, done.certain, done.cases.new, done.cases.joined)
