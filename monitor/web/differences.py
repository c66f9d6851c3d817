"""What changed between two versions of a text, word by word; the only place that marks it in HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from markupsafe import Markup, escape

_WORDS = re.compile(r"\s+|[^\s]+")
_LONGEST = 4000
"""Words beyond which two versions are shown whole: comparing grows with their product."""


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of two versions: `old` stood before, `new` stands now; equal where both are the same."""

    old: str
    new: str

    @property
    def same(self) -> bool:
        """Whether nothing changed here."""
        return self.old == self.new


def changes(old: str, new: str) -> tuple[Change, ...]:
    """Return both texts as stretches: the old ones joined give the old text back, the new ones the new."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) > _LONGEST or len(after) > _LONGEST:
        return (Change(old, new),)
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return tuple(Change("".join(before[a:b]), "".join(after[c:d])) for _, a, b, c, d in found)


def marked(old: str, new: str) -> Markup:
    """Return the new text as safe HTML with what was taken out and put in; underline and strike say it without colour.

    Words for the ear stand beside the marks, because not every screen reader tells of them.
    """
    return Markup("").join(_render(change) for change in changes(old, new))


def _render(change: Change) -> Markup:
    if change.same:
        return escape(change.new)
    gone = Markup('<del><span class="hidden-label">dihapus: </span>{}</del>').format(change.old) if change.old else ""
    put = Markup('<ins><span class="hidden-label">ditambah: </span>{}</ins>').format(change.new) if change.new else ""
    return Markup("{}{}").format(gone, put)
