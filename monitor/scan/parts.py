"""The ready parts that a night is made of; `monitor.assembly` puts them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol

from db.connect import Database
from monitor.domain import Contest, Issue, LawProfile
from monitor.evidence.store import EvidenceStore
from monitor.last_words import LastWords
from monitor.scan.revisit import Tiers
from monitor.stamping import Stamping
from rules.engine import Judge
from scrapers.contract import Adapter, Request, Response, SourceOptions
from scrapers.manifest import Manifest
from scrapers.policy import SourcePolicy


class Fetching(Protocol):
    """What a night needs of the fetcher."""

    def send(self, source: str, request: Request) -> Response:
        """Return the answer, or raise the error tree."""
        ...

    def settle(self, source: str, request: Request, response: Response, billed: Mapping[str, int]) -> None:
        """Book what the platform charges for an answer."""
        ...

    def leave_alone(self, request: Request, until: datetime | None) -> None:
        """Ask a request's host nothing before then."""
        ...

    def close_source(self, source: str) -> None:
        """Ask a source nothing more until its quota's day turns."""
        ...


@dataclass(frozen=True, slots=True)
class Canary:
    """A post of the office's own that a source must show: its account, its id or address, and a comment below it."""

    source: str
    account: str
    item: str
    name: str = ""
    comment_id: str = ""
    text: str = ""

    @property
    def label(self) -> str:
        """What it is called in issues and on the health page."""
        return self.name or self.item


@dataclass(frozen=True, slots=True)
class Ruling:
    """A compiled rule set with what is stored beside its judgements.

    `judge` is None when the rule files are broken and nothing may be judged; `issues` tell what is not as it should be.
    """

    judge: Judge | None
    concerns: Callable[[str], bool]
    laws: tuple[LawProfile, ...]
    rules: tuple[tuple[str, int, str, str], ...]
    detail: str
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a night or an import works with; the clock and the network are among the arguments.

    `left` says how many requests a source may still be sent today, None where nothing bounds them. Without `tiers`
    every listing is read every night, without `stamping` manifests get no timestamps. `ticks` counts seconds that
    setting a clock does not touch. `last_words` are what starts that failed before this one left; `starting` is entered
    until the night's record stands. `noted` was known beforehand and is told with the night. `zone` is whose clock the
    office reads.
    """

    database: Database
    evidence: EvidenceStore
    fetcher: Fetching
    adapters: Mapping[str, Adapter]
    manifests: Mapping[str, Manifest]
    options: Mapping[str, SourceOptions]
    policies: Mapping[str, SourcePolicy]
    rule: Callable[[tuple[Contest, ...]], Ruling]
    clock: Callable[[], datetime]
    lock: Callable[[str], AbstractContextManager[None]]
    resume_after: timedelta
    since_days: int | None
    judge_batch: int
    left: Callable[[str], int | None] = lambda _: None
    tiers: Tiers | None = None
    canaries: tuple[Canary, ...] = ()
    stamping: Stamping | None = None
    ticks: Callable[[], float] | None = None
    last_words: LastWords | None = None
    starting: Callable[[], AbstractContextManager[None]] = nullcontext
    noted: tuple[Issue, ...] = ()
    zone: tzinfo = UTC
