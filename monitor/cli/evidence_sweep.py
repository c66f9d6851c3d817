"""`pantau evidence sweep`: evidence files that no row names, shown or removed."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.assembly import purge_parts
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, say
from monitor.cli.queue import authenticated
from monitor.errors import UsageError
from monitor.privacy import strays
from monitor.privacy.strays import Strays
from monitor.scan.night import LOCK


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sweep", epilog='Contoh: pantau evidence sweep --apply --reason "sisa malam yang terputus" --as bayu')(
        sweep
    )


@reports_errors
def sweep(
    context: typer.Context,
    apply: Annotated[bool, typer.Option("--apply", help="Hapus, bukan hanya hitung.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Mengapa dihapus; dicatat.")] = "",
    name: Annotated[str, typer.Option("--as", help="Nama masuk Anda.")] = "",
    sure: Annotated[bool, typer.Option("--sure", help="Benar, walaupun sebanyak itu tanpa catatan.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Hitung berkas bukti yang tidak disebut catatan mana pun dan berumur lebih dari sehari; --apply menghapusnya."""
    if apply and not name:
        raise UsageError("Penghapusan harus atas nama seseorang", "tambahkan --as NAMA")
    with opened(context) as space:
        if not apply:
            _print(strays.find(space.database, space.evidence, space.clock()), applied=False, as_json=as_json)
            return
        user, now = authenticated(space, name), space.clock()
        with purge_parts(space).lock(LOCK):
            found = strays.find(space.database, space.evidence, now)
            strays.check(found, user, space.settings.agency.jurisdiction, sure=sure)
            strays.sweep(space.database, space.evidence, found, user, reason, now)
    _print(found, applied=True, as_json=as_json)


def _print(found: Strays, *, applied: bool, as_json: bool) -> None:
    if as_json:
        print_json({"applied": applied, "files": len(found.names), "bytes": found.size, "young": found.young})
        return
    verb = "dihapus" if applied else "akan dihapus dengan --apply"
    if found.names:
        say(f"{len(found.names)} berkas bukti tanpa catatan {verb} ({found.size / 1e6:.1f} MB).")
    else:
        say("Setiap berkas bukti yang berumur lebih dari sehari disebut catatan.")
    if found.young:
        say(f"{found.young} berkas tanpa catatan tetap tinggal: umurnya kurang dari sehari, atau tidak diketahui.")
