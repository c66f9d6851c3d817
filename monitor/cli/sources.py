"""`pantau sources`: what each platform publishes, whether it can be read, and how well the nights saw it."""

from __future__ import annotations

import typer

from monitor.cli.on_demand import Home, on_demand

HOMES = {
    "list": Home(
        "monitor.cli.sources_seen", "Tampilkan matriks sumber, arah, pintu dan tindakan; tidak memerlukan ruang kerja."
    ),
    "check": Home(
        "monitor.cli.sources_seen",
        "Coba satu sumber dengan satu permintaan: kebijakan, kunci, jawaban, bentuk, sisa jatah; tanpa menyimpan.",
    ),
    "policy": Home(
        "monitor.cli.sources_policy",
        "Tampilkan catatan kebijakan tiap sumber di pantau.toml, dan apakah sumber itu boleh dibaca dengannya.",
    ),
    "health": Home(
        "monitor.cli.sources_health",
        "Tampilkan kesehatan sumber: terakhir berhasil, 14 malam terakhir, kelengkapan, perubahan bentuk, canary.",
    ),
    "budget": Home("monitor.cli.budget", "Tampilkan permintaan, kuota, dan biaya yang terpakai hari ini, dan sisanya."),
    "credential": Home("monitor.cli.credentials", "Kunci kantor dan token yang dipinjamkan pemilik akun."),
    "remap": Home(
        "monitor.cli.sources_remap",
        "Baca ulang jawaban tersimpan dengan pemeta sekarang; yang baru ditambahkan, tidak ada yang dihapus.",
    ),
}

app = typer.Typer(cls=on_demand(HOMES), no_args_is_help=True)


@app.callback()
def sources() -> None:
    """Make a group of it."""
