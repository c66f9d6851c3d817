"""What the console is given by whoever starts it; nothing here is read from the environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from db.connect import Database
from monitor.desk.case_pictures import PictureRoom
from monitor.desk.forms import FormFile, FormVersion, FormWish, IssueWish
from monitor.desk.ruling import StatusWish
from monitor.desk.uploads import Bringing
from monitor.domain import FormIssue, Job, PictureTrip, RuleStatus, SourceStanding, UserRow
from monitor.domain.keeping import Purged
from monitor.domain.rule_sheets import RegisterWarning, RuleSheet, TrialState
from monitor.evidence.store import EvidenceStore
from monitor.openid import Provider
from monitor.review.precision import USUAL, Bars
from monitor.vault import Vault

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class ReportDesk:
    """Where report files go, and which place the office answers for (empty: the whole country)."""

    folder: Path
    region: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking the platforms after the texts of a case: how many answered, and what stood in the way."""

    answered: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormRoom:
    """What forms are drawn and issued with; who may and what is audited is decided where they lead."""

    draw: Callable[[FormWish], FormFile]
    sheet: Callable[[FormWish], FormFile]
    issue: Callable[[IssueWish], FormIssue]
    open: Callable[[FormVersion, UserRow], FormFile]


@dataclass(frozen=True, slots=True)
class PrivacyRoom:
    """What the privacy page is given: what a purge would remove now, and the office's own place."""

    due: Callable[[], Purged]
    place: str


@dataclass(frozen=True, slots=True)
class CameraRoom:
    """What photographs the pages of a case beside the console.

    `start` takes case and user name and raises ConflictError while another case is photographed; `trip` tells how the
    newest of a case stands, None where none was asked for since the console began.
    """

    start: Callable[[int, str], None]
    trip: Callable[[int], PictureTrip | None]


BundleWriter = Callable[[int, UserRow, str | None, Path], Path]
"""Writes the evidence of a case into a folder: case, user, the reason for raw answers (None without them), folder."""


@dataclass(frozen=True, slots=True)
class RuleRoom:
    """What the rules desk is given: rules in words, wishes for a status, trials that run beside the console.

    `start_trial` takes rule and user name and raises ConflictError while another trial runs. `place` is the office's
    region, empty when not set; `longest` bounds a suppression.
    """

    shelf: Callable[[], tuple[RuleSheet, ...]]
    wish: Callable[[str, RuleStatus], StatusWish]
    start_trial: Callable[[str, str], None]
    trial: Callable[[str], TrialState | None]
    place: str
    longest: timedelta


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the program: its version, free bytes by what lies there, the database's size, late jobs.

    `late` are jobs that are due and not done, with since when; `unreadable` are settings of the schedule that are no
    cron lines, each with what is wrong; `never_since` is told when nobody ever began a night and one is missed; below
    `least_free` bytes a disk counts as short.
    """

    version: str = ""
    free: tuple[tuple[str, int], ...] = ()
    least_free: int = 0
    database_bytes: int | None = None
    late: tuple[tuple[Job, datetime], ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()
    never_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class WebDeps:
    """The parts of the console.

    `clock` gives aware UTC times. `health` answers /healthz: a mapping with at least `ok`, safe to show to anyone.
    `https` says that officers reach the console over TLS; cookies are then Secure. `hosts` are the names under which it
    may be asked, without ports. `standings` tells of the sources in the settings. `bars` say from when verdicts suffice
    to advise on a rule. With `second_factor` everybody who sees people or gives out rights must set one up; a session
    that lies `idle` ends. `provider` is where officers may sign in instead of by password. `blind_share`
    of first decisions are looked at again, blind. `recheck` asks the platforms
    whether the texts of a case are still online, `camera` photographs their pages.
    `evidence` opens and keeps sealed files. `night_query` is the
    question of a whole night, so that looks between two nights are not taken for one; `around` and `metrics_token` are
    for `/metrics`.
    """

    database: Database
    vault: Vault
    agency: str
    zone: ZoneInfo
    clock: Callable[[], datetime]
    health: Callable[[], Mapping[str, object]]
    https: bool = False
    second_factor: bool = True
    idle: timedelta = timedelta(hours=1)
    provider: Provider | None = None
    session_length: timedelta = timedelta(hours=12)
    hosts: tuple[str, ...] = LOCAL_HOSTS
    bars: Bars = USUAL
    reports: ReportDesk | None = None
    bringing: Bringing | None = None
    rules: RuleRoom | None = None
    contest_warnings: Callable[[int], tuple[RegisterWarning, ...]] | None = None
    standings: Callable[[], tuple[SourceStanding, ...]] = tuple
    blind_share: float = 0.1
    recheck: Callable[[int], Asked] | None = None
    pictures: PictureRoom | None = None
    camera: CameraRoom | None = None
    forms: FormRoom | None = None
    bundle: BundleWriter | None = None
    evidence: EvidenceStore | None = None
    privacy: PrivacyRoom | None = None
    night_query: str = ""
    around: Callable[[], Around] = Around
    metrics_token: Callable[[], str] = str

    @property
    def secret(self) -> bytes:
        """The key that signs cookies and form tokens."""
        return self.vault.derive("web")
