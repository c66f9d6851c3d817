"""`pantau init`, `verify`, `doctor`: making a workspace and looking after it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from db import schema
from db import verify as invariants
from db.connect import Database
from db.pages import damaged
from db.refusals import BROKEN
from monitor import installation
from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, home_of, opened, reports_errors, tell
from monitor.cli.output import print_json, print_table, say
from monitor.domain import JobState
from monitor.errors import DatabaseError
from monitor.labels import label
from monitor.settings import Settings, load_settings
from monitor.vault import KEY_FILE

if TYPE_CHECKING:
    from monitor.doctor.checks import Check


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Contoh: pantau init /srv/pantau")(init)
    app.command(epilog="Contoh: pantau verify --json")(verify)
    app.command(epilog="Contoh: pantau doctor")(doctor)


@reports_errors
def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", readable=False, help="Folder ruang kerja.")],
    wait: Annotated[bool, typer.Option("--wait", help="Tunggu peladen basis data, paling lama sepuluh menit.")] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="Mulai dengan basis data kosong walau bukti atau register lama masih ada.")
    ] = False,
) -> None:
    """Buat ruang kerja: folder, kunci, pantau.toml dan basis data; yang sudah ada tidak ditimpa."""
    from monitor.jobs.waiting import ENOUGH, patiently

    home = directory.resolve()
    used = (home / "data" / "keys" / KEY_FILE).exists()
    made = partial(_made, home, empty=empty)
    settings, fresh = patiently(made, time.sleep, tell, ENOUGH) if wait else made()
    if used and fresh and not empty:
        tell(
            f"basis data {settings.home} baru dan kosong, padahal kuncinya sudah ada; bila kantor ini pernah bekerja, "
            "basis datanya hilang: periksa cakram dan `database_url`, lalu pulihkan menurut docs/cadangan.md"
        )
    say(f"Ruang kerja siap di {settings.home}.")
    say(f"Cadangkan {settings.keys_dir / KEY_FILE} di tempat terpisah: tanpa kunci itu data tersegel tidak terbuka.")


def _made(home: Path, *, empty: bool) -> tuple[Settings, bool]:
    """Make or complete a workspace; return its settings and whether its database was empty before."""
    installation.prepare(home)
    fresh = schema.revision(load_settings(home).url) is None
    return installation.create(home, empty=empty), fresh


@reports_errors
def verify(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Periksa keutuhan: indikasi, antrean, rantai catatan dan berkas bukti."""
    try:
        problems, digests = _looked_through(context)
    except DatabaseError:  # a file so broken that it cannot be opened is what is looked for here
        problems, digests = [("halaman", fault) for fault in damaged(load_settings(home_of(context)).url)], 0
        if not problems:
            raise
    if as_json:
        print_json({"ok": not problems, "problems": [{"invariant": i, "detail": d} for i, d in problems]})
    elif not problems:
        say(f"Utuh: semua pemeriksaan lolos, {digests} berkas bukti cocok dengan hash-nya.")
    for invariant, detail in problems:
        errors_console().print(f"pantau: {invariant}: {detail}", markup=False)
    if any(invariant == "halaman" for invariant, _ in problems):
        errors_console().print(f"pantau: {DatabaseError(*BROKEN)}", markup=False)
    if problems:
        raise typer.Exit(EXIT_PERSON)


def _looked_through(context: typer.Context) -> tuple[list[tuple[str, str]], int]:
    """Return what does not hold, and how many evidence files were compared with their hashes."""
    with opened(context) as space:
        with space.database.inspect() as session:
            problems = [(p.invariant, p.detail) for p in invariants.verify(session)]
            if any(name == "halaman" for name, _ in problems):
                return problems, 0
            digests = invariants.evidence_digests(session)
        problems += [("bukti", f"{digest}: {reason}") for digest, reason in space.evidence.damaged(iter(digests))]
    return problems, len(digests)


@reports_errors
def doctor(
    context: typer.Context,
    seconds: Annotated[float, typer.Option(min=1, help="Paling lama sekian detik untuk semua pemeriksaan.")] = 20,
    as_json: JsonFlag = False,
) -> None:
    """Periksa mesin, ruang kerja, dan layanan kantor, dan sebut cara memperbaiki yang kurang."""
    from monitor.doctor.examine import examine

    checks = examine(home_of(context), _jobs, seconds)
    if as_json:
        print_json(
            [{"check": c.name, "ok": c.well, "detail": c.detail, "mend": "" if c.well else c.mend} for c in checks]
        )
    else:
        rows = [(c.name, "baik" if c.well else "PERLU DIPERBAIKI", c.detail, "" if c.well else c.mend) for c in checks]
        print_table("Pemeriksaan", ("Hal", "Keadaan", "Rincian", "Perbaikan"), rows)
    bad = sum(not check.well for check in checks)
    if bad:
        errors_console().print(f"pantau: {bad} hal perlu diperbaiki", markup=False)
        raise typer.Exit(EXIT_PERSON)


def _jobs(settings: Settings, database: Database, now: datetime) -> Iterator[Check]:
    """Look whether every job of the schedule was done when it was due, and how its newest run ended."""
    from monitor.doctor.checks import Check
    from monitor.jobs.late import standings
    from monitor.jobs.rhythm import timetable

    well, mend = True, "lihat `pantau schedule list`; nyalakan jadwalnya bila mati"
    found = standings(settings, database, now)
    for one in found:
        last = one.last_run
        name = f"jadwal {one.job.value}"
        if one.late_since is not None:
            well, since = False, f"{one.late_since.astimezone(settings.agency.zone):%d-%m-%Y %H:%M}"
            yield Check(name, well=False, detail=f"terlambat sejak {since}", mend=mend)
        elif last is not None and (last.state.again or last.state is JobState.PROBLEMS):
            well, again = False, f"perbaiki sebabnya, lalu `pantau schedule once {one.job.value}`"
            yield Check(name, well=False, detail=f"{label(last.state)}: {last.detail}", mend=again)
    for line in timetable(settings).unreadable:
        well, after = False, f"{line.error.mend}; sampai itu {label(line.job)} tidak berjalan sendiri"
        yield Check(f"jadwal {line.job.value}", well=False, detail=line.words, mend=after)
    if well:
        yield Check("jadwal", well=True, detail=f"{len(found)} pekerjaan, tidak ada yang terlambat atau gagal")
