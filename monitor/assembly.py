"""Settings and an opened workspace become ready parts here and nowhere else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from threading import Event

from db import accounts, contests, credentials, locks, planned_visits, registers
from db.connect import Session
from db.counts import RegisterCounts
from db.identifiers import person_ids, without_number
from monitor.desk import calendar
from monitor.domain import AccountKind, AccountRef, Contest, IdentifierKind, Person, PersonAccount, StageKind
from monitor.errors import LockHeld
from monitor.evidence.camera import Lens
from monitor.evidence.timestamps import Authority, load_certificates
from monitor.last_words import LastWords
from monitor.privacy.purge import LOCK as PURGE
from monitor.privacy.purge import PurgeParts
from monitor.privacy.retention import terms_of
from monitor.private_files import private_text
from monitor.review.precision import Bars
from monitor.roster.accounts import KnownRegister
from monitor.roster.importer import BatchFile, Doors
from monitor.scan.keys import ReplayedKeys, StoredKeys
from monitor.scan.ledger import Ledger, caps_of
from monitor.scan.lock import single_flight
from monitor.scan.parts import Canary, Parts, Ruling
from monitor.scan.ration import requests_left
from monitor.scan.revisit import Tiers
from monitor.scan.rulebook import Rulebook, load_own, open_rulebook, read_own
from monitor.scan.shift import sleeper
from monitor.scan.turns import SharedPacer
from monitor.settings import Settings, SourceSettings
from monitor.stamping import Stamping
from monitor.workspace import Workspace, system_clock
from rules.engine import compile_rules
from rules.loader import RuleSet, shipped_lexicon
from rules.mentions import MentionFinder
from rules.schema import Rule
from rules.windows import PatternRule
from scrapers import registry
from scrapers.contract import SourceOptions
from scrapers.costs import weigh
from scrapers.credentials import Keys
from scrapers.fetch import Fetcher
from scrapers.pace import Pacing
from scrapers.policy import SourcePolicy
from scrapers.replay import ReplayWire
from scrapers.terms import Terms
from scrapers.wire import Identity, Wire


def bars_of(settings: Settings) -> Bars:
    """Return from when verdicts on hits suffice, and what keeps or retires a rule."""
    return Bars(settings.rules.verdicts_least, settings.rules.keep_from, settings.rules.retire_below)


def stamping_of(settings: Settings) -> Stamping | None:
    """Return who stamps manifests, None where no authority is configured."""
    told = settings.timestamp

    def authority() -> Authority:
        login = private_text(settings.home / told.login_file) if told.login_file is not None else ""
        roots = load_certificates(settings.home / (told.certificate or ""))
        return Authority(told.url, roots, told.seconds, login)

    return Stamping(authority, told.per_night) if told.url else None


def rule_files(settings: Settings) -> RuleSet:
    """Load the shipped rules and the office's own as they lie on disk, with the statuses that their files name."""
    return load_own(read_own(settings.rules_dir))


@contextmanager
def night(space: Workspace, stop: Event | None = None) -> Iterator[Parts]:
    """Return the parts of a night; the fetcher is closed afterwards.

    With `stop` they are those of a worker: waiting is broken off once it is set, and an open shared night is its own.
    """
    settings = space.settings
    ledger = ledger_of(space)
    source_policies, manifests = ledger.policies, ledger.manifests
    sleep = sleeper(stop) if stop is not None else time.sleep
    fetcher = Fetcher(
        policies=source_policies,
        identity=_identity(settings),
        clock=space.clock,
        sleep=sleep,
        wire=_wire(settings),
        terms=Terms(manifests, _keys(space), ledger, _pacer(space, sleep)),
    )
    book = open_rulebook(space.database, settings.rules_dir)
    with space.database.read() as session:
        owned = credentials.owned(session, space.clock())
    try:
        yield Parts(
            database=space.database,
            evidence=space.evidence,
            fetcher=fetcher,
            adapters=registry.adapters(),
            manifests=manifests,
            options={
                name: SourceOptions(
                    name, source.urls, settings.scan.pages_per_listing, source.mode, owned.get(name, frozenset())
                )
                for name, source in settings.sources.items()
            },
            policies=source_policies,
            rule=partial(_rule, book),
            clock=space.clock,
            lock=partial(_lock, space, shared=stop is not None),
            resume_after=timedelta(hours=settings.scan.resume_hours),
            since_days=settings.scan.since_days,
            judge_batch=settings.scan.judge_batch,
            left=partial(_left, ledger),
            stamping=stamping_of(settings),
            ticks=time.monotonic if space.clock is system_clock else None,
            tiers=_tiers(settings) if settings.scan.revisit else None,
            canaries=_canaries(settings),
            last_words=LastWords(settings.data_dir),
            zone=settings.agency.zone,
        )
    finally:
        fetcher.close()


