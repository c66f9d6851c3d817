"""The only reader of `pantau.toml`, and of the environment but for `settings_home`.

`PANTAU_*` environment variables win over the file (nested names by two underscores: `PANTAU_AGENCY__NAME`). Secrets
come from the environment or from files with mode 600, never from `pantau.toml`.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from monitor.denials import mending
from monitor.domain import SourceMode
from monitor.errors import ConfigError, plainly
from monitor.settings_backup import BackupSettings
from monitor.settings_evidence import EvidenceSettings
from monitor.settings_health import HealthSettings
from monitor.settings_pictures import PictureSettings
from monitor.settings_privacy import PrivacySettings
from monitor.settings_report import ReportSettings
from monitor.settings_schedule import ScheduleSettings
from monitor.settings_timestamp import TimestampSettings
from monitor.settings_web import Section, WebSettings
from monitor.settings_words import PREFIX, faults, of_environment, of_toml
from monitor.settings_workers import WorkerSettings

CONFIG_NAME = "pantau.toml"
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_RELATIVE_SQLITE = re.compile(r"(sqlite(?:\+\w+)?:///)(?!/|file:|:memory:|\?)(.+)")


class AgencySettings(Section):
    """Whose workspace this is; name and contact go into the User-Agent."""

    name: str = "Bawaslu (belum diisi)"
    jurisdiction: str = ""
    timezone: str = "Asia/Jakarta"
    contact: str = ""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a folder of zones is none itself
            raise ValueError("zona waktu tidak dikenal, misalnya Asia/Jakarta, Asia/Makassar, Asia/Jayapura") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The office's time zone."""
        return ZoneInfo(self.timezone)


class CanarySettings(Section):
    """A post of the office's own that a source must show: its account, its address or id, and a comment below it."""

    account: str = Field(min_length=1)
    item: str = Field(min_length=1)
    name: str = Field(default="", max_length=128)
    comment_id: str = ""
    text: str = ""


