"""`pantau schedule` and `pantau cron-line`: when the night runs."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.context import home_of, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.settings import load_settings

schedule_app = typer.Typer(help="Jadwal malam dan laporan mingguan.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(schedule_app, name="schedule")
    app.command("cron-line", epilog="Contoh: pantau cron-line")(cron_line)


@schedule_app.command("run", epilog="Contoh: pantau schedule run")
@reports_errors
def run(context: typer.Context) -> None:
    """Jalankan jadwal sampai dihentikan."""
    from monitor.jobs.schedule import run_forever

    run_forever(load_settings(home_of(context)))


@schedule_app.command("list", epilog="Contoh: pantau schedule list --json")
@reports_errors
def list_jobs(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Sebagai JSON.")] = False
) -> None:
    """Tampilkan jadwal dan waktu berikutnya."""
    from monitor.jobs.schedule import planned

    jobs = planned(load_settings(home_of(context)))
    rows = [(j.name, j.cron, j.next_run.isoformat() if j.next_run else "") for j in jobs]
    if as_json:
        print_json([{"job": name, "cron": cron, "next_run": at} for name, cron, at in rows])
    else:
        print_table("Jadwal", ("Pekerjaan", "Cron", "Berikutnya"), rows)


@reports_errors
def cron_line(context: typer.Context) -> None:
    """Cetak bentuk crontab dan systemd dari jadwal yang sama."""
    from monitor.jobs.schedule import cron_lines

    say(cron_lines(load_settings(home_of(context))))