def _canaries(settings: Settings) -> tuple[Canary, ...]:
    return tuple(
        Canary(name, c.account, c.item, c.name, c.comment_id, c.text)
        for name, source in sorted(settings.sources.items())
        for c in source.canary
    )


def purge_parts(space: Workspace) -> PurgeParts:
    """Return what a purge works on."""
    settings = space.settings
    policies = {name: source.retention_days for name, source in settings.sources.items()}
    platforms = {name: manifest.retention_days for name, manifest in registry.manifests().items()}
    return PurgeParts(
        database=space.database,
        evidence=space.evidence,
        roster_dir=settings.roster_dir,
        uploads_dir=settings.uploads_dir,
        terms=terms_of(policies, platforms, settings.privacy),
        lock=lambda work: _lock(space, work, shared=work == PURGE),
    )


def lens_of(settings: Settings) -> Lens:
    """Return how pictures of public pages are taken; the browser names the office, as the fetcher does."""
    asked = settings.pictures
    return Lens(asked.browser, _identity(settings).user_agent, asked.seconds, asked.requests)


def _identity(settings: Settings) -> Identity:
    return Identity(settings.agency.name, settings.agency.contact, version("pantau-netralitas"))


def lay_calendar(space: Workspace) -> None:
    """Bring holidays and the office's reading of legal days into the database; ConfigError names what is wrong."""
    settings = space.settings
    calendar.lay_calendar(space.database, settings.free_days_file, settings.clocks.readings, space.clock())


def _left(ledger: Ledger, source: str) -> int | None:
    """Return how many requests a source may still be sent today."""
    manifest = ledger.manifests[source]
    endpoints = sorted({endpoint for capability in manifest.capability for endpoint in capability.endpoints})
    costs = [weigh(manifest, endpoint) for endpoint in endpoints]
    return requests_left(ledger.spent(source), caps_of(ledger.policies[source], manifest), costs)


def between_nights(parts: Parts, settings: Settings) -> Parts:
    """Return the parts of a look between two nights: near posts, and of them only listings whose time has come."""
    days = settings.schedule.revisit_days
    return replace(parts, tiers=_tiers(settings), since_days=min(parts.since_days or days, days))


def stages_between(settings: Settings) -> tuple[StageKind, ...]:
    """Return the stages in which posts are read again between two nights."""
    return tuple(stage for stage, cron in settings.schedule.revisit.items() if cron.strip())


def _tiers(settings: Settings) -> Tiers:
    scan = settings.scan
    return Tiers(tuple(timedelta(hours=hours) for hours in scan.revisit_hours), scan.busy_factor)


def roster_doors(space: Workspace, user: str) -> Doors:
    """Return what a register import may reach: the store, the key and the roster folder."""

    def batch(session: Session, file: BatchFile) -> int:
        return registers.open_batch(
            session,
            kind=file.kind.value,
            file_name=file.file_name,
            sha256=file.sha256,
            stored_as=file.stored_as,
            user=user or "program",
            now=space.clock(),
        )

    def store_people(file: BatchFile, people: Iterable[Person]) -> RegisterCounts:
        with space.database.write() as session:
            return registers.store_people(session, space.vault, people, batch(session, file), space.clock())

    def store_accounts(file: BatchFile, rows: Iterable[PersonAccount]) -> RegisterCounts:
        with space.database.write() as session:
            return accounts.store_accounts(session, space.vault, rows, batch(session, file), space.clock())

    def store_contest(file: BatchFile, contest: Contest) -> RegisterCounts:
        with space.database.write() as session:
            _, what = contests.store_contest(session, contest, batch(session, file), space.clock())
        return RegisterCounts(**{"new": 0, "changed": 0, "same": 0, what: 1})

    def known_people(keys: Iterable[tuple[IdentifierKind, str]]) -> dict[tuple[IdentifierKind, str], int]:
        with space.database.read() as session:
            return person_ids(session, space.vault, keys)

    def owners(refs: Iterable[AccountRef]) -> dict[tuple[str, str], tuple[AccountKind, int | None]]:
        hidden = {(ref.platform, ref.user_id): without_number(space.vault, ref) for ref in refs}
        with space.database.read() as session:
            found = accounts.account_owners(session, hidden.values())
        kept = {key: (ref.platform, ref.user_id) for key, ref in hidden.items()}
        return {key: found[stored] for key, stored in kept.items() if stored in found}

    return Doors(
        store_people=store_people,
        store_accounts=store_accounts,
        store_contest=store_contest,
        known=KnownRegister(known_people, owners),
        seal=space.vault.seal,
        roster_dir=space.settings.roster_dir,
        clock=space.clock,
    )


