"""What `pantau import` lists: the formats it knows, and the imports that were done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from db.imports import list_imports
from monitor.cli.output import print_json, print_table
from scrapers import registry
from scrapers.imports.contract import platforms_of

if TYPE_CHECKING:
    from monitor.workspace import Workspace


FORMATS: Mapping[str, str] = {
    "zeeschuimer": "Zeeschuimer NDJSON, rekaman layar peramban (juga bentuk 4CAT)",
    "wacz": "Arsip web WACZ (ArchiveWeb.page, Browsertrix)",
    "warc": "Arsip web WARC",
    "instaloader": "JSON instaloader",
    "saved_html": "Halaman yang disimpan (Ctrl-S, SingleFile, MHTML)",
    "telegram_desktop": "Ekspor Telegram Desktop (result.json)",
    "ytdlp": "yt-dlp .info.json dengan komentar",
    "fourcat_csv": "CSV dari 4CAT",
    "content_library": "Meta Content Library, CSV atau JSON",
    "vendors": "Data pemasok: Apify, Bright Data (pemasok dan dasar ditanyakan)",
    "minet": "CSV dari minet",
    "twscrape": "Baris JSON dari twscrape atau snscrape",
    "comment_exporter": "Ekspor komentar (ExportComments, YouTube Data Tools), CSV atau XLSX",
    "facepager": "CSV dari Facepager",
    "whatsapp": "Ekspor percakapan WhatsApp, .txt atau .zip",
    "table": "Tabel CSV atau XLSX apa pun, dengan pemetaan kolom",
}


def print_formats(as_json: bool) -> None:
    """Print every capture format in the order in which files are tried, and the platforms that it may bring."""
    known = [
        {
            "format": name,
            "title": FORMATS.get(name, name),
            "platforms": sorted(
                {n for n, m in registry.manifests().items() if name in m.imports} | platforms_of(reader)
            ),
        }
        for name, reader in registry.readers().items()
    ]
    if as_json:
        print_json(known)
        return
    rows = [(one["format"], one["title"], ", ".join(one["platforms"])) for one in known]
    print_table("Format yang dikenal", ("--as", "Apa", "Platform"), rows)


def print_imports(space: Workspace, as_json: bool) -> None:
    """Print every import, the latest first."""
    with space.database.read() as session:
        done = list_imports(session)
    if as_json:
        print_json(
            [
                {
                    "file": file.name,
                    "sha256": file.sha256,
                    "size": file.size,
                    "format": file.format,
                    "tool": file.tool,
                    "collector": file.collector,
                    "supplier": file.supplier,
                    "basis": file.basis,
                    "captured_from": file.captured_from.isoformat() if file.captured_from else None,
                    "captured_to": file.captured_to.isoformat() if file.captured_to else None,
                    "lines": file.records,
                    "taken": file.taken,
                    "skipped": file.skipped,
                    "imported_at": at.isoformat(),
                }
                for file, at in done
            ]
        )
        return
    zone = space.settings.agency.zone
    rows = [
        (
            f"{at.astimezone(zone):%d-%m-%Y %H:%M}", file.name, file.format, file.collector, file.supplier or "—",
            f"{file.taken}/{file.records}", file.sha256[:12] + "…",
        )
        for file, at in done
    ]  # fmt: skip
    print_table("Impor", ("Kapan", "Berkas", "Format", "Penangkap", "Pemasok", "Terbaca", "sha256"), rows)
