"""Files that officers captured go through the same sieve, store and judgement as what the night reads itself."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from db import accounts, audit, contests, items
from monitor.domain import AccountRef, CaseCounts, Issue, JudgedCounts, RuleTally, StoreBatch, StoreCounts
from monitor.errors import ImportFormatError, UsageError
from monitor.scan.bystanders import Passed, pass_registered
from monitor.scan.judging import judge_pending
from monitor.scan.night import LOCK
from monitor.scan.parts import Parts
from monitor.scan.plan import permit_import
from monitor.scan.progress import Progress
from monitor.scan.reconcile import reconcile
from monitor.scan.store import Origin, Sieve, Sifted, sift
from monitor.scan.summary import issues_json, rules_json
from monitor.scan.watchlist import Watchlist, watchlist
from scrapers import registry
from scrapers.contract import Page, Response
from scrapers.imports.contract import Captured, Reader, ReadOptions

_BATCH = 500
_ISSUES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What was asked: which files, read as which format (sniffed when None), captured by whom."""

    files: tuple[Path, ...]
    collector: str = ""
    format: str | None = None
    dry_run: bool = False
    options: ReadOptions = field(default_factory=ReadOptions)


@dataclass(slots=True)
class FileReport:
    """What one file held and what became of it."""

    file: str
    sha256: str
    format: str
    lines: int = 0
    taken: int = 0
    items: int = 0
    interactions: int = 0
    bystanders: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    unknown_fields: set[str] = field(default_factory=set)
    issues: list[dict[str, Any]] = field(default_factory=list)
    stored: StoreCounts = field(default_factory=StoreCounts)

    def as_json(self) -> dict[str, Any]:
        """Return the report for people and programs."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "format": self.format,
            "lines": self.lines,
            "taken": self.taken,
            "items": self.items,
            "interactions": self.interactions,
            "bystanders_discarded": self.bystanders,
            "skipped": dict(sorted(self.skipped.items())),
            "unknown_fields": sorted(self.unknown_fields),
            "issues": self.issues,
            "new": {
                "items": self.stored.items,
                "versions": self.stored.versions,
                "interactions": self.stored.interactions,
                "captures": self.stored.captures,
            },
        }


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did; nothing is judged in a dry run."""

    files: tuple[FileReport, ...]
    dry_run: bool
    judged: JudgedCounts = field(default_factory=JudgedCounts)
    cases: CaseCounts = field(default_factory=CaseCounts)
    issues: tuple[Issue, ...] = ()
    rules: tuple[RuleTally, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no line and nothing else needs a person."""
        lines = any(report.issues for report in self.files)
        return not lines and not self.judged.errors and not any(issue.needs_person for issue in self.issues)

    def as_json(self) -> dict[str, Any]:
        """Return the summary for programs."""
        j, c = self.judged, self.cases
        return {
            "ok": self.ok,
            "dry_run": self.dry_run,
            "files": [report.as_json() for report in self.files],
            "judged": {
                "evaluated": j.evaluated,
                "hits": j.hits,
                "misses": j.misses,
                "not_evaluable": j.not_evaluable,
                "errors": j.errors,
            },
            "cases": {"new": c.new, "joined": c.joined, "reopened": c.reopened, "unqueued": c.unqueued},
            "suppressed": {"hidden": c.hidden, "back": c.back},
            "issues": issues_json(self.issues),
            "rules": rules_json(self.rules),
        }


def import_files(parts: Parts, order: ImportOrder, progress: Progress) -> ImportSummary:
    """Read captured files into the store and judge what they brought; a dry run writes nothing.

    Raises UsageError for a format that does not exist, ImportFormatError for a file that cannot be read, before
    anything of that file is written. Importing a file again changes nothing.
    """
    readers = [(path, _reader(path, order.format)) for path in order.files]
    if order.dry_run:
        return ImportSummary(tuple(_read_file(parts, order, p, r, progress) for p, r in readers), dry_run=True)
    with parts.lock(LOCK):
        parts.evidence.discard_partial()
        reports = tuple(_read_file(parts, order, path, reader, progress) for path, reader in readers)
        with parts.database.read() as session:
            known = contests.load_contests(session)
        ruling = parts.rule(known)
        judged = judge_pending(parts, ruling, progress)
        cases, issues = reconcile(parts, None, ruling)
    told = (*ruling.issues, *issues)
    return ImportSummary(reports, dry_run=False, judged=judged.counts, cases=cases, issues=told, rules=judged.rules)


def _reader(path: Path, name: str | None) -> Reader:
    if name is not None:
        try:
            return registry.readers()[name]
        except KeyError:
            known = ", ".join(sorted(registry.readers()))
            raise UsageError(f"Format {name} tidak dikenal", f"pilih salah satu: {known}") from None
    try:
        reader = registry.sniff(path)
    except OSError as error:
        raise ImportFormatError(f"{path} tidak terbaca: {error.strerror}", "periksa nama dan izin berkas") from error
    if reader is None:
        raise ImportFormatError(f"{path}: isi berkas tidak dikenali", "sebutkan formatnya dengan --as")
    return reader


def _read_file(parts: Parts, order: ImportOrder, path: Path, reader: Reader, progress: Progress) -> FileReport:
    report = FileReport(path.name, _digest(path), reader.name)
    sieve = _sieve(parts)
    progress.phase(f"Membaca {path.name}", 0)
    for group in _groups(reader.read(path, order.options)):
        for captured in group:
            _note(report, captured)
        usable = [c for c in group if c.skipped is None]
        for source in {c.source for c in usable}:
            permit_import(parts, source)
        if order.dry_run:
            for captured in usable:
                _count(report, pass_registered(captured.items, captured.acts, sieve.watch, sieve.concerns))
        else:
            if _learn_ids(parts, usable, sieve.watch):
                sieve = _sieve(parts)
            _store(parts, order, report, usable, sieve)
        progress.step(len(group))
    if not order.dry_run:
        _audit(parts, order, report)
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
        _count(report, one.passed)
    batch = StoreBatch(
        items=tuple(item for one in sifted for item in one.batch.items),
        sightings=tuple(sighting for one in sifted for sighting in one.batch.sightings),
        item_captures=tuple(pair for one in sifted for pair in one.batch.item_captures),
    )
    now = parts.clock()
    with parts.database.write() as session:
        report.stored += items.store_batch(session, batch, now)
        items.settle_times(session, sorted({target for one in sifted for target in one.targets}))


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


def _note(report: FileReport, captured: Captured) -> None:
    report.lines += 1
    if captured.skipped is not None:
        report.skipped[captured.skipped] += 1
    else:
        report.taken += 1
    for issue in captured.issues:
        if issue.kind == "unknown_fields":
            report.unknown_fields.update(name.strip() for name in issue.detail.split(","))
        elif len(report.issues) < _ISSUES_SHOWN:
            report.issues.append({"line": captured.line, "kind": issue.kind, "detail": issue.detail})


def _count(report: FileReport, passed: Passed) -> None:
    report.items += len(passed.items)
    report.interactions += len(passed.acts)
    report.bystanders += passed.bystanders


def _audit(parts: Parts, order: ImportOrder, report: FileReport) -> None:
    detail = {"sha256": report.sha256, "format": report.format, "lines": report.lines, "taken": report.taken}
    with parts.database.write() as session:
        audit.record(
            session,
            actor=order.collector or "program",
            action="import",
            subject=report.sha256,
            detail=detail,
            now=parts.clock(),
        )


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ImportFormatError(f"{path} tidak terbaca: {error.strerror}", "periksa nama dan izin berkas") from error


def _groups(lines: Iterable[Captured]) -> Iterator[list[Captured]]:
    group: list[Captured] = []
    for captured in lines:
        group.append(captured)
        if len(group) == _BATCH:
            yield group
            group = []
    if group:
        yield group
