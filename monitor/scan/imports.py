"""Files that officers captured go through the same sieve, store and judgement as what the night reads itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from db import accounts, audit, contests, items
from db.imports import ImportedFile, note_import
from monitor.denials import mending
from monitor.domain import AccountRef, StoreBatch
from monitor.errors import ImportFormatError, PolicyBlocked, UsageError, plainly
from monitor.scan.bystanders import pass_registered
from monitor.scan.drift import ShapeBook, drifted
from monitor.scan.import_report import Failure, FileReport, ImportSummary
from monitor.scan.judging import judge_pending
from monitor.scan.mounted import ensure_evidence
from monitor.scan.night import LOCK
from monitor.scan.numbers import blinded
from monitor.scan.parts import Parts
from monitor.scan.plan import permit_import
from monitor.scan.progress import Progress
from monitor.scan.reconcile import reconcile
from monitor.scan.sealed import seal_evidence
from monitor.scan.store import Origin, Sieve, Sifted, sift
from monitor.scan.unpacking import Brought, brought
from monitor.scan.watchlist import Watchlist, watchlist
from scrapers import registry
from scrapers.contract import Page, Response
from scrapers.imports.contract import Captured, Reader, ReadOptions, tool_of

__all__ = ["ImportOrder", "ImportSummary", "import_files"]

_BATCH = 500
# WhatsApp names the export of a chat with somebody unknown after their number.
_NUMBER = re.compile(r"\+\d[\d\s().-]{5,20}\d")


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What was asked: which files, read as which format (sniffed when None), captured by whom."""

    files: tuple[Path, ...]
    collector: str = ""
    format: str | None = None
    dry_run: bool = False
    options: ReadOptions = field(default_factory=ReadOptions)


def import_files(parts: Parts, order: ImportOrder, progress: Progress) -> ImportSummary:
    """Read captured files into the store and judge what they brought; a dry run writes nothing.

    Of several files those that can be read are taken and the others named; of a single one the error is raised:
    UsageError for a format that does not exist or a collector who is not named, ImportQuestion for what only a person
    can say, ImportFormatError for a file that cannot be read, PolicyBlocked for a source that the policy closes,
    StoreUnavailable where the evidence that should lie in its folder does not.
    A file is written in whole groups of lines and noted as imported when it was read to its end; importing it again
    changes nothing, and ends what a stop left open.
    """
    if order.format is not None and order.format not in registry.readers():
        known = ", ".join(sorted(registry.readers()))
        raise UsageError(f"Format {order.format} tidak dikenal", f"pilih salah satu: {known}")
    if not order.dry_run and not order.collector.strip():
        raise UsageError("Penangkap berkas belum disebut", "sebutkan dengan --collector NAMA")
    with brought(order.files, order.format) as files:
        if order.dry_run:
            reports, failures = _read_all(parts, order, files, progress)
            return ImportSummary(reports, dry_run=True, collector=order.collector, failures=failures)
        with parts.lock(LOCK):
            ensure_evidence(parts.database, parts.evidence)
            parts.evidence.discard_partial()
            reports, failures = _read_all(parts, order, files, progress)
            with parts.database.read() as session:
                known_contests = contests.load_contests(session)
            ruling = parts.rule(known_contests)
            judged = judge_pending(parts, ruling, progress)
            cases, issues = reconcile(parts, None, ruling)
            issues += seal_evidence(parts, progress)
    told = (*ruling.issues, *issues, *(issue for report in reports for issue in report.drift))
    return ImportSummary(
        reports, False, order.collector, failures, judged=judged.counts, cases=cases, issues=told, rules=judged.rules
    )


def _read_all(
    parts: Parts, order: ImportOrder, files: Sequence[Brought], progress: Progress
) -> tuple[tuple[FileReport, ...], tuple[Failure, ...]]:
    """Read every file; where there are several, one that fails is told of and the others are taken."""
    reports: list[FileReport] = []
    failures: list[Failure] = []
    for file in files:
        try:
            reports.append(_read_file(parts, order, file, _reader(file, order.format), progress))
        except (ImportFormatError, PolicyBlocked) as error:
            if len(files) == 1:
                raise
            failures.append(Failure(file.name, str(error), error.exit_code))
    return tuple(reports), tuple(failures)


def _reader(file: Brought, name: str | None) -> Reader:
    if name is not None:
        return registry.readers()[name]
    try:
        reader = registry.sniff(file.path)
    except OSError as error:
        raise ImportFormatError(
            f"{file.name} tidak terbaca: {plainly(error)}", mending(error, "periksa nama dan izin berkas")
        ) from error
    if reader is None:
        known = ", ".join(registry.readers())
        raise ImportFormatError(
            f"{file.name}: isi berkas tidak dikenali", f"sebutkan formatnya dengan --as; yang dikenal: {known}"
        )
    return reader


