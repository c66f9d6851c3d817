"""X: saved pages and recorded answers to records.

Shapes: the answers of `/i/api/graphql/` (timelines, one post with its replies, who reposted, who liked, search), of
the older `adaptive.json` (posts and users apart), of the embed's `tweet-result`, and the rendered page, which shows an
author's handle only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import AccountRef, Act, ActRecord, ActTime, ItemKind, ItemRecord, published_act
from scrapers.imports.contract import Mapped, SavedPage
from scrapers.imports.nodes import Node, Notes
from scrapers.imports.page_cleaning import Keeping
from scrapers.imports.page_json import looks_like_html, page_text, values, walk
from scrapers.pick import stamp
from scrapers.platforms.x import fields, urls
from scrapers.platforms.x.mapper import VERSION, map_item

__all__ = ["HOSTS", "KEEPING", "VERSION", "read_page"]

HOSTS = frozenset({"x.com", "twitter.com", "syndication.twimg.com"})
KEEPING = Keeping(rendered="article", marks=('"full_text"', '"tweet_results"', '"tweets"', '"user_results"'))

_LISTS: Mapping[str, Act] = {"retweeters_timeline": Act.SHARE, "favoriters_timeline": Act.LIKE}
_WALL = "X meminta masuk: halaman tidak berisi unggahan"
_NO_TARGET = "daftar akun tanpa id unggahan pada alamatnya"
_MOST_OBJECTS = 2_000_000
# what stands above a post, in English and Indonesian; not where it speaks of the collector
_REPOSTED = re.compile(r"(?!\s*(?:you|anda|kamu)\b).*(?:repost|retweet|posting ulang)", re.IGNORECASE | re.DOTALL)
_AMOUNT = re.compile(r"\s*(\d[\d.,]*)(?![\d.,]*\s?(?:[KMB]|rb|jt)\b)")


def read_page(page: SavedPage) -> tuple[Mapped, ...]:
    """Read every post of a page, and the accounts in a list of who reposted or liked one."""
    mapped: list[Mapped] = []
    for value in values(page):
        mapped += [map_item(raw, page.captured_at) for raw in _tweets(value)]
        mapped += _lists(value, page)
        mapped += [map_item(raw, page.captured_at) for raw in _apart(value)]
    text = page_text(page) if not mapped else ""
    if looks_like_html(text):
        mapped = _rendered(text, page)
        if not mapped and ("/login" in page.url or "/i/flow/" in page.url):
            return (Mapped(skipped=_WALL),)
    return tuple(mapped)


def _tweets(value: Any) -> Iterator[dict[str, Any]]:
    """Return every post of an answer; posts inside posts come with the outer one."""
    waiting, seen = [value], 0
    while waiting and seen < _MOST_OBJECTS:
        here = waiting.pop()
        seen += 1
        if isinstance(here, list):
            waiting.extend(entry for entry in reversed(here) if isinstance(entry, dict | list))
            continue
        if _is_tweet(here):
            yield here
            continue
        if here.get("__typename") == "Tweet" and "id_str" in here and isinstance(here.get("user"), dict):
            yield _embedded(here)
            continue
        promoted = here.get("promotedMetadata") or here.get("promoted_metadata")
        for key, entry in reversed(here.items()):
            if (
                promoted
                and key == "tweet_results"
                and isinstance(entry, dict)
                and isinstance(entry.get("result"), dict)
            ):
                waiting.append({**entry["result"], "promotedMetadata": promoted})
            elif isinstance(entry, dict | list) and key != "globalObjects":
                waiting.append(entry)


def _is_tweet(data: Mapping[str, Any]) -> bool:
    inner = data.get("tweet") if data.get("__typename") == "TweetWithVisibilityResults" else data
    if data.get("__typename") in ("TweetTombstone", "TweetUnavailable"):
        return True
    if not isinstance(inner, dict):
        return False
    legacy = inner.get("legacy")
    return isinstance(legacy, dict) and "rest_id" in inner and ("full_text" in legacy or "id_str" in legacy)


def _embedded(data: dict[str, Any]) -> dict[str, Any]:
    """Return the embed's form of a post in the form of the timelines."""
    renamed = {"full_text": data.get("text"), "reply_count": data.get("conversation_count"), **data}
    legacy = {key: value for key, value in renamed.items() if key in fields.LEGACY}
    quoted, parent = data.get("quoted_tweet"), data.get("parent")
    if isinstance(quoted, dict) and isinstance(quoted.get("user"), dict):
        legacy["quoted_status_id_str"] = quoted.get("id_str")
        legacy["quoted_status_result"] = {"result": _embedded({**quoted, "quoted_tweet": None})}
    if isinstance(parent, dict):
        legacy.setdefault("in_reply_to_status_id_str", parent.get("id_str"))
    return {"rest_id": data.get("id_str"), "legacy": legacy, "user": data["user"]}


