"""What is kept of a saved page or recorded answer: what people published, without the collector's session.

A page that a signed-in browser received tells who was signed in and holds their tokens. So of a page only the JSON
that holds content stays, cleaned like captured items, and of the rendered page only the parts that a platform's
mapper reads.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser

from scrapers.imports.cleaning import SECRET_PARAMETER, TooDeep, scrub, strip_url
from scrapers.imports.contract import SavedPage
from scrapers.imports.page_json import answer_values, looks_like_html, page_text, scripts
from scrapers.markup import nests_too_deep

# Parameters that say which part of a platform's content a page shows.
_PAGE_PARAMETERS = frozenset({"before", "after", "embed", "discussion", "comment", "mode", "single", "t", "lc"})
_PAGE_VALUE = re.compile(r"[\w.:,-]{1,100}")
_VARIABLES = frozenset({
    "tweetId", "tweet_id", "focalTweetId", "userId", "screen_name", "postID", "postId", "post_id", "mediaId",
    "media_id", "shortcode", "storyID", "feedbackID", "parent_id", "commentID",
})  # fmt: skip
_HEAD = (
    'link[rel="canonical"]', 'meta[property^="og:"]', 'meta[name="description"]', 'meta[itemprop]', "title",
)  # fmt: skip
_REMOVED = (
    "script, style, noscript, iframe, object, embed, template, form, input, textarea, link, "
    "[contenteditable], [role=textbox], [role=banner], [role=navigation]"
)
_DATA_URI = re.compile(r"data:[\w/+.;=-]{1,100}base64,[A-Za-z0-9+/=%\s]*")
_WALLS = 'form#login_form, form[action*="/login/"], #login_popup_cta_form, #cs'


@dataclass(frozen=True, slots=True)
class Keeping:
    """What of a platform's pages is kept: rendered parts by CSS, and words of which a script must hold one.

    `removed` are parts, by CSS, that show who was signed in; `drawings` is what of drawings is removed.
    """

    rendered: str = "body"
    removed: str = ""
    drawings: str = "svg"
    marks: tuple[str, ...] = ()


def clean_page(page: SavedPage, keeping: Keeping) -> SavedPage:
    """Return a page without the collector's session; raises TooDeep for one that nests deeper than real ones."""
    text = page_text(page)
    if looks_like_html(text):
        if nests_too_deep(text):
            raise TooDeep
        body, kind = _clean_html(text, keeping), "text/html; charset=utf-8"
    else:
        found = [scrub(value) for value in answer_values(text)]
        body, kind = b"\n".join(_encoded(value) for value in found), "application/json"
    return SavedPage(clean_page_url(page.url), body, kind, page.captured_at)


def clean_page_url(url: str) -> str:
    """Return an address with what says which content it shows, and nothing that says who asked."""
    bare = strip_url(url)
    try:
        query = parse_qsl(urlsplit(url).query, max_num_fields=200)
        parts = urlsplit(bare)
    except ValueError:
        return bare
    kept = parse_qsl(parts.query)
    kept += [(name, value) for name, value in query if name in _PAGE_PARAMETERS and _PAGE_VALUE.fullmatch(value)]
    kept += [("variables", found) for name, value in query if name == "variables" and (found := _variables(value))]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept, safe=":,"), ""))


def _variables(text: str) -> str:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(given, dict):
        return ""
    kept = {
        name: value
        for name, value in given.items()
        if name in _VARIABLES and isinstance(value, str | int) and _PAGE_VALUE.fullmatch(str(value))
    }
    return json.dumps(kept, separators=(",", ":")) if kept else ""


def _clean_html(text: str, keeping: Keeping) -> bytes:
    tree = LexborHTMLParser(text)
    head = [_DATA_URI.sub("", node.html or "") for css in _HEAD for node in tree.css(css)[:40]]
    wall = ['<form id="login_form"></form>'] if tree.css_first(_WALLS) is not None else []
    blocks = [
        _script(script.element_id, script.assigned, scrub(script.value))
        for script in scripts(tree)
        if isinstance(script.value, dict | list)
    ]
    kept = [block for block in blocks if not keeping.marks or any(mark in block for mark in keeping.marks)]
    rendered = _rendered(tree, keeping)
    return "".join(
        ["<!doctype html><html><head>", *head, *kept, "</head><body>", *wall, *rendered, "</body></html>"]
    ).encode("utf-8", "replace")


def _script(identity: str, assigned: str, value: Any) -> str:
    text = _encoded(value).decode().replace("<", "\\u003c")
    marked = f' id="{html.escape(identity, quote=True)}"' if identity else ""
    if assigned:
        return f"<script{marked}>{assigned} = {text};</script>"
    return f'<script type="application/json"{marked}>{text}</script>'


def _rendered(tree: LexborHTMLParser, keeping: Keeping) -> list[str]:
    css = keeping.rendered
    if not css:
        return []
    for node in tree.css(", ".join(part for part in (_REMOVED, keeping.drawings, keeping.removed) if part)):
        node.decompose()
    matched = tree.css(css)
    places = {node.mem_id for node in matched}
    found = [node for node in matched if not _inside(node, places)]
    texts = [node.inner_html if css == "body" else node.html for node in found]
    return [SECRET_PARAMETER.sub("", _DATA_URI.sub("", text)) for text in texts if text]


def _inside(node: Any, places: set[int]) -> bool:
    """Whether a node stands inside one of these; selectolax's own `css_matches` looks below a node, not at it."""
    above = node.parent
    while above is not None and above.tag not in ("html", "-undef"):
        if above.mem_id in places:
            return True
        above = above.parent
    return False


def _encoded(value: Any) -> bytes:
    try:
        return msgspec.json.encode(value)
    except (msgspec.ValidationError, OverflowError, RecursionError, ValueError) as error:
        raise TooDeep from error
