"""Texts from platforms with the stretches a rule rests on marked; the only place where they become HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from monitor.domain import Span, Stance
from monitor.labels import label

_SIDES = {side.value: label(side) for side in (Stance.DUKUNGAN, Stance.CELAAN)}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text; `aliases` names what a marked one was recognised as, `side` what a hint takes it for."""

    text: str
    marked: bool = False
    aliases: tuple[str, ...] = ()
    side: str = ""


def segments(text: str, spans: Iterable[Span], hints: Iterable[Span] = ()) -> tuple[Segment, ...]:
    """Cut a text at its spans: joined segments give the text back, overlapping spans are one segment.

    A span that does not fit the text (an edited version, another field) marks nothing: better no mark than a wrong one.
    `hints` are cut out of what the spans mark; where hints overlap, the first one holds.
    """
    marks = _merged(sorted((s for s in spans if _fits(text, s)), key=lambda s: (s.start, s.end)))
    sides = _apart(sorted((s for s in hints if _fits(text, s) and s.alias in _SIDES), key=lambda s: (s.start, s.end)))
    edges = sorted({0, len(text), *(e for m in marks for e in m[:2]), *(e for s in sides for e in s[:2])})
    pieces = []
    for start, end in pairwise(edges):
        mark = next((m for m in marks if m[0] <= start and end <= m[1]), None)
        side = next((s[2] for s in sides if s[0] <= start and end <= s[1]), "")
        pieces.append(Segment(text[start:end], mark is not None, mark[2] if mark else (), side))
    return tuple(pieces)


def highlight(text: str, spans: Iterable[Span] = (), hints: Iterable[Span] = ()) -> Markup:
    """Return the text as safe HTML with `<mark>` around its spans and hints; all of the platform's is escaped."""
    return Markup("").join(_render(piece) for piece in segments(text, spans, hints))


def _fits(text: str, span: Span) -> bool:
    return 0 <= span.start < span.end <= len(text) and text[span.start : span.end] == span.text


def _merged(spans: Iterable[Span]) -> list[tuple[int, int, tuple[str, ...]]]:
    merged: list[tuple[int, int, tuple[str, ...]]] = []
    for span in spans:
        alias = (span.alias,) if span.alias else ()
        if merged and span.start < merged[-1][1]:
            start, end, aliases = merged[-1]
            merged[-1] = (start, max(end, span.end), tuple(dict.fromkeys(aliases + alias)))
        else:
            merged.append((span.start, span.end, alias))
    return merged


def _apart(hints: Sequence[Span]) -> list[tuple[int, int, str]]:
    apart: list[tuple[int, int, str]] = []
    for hint in hints:
        if not apart or hint.start >= apart[-1][1]:
            apart.append((hint.start, hint.end, hint.alias))
    return apart


def _render(piece: Segment) -> Markup:
    if not piece.marked and not piece.side:
        return escape(piece.text)
    known = f"Dikenali sebagai: {', '.join(piece.aliases)}" if piece.aliases else ""
    if not piece.side:
        told = Markup('<mark data-as="{}" title="{}">{}</mark>').format(_as(piece), known, piece.text)
        return told if known else Markup("<mark>{}</mark>").format(piece.text)
    hint = f"Petunjuk sikap: {_SIDES[piece.side]}"
    title = f"{hint}. {known}" if known else hint
    shown = "stance also" if piece.marked else "stance"
    return Markup('<mark class="{} {}" data-hint="{}" title="{}">{}</mark>').format(
        shown, piece.side, _SIDES[piece.side], title, piece.text
    )


def _as(piece: Segment) -> str:
    """Return the small word beside a mark: what it was recognised as, where that is not what stands there anyway."""
    names = [name for name in piece.aliases if _bare(name) != _bare(piece.text)]
    return ", ".join(names) or "sebutan"


def _bare(text: str) -> str:
    return text.casefold().lstrip("#@").strip()
