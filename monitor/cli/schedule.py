"""`pantau schedule` and `pantau cron-line`: what runs by itself, when, and how it went."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, home_of, opened, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.domain import Job, JobRun, JobState, Starter
from monitor.errors import RefusedError
from monitor.labels import label
from monitor.settings import load_settings

if TYPE_CHECKING:
    from monitor.jobs.late import Standing
    from monitor.jobs.perform import Ended

schedule_app = typer.Typer(
    help="Jadwal: malam, laporan, dan pekerjaan lain yang berjalan sendiri.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(schedule_app, name="schedule")
    app.command("cron-line", epilog="Contoh: pantau cron-line --systemd /etc/systemd/system")(cron_line)


@schedule_app.command("run", epilog="Contoh: pantau schedule run")
@reports_errors
def run(context: typer.Context) -> None:
    """Jalankan jadwal sampai dihentikan; yang terlewat saat mesin mati dikejar."""
    from monitor.jobs.schedule import run_forever

    run_forever(home_of(context))
    errors_console().print("pantau: jadwal dihentikan; pekerjaan yang belum selesai dilanjutkan pada jalan berikutnya")


@schedule_app.command("once", epilog="Contoh: pantau schedule once nightly --if-due")
@reports_errors
def once(
    context: typer.Context,
    job: Annotated[Job, typer.Argument(metavar="PEKERJAAN", help="Nama pekerjaan seperti pada `schedule list`.")],
    if_due: Annotated[
        bool, typer.Option("--if-due", help="Hanya bila waktunya sudah tiba dan belum dikerjakan; untuk cron.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Jalankan satu pekerjaan sekarang dan catat hasilnya; untuk cron, systemd, dan tangan."""
    from monitor.jobs.late import to_do, to_do_here
    from monitor.jobs.perform import perform
    from monitor.jobs.rhythm import timetable
    from monitor.jobs.starting import noted
    from monitor.jobs.stopping import stops_in_order

    with stops_in_order(), ExitStack() as opening:
        with noted(home_of(context), job):
            space = opening.enter_context(opened(context))
            wanted = to_do_here if if_due else to_do  # by hand it is done here and now
            due = wanted(space.settings, space.database, space.clock()).get(job)
            if if_due and due is None and (failure := timetable(space.settings).failure(job)) is not None:
                raise failure
        if if_due and due is None:
            say(f"{label(job).capitalize()}: tidak ada yang perlu dikerjakan sekarang.")
            return
        ended = perform(space, job, due)
    _finish([(job, ended)], as_json=as_json, by_name=not if_due)


