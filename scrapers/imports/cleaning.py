"""What is taken out of captured JSON before anything is mapped, hashed or kept.

A capture is made in a signed-in browser, so its addresses carry the collector's session (`msToken`, `X-Bogus`,
`verifyFp`, `device_id`, ...) and its items say what the collector liked, saved and follows. None of that is evidence.
What people published stays word for word, but for session parameters inside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import re2

MAX_DEPTH = 100  # real items nest about thirty deep

# Parameters that name a piece of content; all others are dropped from addresses.
_CONTENT_IDS = frozenset({
    "v", "id", "p", "list", "fbid", "story_fbid", "comment_id", "reply_comment_id", "item_id", "aweme_id",
    "video_id", "media_id", "post_id", "tweet_id", "set", "article", "article_id", "news_id",
})  # fmt: skip
_CONTENT_ID = re.compile(r"[\w.:,-]{1,200}")

# Names compared in lower case without `_`, `-` and `.`.
_SECRET_NAMES = frozenset({
    "mstoken", "xbogus", "xgnarly", "signature", "verifyfp", "fp", "deviceid", "iid", "installid", "odinid",
    "webid", "webidlasttime", "ttwid", "ttcsrftoken", "sidtt", "sidguard", "uidtt", "sessionid", "sessionidss",
    "cookie", "cookies", "setcookie", "useragent", "authorization", "authtoken", "accesstoken", "refreshtoken",
    "bearertoken", "token", "csrf", "csrftoken", "ct0", "guestid", "guesttoken", "kdt", "twid", "personalizationid",
    "fbdtsg", "lsd", "jazoest", "dsuserid", "igdid", "mid", "rur", "claim", "wwwclaim", "xigwwwclaim", "apikey",
    "password", "clientuuid", "clienttransactionid", "trackingtoken", "organictrackingtoken", "loggingtoken",
    "logginginfotoken", "rankingtoken", "sessiontoken", "logpb", "logextra", "logid", "imprid", "clientcachekey",
    "integrityreviewdecision",
})  # fmt: skip

# What an item says about the collector: who they follow, what they liked, friends of theirs among the likers.
_VIEWER_NAMES = frozenset({
    "toplikers", "facepiletoplikers", "facepiletopreposters", "socialcontext", "friendshipstatus", "hasliked",
    "viewer", "viewerhasliked", "viewerhassaved", "viewerhassavedtocollection", "hasviewersaved",
    "viewerinphotoofyou", "viewercanreshare", "followedbyviewer", "requestedbyviewer", "blockedbyviewer",
    "followsviewer", "hasblockedviewer", "restrictedbyviewer", "hasrequestedviewer", "canviewerreshare",
    "canviewersave", "haspriviewed", "savedcollectionids", "favorited", "bookmarked", "retweeted",
    "relationshipperspectives", "followrequestsent", "superfollowedby", "superfollowing", "dmpermissions",
    "notificationssettings", "digged", "collected", "userdigged", "userburied", "collectstat", "followstatus",
    "followerstatus", "relation", "mutualfollowers", "edgemutualfollowedby", "profilecontextfacepileusers",
    "likedbyfriends", "friends", "videodashmanifest",
})  # fmt: skip

# Fields that hold what a person wrote: addresses in them stay whole but for session parameters.
_WRITTEN = frozenset({
    "text", "fulltext", "desc", "caption", "title", "description", "body", "name", "nickname", "fullname",
    "exttalttext", "extalttext", "accessibilitycaption", "stickertext",
    "textoriginal", "textdisplay", "simpletext", "content", "shortdescription", "commentshtml",
})  # fmt: skip

_URL = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)
SECRET_PARAMETER = re.compile(
    r"(?<![\w-])"
    r"(?:ms_?token|x-bogus|x-gnarly|_signature|verify_?fp|s_v_web_id|device_?id|odin_?id|web_?id|ttwid|tt_csrf_token|"
    r"__cft__(?:\[\d\])?|__tn__|sid_tt|session_?id(?:_ss)?|access_?token|auth_?token|refresh_?token|csrf_?token|fb_dtsg|user_?agent|cookie)"
    r"=[^&\s\"'<>#]*&?",
    re.IGNORECASE,
)
_ENCODED = re.compile("%3d", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_OWN_PAGES = frozenset({"saved", "direct", "messages", "bookmarks", "settings"})
# An address up to its query or fragment, without sign-in, on no host that only passes on to another.
_ORDINARY = re.compile(
    r"https?://(?!lm?\.(?:instagram|facebook)\.com)[^/?#@\s\"'<>\\]+(?:/[^?#\s\"'<>\\]*)?(?=[?#]|\Z)"
).match
_NONE = r"\x00-\x20\x7f\"'<>\\"  # what stands in no address; spelled out, since that is faster than \s
_ORDINARY_LINES = re.compile(
    rf"(?:https?://(?!lm?\.(?:instagram|facebook)\.com)[^/?#@{_NONE}]+(?:/[^?#{_NONE}]*)?(?:\n|\Z))+\Z"
).match
_KEPT_PARAMETER = re.compile(rf"&(?:{'|'.join(sorted(_CONTENT_IDS))})=").search
_HIDDEN_NAME = re.compile(r"&[^=&]*[%+]").search
# Both at once for the queries of many addresses, in any case; in linear time, and several times faster than re.
_TELLING = re2.compile(rf"&(?:(?i:{'|'.join(sorted(_CONTENT_IDS))})=|[^=&]*[%+])").search
_NOT_IN_QUERIES = "\"'<>\\ \t\n\r\v\f\x1c\x1d\x1e\x1f"
_SHIMS = frozenset({"l.instagram.com", "l.facebook.com", "lm.facebook.com"})

_Found = list[tuple[Any, Any, str]]  # where an address stands: its object or list, its name or place there, its text


class TooDeep(ValueError):
    """The JSON nests deeper than any real item."""


def strip_url(url: str) -> str:
    """Return an address without sign-in, fragment and query, content ids excepted; shims give their destination."""
    bare = _without_query(url)
    return _strip_slowly(url) if bare is None else bare


def _without_query(url: str) -> str | None:
    """Return an ordinary address without its query, None for a text that has to be taken apart.

    Most addresses in a capture are of pictures and videos, with long signed queries of which nothing is kept. The
    patterns begin with a plain letter and mind the case, since that is where the time goes.
    """
    found = _ORDINARY(url)
    if found is None:
        return None
    query = url[found.end() :]
    if not query:
        return url
    names = "&" + query[1:].lower()
    if _KEPT_PARAMETER(names) or (("%" in query or "+" in query) and _HIDDEN_NAME(names)):
        return None
    if '"' in query or "'" in query or "<" in query or ">" in query or "\\" in query or len(query.split()) != 1:
        return None  # more follows than the address
    return found[0]


def _strip_slowly(url: str) -> str:
    try:
        parts = urlsplit(url)
        query = parse_qsl(parts.query, keep_blank_values=False, max_num_fields=200)
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return re.split(r"[?#]", url, maxsplit=1)[0]
    if host.lower() in _SHIMS:
        destination = next((value for name, value in query if name == "u" and value.startswith("http")), None)
        if destination is not None and urlsplit_host(destination) not in _SHIMS:
            return strip_url(destination)
    kept = [(name, value) for name, value in query if name.lower() in _CONTENT_IDS and _CONTENT_ID.fullmatch(value)]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(kept, safe=":,"), ""))


def urlsplit_host(url: str) -> str:
    """Return the lower-case host of an address, empty where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def clean(value: Any) -> Any:
    """Return JSON without session parameters and without what it says about the collector.

    Lone surrogates become U+FFFD and numbers beyond 64 bits become text, so that the result can be encoded. Raises
    TooDeep.
    """
    return scrub(_copied(value, 0))


