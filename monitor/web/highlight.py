"""Texts from platforms with the stretches a rule rests on marked; the only place where they become HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from monitor.domain import Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text; `aliases` names what a marked stretch was recognised as."""

    text: str
    marked: bool = False
    aliases: tuple[str, ...] = ()


def segments(text: str, spans: Iterable[Span]) -> tuple[Segment, ...]:
    """Cut a text at its spans: joined segments give the text back, overlapping spans are one segment.

    A span that does not fit the text (an edited version, another field) marks nothing: better no mark than a wrong one.
    """
    fitting = sorted((s for s in spans if _fits(text, s)), key=lambda s: (s.start, s.end))
    pieces: list[Segment] = []
    at = 0
    for start, end, aliases in _merged(fitting):
        if start > at:
            pieces.append(Segment(text[at:start]))
        pieces.append(Segment(text[start:end], marked=True, aliases=aliases))
        at = end
    if at < len(text):
        pieces.append(Segment(text[at:]))
    return tuple(pieces)


def highlight(text: str, spans: Iterable[Span] = ()) -> Markup:
    """Return the text as safe HTML with `<mark>` around its spans; everything of the platform is escaped."""
    return Markup("").join(_render(piece) for piece in segments(text, spans))


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


def _render(piece: Segment) -> Markup:
    if not piece.marked:
        return escape(piece.text)
    if not piece.aliases:
        return Markup("<mark>{}</mark>").format(piece.text)
    return Markup('<mark title="Dikenali sebagai: {}">{}</mark>').format(", ".join(piece.aliases), piece.text)
