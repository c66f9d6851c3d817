"""`pantau worker`: one of several machines that share the work."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import JsonFlag, home_of, opened, reports_errors, tell
from monitor.cli.output import print_json, print_table, say
from monitor.domain import Starter
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.jobs.workers import Asked
    from monitor.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Contoh: pantau worker --shard 33 --concurrency 4")(worker)


@reports_errors
def worker(
    context: typer.Context,
    shard: Annotated[
        list[str] | None, typer.Option(help="Hanya kunjungan provinsi ini (kode dua angka); boleh berulang.")
    ] = None,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=64, help="Banyaknya pekerjaan sekaligus (bawaan: workers.concurrency).")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Selesai begitu tidak ada lagi yang harus dikerjakan.")] = False,
    night: Annotated[
        bool, typer.Option("--night", help="Hanya antrekan satu malam untuk para pekerja; tidak ikut bekerja.")
    ] = False,
    status: Annotated[bool, typer.Option("--status", help="Hanya tampilkan antrean dan pekerja yang hidup.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Kerjakan jadwal dan malam bersama mesin lain, lewat antrean di PostgreSQL, sampai dihentikan."""
    from monitor.jobs.starting import noted
    from monitor.jobs.waiting import patiently
    from monitor.jobs.workers import Duty, ask_for_night, work

    if odd := sorted(name for name in shard or () if not (len(name) == 2 and name.isascii() and name.isdigit())):
        raise UsageError(f"«{odd[0]}» bukan kode provinsi", "tulis dua angka, misalnya --shard 33")
    if status or night:
        with opened(context) as space:
            if status:
                _print_state(space, as_json=as_json)
            else:
                print_asked(ask_for_night(space), as_json=as_json)
        return
    with ExitStack() as opening:
        with noted(home_of(context), Starter.WORKER):
            space = patiently(lambda: opening.enter_context(opened(context)), time.sleep, tell)
        most = concurrency or space.settings.workers.concurrency
        work(space, Duty(tuple(shard or ()), most, once))


def print_asked(asked: Asked, *, as_json: bool) -> None:
    """Print what became of asking for a night."""
    if as_json:
        print_json({"queued": asked.fresh, "open_night": asked.open_night, "workers": asked.workers})
        return
    what = "Satu malam" if asked.open_night is None else f"Kelanjutan malam {asked.open_night}, yang belum selesai,"
    say(f"{what} {'masuk antrean' if asked.fresh else 'sudah menunggu dalam antrean'}.")
    if not asked.workers:
        say("Belum ada pekerja yang hidup; jalankan `pantau worker`.")
    else:
        say("Pekerja yang hidup segera mengerjakannya; bila ditolak, sebabnya tampak pada `pantau schedule list`.")


def _print_state(space: Workspace, *, as_json: bool) -> None:
    from monitor.jobs.workers import queue_state

    state, unstaffed = queue_state(space)
    jobs = sorted((kind, status, count) for (kind, status), count in state.jobs.items())
    if as_json:
        found = [{"kind": kind, "status": status, "count": count} for kind, status, count in jobs]
        left = [{"shard": name, "visits": count} for name, count in unstaffed]
        print_json({"workers": state.workers, "jobs": found, "unstaffed": left})
        return
    say(f"{state.workers} pekerja hidup.")
    rows = [(_KINDS.get(kind, kind), _STATES.get(status, status), count) for kind, status, count in jobs]
    print_table("Antrean", ("Pekerjaan", "Keadaan", "Jumlah"), rows)
    for name, count in unstaffed:
        where = f"Provinsi {name}" if name else "Tanpa provinsi"
        say(f"{where}: {count} kunjungan menunggu, dan tidak ada pekerja yang hidup untuk itu.")


_KINDS = {"night_begin": "memulai malam", "visit": "kunjungan", "night_end": "menutup malam", "job": "jadwal lain"}
_STATES = {"todo": "menunggu", "doing": "dikerjakan", "failed": "gagal, tidak dicoba lagi", "succeeded": "selesai"}
