"""A person's copy as one page that any browser shows: what is stored, in plain words, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape
from typing import Any, Final

from monitor import moments
from monitor.privacy.export import Copy
from monitor.privacy.readable_words import SECTIONS, VALUES, WORDS

Audited = Mapping[str, Callable[[str], str]]
"""What an `action` and a `subject` of the audit log are called."""
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


def as_html(copy: Copy, agency: str, zone: tzinfo, audited: Audited) -> str:
    """Return the whole page, without anything that a browser would have to fetch.

    `audited` says what the actions and subjects of the audit log are called.
    """
    parts = [
        '<!doctype html><html lang="id"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width"><title>Salinan data pribadi</title>',
        f"<style>{_STYLE}</style></head><body><h1>Salinan data pribadi</h1>",
        f"<p>{escape(agency)}, {escape(moments.full(copy.made_at, zone))}.",
        f"Dasar permintaan: {escape(copy.ground)}.</p>",
        f"<p>{_INTRO}</p>",
        *(_section(name, rows, zone, audited) for name, rows in copy.sections.items()),
        "<h2>Yang tidak disalin</h2><ul>",
        *(f"<li>{escape(reason[:1].upper() + reason[1:])}.</li>" for reason in dict.fromkeys(copy.left_out.values())),
        "</ul></body></html>\n",
    ]
    return "\n".join(parts)


def _section(name: str, rows: list[dict[str, Any]], zone: tzinfo, audited: Audited) -> str:
    words = _Words(name, zone, audited)
    body = "".join(f"<dl>{''.join(_field(*pair, words) for pair in _filled(row))}</dl>" for row in rows)
    return f'<section id="{name}"><h2>{escape(SECTIONS[name])}</h2>{body or "<p>Tidak ada.</p>"}</section>'


def _filled(row: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    return ((name, value) for name, value in row.items() if value not in (None, "", [], {}))


def _field(name: str, value: Any, words: _Words) -> str:
    return f"<dt>{escape(WORDS[name])}</dt><dd>{escape(_said(name, value, words))}</dd>"


def _said(name: str, value: Any, words: _Words) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, list):
        return "\n".join(_said(name, one, words) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{WORDS.get(key, key)}: {_said(key, inner, words)}" for key, inner in value.items())
    text = str(value)
    return words.of_token(name, text) or words.of_moment(text) or text


@dataclass(frozen=True, slots=True)
class _Words:
    """How the values of one section are said."""

    section: str
    zone: tzinfo
    audited: Audited

    def of_token(self, name: str, text: str) -> str:
        """Return what a token of a field is called, nothing for what is no token."""
        if self.section == "looked_at" and name in ("action", "subject"):
            return self.audited[name](text)
        return VALUES.get((self.section, name), {}).get(text, "")

    def of_moment(self, text: str) -> str:
        """Return a time as people read it, nothing for what is none."""
        try:
            moment = datetime.fromisoformat(text) if "T" in text else None
        except ValueError:
            return ""
        return moments.full(moment, self.zone) if moment is not None and moment.tzinfo is not None else ""