def _read_file(parts: Parts, order: ImportOrder, file: Brought, reader: Reader, progress: Progress) -> FileReport:
    digest, size = _digest(file)
    report = FileReport(_NUMBER.sub("[nomor]", file.name), digest, reader.name, tool_of(reader, file.path), size)
    sieve, book = _sieve(parts), ShapeBook()
    progress.phase(f"Membaca {file.name}", 0)
    for group in _groups(reader.read(file.path, order.options)):
        for captured in group:
            report.note(captured)
            book.note_captured(reader.name, captured)
        usable = [blinded(c, parts.evidence.vault) for c in group if c.skipped is None]
        for source in {c.source for c in usable}:
            permit_import(parts, source)
        if order.dry_run:
            for captured in usable:
                report.count(pass_registered(captured.items, captured.acts, sieve.watch, sieve.concerns))
        else:
            if _learn_ids(parts, usable, sieve.watch):
                sieve = _sieve(parts)
            _store(parts, order, report, usable, sieve)
        progress.step(len(group))
    if not order.dry_run:
        _note(parts, order, report, book)
    return report


def _sieve(parts: Parts) -> Sieve:
    with parts.database.read() as session:
        registered = accounts.load_register(session)
        known = contests.load_contests(session)
    return Sieve(watchlist(registered), parts.rule(known).concerns)


def _store(parts: Parts, order: ImportOrder, report: FileReport, usable: list[Captured], sieve: Sieve) -> None:
    """Write one group of lines in one transaction; their evidence is on disk before."""
    sifted = [_sift(parts, order, report, captured, sieve) for captured in usable]
    for one in sifted:
        report.count(one.passed)
    batch = StoreBatch(
        items=tuple(item for one in sifted for item in one.batch.items),
        sightings=tuple(sighting for one in sifted for sighting in one.batch.sightings),
        item_captures=tuple(pair for one in sifted for pair in one.batch.item_captures),
    )
    now = parts.clock()
    with parts.database.write() as session:
        report.stored += items.store_batch(session, batch, now)


def _learn_ids(parts: Parts, usable: Sequence[Captured], watch: Watchlist) -> bool:
    """Give accounts known by handle only the stable id that a capture shows for that very handle; whether any got one.

    Before the lines are sifted, so that whose text it is and whom an act is on is known from the first line on.
    """
    learned: dict[int, AccountRef] = {}
    for ref in (ref for captured in usable for ref in _shown(captured)):
        account = watch.match(ref)
        if account is not None and account.ref.user_id.startswith("@") and not ref.user_id.startswith("@"):
            learned.setdefault(account.account_id, ref)
    with parts.database.write() as session:
        for account_id, ref in learned.items():
            accounts.resolve_account(session, account_id, ref, parts.clock())
    return bool(learned)


def _shown(captured: Captured) -> Iterator[AccountRef]:
    for act in captured.acts:
        yield from (ref for ref in (act.actor, act.target_author) if ref is not None)
    for item in captured.items:
        shown = (item.author, item.parent_author, item.quoted_author, item.root_author)
        yield from (ref for ref in shown if ref is not None)


def _sift(parts: Parts, order: ImportOrder, report: FileReport, captured: Captured, sieve: Sieve) -> Sifted:
    place = f"file:{report.sha256}#{captured.line}"
    response = Response(
        url=place,
        final_url=place,
        status=200,
        headers={},
        body=captured.raw,
        fetched_at=captured.collected_at,
        sha256=hashlib.sha256(captured.raw).hexdigest(),
    )
    origin = Origin(captured.source, report.format, captured.mapper, order.collector)
    return sift(Page(items=captured.items, acts=captured.acts), response, origin, sieve, parts.evidence)


def _note(parts: Parts, order: ImportOrder, report: FileReport, book: ShapeBook) -> None:
    """Write that the file was imported, who did it, and what its records were made of."""
    options = order.options
    file = ImportedFile(
        report.sha256, report.file, report.size, report.format, report.tool, order.collector, options.supplier,
        options.basis, report.captured_from, report.captured_to, report.lines, report.taken,
        report.skipped.total(),
    )  # fmt: skip
    detail = {"sha256": report.sha256, "format": report.format, "lines": report.lines, "taken": report.taken}
    now = parts.clock()
    with parts.database.write() as session:
        note_import(session, file, now)
        # Whoever imports sees what was not understood; files of two generations of a tool are no fault.
        drift = drifted(session, book.keep(session, now), now.date())
        report.drift = [replace(issue, needs_person=False) for issue in drift]
        audit.record(session, actor=order.collector, action="import", subject=report.sha256, detail=detail, now=now)


def _digest(file: Brought) -> tuple[str, int]:
    try:
        with file.path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest(), file.path.stat().st_size
    except OSError as error:
        raise ImportFormatError(
            f"{file.name} tidak terbaca: {plainly(error)}", mending(error, "periksa nama dan izin berkas")
        ) from error


def _groups(lines: Iterable[Captured]) -> Iterator[list[Captured]]:
    group: list[Captured] = []
    for captured in lines:
        group.append(captured)
        if len(group) == _BATCH:
            yield group
            group = []
    if group:
        yield group
