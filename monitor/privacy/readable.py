"""A person's copy as one page that any browser shows: what is stored, in plain words, and what is left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from html import escape
from typing import Any, Final

from monitor import moments
from monitor.privacy.export import Copy
from monitor.privacy.readable_words import SECTIONS, WORDS

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "h2{margin-top:2.5rem;border-bottom:1px solid #999}dt{color:#555}"
    "dl{display:grid;grid-template-columns:minmax(10rem,16rem) 1fr;gap:.2rem 1rem;padding:.6rem 0;margin:0;"
    "border-bottom:1px solid #ddd}dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}"
)
_INTRO: Final = (
    "Salinan ini memuat data tentang Anda yang diproses untuk pengawasan netralitas. Indikasi dan informasi awal di "
    "dalamnya dibuat program untuk ditinjau manusia; keduanya bukan temuan. Nama dan akun orang lain disamarkan, dan "
    "identitas pelapor tidak pernah disalin. Bila ada yang keliru, Anda berhak memintanya diperbaiki."
)


def as_html(copy: Copy, agency: str, zone: tzinfo) -> str:
    """Return the whole page, without anything that a browser would have to fetch."""
    parts = [
        '<!doctype html><html lang="id"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width"><title>Salinan data pribadi</title>',
        f"<style>{_STYLE}</style></head><body><h1>Salinan data pribadi</h1>",
        f"<p>{escape(agency)}, {escape(moments.full(copy.made_at, zone))}.",
        f"Dasar permintaan: {escape(copy.ground)}.</p>",
        f"<p>{_INTRO}</p>",
        *(_section(name, rows, zone) for name, rows in copy.sections.items()),
        "<h2>Yang tidak disalin</h2><ul>",
        *(f"<li>{escape(reason[:1].upper() + reason[1:])}.</li>" for reason in dict.fromkeys(copy.left_out.values())),
        "</ul></body></html>\n",
    ]
    return "\n".join(parts)


def _section(name: str, rows: list[dict[str, Any]], zone: tzinfo) -> str:
    body = "".join(f"<dl>{''.join(_field(*pair, zone) for pair in _filled(row))}</dl>" for row in rows)
    return f'<section id="{name}"><h2>{escape(SECTIONS[name])}</h2>{body or "<p>Tidak ada.</p>"}</section>'


def _filled(row: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((name, value) for name, value in row.items() if value not in (None, "", [], {}))


def _field(name: str, value: Any, zone: tzinfo) -> str:
    return f"<dt>{escape(WORDS[name])}</dt><dd>{escape(_said(value, zone))}</dd>"


def _said(value: Any, zone: tzinfo) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, list):
        return "\n".join(_said(one, zone) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{WORDS.get(name, name)}: {_said(inner, zone)}" for name, inner in value.items())
    text = str(value)
    try:
        moment = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        moment = None
    return moments.full(moment, zone) if moment is not None and moment.tzinfo is not None else text
