"""`pantau evidence verify` and `warc`: whether all that was kept is as it was written, and one night of it opened."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor.cli.context import EXIT_PERSON, JsonFlag, errors_console, opened, reports_errors
from monitor.cli.live import live
from monitor.cli.output import print_json, say
from monitor.cli.queue import authenticated
from monitor.desk.archives import open_archive
from monitor.errors import UsageError
from monitor.evidence.sealed_warc import open_warc
from monitor.scan.integrity import Finding, Integrity, check_evidence

_FAULTS = {
    "changed": "berubah",
    "missing": "hilang",
    "added": "ditambahkan",
    "chain": "rantai",
    "warc": "arsip",
    "manifest": "manifes",
}
_NOTES = {"unrecorded": "belum tercatat", "partial": "setengah tertulis", "purged": "sudah dihapus"}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("verify", epilog="Contoh: pantau evidence verify --json")(verify)
    app.command(
        "warc", epilog='Contoh: pantau evidence warc 12 --output malam-12.warc.gz --reason "permintaan ahli" --as bayu'
    )(warc)


@reports_errors
def verify(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Periksa keutuhan bukti: setiap berkas, arsip, dan manifes dihitung ulang, setiap rantai catatan ditelusuri."""
    with opened(context) as space, live(quiet=as_json) as progress:
        found = check_evidence(space.database, space.evidence, progress)
    if as_json:
        print_json(_as_json(found))
    else:
        _print(found)
    for fault in found.faults:
        word = _FAULTS[fault.kind]
        errors_console().print(f"pantau: {word}: {fault.place}: {fault.detail}", markup=False)
    if found.faults:
        raise typer.Exit(EXIT_PERSON)


@reports_errors
def warc(
    context: typer.Context,
    run: Annotated[int, typer.Argument(metavar="MALAM", min=1, help="Nomor pemindaian.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", readable=False, help="Berkas hasil, misalnya malam-12.warc.gz.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Untuk apa arsip itu diperlukan; dicatat.")],
    name: Annotated[str, typer.Option("--as", help="Nama masuk Anda.")],
    as_json: JsonFlag = False,
) -> None:
    """Buka arsip satu malam sebagai berkas WARC; siapa membukanya dan untuk apa tercatat dalam jejak audit."""
    if output.exists():
        raise UsageError(f"{output} sudah ada", "pilih nama lain")
    with opened(context) as space:
        user, place = authenticated(space, name), space.settings.agency.jurisdiction
        row = open_archive(space.database, run, reason, user, space.clock(), place=place)
        _write(output, open_warc(space.evidence, row.name))
    if as_json:
        print_json({"run": run, "path": str(output), "sha256": row.sha256, "records": row.records})
        return
    say(f"{output}  sha256 {row.sha256}")
    say("Arsip ini memuat jawaban platform apa adanya, termasuk data orang lain: serahkan langsung, jangan disebarkan.")


def _write(output: Path, pieces: Iterable[bytes]) -> None:
    """Write a file that only its owner reads; it is there complete or not at all."""
    partial = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(output)
    finally:
        partial.unlink(missing_ok=True)


def _print(found: Integrity) -> None:
    for note in found.notes:
        say(f"{_NOTES[note.kind]}: {note.place}: {note.detail}")
    counted = f"{found.files} berkas bukti dan {found.warcs} arsip malam ({found.size / 1e6:.1f} MB)"
    if found.faults:
        say(f"TIDAK UTUH: {len(found.faults)} hal tidak sesuai; {counted} diperiksa.")
    else:
        say(f"Utuh: {counted}, manifes, catatan peristiwa dan catatan audit sesuai dengan hash-nya.")


def _as_json(found: Integrity) -> dict[str, Any]:
    return {
        "ok": not found.faults,
        "files": found.files,
        "warcs": found.warcs,
        "bytes": found.size,
        "problems": [_finding(one) for one in found.faults],
        "notes": [_finding(one) for one in found.notes],
    }


def _finding(one: Finding) -> dict[str, str]:
    return {"kind": one.kind, "place": one.place, "detail": one.detail}
