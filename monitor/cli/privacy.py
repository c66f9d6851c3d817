"""`pantau privacy`: retention, legal holds, and a person's own data on request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Annotated, Any

import typer

from monitor import moments
from monitor.assembly import purge_parts
from monitor.cli import privacy_export
from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.cli.queue import authenticated
from monitor.domain.keeping import Hold, Purged
from monitor.privacy import holds
from monitor.privacy.holds import HoldWish
from monitor.privacy.purge import due_now, purge_due
from monitor.privacy.words import KINDS

app = typer.Typer(no_args_is_help=True)
hold = typer.Typer(help="Penahanan: data yang tidak boleh dihapus.", no_args_is_help=True)
app.add_typer(hold, name="hold")
privacy_export.register(app)

Number = Annotated[int, typer.Argument(metavar="NO", min=1, help="Nomor penahanan.")]
EndReason = Annotated[str, typer.Option("--reason", help="Mengapa tidak diperlukan lagi.")]
RequestCode = Annotated[
    str, typer.Option("--request", help="Kode permintaan yang Anda baca di `pantau privacy hold list`.")
]
AsName = Annotated[str, typer.Option("--as", help="Nama masuk Anda.")]


@app.command("purge", epilog="Contoh: pantau privacy purge --dry-run")
@reports_errors
def purge(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Hitung saja; tidak ada yang dihapus.")] = False,
    sure: Annotated[
        bool, typer.Option("--sure", help="Jam mesin benar walaupun jauh sesudah catatan terbaru.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Hapus yang masa simpannya berakhir; yang menjadi dasar informasi awal terbuka atau ditahan tetap tinggal."""
    with opened(context) as space:
        parts = purge_parts(space)
        done = due_now(parts, space.clock()) if dry_run else purge_due(parts, space.clock(), sure=sure)
    if as_json:
        print_json({"dry_run": dry_run, "purged": dict(done.counts), "bytes": done.size, "kept": dict(done.kept),
                    "unfinished": done.unfinished, "problem": done.problem})  # fmt: skip
    else:
        _print(done, dry_run=dry_run)
    if done.problem or (done.unfinished and not dry_run):
        errors_console().print(f"pantau: {done.problem or f'{done.unfinished} berkas belum terhapus'}", markup=False)
        raise typer.Exit(EXIT_PERSON)


@hold.command("add", epilog='Contoh: pantau privacy hold add --case 7 --reason "surat permintaan 12/2026" --as bayu')
@reports_errors
def add(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", help="Dasar penahanan; jangan menulis data pribadi.")],
    name: AsName,
    person: Annotated[int | None, typer.Option("--person", min=1, help="Nomor orang (halaman Orang).")] = None,
    case: Annotated[int | None, typer.Option("--case", min=1, help="Nomor informasi awal.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Tahan data seseorang, atau satu informasi awal, dari penghapusan."""
    with opened(context) as space:
        user = authenticated(space, name)
        made = holds.add_hold(space.database, HoldWish(person, case, reason), user, space.clock())
    _say(made, f"Penahanan {made.id} berlaku; tidak ada datanya yang dihapus sampai dilepas.", as_json=as_json)


@hold.command("release", epilog='Contoh: pantau privacy hold release 3 --reason "perkara selesai" --as bayu')
@reports_errors
def release(context: typer.Context, number: Number, reason: EndReason, name: AsName, as_json: JsonFlag = False) -> None:
    """Minta penahanan dilepas; penahanan tetap berlaku sampai orang kedua menyetujui."""
    with opened(context) as space:
        asked = holds.ask_release(space.database, number, reason, authenticated(space, name), space.clock())
    _say(asked, f"Pelepasan penahanan {asked.id} diminta; berlaku setelah orang kedua menyetujui.", as_json=as_json)


@hold.command("approve", epilog="Contoh: pantau privacy hold approve 3 --request 1a2b3c4d5e6f --as dipo")
@reports_errors
def approve(
    context: typer.Context, number: Number, request: RequestCode, name: AsName, as_json: JsonFlag = False
) -> None:
    """Setujui permintaan pelepasan orang lain yang Anda baca; datanya dihapus pada gilirannya."""
    with opened(context) as space:
        user = authenticated(space, name)
        ended = holds.approve_release(space.database, number, request, user, space.clock())
    said = f"Penahanan {ended.id} dilepas; yang masa simpannya berakhir dan tidak ditahan lain dihapus kemudian."
    _say(ended, said, as_json=as_json)


@hold.command("refuse", epilog="Contoh: pantau privacy hold refuse 3 --as dipo")
@reports_errors
def refuse(context: typer.Context, number: Number, name: AsName, as_json: JsonFlag = False) -> None:
    """Tolak atau tarik kembali permintaan pelepasan; penahanan tetap berlaku."""
    with opened(context) as space:
        kept = holds.refuse_release(space.database, number, authenticated(space, name), space.clock())
    _say(kept, f"Penahanan {kept.id} tetap berlaku.", as_json=as_json)


@hold.command("list", epilog="Contoh: pantau privacy hold list --as bayu --json")
@reports_errors
def list_holds(context: typer.Context, name: AsName, as_json: JsonFlag = False) -> None:
    """Tampilkan penahanan di wilayah Anda: yang menunggu orang kedua, yang berlaku, lalu yang sudah dilepas."""
    with opened(context) as space:
        rows = holds.list_holds(space.database, authenticated(space, name), space.clock())
        zone = space.settings.agency.zone
    if as_json:
        print_json([_hold_json(row) for row in rows])
        return
    cells = [
        (
            row.id,
            row.subject,
            row.reason,
            f"{moments.full(row.held_at, zone)}\n{row.held_by}",
            _end(row, zone),
        )
        for row in rows
    ]
    print_table("Penahanan data", ("No", "Yang ditahan", "Dasar", "Sejak", "Dilepas"), cells)


def _print(done: Purged, *, dry_run: bool) -> None:
    verb = "akan dihapus" if dry_run else "dihapus"
    if not done.total:
        say("Tidak ada yang masa simpannya berakhir.")
    for line in _lines(done.counts, verb):
        say(line)
    if done.size:
        say(f"  berkas bukti seluruhnya {done.size / 1e6:.1f} MB")
    for line in _lines(done.kept, "tetap tinggal: menjadi dasar informasi awal, penahanan, formulir, atau paket"):
        say(line)


def _end(row: Hold, zone: tzinfo) -> str:
    if row.released_at is not None:
        people = (row.asked_by, row.released_by)
        return f"{moments.full(row.released_at, zone)}\n{', '.join(filter(None, people))}"
    if row.asked_at is not None:
        asked = f"diminta {row.asked_by}, {moments.full(row.asked_at, zone)}: {row.release_reason}"
        return f"{asked}\nkode {row.request}" if row.asked else asked
    return "berlaku"


def _say(row: Hold, words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_hold_json(row))
    else:
        say(words)


def _lines(counts: Mapping[str, int], verb: str) -> list[str]:
    return [f"{KINDS[kind]}: {count} {verb}" for kind, count in counts.items() if count]


def _hold_json(row: Hold) -> dict[str, Any]:
    return {
        "hold": row.id,
        "person": row.person_id,
        "case": row.case_id,
        "reason": row.reason,
        "held_by": row.held_by,
        "held_at": row.held_at.isoformat(),
        "release_asked_by": row.asked_by or None,
        "release_asked_at": row.asked_at.isoformat() if row.asked_at else None,
        "request": row.request if row.asked else None,
        "released_by": row.released_by or None,
        "released_at": row.released_at.isoformat() if row.released_at else None,
        "release_reason": row.release_reason or None,
    }