def scrub(value: Any) -> Any:
    """Clean freshly decoded JSON in place, which is several times faster; returns it. Raises TooDeep."""
    found: _Found = []
    if isinstance(value, dict):
        _scrub_object(value, 1, found)
    elif isinstance(value, list):
        _scrub_list(value, "", 1, found)
    else:
        return _clean_scalar(value, False)
    if found:
        _scrub_addresses(found)
    return value


def _copied(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise TooDeep
    if isinstance(value, dict):
        return {key: _copied(entry, depth + 1) for key, entry in value.items()}
    if isinstance(value, list):
        return [_copied(entry, depth + 1) for entry in value]
    return value


def _scrub_object(data: dict[str, Any], depth: int, found: _Found) -> None:
    if depth > MAX_DEPTH:
        raise TooDeep
    if not _SAFE.issuperset(data):
        _scrub_names(data)
    for name, value in data.items():  # values are replaced, names stay: the object may be walked meanwhile
        kind = type(value)
        if kind is str:
            if "=" in value or "@" in value or "#" in value or "%" in value or not value.isascii():
                written = _NAMES[name].written
                if not written and value.startswith("http"):
                    found.append((data, name, value))
                else:
                    data[name] = _clean_text(value, written)
        elif kind is dict:
            _scrub_object(value, depth + 1, found)
        elif kind is list:
            if value:
                _scrub_list(value, name, depth + 1, found)
        elif kind is int and not -(2**63) <= value < 2**64:
            data[name] = _clean_scalar(value, False)


def _scrub_list(values: list[Any], name: str, depth: int, found: _Found) -> None:
    if depth > MAX_DEPTH:
        raise TooDeep
    written = _NAMES[name].written
    for number, value in enumerate(values):
        kind = type(value)
        if kind is dict:
            _scrub_object(value, depth + 1, found)
        elif kind is list:
            _scrub_list(value, name, depth + 1, found)
        elif kind is str and not written and value.startswith("http"):
            found.append((values, number, value))
        elif kind is str or kind is int:
            values[number] = _clean_scalar(value, written)


def _scrub_addresses(found: _Found) -> None:
    """Clean the addresses of an item: all at once where they are ordinary ones, else one by one."""
    bare: list[str] = []
    queries: list[str] = []
    for _, _, text in found:
        address, _, query = text.partition("?")
        bare.append(address)
        queries.append(query)
    ordinary = _all_ordinary("\n".join(bare), "&" + "&".join(queries), len(bare))
    for number, (holder, key, text) in enumerate(found):
        holder[key] = bare[number] if ordinary else _clean_text(text, False)


def _all_ordinary(addresses: str, queries: str, number: int) -> bool:
    """Whether addresses, one a line, are clean without their queries, and nothing of the queries is to be kept.

    It asks of all together what `_without_query` and `_clean_text` ask of each, or more.
    """
    return (
        addresses.isascii()
        and queries.isascii()
        and "=" not in addresses
        and "%3" not in addresses
        and addresses.count("\n") == number - 1
        and _ORDINARY_LINES(addresses) is not None
        and not any(map(queries.__contains__, _NOT_IN_QUERIES))
        and _TELLING(queries.encode()) is None
    )


def _scrub_names(data: dict[str, Any]) -> None:
    """Drop what is named like a secret or like the collector, and clean the other names."""
    for name in [name for name in data if name not in _SAFE]:
        known = _NAMES[name]
        if known.dropped:
            del data[name]
        elif known.name != name:
            data[known.name] = data.pop(name)
        elif len(_SAFE) < _MOST_NAMES:
            _SAFE.add(name)


def _clean_scalar(value: Any, written: bool) -> Any:
    if isinstance(value, str):
        return _clean_text(value, written)
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)[:40] if value.bit_length() < 1000 else "?"
    return value


