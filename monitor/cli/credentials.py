"""`pantau sources credential`: keys of the office and tokens that owners lent, never typed as an argument."""

from __future__ import annotations

import getpass
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor import desk
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.moments import moment_of
from monitor.cli.output import print_json, print_table, say
from monitor.cli.queue import authenticated
from monitor.denials import closing, mending
from monitor.domain import CredentialEntry, CredentialRow
from monitor.errors import UsageError, plainly
from monitor.workspace import Workspace
from scrapers import registry
from scrapers.credentials import OWNER, check_secret, is_owner

app = typer.Typer(no_args_is_help=True)
SourceName = Annotated[str, typer.Argument(metavar="SUMBER", help="Nama sumber.")]
AsName = Annotated[str, typer.Option("--as", help="Nama masuk Anda.")]
_LONGEST_FILE = 10_000
_COLUMNS = ("No.", "Sumber", "Slot", "Tujuan", "Oleh", "Berlaku sampai", "Dipakai", "Keadaan")


@app.command(
    "add",
    epilog="Contoh: pantau sources credential add youtube api_key --purpose 'komentar akun kampanye' "
    "--expires 2027-02-28 --as rina",
)
@reports_errors
def add(
    context: typer.Context,
    source: SourceName,
    slot: Annotated[str, typer.Argument(metavar="SLOT", help="Slot menurut `sources list`, atau owner:ID akun.")],
    purpose: Annotated[str, typer.Option(help="Untuk apa kredensial ini diberikan.")],
    expires: Annotated[str, typer.Option(help="Sampai kapan boleh dipakai, misalnya 2027-02-28.")],
    name: AsName,
    file: Annotated[
        Path | None, typer.Option("--file", readable=False, help="Berkas bermode 600 yang memuat rahasianya.")
    ] = None,
) -> None:
    """Simpan satu kunci atau token, tersegel; rahasianya ditanyakan, dibaca dari masukan baku, atau dari berkas."""
    _check_slot(source, slot)
    with opened(context) as space:
        user = authenticated(space, name)
        desk.may_keep(user, space.settings.agency.jurisdiction)
        until = moment_of(space, expires, "--expires") or space.clock()
        entry = CredentialEntry(source, slot, purpose.strip(), until)
        secret = check_secret(_secret_in(file) if file is not None else _typed_secret(source, slot))
        number = desk.add_credential(space.database, space.vault, entry, secret, user, space.clock())
    say(f"Kredensial {number} ({source} {slot}) tersimpan dan tersegel.")


@app.command("list", epilog="Contoh: pantau sources credential list --json")
@reports_errors
def list_credentials(
    context: typer.Context,
    source: Annotated[str | None, typer.Argument(metavar="SUMBER", help="Hanya satu sumber.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Tampilkan kredensial beserta tujuan dan masa berlakunya, tanpa rahasianya."""
    with opened(context) as space:
        rows, now = desk.list_credentials(space.database, source), space.clock()
        if as_json:
            print_json([_json(row, now) for row in rows])
            return
        cells = [_cells(row, now, space) for row in rows]
    print_table(
        "Kredensial", ("No.", "Sumber", "Slot", "Tujuan", "Oleh", "Berlaku sampai", "Dipakai", "Keadaan"), cells
    )


@app.command("revoke", epilog="Contoh: pantau sources credential revoke 3 --as rina")
@reports_errors
def revoke(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NOMOR", help="Nomor menurut `credential list`.")],
    name: AsName,
) -> None:
    """Cabut satu kredensial; rahasianya dihapus, catatannya tetap."""
    with opened(context) as space:
        user = authenticated(space, name)
        desk.may_keep(user, space.settings.agency.jurisdiction)
        desk.revoke_credential(space.database, number, user, space.clock())
    say(f"Kredensial {number} dicabut.")


def _check_slot(source: str, slot: str) -> None:
    """Raise UsageError for a source or a slot that does not exist, naming those that do."""
    manifest = registry.manifests().get(source)
    if manifest is None:
        raise UsageError(f"Sumber {source} tidak dikenal", "lihat `pantau sources list`")
    wanted = OWNER if is_owner(slot) else slot
    named = [s.name for s in manifest.slot]
    if wanted not in named or slot == OWNER:
        offered = ", ".join("owner:ID" if one == OWNER else one for one in named) or "sumber ini tidak memerlukan kunci"
        raise UsageError(f"Sumber {source} tidak punya slot {slot}", f"yang ada: {offered}")


def _typed_secret(source: str, slot: str) -> str:
    """Ask at the terminal without echo, or take one line of standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(f"Rahasia {source} {slot}: ")
    return sys.stdin.readline()


def _secret_in(file: Path) -> str:
    """Read the secret from a file that nobody else can read; UsageError says how to mend its mode."""
    try:
        with file.open("rb") as opened_file:
            mode, data = Path(file).stat().st_mode, opened_file.read(_LONGEST_FILE)
    except OSError as error:
        raise UsageError(
            f"Berkas {file} tidak terbaca ({plainly(error)})", mending(error, "periksa nama dan izinnya")
        ) from error
    if mode & 0o077:
        raise UsageError(f"Berkas {file} dapat dibaca pengguna lain", closing(file))
    return data.decode("ascii", "replace")


def _state(row: CredentialRow, now: datetime) -> str:
    if row.revoked_at is not None:
        return "dicabut"
    return "berlaku" if row.usable(now) else "kedaluwarsa"


def _cells(row: CredentialRow, now: datetime, space: Workspace) -> tuple[object, ...]:
    zone = space.settings.agency.zone
    used = f"{row.last_used_at.astimezone(zone):%Y-%m-%d}" if row.last_used_at is not None else "belum"
    until = f"{row.expires_at.astimezone(zone):%Y-%m-%d}"
    return row.id, row.source, row.slot, row.purpose, row.added_by, until, used, _state(row, now)


def _json(row: CredentialRow, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "source": row.source,
        "slot": row.slot,
        "owner": row.owner,
        "purpose": row.purpose,
        "added_by": row.added_by,
        "added_at": row.added_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
        "revoked_by": row.revoked_by,
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
        "last_used_at": row.last_used_at.isoformat() if row.last_used_at else None,
        "state": _state(row, now),
    }
