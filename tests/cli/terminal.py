"""The command line as somebody types it."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from monitor.cli.main import app

PASSWORD = "sandi-contoh-yang-panjang"


def pantau(home: Path, *arguments: str, typed: str = "", token: str | None = None) -> Result:
    environment = {"PANTAU_TOKEN": token, "COLUMNS": "200"}
    return CliRunner().invoke(app, ["--workspace", str(home), *arguments], input=f"{typed}\n", env=environment)
