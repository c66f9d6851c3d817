"""Reads everything kept of a source again with the present mapper, and says what that changes, down to open cases.

Rows are only added: what the present mapper no longer finds stays stored and is named. What an answer showed of people
who came into the register later stays unread, since kept answers are no way to look back at somebody.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from db import accounts, audit, contests, items, remaps
from db.connect import Session
from db.remaps import KeptAct, KeptAnswer
from monitor.domain import CaseState, Issue, JudgedCounts, RegisteredAccount, StoreBatch, StoreCounts
from monitor.errors import EvidenceError, PantauError, UsageError
from monitor.scan.judging import judge_pending
from monitor.scan.night import LOCK
from monitor.scan.parts import Parts
from monitor.scan.progress import Progress
from monitor.scan.reconcile import reconcile
from monitor.scan.reread import FILE, reread
from monitor.scan.store import Origin, Sieve, Sifted, sift
from monitor.scan.watchlist import Watchlist, watchlist
from scrapers import registry
from scrapers.contract import Page, Response

_BATCH = 100
_NAMED = 200


@dataclass(frozen=True, slots=True)
class RemapOrder:
    """What was asked: which source, answers fetched since when, and whether only to say what would change."""

    source: str
    since: datetime | None = None
    dry_run: bool = False
    by: str = "program"


@dataclass(slots=True)
class Difference:
    """What the present mapper reads otherwise. Lists hold ids of texts and keys of acts, each at most some hundred."""

    answers: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    stored: StoreCounts = field(default_factory=StoreCounts)
    new_items: list[str] = field(default_factory=list)
    changed_items: list[str] = field(default_factory=list)
    gone_items: list[str] = field(default_factory=list)
    new_acts: list[str] = field(default_factory=list)
    changed_acts: list[str] = field(default_factory=list)
    gone_acts: list[str] = field(default_factory=list)
    cases: dict[int, tuple[CaseState, set[str]]] = field(default_factory=dict)

    def note_case(self, case: int, state: CaseState, what: str) -> None:
        """Take an open case that the difference touches."""
        self.cases.setdefault(case, (state, set()))[1].add(what)


@dataclass(frozen=True, slots=True)
class RemapSummary:
    """What a remap did, or would do."""

    order: RemapOrder
    mapper: str
    difference: Difference
    judged: JudgedCounts = field(default_factory=JudgedCounts)
    issues: tuple[Issue, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing needs a person: nothing unread, nothing gone, no open case touched."""
        d = self.difference
        return not (d.unread or d.gone_items or d.gone_acts or d.cases or any(i.needs_person for i in self.issues))

    def as_json(self) -> dict[str, Any]:
        """Return the summary for programs."""
        d, j = self.difference, self.judged
        return {
            "source": self.order.source,
            "mapper": self.mapper,
            "dry_run": self.order.dry_run,
            "ok": self.ok,
            "answers": d.answers,
            "unread": dict(sorted(d.unread.items())),
            "items": {"new": d.new_items, "changed": d.changed_items, "gone": d.gone_items},
            "interactions": {"new": d.new_acts, "changed": d.changed_acts, "gone": d.gone_acts},
            "cases": [
                {"id": case, "status": state.value, "because": sorted(why)}
                for case, (state, why) in sorted(d.cases.items())
            ],
            "judged": {"evaluated": j.evaluated, "hits": j.hits, "misses": j.misses,
                       "not_evaluable": j.not_evaluable, "errors": j.errors},
            "issues": [{"kind": i.kind, "detail": i.detail} for i in self.issues],
        }  # fmt: skip


