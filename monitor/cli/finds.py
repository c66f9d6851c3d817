"""`pantau finds`: what citizens report and officers come upon, entered by hand."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from monitor import desk, moments
from monitor.assembly import night
from monitor.cli.context import JsonFlag, opened, reports_errors
from monitor.cli.moments import moment_of
from monitor.cli.output import print_json, print_table, say
from monitor.cli.queue import authenticated
from monitor.denials import mending
from monitor.domain import Act, Find, FindKind, FindRow, Reporter
from monitor.errors import UsageError, plainly
from monitor.labels import label
from monitor.scan.finds import Doors, FindDone, enter_find
from monitor.workspace import Workspace

app = typer.Typer(no_args_is_help=True)
AsName = Annotated[str, typer.Option("--as", help="Nama masuk Anda.")]
TextFile = Annotated[Path | None, typer.Option(readable=False, help="Berkas berisi teks itu; - untuk masukan baku.")]
Screenshot = Annotated[
    Path | None, typer.Option(readable=False, help="Tangkapan layar atau arsip web: PNG, JPEG, WebP, PDF atau WACZ.")
]
ReporterFile = Annotated[
    Path | None,
    typer.Option(readable=False, help="Berkas pelapor: baris pertama nama, baris kedua kontak; - untuk masukan baku."),
]


@dataclass(frozen=True, slots=True)
class _Typed:
    """Times as they were typed."""

    seen: str | None
    acted: str | None


@app.command(
    "add",
    epilog="Contoh: pantau finds add --kind pengawasan --act comment --account @pegawai_contoh "
    "--url https://www.instagram.com/p/Contoh12345/c/17900000000000001/ --text-file teks.txt "
    "--screenshot layar.png --as rina",
)
@reports_errors
def add(
    context: typer.Context,
    kind: Annotated[FindKind, typer.Option(help="laporan (dari warga) atau pengawasan (oleh petugas).")],
    act: Annotated[Act, typer.Option(help="post, comment, like atau share.")],
    url: Annotated[
        str, typer.Option(help="Alamat unggahan atau komentar itu; untuk like dan share: unggahan sasaran.")
    ],
    name: AsName,
    account: Annotated[str, typer.Option(help="Akun pelakunya: nama akun atau id.")] = "",
    on_url: Annotated[str, typer.Option(help="Alamat unggahan tempat komentar itu berada.")] = "",
    text: Annotated[str, typer.Option(help="Teks pada alamat itu, apa adanya.")] = "",
    text_file: TextFile = None,
    screenshot: Screenshot = None,
    seen_at: Annotated[str | None, typer.Option(help="Kapan dilihat; bawaan: sekarang.")] = None,
    acted_at: Annotated[str | None, typer.Option(help="Kapan tindakan itu dilakukan, bila tertera.")] = None,
    note: Annotated[str, typer.Option(help="Keterangan tentang keadaannya; jangan menulis nama pelapor.")] = "",
    reporter_file: ReporterFile = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Pelapor minta namanya dirahasiakan.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Catat satu tindakan akun terdaftar beserta buktinya, lalu nilai seperti tindakan lain."""
    reporter = _reporter(reporter_file, anonymous=anonymous)
    if reporter is not None and kind is not FindKind.LAPORAN:
        raise UsageError("Pelapor hanya dicatat untuk laporan", "pakai --kind laporan")
    with opened(context) as space:
        user = authenticated(space, name)
        find = Find(
            kind=kind,
            act=act,
            account=account,
            url=url,
            text=_content(text_file) if text_file is not None else text,
            on_url=on_url,
            screenshot=_bytes(screenshot) if screenshot is not None else None,
            note=note,
            reporter=reporter,
            **_times(space, _Typed(seen_at, acted_at)),
        )
        with night(space) as parts:
            doors = Doors(space.vault, user, lambda place: desk.may_enter(user, place))
            done = enter_find(parts, doors, find)
    if as_json:
        print_json(_done_json(done))
    else:
        _tell(done)


