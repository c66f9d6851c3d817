"""Facebook: the blocks of a page as the browser shows it, gathered in one walk over its elements.

A block is an element of role "article" (posts and comments), a place in the feed, or what stands outside of these in
the parts that are marked as a post's author and text. What a block holds does not count for the block around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})
_LINES = frozenset({"div", "p", "li", "blockquote"})
_SILENT = frozenset({"script", "style", "noscript", "template", "form"})
_MESSAGES = (
    ("data-ad-preview", "message"),
    ("data-ad-comet-preview", "message"),
    ("data-ad-rendering-role", "story_message"),
)


@dataclass(slots=True)
class Link:
    """One link: its address, whether it stands in a heading, and the text that it belongs to."""

    address: str
    in_heading: bool = False
    in_text: bool = False


@dataclass(slots=True)
class Block:
    """What one block shows. `inner` is an original that it shares; `above` is the block around it."""

    kind: Literal["article", "place", "page", "shared"]
    label: str = ""
    above: Block | None = None
    inner: Block | None = None
    heading: int = 0
    links: list[Link] = field(default_factory=list)
    message: list[str] | None = None
    paragraphs: list[list[str]] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    cut: bool = False

    @property
    def text(self) -> str:
        """The text that was published: what is marked as such, else the paragraphs."""
        parts = [self.message] if self.message is not None else self.paragraphs
        return "\n".join(text for part in parts if (text := _lines(part)))


@dataclass(frozen=True, slots=True)
class _Here:
    """Where the walk stands: inside which block, text, link and heading. Headings are numbered from 1."""

    block: Block
    text: list[str] | None = None
    link: Link | None = None
    heading: int = 0
    silent: bool = False
    open: bool = False  # inside a part of the page that is marked as a post's author or text


def blocks(text: str) -> list[Block]:
    """Return every block of a page in its order, the outer before the inner; the first is the page itself."""
    body = LexborHTMLParser(text).body
    page = Block("page")
    found, headings = [page], 0
    waiting: list[tuple[LexborNode, _Here]] = [(body, _Here(page))] if body is not None else []
    while waiting:
        node, here = waiting.pop()
        if node.is_text_node:
            _take_text(node.text_content or "", here)
            continue
        attributes = node.attributes
        if node.tag in _HEADINGS or attributes.get("data-ad-rendering-role") == "profile_name":
            headings += 1
            here = _moved(here, heading=headings, opened=True)
        below = _enter(node, attributes, here, found)
        if below is not None:
            waiting.extend((child, below) for child in reversed(list(node.iter(include_text=True))))
    return found


def _enter(node: LexborNode, attributes: Mapping[str, str | None], here: _Here, found: list[Block]) -> _Here | None:
    """Return where the walk stands inside an element, None where nothing of it is read."""
    tag, label = node.tag or "", attributes.get("aria-label") or ""
    if tag in _SILENT:
        return None
    if _starts(attributes):
        kind: Literal["article", "place"] = "article" if attributes.get("role") == "article" else "place"
        block = Block(kind, label, here.block)
        found.append(block)
        return _Here(block, open=True)
    current = here.block.inner or here.block
    if label or tag == "title":
        current.labels.append(label or node.text(deep=True)[:200])
    if tag in ("svg", "title"):
        return _moved(here, silent=True)
    if attributes.get("role") == "button":
        current.cut = current.cut or here.text is not None
        return _moved(here, silent=True)
    return _inside(tag, attributes, here)


def _inside(tag: str, attributes: Mapping[str, str | None], here: _Here) -> _Here:
    if tag == "img":
        _take_picture(attributes.get("alt") or "", here)
    elif here.text and (tag == "br" or tag in _LINES):
        here.text.append("\n")
    elif tag == "a" and attributes.get("href"):
        return _follow(attributes["href"] or "", here)
    elif tag == "strong" and here.link is not None:
        here.link.in_heading = True
    block = here.block.inner or here.block
    if any(attributes.get(name) == value for name, value in _MESSAGES):
        if block.message is None:
            block.message = []
            return _moved(here, text=block.message, opened=True)
    elif tag == "div" and attributes.get("dir") == "auto" and here.text is None and here.link is None and here.open:
        block.paragraphs.append([])
        return _moved(here, text=block.paragraphs[-1])
    return here


def _starts(attributes: Mapping[str, str | None]) -> bool:
    placed = "aria-posinset" in attributes and "aria-describedby" in attributes
    pagelet = attributes.get("data-pagelet") or ""
    return attributes.get("role") == "article" or placed or pagelet.startswith("FeedUnit")


def _follow(address: str, here: _Here) -> _Here:
    if not here.open or here.silent:
        return here
    link = Link(address, bool(here.heading), here.text is not None)
    outer = here.block
    if here.heading and not link.in_text:
        if not outer.heading:
            outer.heading = here.heading
        elif here.heading > outer.heading and outer.inner is None and outer.kind != "page":
            outer.inner = Block("shared", above=outer)  # a second heading names who wrote what is shared
    (outer.inner or outer).links.append(link)
    return _moved(here, link=link)


def _take_text(text: str, here: _Here) -> None:
    if here.text is not None and not here.silent:
        here.text.append(text)


def _take_picture(alt: str, here: _Here) -> None:
    if not alt or here.silent:
        return
    if here.text is not None:  # emoji are pictures
        here.text.append(alt)
    elif here.link is not None and "/photo" in here.link.address:
        (here.block.inner or here.block).pictures.append(alt)


def _moved(
    here: _Here,
    *,
    text: list[str] | None = None,
    link: Link | None = None,
    heading: int = 0,
    silent: bool = False,
    opened: bool = False,
) -> _Here:
    return _Here(
        here.block,
        here.text if text is None else text,
        link or here.link,
        heading or here.heading,
        silent or here.silent,
        opened or here.open,
    )


def _lines(parts: list[str]) -> str:
    """Return a text with its lines, without the blanks that only lay out the page."""
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