def _apart(value: Any) -> Iterator[dict[str, Any]]:
    """Return the posts of an answer that gives posts and users apart."""
    for data in walk(value):
        tweets, users = data.get("tweets"), data.get("users")
        if isinstance(tweets, dict) and isinstance(users, dict):
            tweets, users = _entities(tweets), _entities(users)
            yield from (_joined(tweet, tweets, users, 0) for tweet in tweets.values() if isinstance(tweet, dict))


def _entities(table: dict[str, Any]) -> dict[str, Any]:
    inner = table.get("entities")
    return inner if isinstance(inner, dict) else table


def _joined(tweet: dict[str, Any], tweets: dict[str, Any], users: dict[str, Any], depth: int) -> dict[str, Any]:
    legacy = {key: entry for key, entry in tweet.items() if key in fields.LEGACY}
    for plain, nested in (("retweeted_status", "retweeted_status_result"), ("quoted_status", "quoted_status_result")):
        inner = tweets.get(str(tweet.get(f"{plain}_id_str") or tweet.get(plain) or ""))
        if isinstance(inner, dict) and depth < 2:
            legacy[nested] = {"result": _joined(inner, tweets, users, depth + 1)}
    author = tweet.get("user_id_str") or tweet.get("user")
    user = users.get(author) if isinstance(author, str) else None
    legacy["user_id_str"] = author if isinstance(author, str) else None
    return {"rest_id": tweet.get("id_str"), "legacy": legacy, "user": user if isinstance(user, dict) else {}}


def _lists(value: Any, page: SavedPage) -> Iterator[Mapped]:
    for data in walk(value):
        for key, act in _LISTS.items():
            if isinstance(data.get(key), dict):
                yield _accounts(data[key], act, page)


def _accounts(timeline: dict[str, Any], act: Act, page: SavedPage) -> Mapped:
    """Return an act for every account of a list; X does not say when they reposted or liked."""
    target = _asked(page.url)
    if target is None:
        return Mapped(skipped=_NO_TARGET)
    notes = Notes()
    found: dict[str, ActRecord] = {}
    published = urls.time_of_id(target)
    lo = published if published and published < page.captured_at else None
    for data in walk(timeline):
        if not isinstance(data.get("user_results"), dict):
            continue
        user = Node(data["user_results"], "user_results", notes).node("result")
        user = (user.node("user") or user).known(fields.USER)
        identity = user.id("rest_id")
        if identity is None:
            notes.issue("account_skipped", "akun dalam daftar tanpa id", user.path)
            continue
        handle = user.node("core").text("screen_name") or user.node("legacy").text("screen_name")
        ref = AccountRef(urls.PLATFORM, identity, handle or None)
        time = ActTime(lo=lo, hi=page.captured_at)
        found.setdefault(identity, ActRecord(urls.PLATFORM, ref, act, target, time, pointer=user.path))
    if not found:
        return Mapped(issues=notes.issues, skipped="daftar akun kosong")
    return Mapped((), tuple(found.values()), notes.issues, notes.unknown_fields)


