"""The settings of what runs by itself, and when."""

from __future__ import annotations

from pydantic import Field

from monitor.domain import StageKind
from monitor.settings_web import Section


class ScheduleSettings(Section):
    """When each job runs, as cron expressions in the office's time zone; an empty one switches a job off.

    `revisit` names one for each stage in which candidates' posts are read again between nights, `revisit_days` how far
    back. What failed, or was kept from beginning, is tried again `retries` times: after `retry_minutes`, then after
    twice as long each time.
    """

    nightly: str = "30 1 * * *"
    revisit: dict[StageKind, str] = Field(
        default_factory=lambda: {StageKind.KAMPANYE: "10 * * * *", StageKind.MASA_TENANG: "10,40 * * * *"}
    )
    recheck: str = "0 4 * * *"
    weekly: str = "0 6 * * mon"
    digest: str = "0 7 * * *"
    retention: str = "30 4 * * *"
    verify: str = "0 3 * * sun"
    backup: str = "30 5 * * *"
    revisit_days: int = Field(default=7, ge=1)
    retries: int = Field(default=3, ge=0, le=10)
    retry_minutes: float = Field(default=5, gt=0, le=720)
