#!/usr/bin/env python3
"""Writes docs/sumber.md from the manifests: `.venv/bin/python -m scripts.write_sources_page`."""

from __future__ import annotations

from pathlib import Path

from monitor.cli.sources_words import SIGNS, money
from monitor.labels import label
from scrapers import registry
from scrapers.manifest import Manifest
from scrapers.matrix import VERBS, Cell, cells

PAGE = Path(__file__).resolve().parent.parent / "docs" / "sumber.md"
INTRODUCTION = """\
# Sumber: apa yang terlihat, dan lewat pintu mana

Halaman ini ditulis dari `manifest.toml` tiap platform (`python -m scripts.write_sources_page`); `pantau sources list`
menampilkan hal yang sama. **Yang tidak terlihat tidak berarti tidak ada:** laporan menyebut cakupan, bukan ketiadaan.
Sebuah sumber baru dibaca bila catatan kebijakannya lengkap ([pengaturan.md](pengaturan.md)). Program tidak pernah masuk
sebagai orang, menyelesaikan tantangan, atau menyamar sebagai peramban. `pantau sources check NAMA` mencoba satu sumber,
`pantau sources health` menunjukkan kapan tiap sumber terakhir berhasil dibaca.
"""


def page() -> str:
    """Return the page."""
    manifests = registry.manifests()
    return INTRODUCTION + "".join(_section(manifests[name]) for name in sorted(manifests))


def _section(manifest: Manifest) -> str:
    live = manifest.name in registry.adapters()
    lines = [
        f"\n## {manifest.title}\n",
        (
            f"Sumber `{manifest.name}`; {_doors(manifest, live=live)}; pemeta versi {manifest.version}, "
            f"{manifest.verified.isoformat()}.\n"
        ),
        "| arah | pintu | " + " | ".join(label(act) for act in VERBS) + " |",
        "|---" * (len(VERBS) + 2) + "|",
    ]
    table = cells(manifest)
    lines += [_row(table[start : start + len(VERBS)]) for start in range(0, len(table), len(VERBS))]
    reasons = [f"- {label(c.direction)}, {label(c.door)}, {label(c.verb)}: {c.reason}" for c in table if c.reason]
    limits = [f"- {limit.what}: {limit.value} ({limit.source})" for limit in manifest.limit]
    documents = [f"- <{address}>" for address in manifest.docs]
    for title, entries in (
        ("Sebab", reasons),
        ("Syarat", _conditions(manifest)),
        ("Batas", limits),
        ("Dokumen", documents),
    ):
        if entries:
            lines += ["", f"{title}:", "", *entries]
    return "\n".join(lines) + "\n"


def _doors(manifest: Manifest, *, live: bool) -> str:
    if not live:
        return "pintu: impor berkas tangkapan"
    return "pintu: langsung" + (", hanya dengan izin tertulis platform" if manifest.gated else "")


def _row(row: tuple[Cell, ...]) -> str:
    first = row[0]
    levels = " | ".join(SIGNS[cell.level] for cell in row)
    return f"| {label(first.direction)} | {label(first.door)} | {levels} |"


def _conditions(manifest: Manifest) -> list[str]:
    found = []
    if manifest.terms:
        found.append(f"- ketentuan: {manifest.terms}")
    if manifest.imports:
        found.append(f"- format impor: {', '.join(f'`{name}`' for name in manifest.imports)}")
    if manifest.retention_days is not None:
        found.append(f"- jawaban mentah paling lama disimpan {manifest.retention_days} hari")
    found += [f"- kunci `{slot.name}`: {slot.what}" for slot in manifest.slot]
    if manifest.quota is not None:
        found.append(f"- kuota: {manifest.quota.units} satuan sehari, berganti menurut zona {manifest.quota.zone}")
    found += [f"- biaya `{cost.endpoint}`: {cost.units} satuan kuota" for cost in manifest.cost]
    found += [f"- harga {p.what}: {money(p.micros, p.currency)} ({p.source})" for p in manifest.price]
    if manifest.oembed:
        found.append(f"- masih daring atau tidak diperiksa lewat <{manifest.oembed}>")
    return found


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
