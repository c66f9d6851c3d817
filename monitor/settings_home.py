"""Where the workspace is: known before any of its settings is read."""

from __future__ import annotations

import os
from pathlib import Path


def find_home(option: Path | None) -> Path:
    """Return the workspace: the option, else `PANTAU_HOME`, else the current folder."""
    if option is not None:
        return option.resolve()
    return Path(os.environ.get("PANTAU_HOME") or ".").resolve()
