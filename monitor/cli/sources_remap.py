"""`pantau sources remap`: what a new mapper reads in the answers that are kept."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.assembly import night
from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.live import live
from monitor.cli.moments import moment_of
from monitor.cli.output import print_json, print_table, say
from monitor.labels import label
from monitor.scan.remap import RemapOrder, RemapSummary, remap


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("remap", epilog="Contoh: pantau sources remap bluesky --dry-run")(run)


@reports_errors
def run(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAMA", help="Sumber, misalnya bluesky.")],
    since: Annotated[str | None, typer.Option(help="Hanya jawaban sejak waktu ini, misalnya 2026-10-01.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Hanya sebutkan perbedaannya; tidak menulis.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Baca ulang jawaban tersimpan dengan pemeta sekarang; yang baru ditambahkan, tidak ada yang dihapus."""
    with opened(context) as space, night(space) as parts, live(quiet=as_json) as progress:
        summary = remap(parts, RemapOrder(name, moment_of(space, since), dry_run), progress)
    if as_json:
        print_json(summary.as_json())
    else:
        _print(summary)
    for reason, count in sorted(summary.difference.unread.items()):
        errors_console().print(f"pantau: {count} jawaban tidak terbaca ulang: {reason}", markup=False)
    if not summary.ok:
        raise typer.Exit(EXIT_PERSON)


def _print(summary: RemapSummary) -> None:
    d = summary.difference
    rows = [
        ("teks", len(d.new_items), len(d.changed_items), len(d.gone_items)),
        ("tindakan", len(d.new_acts), len(d.changed_acts), len(d.gone_acts)),
    ]
    print_table(f"Pemeta {summary.mapper}: {d.answers} jawaban dibaca ulang", ("", "Baru", "Lain", "Hilang"), rows)
    if d.cases:
        cases = [(case, label(state), "; ".join(sorted(why))) for case, (state, why) in sorted(d.cases.items())]
        print_table("Informasi awal terbuka yang tersentuh", ("Nomor", "Keadaan", "Sebab"), cases)
    if summary.order.dry_run:
        say("Uji saja: tidak ada yang ditulis.")
    elif summary.judged.evaluated:
        say(f"Dinilai ulang {summary.judged.evaluated}: {summary.judged.hits} indikasi.")
