"""Rules as people read them: what a file says, in words, and how a trial of it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.domain.acts import Act
from monitor.domain.contests import CandidateStatus
from monitor.domain.judging import Level, RuleStatus
from monitor.domain.people import Employment


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule in words, with what it looks for and the conditions below it."""

    words: str
    detail: str = ""
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleLaw:
    """The row of law that a rule names for one profile and status of the pair; `doubtful` rows ask for a lawyer."""

    law: str
    title: str
    status: CandidateStatus
    row: str
    text: str
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class RuleExample:
    """An invented act in the rule's own file, and what the rule must make of it."""

    expected: str
    words: str


@dataclass(frozen=True, slots=True)
class RuleSheet:
    """One rule: the status in force beside the one its file names, and what the file says.

    `pattern` rules count acts that other rules hit and open no case. `gone` holds for a rule that two people gave a
    status and that no file holds any more; then only id and status are known.
    """

    rule_id: str
    status: RuleStatus
    version: int = 0
    title: str = ""
    file_status: RuleStatus | None = None
    level: Level | None = None
    own: bool = False
    pattern: bool = False
    acts: tuple[Act, ...] = ()
    subjects: tuple[Employment, ...] = ()
    law: tuple[RuleLaw, ...] = ()
    conditions: Condition | None = None
    explain: str = ""
    false_positives: tuple[str, ...] = ()
    examples: tuple[RuleExample, ...] = ()
    max_per_1000: int | None = None
    contested: str = ""
    file: str = ""
    text: str = ""
    content_hash: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class TrialState:
    """A trial of a rule that somebody started from the console; `error` says why it ended without figures."""

    rule_id: str
    by: str
    started_at: datetime
    done: int = 0
    total: int = 0
    finished_at: datetime | None = None
    error: str = ""

    @property
    def running(self) -> bool:
        """Whether it still reads acts."""
        return self.finished_at is None


@dataclass(frozen=True, slots=True)
class RegisterWarning:
    """What in a contest's register may be taken for somebody or something else, and what to write instead."""

    contest: str
    region: str
    number: int
    level: Level
    key: str
    why: str
    proposal: tuple[str, ...] = ()
