"""`pantau night`: what a night saw and what it could not see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, print_lines, say
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.desk.night_summary import NightTold
    from monitor.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Contoh: pantau night --json")(night)


@reports_errors
def night(
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(metavar="NOMOR", help="Nomor pemindaian; bawaan: terakhir.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Ringkas satu malam: yang perlu diperiksa, yang tidak terlihat, yang terlihat; kode keluar 1 bila perlu orang."""
    from monitor.desk.night_summary import as_json as told_json

    with opened(context) as space:
        told = told_of(space, number)
        agency = space.settings.agency.name
    if told is None:
        if number is not None:
            raise UsageError(f"Pemindaian {number} tidak ada", "lihat `pantau night` untuk yang terakhir")
        print_json(None) if as_json else say("Belum pernah ada pemindaian; jalankan `pantau scan`.")
        return
    print_json(told_json(told)) if as_json else print_told(told, agency)
    if told.exit_code:
        raise typer.Exit(told.exit_code)


def told_of(space: Workspace, number: int | None = None) -> NightTold | None:
    """Return the newest night of a workspace, or a named one, ready to be told."""
    from monitor.desk.night_summary import last_night

    with space.database.read() as session:
        return last_night(session, space.settings.agency.zone, space.clock(), number)


def print_told(told: NightTold, agency: str) -> None:
    """Print the summary for a person."""
    from monitor.desk.night_summary import as_text

    print_lines(as_text(told, agency).splitlines())
