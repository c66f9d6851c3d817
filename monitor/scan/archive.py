"""A night's answers as one sealed WARC in the evidence store; a night that was killed gets its own at the next one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version

from db import anchors, evidence_files
from db import exchanges as kept
from db.connect import Session
from db.exchanges import ExchangeRow, WarcRow
from monitor.domain import Issue
from monitor.errors import EvidenceError, StoreUnavailable
from monitor.evidence.sealed_warc import name_of_run, seal_warc
from monitor.evidence.store import EvidenceStore
from monitor.evidence.warc import Earlier, Exchange, members
from monitor.scan.parts import Parts
from monitor.scan.progress import Progress

UNWRITTEN = "warc_unwritten"
INCOMPLETE = "warc_incomplete"
_BY = "program"


@dataclass(frozen=True, slots=True)
class Archived:
    """What became of a night's WARC: its row, not written yet, or None, and what a person should know."""

    warc: WarcRow | None = None
    issues: tuple[Issue, ...] = ()


def exchanges(store: EvidenceStore, rows: Iterable[ExchangeRow], lost: list[str] | None = None) -> Iterator[Exchange]:
    """Yield kept answers with their bodies, one in memory at a time.

    With `lost` the hashes of bodies that cannot be opened are put there and the answers passed over; without it the
    first raises EvidenceError. A store that does not answer is StoreUnavailable either way.
    """
    for row in rows:
        try:
            body = None if row.earlier is not None else store.get(row.capture.sha256)
        except StoreUnavailable:
            raise
        except EvidenceError:
            if lost is None:
                raise
            lost.append(row.capture.sha256)
            continue
        yield _exchange(row, body)


def archive_left(parts: Parts, but: int) -> list[Issue]:
    """Write the WARCs of earlier nights that ended without one, all but that of the night `but`."""
    with parts.database.read() as session:
        due = kept.without_warc(session, parts.clock(), parts.resume_after)
    issues: list[Issue] = []
    for run_id in due:
        if run_id == but:
            continue
        done = archive_night(parts, run_id)
        issues += done.issues
        with parts.database.write() as session:
            record(session, done)
    return issues


def archive_night(parts: Parts, run_id: int, progress: Progress | None = None) -> Archived:
    """Write the WARC of a night and return what is to be recorded of it, together with the night's end.

    A night that kept no answer gets none. A store that refuses is an issue: what the night kept stands as it is, and
    the next night writes the WARC.
    """
    if progress is not None:
        progress.phase("Menyegel arsip", 0)
    lost: list[str] = []
    try:
        with parts.database.read() as session:
            rows = kept.of_run(session, run_id)
            first = next(rows, None)
            if first is None:
                return Archived()
            given = exchanges(parts.evidence, _all(first, rows, progress), lost)
            sealed = seal_warc(parts.evidence, name_of_run(run_id), members(given, _info(session, run_id)))
            missing = set(lost) - evidence_files.purged(session, lost)
    except EvidenceError as error:
        return Archived(issues=(Issue("", UNWRITTEN, f"arsip malam {run_id} belum tertulis: {error}"),))
    row = WarcRow(run_id, sealed.name, sealed.sha256, sealed.seal, sealed.size, sealed.records, parts.clock())
    return Archived(row, _incomplete(run_id, missing))


def record(session: Session, done: Archived) -> None:
    """Write that a WARC lies in the store; nothing where a night has none."""
    if done.warc is not None:
        kept.record_warc(session, done.warc, _BY)


def _all(first: ExchangeRow, rest: Iterator[ExchangeRow], progress: Progress | None) -> Iterator[ExchangeRow]:
    yield first
    for row in rest:
        yield row
        if progress is not None:
            progress.step(1)


def _incomplete(run_id: int, missing: set[str]) -> tuple[Issue, ...]:
    if not missing:
        return ()
    detail = f"{len(missing)} jawaban tidak dapat dibuka dan tidak masuk arsip malam {run_id}; `pantau evidence verify`"
    return (Issue("", INCOMPLETE, detail + " menyebut yang mana"),)


def _info(session: Session, run_id: int) -> dict[str, str]:
    """Return what the head of a WARC says, with where the hash chains stood when it was written."""
    return anchors.anchors(session) | {
        "software": f"pantau {version('pantau-netralitas')}",
        "format": "WARC File Format 1.1",
        "isPartOf": f"pantau-run-{run_id:06d}",
        "description": "Jawaban yang disimpan malam ini, dengan kepala HTTP sebagaimana disimpan",
    }


def _exchange(row: ExchangeRow, body: bytes | None) -> Exchange:
    one = row.capture
    return Exchange(
        url=one.url,
        final_url=one.final_url,
        status=one.status,
        headers=one.headers,
        fetched_at=one.fetched_at,
        sha256=one.sha256,
        body=body,
        source=one.source,
        mapper=one.mapper,
        collector=one.collector,
        request=one.request,
        earlier=Earlier(*row.earlier) if row.earlier is not None else None,
    )
