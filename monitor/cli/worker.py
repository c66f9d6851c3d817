"""`pantau worker`: one of several machines that share the work."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.context import JsonFlag, errors_console, home_of, opened, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.domain import Starter
from monitor.settings import load_settings

if TYPE_CHECKING:
    from monitor.assembly import Workspace
    from monitor.jobs.workers import Asked


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
    from monitor.jobs.waiting import await_server
    from monitor.jobs.workers import Duty, ask_for_night, work

    if status or night:
        with opened(context) as space:
            if status:
                _print_state(space, as_json=as_json)
            else:
                _print_asked(ask_for_night(space), as_json=as_json)
        return
    with ExitStack() as opening:
        with noted(home_of(context), Starter.WORKER):
            await_server(load_settings(home_of(context)).url, time.sleep, _tell)
            space = opening.enter_context(opened(context))
        most = concurrency or space.settings.workers.concurrency
        work(space, Duty(tuple(shard or ()), most, once))


def _tell(what: str) -> None:
    errors_console().print(f"pantau: {what}", markup=False)


def _print_asked(asked: Asked, *, as_json: bool) -> None:
    if as_json:
        print_json({"queued": asked.fresh, "open_night": asked.open_night, "workers": asked.workers})
        return
    say("Satu malam masuk antrean." if asked.fresh else "Satu malam sudah menunggu dalam antrean.")
    if asked.open_night is not None:
        say(f"Malam {asked.open_night} belum selesai: para pekerja melanjutkannya, malam baru tidak dimulai.")
    if not asked.workers:
        say("Belum ada pekerja yang hidup; jalankan `pantau worker`.")
    else:
        say("Pekerja yang hidup segera memulainya; bila ditolak, sebabnya tampak pada `pantau schedule list`.")


def _print_state(space: Workspace, *, as_json: bool) -> None:
    from monitor.jobs.workers import queue_state

    state = queue_state(space)
    jobs = sorted((kind, status, count) for (kind, status), count in state.jobs.items())
    if as_json:
        found = [{"kind": kind, "status": status, "count": count} for kind, status, count in jobs]
        print_json({"workers": state.workers, "jobs": found})
        return
    say(f"{state.workers} pekerja hidup.")
    rows = [(_KINDS.get(kind, kind), _STATES.get(status, status), count) for kind, status, count in jobs]
    print_table("Antrean", ("Pekerjaan", "Keadaan", "Jumlah"), rows)


_KINDS = {"night_begin": "memulai malam", "visit": "kunjungan", "night_end": "menutup malam", "job": "jadwal lain"}
_STATES = {"todo": "menunggu", "doing": "dikerjakan", "failed": "gagal, tidak dicoba lagi", "succeeded": "selesai"}
