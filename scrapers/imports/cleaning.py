"""What is taken out of captured JSON before anything is mapped, hashed or kept.

A capture is made in a signed-in browser, so its addresses carry the collector's session (`msToken`, `X-Bogus`,
`verifyFp`, `device_id`, ...) and its items say what the collector liked, saved and follows. None of that is evidence.
What people published stays word for word, but for session parameters inside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

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
})  # fmt: skip

_URL = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)
SECRET_PARAMETER = re.compile(
    r"(?<![\w-])"
    r"(?:ms_?token|x-bogus|x-gnarly|_signature|verify_?fp|s_v_web_id|device_?id|odin_?id|web_?id|ttwid|tt_csrf_token|"
    r"sid_tt|session_?id(?:_ss)?|access_?token|auth_?token|refresh_?token|csrf_?token|fb_dtsg|user_?agent|cookie)"
    r"=[^&\s\"'<>#]*&?",
    re.IGNORECASE,
)
_ENCODED = re.compile("%3d", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_OWN_PAGES = frozenset({"saved", "direct", "messages", "bookmarks", "settings"})
_SHIMS = frozenset({"l.instagram.com", "l.facebook.com", "lm.facebook.com"})


class TooDeep(ValueError):
    """The JSON nests deeper than any real item."""


def strip_url(url: str) -> str:
    """Return an address without sign-in, fragment and query, content ids excepted; shims give their destination."""
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


def clean(value: Any, name: str = "", depth: int = 0) -> Any:
    """Return JSON without session parameters and without what it says about the collector.

    Lone surrogates become U+FFFD and numbers beyond 64 bits become text, so that the result can be encoded. Raises
    TooDeep.
    """
    if depth > MAX_DEPTH:
        raise TooDeep
    if isinstance(value, str):
        return _clean_text(value, written=name in _WRITTEN)
    if isinstance(value, dict):
        return {
            _clean_text(key, written=True): clean(entry, plain, depth + 1)
            for key, entry in value.items()
            if not _dropped(plain := _plain(key[:100]))
        }
    if isinstance(value, list):
        return [clean(entry, name, depth + 1) for entry in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)[:40] if value.bit_length() < 1000 else "?"
    return value


def clean_envelope(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """Return of a capture's envelope what says which item was seen where and when, and nothing about the browser."""
    kept = {key: envelope[key] for key in _ENVELOPE if isinstance(envelope.get(key), str | int | float | bool)}
    return {key: clean(_page(str(value)) if key.endswith("_url") else value) for key, value in kept.items()}


_ENVELOPE = (
    "item_id", "id", "timestamp_collected", "last_updated", "source_platform", "source_platform_url", "source_url",
    "_zs_partial",
)  # fmt: skip


def _page(url: str) -> str:
    """Return the address of the page a capture was made on; pages that are the collector's own lose their path."""
    bare = strip_url(url)
    try:
        parts = urlsplit(bare)
    except ValueError:
        return ""
    own = _OWN_PAGES.intersection(parts.path.split("/"))
    return urlunsplit((parts.scheme, parts.netloc, "/", "", "")) if own else bare


@lru_cache(maxsize=4096)  # items repeat some hundreds of names; the bound holds against files that do not
def _plain(key: str) -> str:
    return re.sub(r"[_\-.]", "", key).lower()


def _dropped(plain: str) -> bool:
    return plain in _SECRET_NAMES or plain in _VIEWER_NAMES or (plain.startswith("viewer") and plain != "viewercount")


def _clean_text(text: str, *, written: bool) -> str:
    if not text.isascii():
        text = _SURROGATE.sub("\ufffd", text)
    if not written and _ENCODED.search(text) and SECRET_PARAMETER.search(unquote(text)):
        text = unquote(text)
    if "=" not in text and "@" not in text and "#" not in text:
        return text
    if not written:
        text = _URL.sub(lambda found: strip_url(found[0]), text)
    return SECRET_PARAMETER.sub("", text)
