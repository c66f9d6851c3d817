"""`pantau report`: the weekly report, and the data behind it for analysts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.live import live
from monitor.cli.output import print_json, say
from monitor.workspace import Workspace

ALL_FORMATS = "xlsx,pdf,html,json,csv,parquet"

app = typer.Typer(no_args_is_help=True)


@app.command("weekly", epilog="Contoh: pantau report weekly --week 2026-W47 --format xlsx,pdf")
@reports_errors
def weekly(
    context: typer.Context,
    week: Annotated[str | None, typer.Option(help="Pekan ISO, misalnya 2026-W47; bawaannya pekan yang lalu.")] = None,
    output: Annotated[Path | None, typer.Option(readable=False, help="Folder hasil.")] = None,
    formats: Annotated[
        str, typer.Option("--format", help="Dipisah koma: xlsx, pdf, html, json, csv, parquet.")
    ] = ALL_FORMATS,
    as_of: Annotated[int | None, typer.Option(help="Sampai catatan peristiwa nomor ini.")] = None,
    public: Annotated[bool, typer.Option("--public", help="Versi yang boleh diterbitkan: tanpa angka kecil.")] = False,
    mail: Annotated[bool, typer.Option("--mail", help="Kirim tautannya ke report.mail_to, bila diatur.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Tulis laporan mingguan; parameter yang sama memberi berkas yang sama."""
    from monitor.jobs.tasks import last_week

    with opened(context) as space:
        result = write_weekly(
            space, week or last_week(space), output, formats, as_of, public=public, mail=mail, quiet=as_json
        )
    _tell(result["files"], as_json=as_json)
    if result["unsent"]:
        errors_console().print(f"pantau: {result['unsent']} surat belum diterima peladen; lihat `pantau notify list`")
        raise typer.Exit(EXIT_PERSON)


@app.command("data", epilog="Contoh: pantau report data --format parquet --output data-analis")
@reports_errors
def data(
    context: typer.Context,
    formats: Annotated[str, typer.Option("--format", help="Dipisah koma: parquet, csv, xlsx.")] = "parquet",
    output: Annotated[Path | None, typer.Option(readable=False, help="Folder hasil.")] = None,
    region: Annotated[str | None, typer.Option(help="Hanya wilayah ini; bawaannya wilayah kantor.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Ekspor seluruh data tersamar untuk analis: tanpa nama, nomor, akun, dan naskah."""
    from monitor.reports.dataset import Source, write_dataset

    with opened(context) as space, live(quiet=as_json) as progress:
        agency = space.settings.agency
        source = Source(space.database, space.vault, agency.zone, agency.jurisdiction if region is None else region)
        files = write_dataset(source, _parts(formats), output or space.settings.reports_dir, space.clock(), progress)
    _tell([{"path": str(file.path), "sha256": file.sha256} for file in files], as_json=as_json)


def write_weekly(
    space: Workspace, week: str, output: Path | None, formats: str, as_of: int | None = None, *,
    public: bool = False, mail: bool = False, quiet: bool = True,
) -> dict[str, Any]:  # fmt: skip
    """Write the report of a week and return its files with their hashes, and how many mails were not taken."""
    from monitor.jobs.tasks import order_of, tell_ready
    from monitor.reports.weekly import write_report

    order = order_of(space, week, as_of, public=public)
    with live(quiet=quiet) as progress:
        result = write_report(
            space.database, order, _parts(formats), output or space.settings.reports_dir, space.clock(), progress
        )
    unsent = tell_ready(space, result).failed if mail and not public else 0
    files = [{"path": str(file.path), "sha256": file.sha256} for file in result.files]
    return {"files": files, "unsent": unsent}


def _parts(formats: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in formats.split(",") if part.strip())


def _tell(files: list[dict[str, str]], *, as_json: bool) -> None:
    if as_json:
        print_json({"files": files})
        return
    for file in files:
        say(f"{file['path']}  sha256 {file['sha256']}")