@app.command("list", epilog="Contoh: pantau finds list --as rina --json")
@reports_errors
def list_finds(context: typer.Context, name: AsName, as_json: JsonFlag = False) -> None:
    """Tampilkan catatan tentang orang di wilayah Anda, tanpa pelapornya."""
    with opened(context) as space:
        rows = desk.list_finds(space.database, authenticated(space, name), space.clock())
        zone = space.settings.agency.zone
    if as_json:
        print_json([_row_json(row) for row in rows])
        return
    cells = [
        (
            row.id,
            label(row.kind),
            f"{label(row.act)}, {row.platform}\n{row.account}",
            row.url,
            f"{moments.full(row.received_at, zone)}\n{row.received_by}",
            "ada" if row.has_screenshot else "tidak ada",
            ", ".join(map(str, row.case_ids)) or "—",
        )
        for row in rows
    ]
    columns = ("No", "Jenis", "Tindakan dan akun", "Alamat", "Diterima", "Tangkapan layar", "Informasi awal")
    print_table("Catatan dengan tangan", columns, cells)


@app.command("reporter", epilog='Contoh: pantau finds reporter 3 --reason "klarifikasi pelapor" --as koordinator')
@reports_errors
def reporter_of(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NO", help="Nomor catatan.")],
    reason: Annotated[str, typer.Option(help="Untuk apa identitas itu diperlukan.")],
    name: AsName,
    as_json: JsonFlag = False,
) -> None:
    """Buka identitas pelapor; siapa membukanya dan untuk apa tercatat dalam jejak audit."""
    with opened(context) as space:
        user = authenticated(space, name)
        found = desk.reveal_reporter(space.database, space.vault, number, reason, user, space.clock())
    if as_json:
        print_json({"name": found.name, "contact": found.contact, "wants_anonymity": found.wants_anonymity})
        return
    say(f"Pelapor: {found.name}")
    say(f"Kontak: {found.contact or '—'}")
    if found.wants_anonymity:
        say("Pelapor minta namanya dirahasiakan.")


def _times(space: Workspace, typed: _Typed) -> dict[str, Any]:
    seen = moment_of(space, typed.seen, "--seen-at") or space.clock()
    return {"seen_at": seen, "acted_at": moment_of(space, typed.acted, "--acted-at")}


def _reporter(path: Path | None, *, anonymous: bool) -> Reporter | None:
    if path is None:
        return None
    lines = [line.strip() for line in _content(path).splitlines() if line.strip()]
    if not lines:
        raise UsageError(f"{path}: berkas pelapor kosong", "baris pertama nama, baris kedua kontak")
    return Reporter(lines[0], " ".join(lines[1:]), anonymous)


def _content(path: Path) -> str:
    data = sys.stdin.buffer.read() if str(path) == "-" else _bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: bukan teks UTF-8", "simpan ulang berkas itu sebagai UTF-8") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path} tidak terbaca: {plainly(error)}", mending(error, "periksa nama dan izin berkas")
        ) from error


def _tell(done: FindDone) -> None:
    say(f"Catatan {done.id} {'disimpan' if done.new else 'sudah ada; tidak ada yang berubah'}.")
    if not done.certain:
        say("  Alamat itu tanpa id tetap; bila pemindaian juga menemukannya, tindakan ini dapat tercatat dua kali.")
    if done.new:
        say(f"  Informasi awal: {done.cases.new} baru, {done.cases.joined} ikut.")


def _done_json(done: FindDone) -> dict[str, Any]:
    cases = {"new": done.cases.new, "joined": done.cases.joined, "reopened": done.cases.reopened}
    return {"find": done.id, "new": done.new, "certain": done.certain, "cases": cases}


def _row_json(row: FindRow) -> dict[str, Any]:
    return {
        "find": row.id,
        "kind": row.kind.value,
        "act": row.act.value,
        "platform": row.platform,
        "account": row.account,
        "url": row.url,
        "seen_at": row.seen_at.isoformat(),
        "received_at": row.received_at.isoformat(),
        "received_by": row.received_by,
        "note": row.note,
        "screenshot": row.has_screenshot,
        "reporter": row.has_reporter,
        "cases": list(row.case_ids),
    }
