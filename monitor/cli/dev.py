"""`pantau dev`: tools for those who work on the program itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

import scrapers
from monitor.cli.context import reports_errors
from monitor.cli.output import say
from scrapers.newcomer import add_platform

app = typer.Typer(no_args_is_help=True)


@app.callback()
def dev() -> None:
    """Keep `new-platform` a sub-command."""


@app.command("new-platform", epilog="Contoh: pantau dev new-platform contohria")
@reports_errors
def new_platform(
    name: Annotated[str, typer.Argument(metavar="NAMA", help="Nama platform: huruf kecil dan angka.")],
) -> None:
    """Buat platform baru dari contoh: paket, manifest, uji dan pendaftarannya; ujinya langsung lulus."""
    root = Path(scrapers.__file__).resolve().parents[1]
    written = add_platform(root, name)
    subprocess.run([sys.executable, "-m", "scripts.write_sources_page"], cwd=root, check=True)
    for path in (*written, "docs/sumber.md"):
        say(f"ditulis: {path}")
    say(f"Uji: .venv/bin/python -m pytest -q tests/scrapers/platforms/test_{name}_platform.py")
    say("Langkah berikutnya: docs/pengembang/platform-baru.md")
