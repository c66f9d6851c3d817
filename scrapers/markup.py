"""How deep a page nests, found before it is parsed: parsing takes time that grows with the square of the depth."""

from __future__ import annotations

import re

DEEPEST = 10_000  # real pages nest some hundreds deep
_TAG = re.compile(
    r"<(?:script|style)\b.*?(?:</(?:script|style)\b|\Z)|<(/?)([a-z][^\s/>]{0,40})", re.DOTALL | re.IGNORECASE
)
# Elements that hold nothing, or that the next one closes by itself.
_FLAT = frozenset({
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
    "param", "path", "rect", "source", "td", "th", "tr", "track", "use", "wbr", "html", "head", "body",
})  # fmt: skip


def nests_too_deep(text: str) -> bool:
    """Whether a page has more elements open at once than any real one; takes time linear in its length."""
    if text.count("<") <= DEEPEST:
        return False
    depth = 0
    for closing, name in _TAG.findall(text):
        if not name or name.lower() in _FLAT:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        if depth > DEEPEST:
            return True
    return False
