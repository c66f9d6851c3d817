"""The settings of pictures of public pages."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from monitor.settings_web import Section


class PictureSettings(Section):
    """Pictures of public pages: the browser, how many a night takes, and what one page may take of time and calls.

    `per_night = 0` leaves them to `pantau evidence picture`.
    """

    browser: Path = Path("/usr/bin/chromium")
    per_night: int = Field(default=50, ge=0, le=10_000)
    seconds: float = Field(default=60, gt=0, le=600)
    requests: int = Field(default=80, ge=1, le=1000)