@schedule_app.command("catch-up", epilog="Contoh: pantau schedule catch-up")
@reports_errors
def catch_up(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Kerjakan semua yang terlambat dan ulangi yang gagal; untuk cron dan systemd, tiap sepuluh menit."""
    from monitor.jobs.late import to_do_here
    from monitor.jobs.perform import perform
    from monitor.jobs.rhythm import timetable
    from monitor.jobs.starting import noted
    from monitor.jobs.stopping import stops_in_order

    with stops_in_order(), ExitStack() as opening:
        with noted(home_of(context), Starter.SCHEDULE):
            space = opening.enter_context(opened(context))
            wanted = to_do_here(space.settings, space.database, space.clock())
        ended: list[tuple[Job, Ended]] = []
        faults: list[Exception] = []
        for job, due in wanted.items():
            try:
                ended.append((job, perform(space, job, due)))
            except Exception as fault:  # noqa: BLE001 - it is raised below, once the others had their turn
                faults.append(fault)
    if (failure := timetable(space.settings).failure()) is not None:
        faults.append(failure)
    if faults:
        with suppress(typer.Exit):
            _finish(ended, as_json=as_json)
        raise faults[0]
    _finish(ended, as_json=as_json)


@schedule_app.command("list", epilog="Contoh: pantau schedule list --json")
@reports_errors
def list_jobs(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Tampilkan setiap pekerjaan: kapan lagi, kapan terakhir, dan hasilnya; kode keluar 1 bila ada yang perlu orang."""
    from monitor.jobs.late import standings
    from monitor.jobs.rhythm import timetable

    with opened(context) as space:
        zone = space.settings.agency.zone
        unreadable = timetable(space.settings).unreadable
        found = standings(space.settings, space.database, space.clock())
    if as_json:
        print_json([_standing_json(one, zone) for one in found])
    else:
        columns = ("Pekerjaan", "Nama", "Cron", "Berikutnya", "Terakhir", "Keadaan", "Rincian")
        print_table("Jadwal", columns, [_cells(one, zone) for one in found])
    late = [one for one in found if one.late_since is not None]
    for one in late:
        errors_console().print(f"pantau: {label(one.job)} terlambat sejak {_local(one.late_since, zone)}", markup=False)
    for line in unreadable:
        errors_console().print(f"pantau: {line.raised()}; {label(line.job)} tidak berjalan sendiri", markup=False)
    if late or unreadable:
        raise typer.Exit(EXIT_PERSON)


@schedule_app.command("history", epilog="Contoh: pantau schedule history --job nightly")
@reports_errors
def history(
    context: typer.Context,
    job: Annotated[Job | None, typer.Option(help="Hanya pekerjaan ini.")] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="Paling banyak sekian baris.")] = 30,
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan jalan-jalan terakhir, termasuk yang terlewat."""
    from db import job_runs

    with opened(context) as space:
        zone = space.settings.agency.zone
        with space.database.read() as session:
            rows = job_runs.history(session, job, most)
    if as_json:
        print_json([{"job": row.job.value, **_run_json(row, zone)} for row in rows])
        return
    cells = [
        (row.job.value, _local(row.due_at, zone) or "oleh orang", _local(row.started_at, zone), _took(row),
         label(row.state), row.detail)
        for row in rows
    ]  # fmt: skip
    print_table("Riwayat jadwal", ("Pekerjaan", "Waktunya", "Mulai", "Lama", "Keadaan", "Rincian"), cells)


@reports_errors
def cron_line(
    context: typer.Context,
    systemd: Annotated[
        Path | None, typer.Option(metavar="DIR", readable=False, help="Tulis berkas unit systemd ke folder ini.")
    ] = None,
    user: Annotated[str, typer.Option(help="Pengguna sistem yang menjalankan unit systemd.")] = "pantau",
) -> None:
    """Cetak jadwal yang sama sebagai crontab dan sebagai unit systemd."""
    from monitor.jobs.units import crontab, layout_of, systemd_units

    settings = load_settings(home_of(context))
    units = systemd_units(settings, layout_of(settings, user))
    if systemd is None:
        say(crontab(settings))
        for name, text in units.items():
            say(f"# /etc/systemd/system/{name}\n{text}")
        return
    systemd.mkdir(parents=True, exist_ok=True)
    for name, text in units.items():
        (systemd / name).parent.mkdir(exist_ok=True)
        (systemd / name).write_text(text, encoding="utf-8")
    say(f"{len(units)} unit ditulis ke {systemd}; lanjutkan dengan `systemctl daemon-reload`, lihat docs/jadwal.md.")


def _finish(ended: list[tuple[Job, Ended]], *, as_json: bool, by_name: bool = False) -> None:
    """Print how jobs ended, and leave with the gravest of their codes.

    What a rule forbids is refused to whoever asked for that job; among what merely fell due it needs a person.
    """
    if as_json:
        print_json([{"job": job.value, "state": one.state.value, "detail": one.detail} for job, one in ended])
    for job, one in ended:
        line = f"{label(job).capitalize()}: {label(one.state)}" + (f"; {one.detail}" if one.detail else "")
        if one.exit_code:
            errors_console().print(f"pantau: {line}", markup=False)
        elif not as_json:
            say(line + ".")
    codes = [_code(one, by_name=by_name) for _, one in ended if one.exit_code]
    if codes:
        raise typer.Exit(min(codes) if len(set(codes)) == 1 else EXIT_PERSON)


def _code(one: Ended, *, by_name: bool) -> int:
    """Return the exit code of a run; keepers of time take 3 for what only waits, and tell no failure."""
    forbidden = one.state is JobState.FAILED and one.exit_code == RefusedError.exit_code
    return EXIT_PERSON if forbidden and not by_name else one.exit_code


def _cells(one: Standing, zone: ZoneInfo) -> tuple[str, ...]:
    last = one.last_run
    state = "belum pernah" if last is None else label(last.state)
    if one.late_since is not None:
        state = f"TERLAMBAT; {state}"
    detail = last.detail if last is not None else ""
    if one.missed:
        detail = f"{one.missed} kali terlewat sejak terakhir selesai" + (f"; {detail}" if detail else "")
    return (
        one.job.value, label(one.job), one.cron, _local(one.next_due, zone) or "di luar tahapan",
        _local(last.started_at if last else None, zone), state, detail,
    )  # fmt: skip


def _standing_json(one: Standing, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "job": one.job.value,
        "cron": one.cron,
        "next_run": _iso(one.next_due, zone),
        "last_due": _iso(one.last_due, zone),
        "last_run": _run_json(one.last_run, zone) if one.last_run is not None else None,
        "last_done": _iso(one.last_done.finished_at if one.last_done else None, zone),
        "missed": one.missed,
        "late_since": _iso(one.late_since, zone),
    }


def _run_json(run_: JobRun, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "due": _iso(run_.due_at, zone),
        "started": _iso(run_.started_at, zone),
        "finished": _iso(run_.finished_at, zone),
        "state": run_.state.value,
        "detail": run_.detail,
        "machine": run_.machine,
        "run": run_.run_id,
    }


def _took(run_: JobRun) -> str:
    if run_.started_at is None or run_.finished_at is None:
        return ""
    seconds = round((run_.finished_at - run_.started_at).total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d-%m-%Y %H:%M}" if moment is not None else ""


def _iso(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat() if moment is not None else None
