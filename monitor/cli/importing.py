"""`pantau import`: files that officers captured."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.assembly import night
from monitor.cli.context import EXIT_PERSON, errors_console, opened, reports_errors
from monitor.cli.import_listed import print_formats, print_imports
from monitor.cli.live import live
from monitor.cli.moments import moment_of
from monitor.cli.output import print_json, say
from monitor.errors import UsageError
from monitor.scan.imports import ImportOrder, import_files
from monitor.scan.mappings import load_mapping
from scrapers.imports.contract import ReadOptions

if TYPE_CHECKING:
    from monitor.scan.import_report import FileReport, ImportSummary
    from monitor.workspace import Workspace

_TABLE = "table"  # the format that a mapping is for


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", epilog="Contoh: pantau import tangkapan.ndjson --collector rina --dry-run")(import_command)


@reports_errors
def import_command(
    context: typer.Context,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="BERKAS", readable=False, help="Berkas tangkapan atau ekspor, zip, atau folder."),
    ] = None,
    format_name: Annotated[str | None, typer.Option("--as", help="Format, bila isinya tidak dikenali sendiri.")] = None,
    collector: Annotated[str, typer.Option(help="Siapa yang menangkap berkas ini; bawaan: pengguna mesin.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Hanya tampilkan apa yang akan masuk.")] = False,
    date_order: Annotated[str | None, typer.Option(help="Urutan tanggal: dmy (hari dahulu) atau mdy.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Zona waktu tanpa penanda; bawaan: zona kantor.")] = None,
    captured_at: Annotated[str | None, typer.Option(help="Kapan berkas ditangkap, bila tidak tertulis.")] = None,
    url: Annotated[str | None, typer.Option(help="Alamat halaman atau unggahan, bila berkas tidak memuatnya.")] = None,
    platform: Annotated[str | None, typer.Option(help="Platform tabel umum.")] = None,
    mapping: Annotated[str | None, typer.Option(help="Pemetaan kolom: nama di pemetaan/ atau berkas TOML.")] = None,
    supplier: Annotated[str, typer.Option(help="Siapa pemasok data, untuk data yang dibeli atau diberi.")] = "",
    basis: Annotated[str, typer.Option(help="Atas dasar apa data pemasok boleh dipakai.")] = "",
    list_done: Annotated[bool, typer.Option("--list", help="Tampilkan impor yang sudah dilakukan.")] = False,
    formats: Annotated[bool, typer.Option("--formats", help="Tampilkan format yang dikenal.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Ringkasan sebagai JSON.")] = False,
) -> None:
    """Masukkan berkas tangkapan; hanya tindakan akun terdaftar yang disimpan."""
    if formats:
        print_formats(as_json)
        return
    with opened(context) as space:
        if list_done:
            print_imports(space, as_json)
            return
        if not files:
            raise UsageError("Berkas belum disebut", "contoh: pantau import tangkapan.ndjson --dry-run")
        if date_order not in (None, "dmy", "mdy"):
            raise UsageError(
                f"--date-order {date_order} tidak dikenal", "pilih dmy (hari dahulu) atau mdy (bulan dahulu)"
            )
        options = ReadOptions(
            date_order=date_order,  # type: ignore[arg-type] # checked above
            timezone=timezone or space.settings.agency.timezone,
            captured_at=moment_of(space, captured_at, "--captured-at"),
            url=url,
            platform=platform,
            supplier=supplier,
            basis=basis,
        )
        _run(space, files, (format_name, collector, dry_run, mapping), options, as_json=as_json)


def _run(
    space: Workspace,
    files: list[Path],
    asked: tuple[str | None, str, bool, str | None],
    options: ReadOptions,
    *,
    as_json: bool,
) -> None:
    """Import, print, and leave with the exit code that the outcome has."""
    format_name, collector, dry_run, mapping = asked
    if mapping is not None:
        options = _with_mapping(space, mapping, options)
        format_name = format_name or _TABLE
    order = ImportOrder(tuple(files), collector.strip() or _user(), format_name, dry_run, options)
    with night(space) as parts, live(quiet=as_json) as progress:
        summary = import_files(parts, order, progress)
    if as_json:
        print_json(summary.as_json())
    else:
        _print(summary, named=bool(collector.strip()))
    console = errors_console()
    for failure in summary.failures:
        console.print(f"pantau: {failure.reason}", markup=False)
    for issue in summary.issues:
        if issue.needs_person:
            console.print(f"pantau: perlu perhatian: {issue.kind}: {issue.detail}", markup=False)
    if not summary.ok:
        asked_back = any(failure.exit_code == 2 for failure in summary.failures)
        raise typer.Exit(2 if asked_back and not summary.files else EXIT_PERSON)


def _with_mapping(space: Workspace, mapping: str, options: ReadOptions) -> ReadOptions:
    from dataclasses import replace

    columns, platform = load_mapping(space.settings.home, mapping)
    return replace(options, mapping=columns, platform=options.platform or platform)


def _user() -> str:
    """Return who is signed in to this machine; UsageError where the machine does not say."""
    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError("Penangkap berkas belum disebut", "sebutkan dengan --collector NAMA") from error


def _print(summary: ImportSummary, *, named: bool) -> None:
    for report in summary.files:
        _print_file(report)
    if not named and not summary.dry_run:
        say(f"Penangkap tidak disebut; dicatat sebagai {summary.collector} (pengguna mesin ini).")
    if summary.dry_run:
        say("Uji coba: tidak ada yang ditulis.")
        return
    judged, cases = summary.judged, summary.cases
    say(f"Dinilai {judged.evaluated}: {judged.hits} indikasi. Informasi awal: {cases.new} baru, {cases.joined} ikut.")


def _print_file(report: FileReport) -> None:
    tool = f"; dibuat dengan {report.tool}" if report.tool else ""
    say(f"{report.file} ({report.format}{tool}; sha256 {report.sha256[:12]}…)")
    say(
        f"  {report.lines} baris: {report.taken} terbaca; {report.interactions} tindakan akun terdaftar, "
        f"{report.bystanders} milik akun lain (tidak disimpan)."
    )
    for reason, count in sorted(report.skipped.items()):
        say(f"  dilewati {count}: {reason}")
    if report.unknown_fields:
        say("  isian tak dikenal: " + ", ".join(sorted(report.unknown_fields)))
    console = errors_console()
    for issue in report.issues:
        console.print(f"pantau: {report.file}, baris {issue['line']}: {issue['detail']}", markup=False)
    if report.issues_left_out:
        console.print(f"pantau: {report.file}: {report.issues_left_out} masalah lain serupa", markup=False)