class SourceSettings(Section):
    """The policy record of one source: whether, on what ground and how gently it may be read.

    Base addresses of a platform end in `_url`; an adapter knows which it needs, so any such key is taken.
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    enabled: bool = False
    mode: SourceMode = SourceMode.LIVE_API
    legal_basis: str = ""
    permission_ref: str = ""
    approved_by: str = ""
    approved_at: date | None = None
    retention_days: int = Field(default=365, ge=1)
    max_rps: float = Field(default=1.0, gt=0, le=1000)
    daily_cap: int = Field(default=20_000, ge=0)
    robots: Literal["respect", "not_applicable"] = "respect"
    max_body_mb: float = Field(default=20, gt=0, le=1024)
    max_wait_seconds: float = Field(default=60, ge=0, le=3600)
    timeout_seconds: float = Field(default=30, gt=0, le=600)
    allow_hosts: tuple[str, ...] = ()
    canary: tuple[CanarySettings, ...] = ()
    quiet_hours: tuple[str, ...] = ()
    weekly_cap: int | None = Field(default=None, ge=0)
    quota_units: int | None = Field(default=None, ge=0)
    cost_cap_daily: float | None = Field(default=None, ge=0)
    cost_cap_monthly: float | None = Field(default=None, ge=0)

    @field_validator("quiet_hours")
    @classmethod
    def _spans(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for span in value:
            first, _, last = span.partition("-")
            if not (_HOUR.fullmatch(first) and _HOUR.fullmatch(last)) or first == last:
                raise ValueError('tulis jam tenang seperti "06:00-08:00"')
        return value

    @model_validator(mode="after")
    def _extras_are_urls(self) -> SourceSettings:
        for key, value in (self.model_extra or {}).items():
            if not key.endswith("_url") or not isinstance(value, str):
                raise ValueError(f"kunci {key} tidak dikenal")
        return self

    @property
    def urls(self) -> dict[str, str]:
        """The configured base addresses by key, e.g. `appview_url`."""
        return {key: str(value).rstrip("/") for key, value in (self.model_extra or {}).items()}


class ScanSettings(Section):
    """One night: how far back it looks and how long an interrupted run may be taken up again.

    `resume_hours` covers the longest night that is reckoned with (docs/ukuran.md) and ends before the next one is due.
    With `revisit` a listing of a candidate's post is read again only when its total has moved or its wait is over;
    `revisit_hours` are the waits, one longer than the other, and `busy_factor` shortens them in kampanye and masa
    tenang.
    """

    since_days: int | None = Field(default=None, ge=1)
    resume_hours: float = Field(default=22, gt=0)
    pages_per_listing: int = Field(default=1000, ge=1)
    judge_batch: int = Field(default=4_000, ge=1)
    revisit: bool = False
    revisit_hours: tuple[float, ...] = (1, 6, 24, 72, 168)
    busy_factor: float = Field(default=0.5, gt=0, le=1)

    @field_validator("revisit_hours")
    @classmethod
    def _growing(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not value or any(hours <= 0 for hours in value) or list(value) != sorted(set(value)):
            raise ValueError("isi satu atau lebih jumlah jam, makin lama makin panjang, misalnya [1, 6, 24, 72, 168]")
        return value


class ClockSettings(Section):
    """How the office reads the days of legal limits: `"pilkada.lapor" = "working"`; unnamed ones follow the law file.

    `free_days` is the office's own list of holidays, in the workspace.
    """

    readings: dict[str, Literal["calendar", "working"]] = Field(default_factory=dict)
    free_days: str = "libur.csv"

    @field_validator("readings")
    @classmethod
    def _known(cls, value: dict[str, str]) -> dict[str, str]:
        for name in value:
            regime, _, limit = name.partition(".")
            if regime not in ("pilkada", "pemilu") or not limit:
                raise ValueError(f"{name} bukan nama jangka waktu; tulis misalnya pilkada.lapor")
        return value


class WebhookSettings(Section):
    """A program of the office that is told what waits; `secret_file` (mode 600) signs what it is sent."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    url: str
    secret_file: Path

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value):
            raise ValueError("tulis alamat http:// atau https:// tanpa nama dan sandi di dalamnya")
        return value


