"""The collecting part of a night: one worker thread per active host, one transaction per answer.

Evidence is on disk before the rows that point to it are committed, and the checkpoint is committed with those rows. So
a process killed at any moment loses at most the answer in its hands, and the next run asks for it again.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from heapq import heappop, heappush
from urllib.parse import urlsplit

from db import accounts, checkpoints, items, locks, runs
from db.connect import Session
from monitor.domain import Checkpoint, EndKind, Issue, Look, Outcome, StoreBatch, TargetResult
from monitor.errors import LayoutChanged, PolicyBlocked, SourceError, UnexpectedContent
from monitor.scan import night_log
from monitor.scan.asking import ask
from monitor.scan.breaker import given_up
from monitor.scan.drift import ShapeBook
from monitor.scan.mounted import ensure_marked
from monitor.scan.parts import Parts
from monitor.scan.progress import Progress
from monitor.scan.revisit import Revisits, put_off_words
from monitor.scan.shift import Shift
from monitor.scan.store import Origin, Sieve, Sifted, sift
from monitor.scan.visit import Visit, request_text
from scrapers.contract import Page, Request, Response, SourceOptions

_CHECKPOINT_LIFE = timedelta(days=3)


@dataclass(slots=True)
class Collector:
    """The state that the workers of one night share."""

    parts: Parts
    sieve: Sieve
    run_id: int
    progress: Progress
    revisits: Revisits = field(default_factory=Revisits)
    blind: frozenset[str] = frozenset()
    book: ShapeBook = field(default_factory=ShapeBook)
    results: list[TargetResult] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    queues: dict[str, list[tuple[int, int, Visit]]] = field(default_factory=dict)
    workers: dict[str, threading.Thread] = field(default_factory=dict)
    unmanned: set[str] = field(default_factory=set)
    enqueued: int = 0
    closed_sources: dict[str, Outcome] = field(default_factory=dict)
    shift: Shift = field(default_factory=Shift)
    marked: bool = False  # whether the night's mark must lie among the evidence
    open_visits: int = 0
    failure: BaseException | None = None
    changed: threading.Condition = field(default_factory=threading.Condition)
    writing: threading.Lock = field(default_factory=threading.Lock)

    def collect(self, visits: Iterable[Visit]) -> None:
        """Make all visits; raises what stopped a worker or this thread, after the others have finished their answer."""
        visits = tuple(visits)
        self.open_visits = len(visits)
        self.progress.phase("Mengumpulkan", len(visits))
        self._oversee(visits)
        for worker in tuple(self.workers.values()):
            worker.join()
        if self.failure is not None:
            raise self.failure

    def _oversee(self, visits: Iterable[Visit]) -> None:
        """Queue the visits and give every host a worker as long as something is to be asked of it.

        What interrupts it is a failure before the lock is given back: a worker that was begun in that moment and is in
        no list yet finds nothing to do.
        """
        with self.changed:
            try:
                for visit in visits:
                    self._enqueue(visit)
                while self.open_visits and self.failure is None:
                    for host in sorted(self.unmanned):
                        self.workers[host] = self._started(host)
                    self.unmanned.clear()
                    self.changed.wait(timeout=1.0)
            except BaseException as interrupted:  # noqa: BLE001 - raised by `collect`, when no worker writes any more
                self._fail(interrupted)

    def _started(self, host: str) -> threading.Thread:
        """Return a worker at work; it can take nothing in hand before the night knows of it."""
        work = night_log.carried(self._work)
        worker = threading.Thread(target=work, args=(host,), name=f"host {host}", daemon=True)
        try:
            worker.start()
        except RuntimeError as error:  # the system's way of saying that there is no memory for its stack
            raise MemoryError(str(error)) from error
        return worker

    def _work(self, host: str) -> None:
        """Ask a host as long as visits wait for it; a worker that waited idle would be woken by every answer."""
        try:
            while (visit := self._next(host)) is not None:
                self.shift.check()
                self._advance(visit)
                if not visit.done:
                    self.shift.check_host(urlsplit(visit.frontier[-1].url).netloc)
                with self.changed:
                    self._enqueue(visit)
        except BaseException as failure:  # noqa: BLE001 - handed to the main thread, which raises it
            self._fail(failure)

    def _next(self, host: str) -> Visit | None:
        """Return the visit whose turn it is; None when the worker is done, for good or until another visit comes."""
        with self.changed:
            while self.queues[host] and self._rests(host) and self.failure is None:
                self.changed.wait(timeout=1.0)
            if self.failure is None and self.queues[host]:
                return heappop(self.queues[host])[2]
            self.workers.pop(host, None)  # an interrupt may have come between its start and its place in the list
            return None

    def _fail(self, failure: BaseException) -> None:
        with self.changed:
            self.failure = failure
            self.changed.notify_all()

    def _rests(self, host: str) -> bool:
        """Whether a host that did not answer still waits: as long as anything is to be done at hosts that do."""
        breaker = self.shift.breaker
        if not breaker.rests(host):
            return False
        return self.open_visits > sum(len(queue) for name, queue in self.queues.items() if breaker.rests(name))

    def _enqueue(self, visit: Visit) -> None:
        if visit.done:
            self.open_visits -= 1
            self.progress.step(
                1, f"{visit.target.source} {visit.target.account.handle or visit.target.account.user_id}"
            )
            self.changed.notify_all()
            return
        host = urlsplit(visit.frontier[-1].url).netloc
        self.enqueued += 1
        heappush(self.queues.setdefault(host, []), (visit.rank, self.enqueued, visit))
        if host not in self.workers and host not in self.unmanned:
            self.unmanned.add(host)
            self.changed.notify_all()

    def _advance(self, visit: Visit) -> None:
        """Make the next request of a visit and commit what came of it."""
        visit.sums.started_at = visit.sums.started_at or self.parts.clock().isoformat()
        request = visit.frontier[-1]
        source, host = visit.target.source, urlsplit(request.url).netloc
        if self.shift.breaker.is_dead(host):  # that was said once, when it was given up
            self._failed(visit, given_up(host, request.url), issues=())
            return
        try:
            if source in self.closed_sources:
                raise _closed(self.closed_sources[source], request.url)
            response, page = ask(self.parts, source, request, partial(self._read, source, request))
        except PolicyBlocked as error:
            self._failed(visit, error, issues=[_issue(visit, request, error)])
            return
        except SourceError as error:
            issues = [_issue(visit, request, error)]
            if self.shift.breaker.failed(host, error):
                issues.append(self._given_up(source, host))
            self._failed(visit, error, issues)
            return
        self.shift.breaker.answered(host)
        if self.marked:
            ensure_marked(self.parts.evidence, self.run_id)
        origin = Origin(source, request.endpoint, f"{source}/{visit.mapper}", request=request_text(request))
        sifted = sift(page, response, origin, self.sieve, self.parts.evidence)
        with self.writing, self.parts.database.write() as session:
            locks.hold_briefly(session)
            account, target, now = visit.account.account_id, visit.target, self.parts.clock()
            page, put_off = self.revisits.choose(session, target, account, request, page, now)
            visit.put_off(put_off)
            looks = visit.take(response, page, sifted.keys, sifted.passed.bystanders, len(sifted.passed.items))
            looks = self._doubted(source, looks)
            self._store(session, sifted, looks)
            self.revisits.learn(session, target, account, looks, page)
            self._page_issues(session, visit, request, page)
            self._save(session, visit)

    def _read(self, source: str, request: Request, response: Response) -> Page:
        """Read one answer and count its shape, that of an answer that cannot be read too."""
        options = self.parts.options.get(source, SourceOptions(source))
        try:
            page = self.parts.adapters[source].read(request, response, options)
        except (LayoutChanged, UnexpectedContent) as error:
            self.book.note_unread(source, request, response)
            # The raw answer is not kept, since nobody knows whose acts are in it: its hash and shape are.
            error.mend = error.mend or f"jawaban {len(response.body)} bita, sidik {response.sha256[:16]}"
            raise
        self.book.note_page(source, request, response, page)
        return page

    def _doubted(self, source: str, looks: tuple[Look, ...]) -> tuple[Look, ...]:
        """Let no look at a blind source prove that something was not there."""
        if source not in self.blind:
            return looks
        return tuple(
            replace(look, end=EndKind.SUSPICIOUS_EMPTY) if look.end is EndKind.EXHAUSTED else look for look in looks
        )

    def _failed(self, visit: Visit, error: SourceError | PolicyBlocked, issues: Collection[Issue]) -> None:
        now = self.parts.clock()
        outcome = _outcome(error)
        looks = visit.fail(outcome, now)
        if outcome is Outcome.CHALLENGE:
            self.closed_sources[visit.target.source] = outcome
        with self.writing, self.parts.database.write() as session:
            items.store_batch(session, StoreBatch(looks=looks), now)
            self._note(session, list(issues))
            self._save(session, visit)

    def _given_up(self, source: str, host: str) -> Issue:
        with self.changed:
            left = len(self.queues[host])
        others = f"{left} sasaran lain" if left else "sasaran lain di sana"  # where others make the other visits
        detail = f"{host} tidak dapat dihubungi, juga pada percobaan ulang; {others} tidak dicoba malam ini"
        return Issue(source, Outcome.NETWORK.value, detail)

    def _store(self, session: Session, sifted: Sifted, looks: tuple[Look, ...]) -> None:
        now = self.parts.clock()
        items.store_batch(session, replace(sifted.batch, looks=looks), now, self.run_id)

    def _page_issues(self, session: Session, visit: Visit, request: Request, page: Page) -> None:
        target = visit.target.account.user_id
        found = [
            Issue(visit.target.source, i.kind, f"{request.endpoint}: {i.detail}", target, needs_person=False)
            for i in page.issues
        ]
        if page.unknown_fields:
            names = ", ".join(page.unknown_fields)
            detail = f"{request.endpoint}: isian tak dikenal {names}"
            found.append(Issue(visit.target.source, "unknown_fields", detail, target, needs_person=False))
        if found:
            self._note(session, found)

    def _note(self, session: Session, found: list[Issue]) -> None:
        fresh = [issue for issue in dict.fromkeys(found) if issue not in self.issues]
        runs.add_issues(session, self.run_id, fresh)
        night_log.remarked(fresh)
        self.issues.extend(fresh)

    def _save(self, session: Session, visit: Visit) -> None:
        """Commit the checkpoint, or the result when the visit is over."""
        now, target = self.parts.clock(), visit.target
        if visit.done:
            had_items = accounts.has_items(session, visit.account.account_id, target.since)
            result = visit.result(now, had_items, blind=target.source in self.blind)
            if result.outcome is Outcome.SUSPICIOUS_EMPTY:
                detail = "tidak ada satu pun unggahan, padahal sebelumnya ada"
                self._note(session, [Issue(target.source, result.outcome.value, detail, target.account.user_id)])
            if visit.later:
                detail = put_off_words(visit.later)
                self._note(session, [Issue(target.source, "revisit_later", detail, result.target, needs_person=False)])
            runs.record_target(session, self.run_id, result)
            self.results.append(result)
            night_log.visit_ended(result, visit.account.account_id)
        if visit.done and not visit.frontier:
            checkpoints.drop(session, target.source, target.direction, target.account.user_id)
            return
        frontier, sums = visit.freeze()
        checkpoints.save(
            session,
            Checkpoint(
                source=target.source,
                direction=target.direction,
                target=target.account.user_id,
                query=visit.query,
                mapper=visit.mapper,
                frontier=frontier,
                sums=sums,
                saved_at=now,
                expires_at=now + _CHECKPOINT_LIFE,
            ),
        )


def _outcome(error: SourceError | PolicyBlocked) -> Outcome:
    return Outcome(error.outcome) if isinstance(error, SourceError) else Outcome.POLICY_BLOCKED


def _issue(visit: Visit, request: Request, error: SourceError | PolicyBlocked) -> Issue:
    target, detail = visit.target, f"{request.endpoint}: {error}"
    needs = not request.optional
    return Issue(target.source, _outcome(error).value, detail, target.account.user_id, needs_person=needs)


def _closed(outcome: Outcome, url: str) -> SourceError:
    error = SourceError("Sumber ini ditutup untuk malam ini setelah tantangan bot", url=url)
    error.outcome = outcome.value
    return error
