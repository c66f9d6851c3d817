"""`pantau users`: who may sign in and what they may do where."""

from __future__ import annotations

import getpass
import sys
from datetime import timedelta
from typing import Annotated

import typer

from monitor import desk
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.output import print_json, print_table, say
from monitor.domain import Role
from monitor.errors import UsageError
from monitor.labels import label

app = typer.Typer(no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(metavar="NAMA", help="Nama masuk.")]
RoleOption = Annotated[Role | None, typer.Option(help="Peran.")]
RegionOption = Annotated[str, typer.Option("--jurisdiction", help="Kode wilayah; kosong berarti seluruh negeri.")]


@app.command("add", epilog="Contoh: pantau users add rina --role pengawas --jurisdiction 99.01")
@reports_errors
def add(
    context: typer.Context,
    name: NameArgument,
    full_name: Annotated[str, typer.Option(help="Nama lengkap.")] = "",
    role: RoleOption = None,
    jurisdiction: RegionOption = "",
    agency: Annotated[str, typer.Option(help="Instansi sendiri, untuk benturan kepentingan.")] = "",
    with_token: Annotated[bool, typer.Option("--token", help="Terbitkan juga token untuk program.")] = False,
) -> None:
    """Tambahkan pengguna; kata sandi ditanyakan, atau dibaca satu baris dari masukan baku."""
    with opened(context) as space:
        password = ask_password(f"Kata sandi {name}: ")
        user = desk.add_user(space.database, name, full_name or name, password, agency, space.clock())
        if role is not None:
            desk.grant(space.database, user.name, role, jurisdiction, space.clock())
        say(f"Pengguna {user.name} ditambahkan.")
        if with_token:
            say(desk.issue_token(space.database, user.name, space.clock()))


@app.command("grant", epilog="Contoh: pantau users grant rina --role koordinator --jurisdiction 99.01")
@reports_errors
def grant(
    context: typer.Context,
    name: NameArgument,
    role: Annotated[Role, typer.Option(help="Peran.")],
    jurisdiction: RegionOption = "",
) -> None:
    """Beri pengguna satu peran atas satu wilayah."""
    with opened(context) as space:
        desk.grant(space.database, name, role, jurisdiction, space.clock())
    say(f"{name}: {label(role)} untuk {jurisdiction or 'seluruh negeri'}.")


@app.command("revoke", epilog="Contoh: pantau users revoke rina --role koordinator --jurisdiction 99.01")
@reports_errors
def revoke(
    context: typer.Context,
    name: NameArgument,
    role: Annotated[Role, typer.Option(help="Peran.")],
    jurisdiction: RegionOption = "",
) -> None:
    """Cabut satu peran atas satu wilayah; berlaku pada permintaan berikutnya."""
    with opened(context) as space:
        desk.revoke(space.database, name, role, jurisdiction, space.clock())
    say(f"{name}: {label(role)} untuk {jurisdiction or 'seluruh negeri'} dicabut.")


@app.command("disable", epilog="Contoh: pantau users disable rina")
@reports_errors
def disable(context: typer.Context, name: NameArgument) -> None:
    """Nonaktifkan pengguna; semua sesi dan tokennya berakhir."""
    with opened(context) as space:
        desk.switch_off(space.database, name, space.clock())
    say(f"{name} dinonaktifkan.")


@app.command("enable", epilog="Contoh: pantau users enable rina")
@reports_errors
def enable(context: typer.Context, name: NameArgument) -> None:
    """Aktifkan kembali pengguna yang dinonaktifkan."""
    with opened(context) as space:
        desk.switch_on(space.database, name, space.clock())
    say(f"{name} aktif kembali.")


@app.command("reset-totp", epilog="Contoh: pantau users reset-totp rina")
@reports_errors
def reset_totp(context: typer.Context, name: NameArgument) -> None:
    """Lepas langkah kedua pengguna yang kehilangan ponsel; ia memasangnya lagi saat masuk."""
    with opened(context) as space:
        had = desk.reset_factor(space.database, name, space.clock())
    say(f"Langkah kedua {name} dilepas." if had else f"{name} belum memasang langkah kedua.")


@app.command("reset-password", epilog="Contoh: pantau users reset-password rina")
@reports_errors
def reset_password(context: typer.Context, name: NameArgument) -> None:
    """Cetak kata sandi sekali pakai; sesi dan token pengguna itu berakhir, kuncinya dibuka."""
    with opened(context) as space:
        say(desk.reset_password(space.database, name, space.clock()))


@app.command("link", epilog="Contoh: pantau users link rina rina@bawaslu.example")
@reports_errors
def link(
    context: typer.Context,
    name: NameArgument,
    account: Annotated[
        str, typer.Argument(metavar="AKUN", help="Alamat surel yang diperiksa penyedia, atau id tetapnya (sub).")
    ],
) -> None:
    """Tautkan akun penyedia (web.oidc) dengan pengguna."""
    with opened(context) as space:
        issuer = space.settings.web.oidc.issuer
        if not issuer:
            raise UsageError("Kantor ini tidak memakai penyedia akun", "isi web.oidc di pantau.toml")
        desk.link_identity(space.database, name, issuer, account, space.clock())
    say(f"Akun penyedia ditautkan dengan {name}.")


@app.command("token", epilog="Contoh: pantau users token rina --role analis --days 90")
@reports_errors
def token(
    context: typer.Context,
    name: NameArgument,
    role: Annotated[Role | None, typer.Option(help="Satu-satunya peran yang boleh dipakai; bawaan: semua.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=366, help="Berlaku sekian hari; bawaan: tanpa batas.")] = None,
) -> None:
    """Terbitkan token untuk PANTAU_TOKEN atau /api; hanya ditampilkan sekali."""
    wish = desk.TokenWish(role=role, lasts=timedelta(days=days) if days else None)
    with opened(context) as space:
        say(desk.issue_token(space.database, name, space.clock(), wish))


@app.command("list", epilog="Contoh: pantau users list --json")
@reports_errors
def list_users(context: typer.Context, as_json: JsonFlag = False) -> None:
    """Tampilkan pengguna dan perannya."""
    with opened(context) as space:
        users = desk.list_users(space.database)
    if as_json:
        print_json(
            [
                {
                    "name": user.name,
                    "full_name": user.full_name,
                    "active": user.active,
                    "second_factor": user.second_factor,
                    "grants": [{"role": g.role.value, "jurisdiction": g.jurisdiction} for g in user.grants],
                }
                for user in users
            ]
        )
        return
    rows = [
        (
            user.name,
            user.full_name,
            ", ".join(f"{label(g.role)} {g.jurisdiction or 'seluruh negeri'}" for g in user.grants),
            "terpasang" if user.second_factor else "belum",
            "ya" if user.active else "tidak",
        )
        for user in users
    ]
    print_table("Pengguna", ("Nama", "Nama lengkap", "Peran", "Langkah kedua", "Aktif"), rows)


def ask_password(prompt: str) -> str:
    """Ask at the terminal without echo, or take one line of standard input; UsageError when it is empty."""
    text = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not text:
        raise UsageError("Kata sandi kosong", "ketik kata sandi, atau isi PANTAU_TOKEN")
    return text
