"""`pantau db`: what the owner of a PostgreSQL database does for it."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.output import print_json, say

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep `grants` a command of its own while it is the only one."""


@app.command("grants", epilog="Contoh: pantau db grants pantau_harian --apply")
@reports_errors
def grants(
    context: typer.Context,
    role: Annotated[str | None, typer.Argument(metavar="PERAN", help="Peran PostgreSQL sehari-hari.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Jalankan, bukan hanya tampilkan.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan atau berikan hak peran sehari-hari: catatan yang hanya boleh bertambah tidak dapat diubahnya.

    Jalankan sebagai pemilik basis data, juga setelah pemutakhiran; --apply juga menyiapkan antrean pekerja. Tanpa
    PERAN: periksa peran yang dipakai sekarang.
    """
    from db import grants as rights
    from monitor.jobs.queue import lay_queue

    with opened(context) as space:
        if role is None:
            with space.database.read() as session:
                _told(rights.too_much(session), as_json=as_json)
            return
        if apply:
            if space.database.dialect == "postgresql":  # the daily role may lay no tables
                lay_queue(space.database)
            given = rights.apply(space.database, role)
        else:
            with space.database.read() as session:
                given = rights.statements(session, role)
    if as_json:
        print_json({"role": role, "applied": apply, "statements": given})
    elif apply:
        say(f"Hak peran {role} sudah diatur: {len(given)} perintah dijalankan.")
    else:
        say("\n".join(f"{statement};" for statement in given))


def _told(open_tables: list[str], *, as_json: bool) -> None:
    """Say which tables the present role could change although their rows must stay; exit 1 when there are any."""
    if as_json:
        print_json({"ok": not open_tables, "tables": open_tables})
    elif not open_tables:
        say("Catatan yang hanya boleh bertambah tidak dapat diubah oleh peran yang dipakai sekarang.")
    if open_tables:
        names = ", ".join(open_tables)
        mend = "buat peran sehari-hari dan batasi dengan `pantau db grants PERAN --apply`"
        errors_console().print(f"pantau: peran yang dipakai sekarang dapat mengubah {names} — {mend}", markup=False)
        raise typer.Exit(EXIT_PERSON)