def ledger_of(space: Workspace) -> Ledger:
    """Return the books of the workspace's sources."""
    zone = space.settings.agency.timezone
    known = {name: policy_of(name, source, zone) for name, source in space.settings.sources.items()}
    return Ledger(space.database, known, registry.manifests(), space.clock)


def _keys(space: Workspace) -> Keys:
    if space.settings.replay.exchanges is not None:
        return ReplayedKeys()
    return StoredKeys(space.database, space.vault, space.clock)


def policy_of(name: str, source: SourceSettings, timezone: str) -> SourcePolicy:
    """Return the policy record as the gate wants it."""
    return SourcePolicy(
        source=name,
        mode=source.mode,
        enabled=source.enabled,
        legal_basis=source.legal_basis,
        permission_ref=source.permission_ref,
        approved_by=source.approved_by,
        approved_at=source.approved_at,
        retention_days=source.retention_days,
        robots=source.robots,
        max_rps=source.max_rps,
        daily_cap=source.daily_cap,
        allow_hosts=source.allow_hosts,
        max_body_bytes=int(source.max_body_mb * 1024 * 1024),
        max_wait_seconds=source.max_wait_seconds,
        timeout_seconds=source.timeout_seconds,
        quiet_hours=source.quiet_hours,
        timezone=timezone,
        weekly_cap=source.weekly_cap,
        quota_units=source.quota_units,
        cost_cap_daily=source.cost_cap_daily,
        cost_cap_monthly=source.cost_cap_monthly,
    )


@contextmanager
def _lock(space: Workspace, work: str, *, shared: bool) -> Iterator[None]:
    """Hold the lock of a piece of work; while workers share a night, only they may have it."""
    with single_flight(space.settings.data_dir / f"{work}.lock", work), locks.hold(space.database, work):
        if not shared:
            _refuse_beside_workers(space)
        yield


def _refuse_beside_workers(space: Workspace) -> None:
    with space.database.read() as session:
        hours = timedelta(hours=space.settings.scan.resume_hours)
        night = planned_visits.open_night(session, space.clock(), hours)
    if night is not None:
        raise LockHeld(
            f"Malam {night.run.id} sedang dikerjakan bersama oleh para pekerja", "tunggu sampai selesai; `pantau night`"
        )


def _pacer(space: Workspace, sleep: Callable[[float], None]) -> Pacing | None:
    """Return what keeps the pace of hosts with all other processes, where the database can."""
    return SharedPacer(space.database, space.clock, sleep) if space.database.dialect == "postgresql" else None


def _wire(settings: Settings) -> Wire | None:
    exchanges = settings.replay.exchanges
    return ReplayWire(settings.home / exchanges) if exchanges is not None else None


def _rule(book: Rulebook, known: tuple[Contest, ...]) -> Ruling:
    loaded = book.ruleset
    if loaded is None:  # texts are still sifted by names: word lists are the program's own
        finder = MentionFinder(known, shipped_lexicon())
        return Ruling(None, lambda text: bool(finder.find(text)), (), (), "{}", book.issues)
    judge = compile_rules(loaded, known)
    stated: tuple[Rule | PatternRule, ...] = (*loaded.rules, *loaded.patterns)
    told = {r.id: {"title": r.title, "false_positives": list(r.false_positives)} for r in stated}
    own = {name: data.decode() for name, data in book.own.items()}
    return Ruling(
        judge=judge,
        concerns=lambda text: bool(judge.finder.find(text)),
        laws=tuple(loaded.laws),
        rules=tuple((r.id, r.version, r.status.value, r.content_hash) for r in loaded.rules),
        detail=json.dumps({"files": loaded.hash, "contests": [c.name for c in known], "rules": told, "own": own}),
        issues=book.issues,
    )
