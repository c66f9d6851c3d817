"""`pantau evidence picture`: pictures of the public pages on which cases rest."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer

from monitor.assembly import lens_of, night
from monitor.cli.context import EXIT_PERSON, JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, say
from monitor.domain import PictureState
from monitor.evidence.camera import camera
from monitor.labels import label
from monitor.scan.pictures import Pictured, take_pictures


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("picture", epilog="Contoh: pantau evidence picture --case 7")(picture)


@reports_errors
def picture(
    context: typer.Context,
    case: Annotated[int | None, typer.Option("--case", help="Hanya unggahan pada informasi awal nomor ini.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Potret lagi semua unggahan, bukan hanya yang belum atau sudah berubah.")
    ] = False,
    most: Annotated[int, typer.Option(min=1, help="Paling banyak sekian halaman sekali jalan.")] = 50,
    as_json: JsonFlag = False,
) -> None:
    """Potret halaman publik unggahan pada kasus terbuka, dengan salinan baca yang menyamarkan orang lain."""
    with opened(context) as space, night(space) as parts:
        opens = partial(camera, lens_of(space.settings))
        done = take_pictures(parts, opens, everything=everything, most=most, case_id=case)
    print_json(as_values(done)) if as_json else _print(done)
    if done.states.get(PictureState.GAGAL):
        raise typer.Exit(EXIT_PERSON)


def as_values(done: Pictured) -> dict[str, Any]:
    """Return what was done as plain values."""
    return {
        "taken": sum(done.states.values()),
        "states": {state.value: count for state, count in sorted(done.states.items())},
        "unasked": dict(sorted(done.unasked.items())),
        "later": done.later,
        "issues": [{"source": i.source, "kind": i.kind, "detail": i.detail} for i in done.issues],
    }


def _print(done: Pictured) -> None:
    parts = ", ".join(f"{count} {label(state)}" for state, count in sorted(done.states.items()))
    say(f"Dipotret {sum(done.states.values())} halaman" + (f": {parts}." if parts else "."))
    for platform, count in sorted(done.unasked.items()):
        say(f"{platform}: {count} unggahan belum dipotret; lihat catatan kebijakannya di docs/pengaturan.md.")
    if done.later:
        say(f"{done.later} unggahan menunggu pemotretan berikutnya; batasnya --most.")
    for issue in done.issues:
        say(f"{issue.source}: {issue.detail}")
