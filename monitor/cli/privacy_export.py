"""`pantau privacy subject-export`: a person's own data on request."""

from __future__ import annotations

import getpass
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, say
from monitor.cli.queue import authenticated
from monitor.domain import IdentifierKind
from monitor.errors import UsageError
from monitor.privacy.export import Request, as_json, export
from monitor.privacy.readable import as_html
from monitor.web.audit_words import action_words, subject_words

_AUDITED: Final = {"action": action_words, "subject": subject_words}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "subject-export",
        epilog='Contoh: pantau privacy subject-export --output salinan --reason "surat 12/2026" --as dpo',
    )(subject_export)


@reports_errors
def subject_export(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", "-o", readable=False, help="Folder baru untuk berkasnya.")],
    reason: Annotated[str, typer.Option("--reason", help="Nomor surat permintaan; dicatat.")],
    name: Annotated[str, typer.Option("--as", help="Nama masuk Anda (peran DPO).")],
    kind: Annotated[IdentifierKind, typer.Option(help="Jenis pengenal orang itu.")] = IdentifierKind.NIP,
    notes: Annotated[
        bool, typer.Option("--notes", help="Sertakan catatan peninjau; baca seluruhnya sebelum diserahkan.")
    ] = False,
    as_json_flag: JsonFlag = False,
) -> None:
    """Buat salinan data seseorang atas permintaannya; pengenalnya diketik sesudah kata sandi, tidak pada perintah."""
    if output.exists():
        raise UsageError(f"{output} sudah ada", "pilih folder baru")
    with opened(context) as space:
        user = authenticated(space, name, prove=True)
        wanted = Request(kind, _ask(f"Pengenal ({kind.value}): "), reason, notes)
        copy = export(space.database, space.vault, wanted, user, space.clock())
        agency, zone = space.settings.agency.name, space.settings.agency.zone
    output.mkdir(mode=0o700, parents=True)
    machine = json.dumps(as_json(copy, agency), ensure_ascii=False, indent=1) + "\n"
    files = {"data-pribadi.json": machine, "data-pribadi.html": as_html(copy, agency, zone, _AUDITED)}
    for file, text in files.items():
        _write(output / file, text)
    counts = {section: len(rows) for section, rows in copy.sections.items()}
    if as_json_flag:
        print_json({"output": str(output), "files": sorted(files), "rows": counts})
        return
    say(f"{output}: {', '.join(sorted(files))}; {sum(counts.values())} baris.")
    say("Periksa isinya, serahkan langsung kepada orangnya, lalu hapus folder ini.")


def _ask(prompt: str) -> str:
    """Ask without echo, or take one line of standard input."""
    text = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()
    if not text.strip():
        raise UsageError("Pengenal kosong", "ketik pengenal orang yang meminta salinan")
    return text.strip()


def _write(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        file.write(text)