def remap(parts: Parts, order: RemapOrder, progress: Progress) -> RemapSummary:
    """Read a source's kept answers again; a dry run writes nothing. Doing it twice changes nothing more.

    Raises UsageError for a source that does not exist and LockHeld while a night runs.
    """
    manifest = parts.manifests.get(order.source)
    if manifest is None:
        known = ", ".join(sorted(parts.manifests))
        raise UsageError(f"Sumber {order.source} tidak dikenal", f"yang ada: {known}")
    mapper = f"{order.source}/{_version(parts, order.source)}"
    with parts.lock(LOCK):
        difference = Difference()
        progress.phase(f"Membaca ulang {order.source}", 0)
        work = _Work(parts, order, mapper, difference, _Sieves.load(parts))
        for group in _groups(parts, order):
            work.take(group)
            progress.step(len(group))
        work.note_later_times()
        if order.dry_run:
            return RemapSummary(order, mapper, difference)
        with parts.database.read() as session:
            ruling = parts.rule(contests.load_contests(session))
        judged = judge_pending(parts, ruling, progress)
        _, issues = reconcile(parts, None, ruling)
        _audit(parts, order, mapper, difference)
    return RemapSummary(order, mapper, difference, judged.counts, (*ruling.issues, *issues))


def _version(parts: Parts, source: str) -> str:
    adapter = parts.adapters.get(source)
    return adapter.version if adapter is not None else parts.manifests[source].version


def _groups(parts: Parts, order: RemapOrder) -> Iterator[list[KeptAnswer]]:
    after = 0
    while True:
        with parts.database.read() as session:
            group = remaps.captures_of(session, order.source, order.since, after, _BATCH)
        if not group:
            return
        yield group
        after = group[-1].id


@dataclass(frozen=True, slots=True)
class _Sieves:
    """The sieve as it could have been at a time: with the accounts that the register had by then."""

    register: tuple[RegisteredAccount, ...]
    since: Mapping[int, datetime]
    moments: tuple[datetime, ...]
    imported: Mapping[str, datetime]
    concerns: Callable[[str], bool]
    made: dict[int, Watchlist]

    @classmethod
    def load(cls, parts: Parts) -> _Sieves:
        """Read the register and its history."""
        with parts.database.read() as session:
            register = accounts.load_register(session)
            since = remaps.registered_since(session)
            imported = remaps.imported_at(session)
            known = contests.load_contests(session)
        return cls(register, since, tuple(sorted(set(since.values()))), imported, parts.rule(known).concerns, {})

    def at(self, answer: KeptAnswer) -> Sieve:
        """Return the sieve that held when an answer was first read."""
        moment = answer.capture.fetched_at
        if answer.capture.url.startswith(FILE):
            digest = answer.capture.url.removeprefix(FILE).partition("#")[0]
            moment = max(moment, self.imported.get(digest, moment))
        number = bisect_right(self.moments, moment)
        if number not in self.made:
            known = [a for a in self.register if self.since.get(a.account_id, moment) <= moment]
            self.made[number] = watchlist(known)
        return Sieve(self.made[number], self.concerns)


