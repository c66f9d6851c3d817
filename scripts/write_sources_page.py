#!/usr/bin/env python3
"""Writes docs/sumber.md from the manifests: `.venv/bin/python -m scripts.write_sources_page`."""

from __future__ import annotations

from pathlib import Path

from monitor.domain import Act, Direction
from monitor.labels import label
from scrapers import registry
from scrapers.manifest import Manifest

PAGE = Path(__file__).resolve().parent.parent / "docs" / "sumber.md"
ACTS = (Act.POST, Act.SHARE, Act.LIKE, Act.COMMENT, Act.FOLLOW)
SIGNS = {"full": "penuh", "partial": "sebagian", "none": "tidak terlihat"}
INTRODUCTION = """\
# Sumber: apa yang terlihat, dan lewat pintu mana

Halaman ini ditulis dari `manifest.toml` tiap platform (`python -m scripts.write_sources_page`); `pantau sources list`
menampilkan hal yang sama. **Yang tidak terlihat tidak berarti tidak ada:** laporan menyebut cakupan, bukan ketiadaan.
Sebuah sumber baru dibaca bila catatan kebijakannya lengkap ([pengaturan.md](pengaturan.md)). Program tidak pernah masuk
sebagai orang, menyelesaikan tantangan, atau menyamar sebagai peramban.
"""


def page() -> str:
    """Return the page."""
    manifests = registry.manifests()
    return INTRODUCTION + "".join(_section(manifests[name]) for name in sorted(manifests))


def _section(manifest: Manifest) -> str:
    door = "langsung" if manifest.name in registry.adapters() else "impor berkas tangkapan"
    lines = [
        f"\n## {manifest.title}\n",
        f"Sumber `{manifest.name}`; pintu: {door}; pemeta versi {manifest.version}, {manifest.verified.isoformat()}.\n",
        "| arah | " + " | ".join(label(act) for act in ACTS) + " |",
        "|---" * (len(ACTS) + 1) + "|",
    ]
    reasons: list[str] = []
    for direction in Direction:
        cells = []
        for act in ACTS:
            found = manifest.capability_of(direction, act)
            cells.append(SIGNS[found.level] if found else "belum dibaca")
            if found and found.reason:
                reasons.append(f"- {label(direction)}, {label(act)}: {found.reason}")
        if any(c.direction is direction for c in manifest.capability):
            lines.append(f"| {label(direction)} | " + " | ".join(cells) + " |")
    limits = [f"- {limit.what}: {limit.value} ({limit.source})" for limit in manifest.limit]
    documents = [f"- <{address}>" for address in manifest.docs]
    for title, entries in (("Sebab", reasons), ("Batas", limits), ("Dokumen", documents)):
        if entries:
            lines += ["", f"{title}:", "", *entries]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
