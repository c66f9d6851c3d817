"""`pantau import`: files that officers captured."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.assembly import night
from monitor.cli.context import EXIT_PERSON, errors_console, opened, reports_errors
from monitor.cli.live import live
from monitor.cli.output import print_json, say
from monitor.scan.imports import ImportOrder, ImportSummary, import_files


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import", epilog="Contoh: pantau import tangkapan.ndjson --collector rina --dry-run")(import_command)


@reports_errors
def import_command(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="Berkas tangkapan atau ekspor.")],
    format_name: Annotated[str | None, typer.Option("--as", help="Format, bila isinya tidak dikenali sendiri.")] = None,
    collector: Annotated[str, typer.Option(help="Siapa yang menangkap berkas ini.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Hanya tampilkan apa yang akan masuk.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Ringkasan sebagai JSON.")] = False,
) -> None:
    """Masukkan berkas tangkapan; hanya tindakan akun terdaftar yang disimpan."""
    order = ImportOrder(tuple(files), collector, format_name, dry_run)
    with opened(context) as space, night(space) as parts, live(quiet=as_json) as progress:
        summary = import_files(parts, order, progress)
    if as_json:
        print_json(summary.as_json())
    else:
        _print(summary)
    for issue in summary.issues:
        if issue.needs_person:
            errors_console().print(f"pantau: perlu perhatian: {issue.kind}: {issue.detail}", markup=False)
    if not summary.ok:
        raise typer.Exit(EXIT_PERSON)


def _print(summary: ImportSummary) -> None:
    console = errors_console()
    for report in summary.files:
        say(f"{report.file} ({report.format}, sha256 {report.sha256[:12]}…)")
        say(
            f"  {report.lines} baris: {report.taken} terbaca; {report.interactions} tindakan akun terdaftar, "
            f"{report.bystanders} milik akun lain (tidak disimpan)."
        )
        for reason, count in sorted(report.skipped.items()):
            say(f"  dilewati {count}: {reason}")
        if report.unknown_fields:
            say("  isian tak dikenal: " + ", ".join(sorted(report.unknown_fields)))
        for issue in report.issues:
            console.print(f"pantau: {report.file}, baris {issue['line']}: {issue['detail']}", markup=False)
    if summary.dry_run:
        say("Uji coba: tidak ada yang ditulis.")
        return
    judged, cases = summary.judged, summary.cases
    say(f"Dinilai {judged.evaluated}: {judged.hits} indikasi. Informasi awal: {cases.new} baru, {cases.joined} ikut.")
