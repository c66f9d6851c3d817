"""Other people's names in what is kept: found by how accounts are written, whatever markup a platform gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.domain import ItemRecord
from monitor.scan.watchlist import Watchlist

MASK = "@[akun lain]"

_HOSTS = {
    "bsky.app/profile": "bluesky", "x.com": "x", "twitter.com": "x", "instagram.com": "instagram",
    "tiktok.com": "tiktok", "threads.net": "threads", "threads.com": "threads", "facebook.com": "facebook",
    "fb.com": "facebook", "t.me": "telegram", "youtube.com": "youtube",
}  # fmt: skip
_WRITTEN = re.compile(
    r"(?<![\w@/.])@(?P<at>\w(?:[\w.-]*\w)?(?:@\w(?:[\w.:-]*\w)?)?)"
    r"|(?P<did>\bdid:(?:plc|web):[\w.:%-]*\w)"
    rf"|(?<![\w-])(?P<host>{'|'.join(re.escape(host) for host in _HOSTS)})/(?P<name>@?\w(?:[\w.:-]*\w)?)"
    r"|://(?P<home>[\w.:-]+)/(?:@|users/)(?P<user>\w(?:[\w.-]*\w)?(?:@\w(?:[\w.:-]*\w)?)?)",
    re.IGNORECASE,
)
# First parts of paths that are pages of the platform, not somebody's account.
_PAGES = frozenset({
    "p", "reel", "reels", "stories", "explore", "tv", "i", "intent", "hashtag", "search", "home", "watch", "groups",
    "share", "sharer", "photo", "photo.php", "story.php", "permalink.php", "events", "shorts", "channel", "c", "live",
    "playlist", "s", "joinchat", "tag", "video", "music",
})  # fmt: skip


def masked(text: str, platform: str, watch: Watchlist) -> str:
    """Return the text with every written account that the register does not know replaced."""
    strangers = [(start, end) for start, end, known in _accounts(text, platform, watch) if not known]
    for start, end in reversed(strangers):
        text = text[:start] + MASK + text[end:]
    return text


def names_stranger(link: str, platform: str, watch: Watchlist) -> bool:
    """Whether a link leads to an account that the register does not know, or to something of its."""
    return any(not known for _, _, known in _accounts(link, platform, watch))


def without_name(item: ItemRecord) -> str:
    """Return the address of a post without its author's name, where the platform shows it under such an address."""
    if item.item_id.startswith(("https://", "http://")):
        return item.item_id
    if item.platform == "telegram":
        return f"https://t.me/c/{item.item_id.removeprefix('@')}"
    url = re.sub(r"(?<=://x\.com/)\w+(?=/status/)", "i", item.url)
    return re.sub(r"(?<=tiktok\.com/@)[\w.]+(?=/)", "", url)


def _accounts(text: str, platform: str, watch: Watchlist) -> Iterator[tuple[int, int, bool]]:
    """Yield where accounts are written and whether the register knows them."""
    for found in _WRITTEN.finditer(text):
        groups = found.groupdict()
        if groups["at"]:
            yield found.start(), found.end(), watch.names(platform, groups["at"])
        elif groups["did"]:
            yield found.start(), found.end(), watch.names("bluesky", groups["did"])
        elif groups["user"]:
            name = groups["user"] if "@" in groups["user"] else f"{groups['user']}@{groups['home']}"
            yield found.start("user"), found.end("user"), watch.names("mastodon", name)
        elif groups["name"].lower() not in _PAGES:
            known = watch.names(_HOSTS[groups["host"].lower()], groups["name"].lstrip("@"))
            yield found.start("name"), found.end("name"), known
