#!/usr/bin/env python3
"""Writes `deploy/systemd`: the units that `pantau cron-line` prints, for a virtual environment in /opt/pantau."""

from __future__ import annotations

import sys
from pathlib import Path

from monitor.jobs.units import Layout, systemd_units
from monitor.settings import Settings

FOLDER = Path(__file__).resolve().parents[1] / "deploy" / "systemd"
HOME, BACKUPS = Path("/srv/pantau"), Path("/srv/cadangan")


def units() -> dict[str, str]:
    """Return the files by name, with the schedule as it is when nothing else is set."""
    settings = Settings.model_construct(home=HOME)
    backup = settings.backup.model_copy(update={"folder": BACKUPS})
    told = settings.model_copy(update={"backup": backup})
    return systemd_units(told, Layout(("/opt/pantau/bin/pantau",), HOME, (BACKUPS,)))


def main() -> int:
    """Write the files anew."""
    for name, text in units().items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8")
    print(f"{len(units())} units in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
