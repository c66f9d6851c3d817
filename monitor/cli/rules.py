"""`pantau rules`: the rules, their life, and how well names are recognised."""

from __future__ import annotations

import typer

from monitor.cli.on_demand import Home, on_demand

HOMES = {
    "list": Home(
        "monitor.cli.rules_files",
        "Tampilkan aturan yang dimuat: status yang berlaku, siapa yang mengesahkan, dan ketepatannya.",
    ),
    "test": Home("monitor.cli.rules_files", "Jalankan setiap contoh di setiap aturan."),
    "lint": Home(
        "monitor.cli.rules_files", "Periksa aturan: contoh yang kurang, uraian yang kosong, dasar hukum yang tidak ada."
    ),
    "evaluate": Home(
        "monitor.cli.rules_texts", "Ukur ketepatan dan kelengkapan pengenalan pasangan calon pada teks berlabel."
    ),
    "mentions": Home(
        "monitor.cli.rules_texts", "Tulis pasangan calon yang disebut tiap teks, dengan tempat dan keyakinannya."
    ),
    "backtest": Home(
        "monitor.cli.rules_life",
        "Uji balik aturan pada tindakan tersimpan: berapa yang kena, berapa yang sudah dikenal, berapa jam pemeriksa.",
    ),
    "activate": Home(
        "monitor.cli.rules_life",
        "Usulkan aturan diuji bayangan atau aktif; orang kedua menyetujuinya dengan --approve.",
    ),
    "retire": Home("monitor.cli.rules_life", "Usulkan aturan dihentikan; orang kedua menyetujuinya dengan --approve."),
    "withdraw": Home(
        "monitor.cli.rules_life",
        "Tarik atau tolak usul yang menunggu untuk satu aturan; status yang berlaku tidak berubah.",
    ),
    "precision": Home(
        "monitor.cli.rules_life", "Tampilkan ketepatan tiap aturan menurut penilaian indikasi, dan sarannya."
    ),
    "hits": Home(
        "monitor.cli.rules_hits",
        "Tampilkan indikasi satu aturan, juga yang masih uji bayangan atau ditangguhkan; pembacaannya dicatat.",
    ),
    "explain": Home(
        "monitor.cli.rules_explain",
        "Jelaskan untuk satu tindakan mengapa tiap aturan kena atau tidak; pembacaannya dicatat.",
    ),
    "suppress": Home("monitor.cli.rules_suppress", "Penangguhan: indikasi yang untuk sementara tidak ditampilkan."),
}

app = typer.Typer(cls=on_demand(HOMES), no_args_is_help=True)
