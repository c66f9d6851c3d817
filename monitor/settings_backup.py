"""The settings of backups."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from monitor.settings_web import Section


class BackupSettings(Section):
    """Who else can open backups, by public keys of age, and how many are kept in one folder (0: all).

    `folder` is where the schedule's own backups go, a relative one in the workspace; without one it makes none.
    """

    folder: Path | None = None
    recipients: tuple[str, ...] = ()
    keep: int = Field(default=0, ge=0, le=10_000)