def clean_envelope(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a capture's envelope what says which item was seen where and when, and nothing about the browser."""
    kept: dict[str, Any] = {}
    for key in _ENVELOPE:
        value = envelope.get(key)
        if isinstance(value, str):
            kept[key] = _page(value[:_MOST_URL]) if key in _PAGES else _clean_text(value, False)
        elif isinstance(value, _SCALARS):
            kept[key] = _clean_scalar(value, False)
    return kept


_SCALARS = (int, float)
_PAGES = frozenset({"source_platform_url", "source_url"})
_MOST_URL = 20_000
_ENVELOPE = (
    "item_id", "id", "timestamp_collected", "last_updated", "source_platform", "source_platform_url", "source_url",
    "_zs_partial",
)  # fmt: skip


@lru_cache(maxsize=1024)  # what one request brought is many lines
def _page(url: str) -> str:
    """Return the address of the page a capture was made on; pages that are the collector's own lose their path."""
    bare = strip_url(url)
    try:
        parts = urlsplit(bare)
    except ValueError:
        return ""
    own = _OWN_PAGES.intersection(parts.path.split("/"))
    return _clean_text(urlunsplit((parts.scheme, parts.netloc, "/", "", "")) if own else bare, False)


@dataclass(frozen=True, slots=True)
class _Name:
    """What is done with a field of one name: the name to write, dropped or not, written by a person or not."""

    name: str
    dropped: bool
    written: bool


class _Names(dict[str, _Name]):
    """The names met so far: items repeat some hundreds, and the bound holds against files that do not."""

    def __missing__(self, name: str) -> _Name:
        plain = re.sub(r"[_\-.]", "", name[:100]).lower()
        known = _Name(_clean_text(name, True), _dropped(plain), plain in _WRITTEN)
        if len(self) < _MOST_NAMES:
            self[name] = known
        return known


def _dropped(plain: str) -> bool:
    return plain in _SECRET_NAMES or plain in _VIEWER_NAMES or (plain.startswith("viewer") and plain != "viewercount")


def _clean_text(text: str, written: bool) -> str:
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    if not written:
        bare = _without_query(text) if text.startswith("http") else None
        if bare is not None:
            text = bare
        if "%3" in text and _ENCODED.search(text) and SECRET_PARAMETER.search(unquote(text)):
            text = unquote(text)
        if "?" in text or "#" in text or "@" in text:
            text = _URL.sub(_stripped, text)
    return SECRET_PARAMETER.sub("", text) if "=" in text else text


def _stripped(found: re.Match[str]) -> str:
    return strip_url(found[0])


_MOST_NAMES = 4096
_NAMES = _Names()
_SAFE: set[str] = set()  # names that need no look