def _asked(url: str) -> str | None:
    """Return the post that a list is about: from the request's variables, or from the address of the page."""
    try:
        told = parse_qs(urlsplit(url).query).get("variables", ["{}"])[0]
        variables = json.loads(told)
    except (ValueError, RecursionError):
        variables = {}
    given = variables if isinstance(variables, dict) else {}
    node = Node({"tweetId": given.get("tweetId") or given.get("tweet_id") or given.get("focalTweetId")}, "", Notes())
    return node.id("tweetId") or urls.item_id(url)


def _rendered(text: str, page: SavedPage) -> list[Mapped]:
    found = []
    for article in LexborHTMLParser(text).css('article[data-testid="tweet"]'):
        mapped = _article(article, page)
        if mapped is not None:
            found.append(mapped)
    return found


def _article(article: LexborNode, page: SavedPage) -> Mapped | None:
    """Return the post in an article; None for one whose address and time do not show."""
    time = article.css_first('a[href*="/status/"] time[datetime]')
    link = time.parent if time is not None else None
    address = link.attributes.get("href") if link is not None else None
    full = f"https://x.com{address}" if address and address.startswith("/") else address or ""
    identity, author = urls.item_id(full), urls.account_ref(full)
    published = stamp(time.attributes.get("datetime")) if time is not None else None
    if identity is None or author is None or published is None:
        return None
    body = article.css_first('[data-testid="tweetText"]')
    item = ItemRecord(
        platform=urls.PLATFORM,
        item_id=identity,
        author=author,
        kind=ItemKind.POST,
        text=body.text(deep=True) if body is not None else "",
        url=urls.item_url(identity, author.handle),
        published=ActTime(occurred_at=published),
        alt_texts=_alts(article),
        like_count=_amount(article, "like"),
        share_count=_amount(article, "retweet"),
        comment_count=_amount(article, "reply"),
        pointer="article",
    )
    acts = tuple(act for act in (published_act(item), _reposted(article, item, page)) if act is not None)
    notes = Notes()
    if published > page.captured_at:
        notes.issue("time_mismatch", "waktu unggahan sesudah waktu pengambilan", "article")
    return Mapped((item,), acts, notes.issues)


def _reposted(article: LexborNode, item: ItemRecord, page: SavedPage) -> ActRecord | None:
    """Return the share by the account that the line above a post names; when it was shared is not shown."""
    line = article.css_first('[data-testid="socialContext"]')
    if line is None or _REPOSTED.match(line.text(deep=True)) is None:
        return None
    link = line.css_first("a[href]") or (line.parent if line.parent is not None and line.parent.tag == "a" else None)
    address = (link.attributes.get("href") or "") if link is not None else ""
    actor = urls.account_ref(f"https://x.com{address}" if address.startswith("/") else address) if address else None
    if actor is None:
        return None
    published = item.published.earliest
    time = ActTime(lo=published if published and published < page.captured_at else None, hi=page.captured_at)
    return ActRecord(urls.PLATFORM, actor, Act.SHARE, item.item_id, time, None, item.author, "socialContext")


def _amount(article: LexborNode, name: str) -> int | None:
    """Return the number that a button of a post says in full; None where it is shortened or says none."""
    button = article.css_first(f'[data-testid="{name}"], [data-testid="un{name}"]')
    found = _AMOUNT.match(button.attributes.get("aria-label") or "") if button is not None else None
    digits = re.sub(r"[.,]", "", found[1])[:15] if found else ""
    return int(digits) if digits else None


def _alts(article: LexborNode) -> tuple[str, ...]:
    found = [node.attributes.get("alt") for node in article.css('[data-testid="tweetPhoto"] img[alt]')]
    return tuple(dict.fromkeys(alt for alt in found if alt and alt.lower() not in ("image", "gambar")))
