"""The ready parts that a night is made of; `monitor.assembly` puts them together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from db.connect import Database
from monitor.domain import Contest, Issue, LawProfile
from monitor.evidence.store import EvidenceStore
from rules.engine import Judge
from scrapers.contract import Adapter, Request, Response, SourceOptions
from scrapers.manifest import Manifest
from scrapers.policy import SourcePolicy


class Fetching(Protocol):
    """What a night needs of the fetcher."""

    def send(self, source: str, request: Request) -> Response:
        """Return the answer, or raise the error tree."""
        ...


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
    """Everything a night or an import works with; the clock and the network are among the arguments."""

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