class NotifySettings(Section):
    """Digests by mail and webhooks; silent until `enabled` and somewhere to send to is named.

    `smtp_url` is a secret: it comes from the environment, or from `smtp_file` (mode 600). `channels_file` (mode 600)
    holds Apprise addresses of the office, one a line.
    """

    enabled: bool = False
    base_url: str = ""
    sender: str = ""
    smtp_url: SecretStr | None = None
    smtp_file: Path | None = None
    channels_file: Path | None = None
    webhooks: tuple[WebhookSettings, ...] = ()
    attempts: int = Field(default=8, ge=1, le=100)

    @model_validator(mode="after")
    def _one_name_each(self) -> NotifySettings:
        names = [hook.name for hook in self.webhooks]
        if len(names) != len(set(names)):
            raise ValueError("setiap webhook perlu nama sendiri")
        return self

    @field_validator("base_url")
    @classmethod
    def _console(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s@?#]+", value):
            raise ValueError("tulis alamat konsol, misalnya https://pantau.contoh.example")
        return value.rstrip("/")


class RulesSettings(Section):
    """The life of a rule: what a trial takes for granted, when verdicts suffice, how long a suppression may last.

    `keep_from` and `retire_below` are shares of right hits: the lower end of the interval at or above the first keeps
    a rule, the upper end below the second advises to retire it.
    """

    minutes_per_case: float = Field(default=10, gt=0)
    timed_cases_least: int = Field(default=20, ge=1)
    verdicts_least: int = Field(default=20, ge=1)
    keep_from: float = Field(default=0.8, ge=0, le=1)
    retire_below: float = Field(default=0.5, ge=0, le=1)
    suppression_max_days: int = Field(default=90, ge=1)


class ReviewSettings(Section):
    """The work of reviewers: which share of first decisions a second reviewer judges again, blind."""

    blind_share: float = Field(default=0.1, ge=0, le=1)


class ReplaySettings(Section):
    """Recorded exchanges instead of the network, with the clock held: for the demo and for trials of a night."""

    exchanges: Path | None = None
    clock: datetime | None = None

    @field_validator("clock")
    @classmethod
    def _aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("jam perlu zona waktu, misalnya 2026-11-20T18:00:00+00:00")
        return value


class Settings(BaseSettings):
    """One workspace as configured; see `docs/pengaturan.md` for every key."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", frozen=True, env_ignore_empty=True
    )

    home: Path
    agency: AgencySettings = AgencySettings()
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    database_url: str = ""
    scan: ScanSettings = ScanSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    web: WebSettings = WebSettings()
    rules: RulesSettings = RulesSettings()
    notify: NotifySettings = NotifySettings()
    review: ReviewSettings = ReviewSettings()
    clocks: ClockSettings = ClockSettings()
    backup: BackupSettings = BackupSettings()
    timestamp: TimestampSettings = TimestampSettings()
    pictures: PictureSettings = PictureSettings()
    replay: ReplaySettings = ReplaySettings()
    report: ReportSettings = ReportSettings()
    health: HealthSettings = HealthSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    privacy: PrivacySettings = PrivacySettings()
    workers: WorkerSettings = WorkerSettings()
    token: SecretStr | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order: explicit arguments, environment, `pantau.toml` of the workspace."""
        del dotenv_settings, file_secret_settings
        home = init_settings()["home"]
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, Path(home) / CONFIG_NAME)

    @property
    def data_dir(self) -> Path:
        """Where the program writes."""
        return self.home / "data"

    @property
    def evidence_dir(self) -> Path:
        """Sealed raw answers, or, where they lie on another machine, what is on its way there."""
        return self.home / (self.evidence.folder or "data/evidence")

    @property
    def uploads_dir(self) -> Path:
        """Files that came through the console and were not taken in yet, sealed."""
        return self.data_dir / "uploads"

    @property
    def reports_dir(self) -> Path:
        """Weekly reports."""
        return self.data_dir / "reports"

    @property
    def keys_dir(self) -> Path:
        """Keys, mode 700."""
        return self.data_dir / "keys"

    @property
    def roster_dir(self) -> Path:
        """Registers as imported, dated and sealed."""
        return self.home / "roster"

    @property
    def rules_dir(self) -> Path:
        """The office's own rules."""
        return self.home / "aturan"

    @property
    def free_days_file(self) -> Path:
        """The office's own list of holidays."""
        return self.home / self.clocks.free_days

    @property
    def url(self) -> str:
        """The database: the configured one, else SQLite in the workspace; its file is named from the workspace."""
        found = _RELATIVE_SQLITE.fullmatch(self.database_url)
        if found is not None:  # cron, systemd and people start the program anywhere
            return f"{found[1]}{self.home / found[2]}"
        return self.database_url or f"sqlite:///{self.data_dir / 'pantau.db'}"


def load_settings(home: Path) -> Settings:
    """Read the workspace's settings; ConfigError names the key, what was wrong and where."""
    path = home / CONFIG_NAME
    if not _is_there(path):
        raise ConfigError(
            f"{home} bukan ruang kerja pantau (tidak ada {CONFIG_NAME})",
            "jalankan `pantau init DIR`, atau tunjuk dengan `--workspace DIR`",
        )
    try:
        return Settings(home=home)
    except tomllib.TOMLDecodeError as error:
        where, mend = of_toml(path, error)
        raise ConfigError(f"{path}, {where}", mend) from error
    except SettingsError as error:  # a variable that should hold JSON
        raise ConfigError(of_environment(error, Settings), "lihat docs/pengaturan.md") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} tidak terbaca: bukan teks UTF-8", "simpan ulang sebagai UTF-8") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    except ValidationError as error:
        raise ConfigError(faults(path, error), "lihat docs/pengaturan.md") from error


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:  # its folder may not be entered
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> ConfigError:
    return ConfigError(f"{path} tidak terbaca ({plainly(error)})", mending(error, "periksa izin dan cakramnya"))
