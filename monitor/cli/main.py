"""`pantau`: the commands by which an office installs, runs and reads the monitor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.context import Invocation
from monitor.cli.on_demand import Home, on_demand
from monitor.settings_home import find_home

HOMES = {
    "init": Home(
        "monitor.cli.office",
        "Buat ruang kerja: folder, kunci, pantau.toml dan basis data; yang sudah ada tidak ditimpa.",
    ),
    "verify": Home("monitor.cli.office", "Periksa keutuhan: indikasi, antrean, rantai catatan dan berkas bukti."),
    "doctor": Home(
        "monitor.cli.office", "Periksa mesin, ruang kerja, dan layanan kantor, dan sebut cara memperbaiki yang kurang."
    ),
    "backup": Home(
        "monitor.cli.backup",
        "Cadangkan seluruh ruang kerja, terenkripsi, dan buktikan cadangan itu terbuka; pekerjaan lain tetap jalan.",
    ),
    "restore": Home("monitor.cli.backup", "Pulihkan cadangan ke ruang kerja yang kosong, lalu periksa keutuhannya."),
    "db": Home("monitor.cli.database", "Basis data PostgreSQL: hak peran yang dipakai program."),
    "demo": Home("monitor.cli.demo", "Peragakan satu malam pada kontes rekaan, tanpa jaringan."),
    "roster": Home("monitor.cli.roster", "Register: ASN, akun dan kontes."),
    "sources": Home(
        "monitor.cli.sources",
        "Sumber: apa yang terlihat di tiap platform, dapatkah dibaca, dan bagaimana malam-malam lalu.",
    ),
    "import": Home("monitor.cli.importing", "Masukkan berkas tangkapan; hanya tindakan akun terdaftar yang disimpan."),
    "scan": Home(
        "monitor.cli.scan", "Jalankan satu malam: baca sumber, simpan, nilai, kelompokkan; yang terputus dilanjutkan."
    ),
    "night": Home(
        "monitor.cli.night",
        "Ringkas satu malam: yang perlu diperiksa, yang tidak terlihat, yang terlihat; kode keluar 1 bila perlu orang.",
    ),
    "schedule": Home("monitor.cli.schedule", "Jadwal: malam, laporan, dan pekerjaan lain yang berjalan sendiri."),
    "cron-line": Home("monitor.cli.schedule", "Cetak jadwal yang sama sebagai crontab dan sebagai unit systemd."),
    "worker": Home(
        "monitor.cli.worker",
        "Kerjakan jadwal dan malam bersama mesin lain, lewat antrean di PostgreSQL, sampai dihentikan.",
    ),
    "rules": Home("monitor.cli.rules", "Aturan: daftar, contoh, daur hidup, dan mutu pengenalan nama."),
    "privacy": Home("monitor.cli.privacy", "Masa simpan, penahanan data, dan data seseorang atas permintaannya."),
    "queue": Home("monitor.cli.queue", "Antrean informasi awal."),
    "attribution": Home("monitor.cli.attribution", "Atribusi: apakah suatu akun milik orang dalam daftar."),
    "finds": Home("monitor.cli.finds", "Laporan warga dan hasil pengawasan yang dicatat dengan tangan."),
    "bundle": Home("monitor.cli.bundle", "Paket bukti satu informasi awal: membuat dan memeriksa."),
    "evidence": Home("monitor.cli.evidence", "Barang bukti: keutuhan, arsip, potret, dan apakah unggahan masih ada."),
    "report": Home("monitor.cli.report", "Laporan dan data untuk analis."),
    "form": Home("monitor.cli.form", "Formulir resmi: Formulir A, Formulir B.2, surat rekomendasi, baris SBT."),
    "users": Home("monitor.cli.users", "Pengguna dan wewenangnya."),
    "serve": Home("monitor.cli.serve", "Buka konsol peninjauan di peramban."),
    "notify": Home("monitor.cli.notify", "Ringkasan lewat surel dan webhook."),
    "dev": Home("monitor.cli.dev", "Alat bagi pengembang program ini."),
}

_RUNNING = frozenset({"serve", "worker"})

app = typer.Typer(
    name="pantau",
    cls=on_demand(HOMES),
    help="Pantau netralitas ASN di media sosial: indikasi dari program, keputusan oleh manusia.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # with the reader of mail headers, which nothing else here needs

        typer.echo(version("pantau-netralitas"))
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option(
            "--workspace", metavar="DIR", readable=False, help="Ruang kerja (bawaan: PANTAU_HOME atau folder ini)."
        ),
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Catatan rinci di stderr.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Catatan sebagai baris JSON.")] = False,
    show_version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Versi.")] = False,
) -> None:
    """Take the options that stand before the command."""
    from monitor import log  # not for the help and the version

    del show_version
    # A command that ends says itself what it did, and cron would mail every line; who keeps running has only its log.
    log.configure(json=log_json, verbose=verbose, quiet=context.invoked_subcommand not in _RUNNING)
    context.obj = Invocation(home=find_home(workspace))


def main() -> None:
    """Run the command line."""
    app()
