"""`pantau roster`: the registers of people, accounts and contests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from db import accounts, contests, registers
from db.connect import Session
from monitor import desk
from monitor.assembly import roster_doors
from monitor.cli import roster_check
from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.live import live
from monitor.cli.output import print_json, print_table, say
from monitor.cli.queue import authenticated
from monitor.roster.files import RosterKind
from monitor.roster.importer import ImportOptions, ImportReport, import_file
from monitor.workspace import Workspace

KindArgument = Annotated[RosterKind, typer.Argument(metavar="JENIS", help="Jenis register.")]

app = typer.Typer(no_args_is_help=True)
roster_check.register(app)


@app.command("import", epilog="Contoh: pantau roster import asn asn.csv --dry-run")
@reports_errors
def import_register(
    context: typer.Context,
    kind: KindArgument,
    file: Annotated[Path, typer.Argument(metavar="BERKAS", readable=False, help="CSV, XLSX, YAML atau JSON.")],
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
        doors = replace(roster_doors(space, user), review=roster_check.reviewer(space))
        report = import_file(kind, file, doors, options, lambda _done, _total: progress.step(1))
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
    kind: KindArgument = RosterKind.ASN,
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan isi register; nomor induk tetap disamarkan."""
    with opened(context) as space, space.database.read() as session:
        rows = _LISTINGS[kind](space, session)
    if as_json:
        print_json(rows)
    elif rows:
        print_table(label_of(kind), list(rows[0]), [list(row.values()) for row in rows])
    else:
        say(f"Register {label_of(kind)} masih kosong; mulai dengan `pantau roster import`.")


@app.command("confirm", epilog="Contoh: pantau roster confirm 3 --as bayu")
@reports_errors
def confirm(
    context: typer.Context,
    batch: Annotated[int, typer.Argument(metavar="NOMOR", help="Nomor impor, dari `pantau roster batches`.")],
    user: Annotated[str, typer.Option("--as", help="Nama masuk Anda; bukan yang mengimpor.")],
) -> None:
    """Sahkan satu impor sebagai orang kedua; sebelum itu akunnya tidak dapat diteruskan."""
    with opened(context) as space:
        desk.confirm_batch(space.database, batch, authenticated(space, user), space.clock())
    say(f"Impor {batch} disahkan oleh {user}.")


@app.command("batches", epilog="Contoh: pantau roster batches --json")
@reports_errors
def batches(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Tampilkan impor register dan siapa yang mengesahkannya."""
    with opened(context) as space, space.database.read() as session:
        rows = [
            {
                "batch": b.id,
                "kind": b.kind,
                "file": b.file_name,
                "imported_by": b.imported_by,
                "imported_at": b.imported_at.isoformat(),
                "confirmed_by": b.confirmed_by or "",
            }
            for b in registers.list_batches(session)
        ]
    if as_json:
        print_json(rows)
    else:
        print_table(
            "Impor register", ("No", "Jenis", "Berkas", "Oleh", "Waktu", "Disahkan"), [tuple(r.values()) for r in rows]
        )


def label_of(kind: RosterKind) -> str:
    """Return the register's name as officers say it."""
    return {RosterKind.ASN: "ASN", RosterKind.AKUN: "akun", RosterKind.KONTES: "kontes"}[kind]


def _people(space: Workspace, session: Session) -> list[dict[str, str]]:
    return [
        {
            "nip_masked": listed.identifier_masked,
            "name": listed.person.name,
            "employment": listed.person.employment.value,
            "agency": listed.person.agency,
            "position": listed.person.position,
            "jurisdiction": listed.person.jurisdiction,
        }
        for listed in registers.list_people(session, space.vault)
    ]


def _accounts(_space: Workspace, session: Session) -> list[dict[str, str]]:
    return [
        {
            "platform": listed.account.ref.platform,
            "account": listed.account.ref.user_id,
            "handle": listed.account.ref.handle or "",
            "kind": listed.account.kind.value,
            "status": listed.account.attribution.value if listed.account.attribution else "",
            "person": listed.person,
            "nip_masked": listed.identifier_masked,
        }
        for listed in accounts.list_accounts(session)
    ]


def _contests(_space: Workspace, session: Session) -> list[dict[str, str]]:
    return [
        {
            "contest": contest.name,
            "region": contest.region,
            "office": contest.office.value,
            "pairs": ", ".join(f"{c.number}. {c.label}" for c in contest.candidates),
        }
        for contest in contests.load_contests(session)
    ]


_LISTINGS: dict[RosterKind, Callable[[Workspace, Session], list[dict[str, str]]]] = {
    RosterKind.ASN: _people,
    RosterKind.AKUN: _accounts,
    RosterKind.KONTES: _contests,
}
