"""`pantau report`: the weekly report."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from monitor.assembly import Workspace, bars_of
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, say

ALL_FORMATS = "xlsx,pdf,html,json,csv,parquet"

app = typer.Typer(help="Laporan.", no_args_is_help=True)


@app.callback()
def report() -> None:
    """Keep `weekly` a sub-command."""


@app.command("weekly", epilog="Contoh: pantau report weekly --week 2026-W47 --format xlsx,pdf")
@reports_errors
def weekly(
    context: typer.Context,
    week: Annotated[str | None, typer.Option(help="Pekan ISO, misalnya 2026-W47; bawaannya pekan yang lalu.")] = None,
    output: Annotated[Path | None, typer.Option(help="Folder hasil.")] = None,
    formats: Annotated[
        str, typer.Option("--format", help="Dipisah koma: xlsx, pdf, html, json, csv, parquet.")
    ] = ALL_FORMATS,
    as_of: Annotated[int | None, typer.Option(help="Sampai catatan peristiwa nomor ini.")] = None,
    public: Annotated[bool, typer.Option("--public", help="Versi yang boleh diterbitkan: tanpa angka kecil.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Tulis laporan mingguan; parameter yang sama memberi berkas yang sama."""
    with opened(context) as space:
        result = write_weekly(space, week or last_week(space), output, formats, as_of, public=public)
    if as_json:
        print_json(result)
    else:
        for file in result["files"]:
            say(f"{file['path']}  sha256 {file['sha256']}")


def write_weekly(
    space: Workspace, week: str, output: Path | None, formats: str, as_of: int | None, *, public: bool = False
) -> dict[str, list[dict[str, str]]]:
    """Write the report of a week and return its files with their hashes."""
    from monitor.reports.weekly import weekly_report

    agency = space.settings.agency
    result = weekly_report(
        space.database,
        week=week,
        jurisdiction=agency.jurisdiction or None,
        formats=tuple(part.strip() for part in formats.split(",") if part.strip()),
        output=output or space.settings.reports_dir,
        as_of=as_of,
        now=space.clock(),
        timezone=agency.timezone,
        bars=bars_of(space.settings),
        public=public,
    )
    return {"files": [{"path": str(file.path), "sha256": file.sha256} for file in result.files]}


def last_week(space: Workspace) -> str:
    """Return the ISO week that ended before this one, in the office's time zone."""
    year, number, _ = (space.clock().astimezone(space.settings.agency.zone) - timedelta(days=7)).isocalendar()
    return f"{year}-W{number:02d}"
