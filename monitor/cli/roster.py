"""`pantau roster`: the registers of people, accounts and contests."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from db import contests, registers
from monitor.assembly import roster_doors
from monitor.cli.context import EXIT_PERSON, errors_console, opened, reports_errors
from monitor.cli.live import live
from monitor.cli.office import JsonFlag
from monitor.cli.output import print_json, print_table, say
from monitor.labels import label
from monitor.roster.files import RosterKind
from monitor.roster.importer import ImportOptions, ImportReport, import_file

app = typer.Typer(help="Register: ASN, akun dan kontes.", no_args_is_help=True)


@app.command("import", epilog="Contoh: pantau roster import asn asn.csv --dry-run")
@reports_errors
def import_register(
    context: typer.Context,
    kind: Annotated[RosterKind, typer.Argument(help="Jenis register.")],
    file: Annotated[Path, typer.Argument(help="CSV, XLSX, YAML atau JSON.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Hanya periksa, tidak menulis.")] = False,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Masukkan baris yang benar, sebut yang dilewati.")
    ] = False,
    user: Annotated[str, typer.Option("--as", help="Siapa yang mengimpor.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """Impor register; satu berkas masuk seluruhnya atau tidak sama sekali."""
    with opened(context) as space, live(quiet=as_json) as progress:
        options = ImportOptions(dry_run, skip_bad_rows, space.settings.agency.jurisdiction)
        progress.phase(f"Mengimpor {file.name}", 0)
        report = import_file(kind, file, roster_doors(space, user), options, lambda _done, _total: progress.step(1))
    if as_json:
        print_json(report.as_json())
    else:
        _print(report)
    for problem in report.problems:
        errors_console().print(f"pantau: {problem}", markup=False)
    if not report.ok:
        raise typer.Exit(EXIT_PERSON)


def _print(report: ImportReport) -> None:
    for warning in report.warnings:
        say(f"peringatan: {warning}")
    if report.stored:
        said = f"{report.new} baru, {report.changed} berubah, {report.same} sama, {report.left_out} dilewati"
        say(f"{report.file}: {said}.")
    elif report.dry_run:
        say(f"{report.file}: {report.rows} baris diperiksa, {len(report.problems)} masalah; tidak ada yang ditulis.")
    else:
        say(f"{report.file}: tidak diimpor karena {len(report.problems)} masalah; tidak ada yang ditulis.")


@app.command("list", epilog="Contoh: pantau roster list akun --json")
@reports_errors
def list_register(
    context: typer.Context,
    kind: Annotated[RosterKind, typer.Argument(help="Jenis register.")] = RosterKind.ASN,
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan isi register; nomor induk tetap disamarkan."""
    with opened(context) as space, space.database.read() as session:
        if kind is RosterKind.ASN:
            title, rows = "ASN", registers.list_people(session)
        elif kind is RosterKind.AKUN:
            title, rows = "Akun", registers.list_accounts(session)
        else:
            title = "Kontes"
            rows = [
                {
                    "contest": contest.name,
                    "region": contest.region,
                    "office": label(contest.office),
                    "pairs": ", ".join(f"{c.number}. {c.label}" for c in contest.candidates),
                }
                for contest in contests.load_contests(session)
            ]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(title, list(rows[0]), [list(row.values()) for row in rows])
    else:
        say(f"Register {title} masih kosong; mulai dengan `pantau roster import`.")
