"""`pantau evidence stamp`: manifests of cases whose evidence changed, and timestamps for them."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.assembly import stamping_of
from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.live import live
from monitor.cli.output import print_json, say
from monitor.errors import ConfigError
from monitor.sealing import seal_changed
from monitor.stamping import Stamping, stamp_due


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("stamp", epilog="Contoh: pantau evidence stamp --most 50")(stamp)


@reports_errors
def stamp(
    context: typer.Context,
    most: Annotated[int | None, typer.Option(min=1, help="Paling banyak sekian manifes sekali jalan.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Buat manifes bukti yang belum ada, lalu mintakan stempel waktu bagi yang belum berstempel."""
    with opened(context) as space, live(quiet=as_json) as progress:
        stamping = stamping_of(space.settings)
        if stamping is None:
            raise ConfigError(
                "Otoritas waktu belum disebut", "isi timestamp.url dan timestamp.certificate di pantau.toml"
            )
        progress.phase("Membuat manifes bukti", 0)
        made = seal_changed(space.database, space.evidence, space.clock(), progress.step)
        progress.phase("Meminta stempel waktu", 0)
        wanted = Stamping(stamping.authority, most if most is not None else stamping.most)
        told = stamp_due(space.database, space.evidence, wanted, space.clock, progress.step)
    if as_json:
        print_json({"made": made, "stamped": told.stamped, "waiting": told.waiting, "problem": told.problem})
    else:
        say(f"{made} manifes dibuat, {told.stamped} distempel, {told.waiting} masih menunggu.")
    if told.problem:
        errors_console().print(f"pantau: {told.problem}", markup=False)
        raise typer.Exit(EXIT_PERSON)
