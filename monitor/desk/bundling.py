"""Handing a case's evidence out: who may, what goes along, and the audit row that says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from db import audit, bundles, cases, manifests
from db.connect import Database, Session
from monitor import sealing
from monitor.desk.access import facts_for, must_hold
from monitor.domain import Role, UserRow
from monitor.domain.manifests import EvidenceFile, FileKind, Manifest, ManifestRow
from monitor.errors import EvidenceError, RefusedError, UsageError
from monitor.evidence.bundle import ANSWERS, AsOf, Contents, Token, picture_name, write_bundle
from monitor.evidence.bundle_facts import BundleFacts, Papers
from monitor.evidence.manifest import from_bytes
from monitor.evidence.masked import Known
from monitor.evidence.warc import Exchange
from monitor.review import machine

LEAST_REASON = 10


@dataclass(frozen=True, slots=True)
class BundleOffice:
    """Whose evidence it is and what writes the papers; `software` names the program with its version."""

    database: Database
    store: sealing.Keeping
    agency: str
    software: str
    papers: Papers


@dataclass(frozen=True, slots=True)
class BundleWish:
    """Of which case a bundle is wanted, and by whom; `raw` puts the answers as received into it, for a reason.

    Without a user it is the workspace's owner at the command line, who cannot get raw answers.
    """

    case_id: int
    user: UserRow | None = None
    raw: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Bundled:
    """A bundle as it was written."""

    path: Path
    sha256: str
    manifest: int
    raw: bool


def may_bundle(session: Session, wish: BundleWish, now: datetime) -> None:
    """Raise UsageError or RefusedError unless this bundle may be made."""
    if wish.user is None:
        if wish.raw:
            raise RefusedError("Jawaban mentah hanya diserahkan atas nama seorang koordinator", "sebut --as NAMA")
        if cases.facts_of(session, wish.case_id, now) is None:
            raise UsageError(f"Informasi awal {wish.case_id} tidak ada", "lihat nomor di `pantau queue list`")
        return
    facts = facts_for(session, wish.case_id, wish.user, now)
    must_hold(wish.user, facts.jurisdiction, *((Role.KOORDINATOR,) if wish.raw else machine.REVIEWERS))
    machine.check_free(facts, wish.user)
    if wish.raw and len(wish.reason.strip()) < LEAST_REASON:
        raise UsageError(
            "Penyerahan jawaban mentah perlu alasan", f"tulis alasannya, paling sedikit {LEAST_REASON} huruf"
        )


def make_bundle(office: BundleOffice, wish: BundleWish, output: Path, now: datetime) -> Bundled:
    """Write a case's evidence as one file and record it; either both happen or neither.

    The same wish gives the same bytes until something about the case changes: that a bundle was made is no change.
    """
    with office.database.read() as session:
        may_bundle(session, wish, now)
    sealing.seal(office.database, office.store, wish.case_id, now)
    with office.database.read() as session:
        contents = _contents(session, office, wish)
    actor = wish.user.name if wish.user is not None else "program"
    digest = write_bundle(contents, output)
    detail = {"sha256": digest, "raw": wish.raw, "reason": wish.reason.strip(), "manifest": contents.as_of.manifest}
    try:
        with office.database.write() as session:
            subject = f"case:{wish.case_id}"
            audit.record(session, actor=actor, action=bundles.EXPORTED, subject=subject, detail=detail, now=now)
    except BaseException:
        output.unlink(missing_ok=True)
        raise
    return Bundled(output, digest, contents.as_of.manifest, wish.raw)


def _contents(session: Session, office: BundleOffice, wish: BundleWish) -> Contents:
    custody = bundles.custody(session, wish.case_id)
    rows = manifests.manifests(session, wish.case_id)
    if not rows:
        raise UsageError(f"Informasi awal {wish.case_id} belum mempunyai bukti", "tunggu malam berikutnya")
    files = tuple(office.store.get(row.sha256) for row in rows)
    manifest = from_bytes(files[-1])
    times = [at for at in (custody.at, *(row.created_at for row in rows)) if at is not None]
    as_of = AsOf(custody.event, custody.audit, rows[-1].number, max(times))
    gone = bundles.purged(session, {file.sha256 for file in manifest.evidence.files})
    body = partial(_body, office.store.get, gone)
    detail = cases.case_detail(session, wish.case_id, as_of.at)
    facts = BundleFacts(detail, manifest, rows, custody.told, _pictures(manifest, body), as_of, wish.raw)
    return Contents(
        case_id=wish.case_id,
        agency=office.agency,
        software=office.software,
        as_of=as_of,
        manifests=files,
        tokens=tuple(_tokens(rows)),
        custody=custody.told,
        known=_known(session, manifest),
        body=body,
        papers=office.papers(facts),
        raw=_raw(session, manifest) if wish.raw else None,
    )


def _body(get: Callable[[str], bytes], gone: frozenset[str], digest: str) -> bytes | None:
    """Return a kept file, None for one that retention purged; EvidenceError for one that is lost otherwise."""
    return None if digest in gone else get(digest)


def _pictures(manifest: Manifest, body: Callable[[str], bytes | None]) -> tuple[tuple[str, EvidenceFile], ...]:
    shown = [file for file in manifest.evidence.files if file.kind is FileKind.READABLE]
    read = ((file, body(file.sha256)) for file in shown)
    return tuple((picture_name(file, data), file) for file, data in read if data is not None)


def _tokens(rows: tuple[ManifestRow, ...]) -> list[Token]:
    return [Token(row.number, stamp.authority, stamp.answer) for row in rows for stamp in row.stamps]


def _known(session: Session, manifest: Manifest) -> Known:
    acts, files = manifest.evidence.acts, manifest.evidence.files
    texts = {act.target for act in acts} | {act.own for act in acts if act.own}
    texts |= {shows.subject for file in files for shows in file.shows}
    named = bundles.named(session, {act.platform for act in acts}, {act.actor for act in acts}, texts)
    times = (at for act in acts for at in (act.occurred_at, act.bracket_lo, act.bracket_hi) if at is not None)
    return Known(named.words, named.moments | frozenset(times), named.texts)


def _raw(session: Session, manifest: Manifest) -> tuple[Exchange, ...]:
    """Return the answers of the manifest as they were received; their bodies are read when they are written."""
    wanted = {(file.sha256, file.url) for file in manifest.evidence.files if file.kind in ANSWERS}
    given = bundles.answers(session, wanted)
    if missing := wanted - {(one.sha256, one.url) for one in given}:
        raise EvidenceError(
            f"{len(missing)} jawaban dalam manifes tidak ditemukan", "jalankan `pantau evidence verify`"
        )
    return tuple(
        Exchange(
            one.url, one.final_url, one.status, one.headers, one.fetched_at, one.sha256, None, one.source, one.mapper,
            one.collector, one.request,
        )
        for one in given
    )  # fmt: skip