@dataclass(frozen=True, slots=True)
class _Work:
    parts: Parts
    order: RemapOrder
    mapper: str
    difference: Difference
    sieves: _Sieves
    claims: dict[str, datetime] = field(default_factory=dict)

    def take(self, group: list[KeptAnswer]) -> None:
        """Read one group of answers, write what is new in one transaction, and note what differs."""
        read = [(answer, page) for answer in group if (page := self._read(answer)) is not None]
        if not read:
            return
        sifted = [self._sift(answer, page) for answer, page in read]
        database = self.parts.database
        with database.trial() if self.order.dry_run else database.write() as session:
            self._write(session, sifted)
            self._note_gone(session, read)

    def _read(self, answer: KeptAnswer) -> Page | None:
        self.difference.answers += 1
        try:
            return reread(self.parts, answer.capture, registry.readers())
        except EvidenceError as error:
            self.difference.unread[error.message] += 1
        except PantauError as error:
            self.difference.unread[f"{answer.capture.endpoint}: {error.message}"] += 1
        return None

    def _sift(self, answer: KeptAnswer, page: Page) -> Sifted:
        capture = answer.capture
        response = Response(
            url=capture.url,
            final_url=capture.final_url,
            status=capture.status,
            headers=dict(capture.headers),
            body=self.parts.evidence.get(capture.sha256),
            fetched_at=capture.fetched_at,
            sha256=capture.sha256,
        )
        origin = Origin(capture.source, capture.endpoint, capture.mapper, capture.collector, capture.request)
        return sift(page, response, origin, self.sieves.at(answer), self.parts.evidence)

    def _write(self, session: Session, sifted: list[Sifted]) -> None:
        """Store a group and note which texts and acts are new or read otherwise."""
        batch = StoreBatch(
            items=tuple(item for one in sifted for item in one.batch.items),
            sightings=tuple(sighting for one in sifted for sighting in one.batch.sightings),
            item_captures=tuple(pair for one in sifted for pair in one.batch.item_captures),
        )
        keys = {sighting.record.key for sighting in batch.sightings}
        texts = {item.item_id for item in batch.items}
        acts_before = remaps.acts_by_key(session, keys)
        texts_before = remaps.versions_of(session, self.order.source, texts)
        self.difference.stored += items.store_batch(session, batch, self.parts.clock())
        items.settle_times(session, sorted({target for one in sifted for target in one.targets}))
        acts_after = remaps.acts_by_key(session, keys)
        texts_after = remaps.versions_of(session, self.order.source, texts)
        d = self.difference
        _name(d.new_items, texts_after.keys() - texts_before.keys())
        changed = {i for i, hashes in texts_after.items() if i in texts_before and hashes != texts_before[i]}
        _name(d.changed_items, changed)
        _name(d.new_acts, acts_after.keys() - acts_before.keys())
        for sighting in batch.sightings:
            key, claimed = sighting.record.key, sighting.record.time.occurred_at
            if claimed is not None:
                self.claims[key] = min(claimed, self.claims.get(key, claimed))
        moved = {key: act for key, act in acts_before.items() if acts_after[key] != act}
        _name(d.changed_acts, moved)
        self._note_cases(session, moved.values(), "waktu atau isi tindakan terbaca lain")
        touched = [act for s in batch.sightings if s.record.target_id in changed or s.record.own_item_id in changed
                   if (act := acts_before.get(s.record.key)) is not None]  # fmt: skip
        self._note_cases(session, touched, "teks terbaca lain")

    def _note_gone(self, session: Session, read: list[tuple[KeptAnswer, Page]]) -> None:
        """Note what was read in an answer before and is not any more."""
        for answer, page in read:
            found = {act.key for act in page.acts}
            shown = {item.item_id for item in page.items}
            gone = [act for act in answer.acts if act.key not in found]
            _name(self.difference.gone_acts, {act.key for act in gone})
            _name(self.difference.gone_items, answer.items - shown)
            self._note_cases(session, gone, "tindakan tidak terbaca lagi")

    def note_later_times(self) -> None:
        """Note acts whose time every answer now puts later than stored: stored is the earliest ever read."""
        if self.order.since is not None or self.difference.unread:
            return
        with self.parts.database.read() as session:
            stored = remaps.acts_by_key(session, self.claims)
            later = {k: a for k, a in stored.items() if a.occurred_at is not None and self.claims[k] > a.occurred_at}
            _name(self.difference.changed_acts, later)
            self._note_cases(session, later.values(), "waktu tindakan terbaca lebih lambat; yang tersimpan tetap")

    def _note_cases(self, session: Session, acts: Iterable[KeptAct], why: str) -> None:
        held = remaps.open_cases_of(session, [act.id for act in acts])
        for cases in held.values():
            for case, state in cases:
                self.difference.note_case(case, state, why)


def _name(names: list[str], found: Iterable[str]) -> None:
    """Add names in order, each once, up to a bound that a person can still read."""
    known = set(names)
    names.extend(name for name in sorted(found) if name not in known)
    del names[_NAMED:]


def _audit(parts: Parts, order: RemapOrder, mapper: str, difference: Difference) -> None:
    detail = {
        "mapper": mapper,
        "answers": difference.answers,
        "new_items": difference.stored.items,
        "new_versions": difference.stored.versions,
        "new_interactions": difference.stored.interactions,
        "gone_interactions": len(difference.gone_acts),
    }
    with parts.database.write() as session:
        audit.record(
            session,
            actor=order.by,
            action="remap",
            subject=f"source:{order.source}",
            detail=detail,
            now=parts.clock(),
        )
