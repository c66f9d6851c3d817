"""The settings of watching over the program: who is told of a night, and when something counts as late or short."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from monitor.settings_report import mail_address
from monitor.settings_web import Section


class HealthSettings(Section):
    """Who gets the summary of a night by mail, and what `/healthz` and `/metrics` call late or short.

    `token` (or `token_file`, mode 600) lets a program on another machine read `/metrics`; without one only this machine
    may.
    """

    mail_to: tuple[str, ...] = ()
    mail_when: Literal["selalu", "bila_perlu"] = "selalu"
    late_hours: float = Field(default=30, gt=0)
    disk_least_gb: float = Field(default=2, ge=0)
    token: SecretStr | None = None
    token_file: Path | None = None

    @field_validator("mail_to")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(mail_address(one) for one in value)
