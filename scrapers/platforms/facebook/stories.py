"""Facebook: what the copies of one post say."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from scrapers.imports.nodes import Node
from scrapers.platforms.facebook import comet, fields
from scrapers.platforms.facebook.comet import Gathered, Thing

_MOST_VISITED = 200_000
_OWNERS = ("video_owner", "owner_as_page", "owner")


def read_story(found: Gathered, data: dict[str, Any], number: str) -> None:
    """Take what one copy of a post says, as far as no copy before said it."""
    thing = found.posts.setdefault(number, Thing(number))
    dressed = {key: value for key, value in data.items() if not key.startswith("__module")}
    Node(dressed, "Story", found.notes).known(fields.STORY)
    for node, in_attachment in _parts(Node(data, "Story", found.notes), number):
        if in_attachment:
            _fill_attachment(thing, node)
        else:
            _fill_head(thing, node)
            _fill_counts(thing, node)
    attached = data.get("attached_story") or _first_attached(data)
    if isinstance(attached, dict):
        thing.quoted = thing.quoted or comet.story_number(attached)


def _parts(story: Node, number: str) -> Iterator[tuple[Node, bool]]:
    """Return the objects of a post, outer before inner, without other posts and without comments."""
    waiting, seen = deque([(story, False)]), 0
    while waiting and seen < _MOST_VISITED:
        here, in_attachment = waiting.popleft()
        seen += 1
        yield here, in_attachment
        for key, entry in here.data.items():
            if key in fields.NOT_OF_THE_POST or key in fields.ABOUT_OTHERS or key.startswith("__module"):
                continue
            inside = in_attachment or key in ("attachments", "attachment")
            for one in entry if isinstance(entry, list) else (entry,):
                if isinstance(one, dict) and _own(one, number):
                    waiting.append((Node(one, key, story.notes), inside))


def _own(data: dict[str, Any], number: str) -> bool:
    """Whether an object belongs to the post around it."""
    if comet.is_comment(data):
        return False
    return not comet.is_story(data) or comet.story_number(data) in (None, number)


def _first_attached(data: dict[str, Any]) -> object:
    """Return the shared original where it hangs deeper, at the post's content."""
    waiting, seen = deque([data]), 0
    while waiting and seen < _MOST_VISITED:
        here = waiting.popleft()
        seen += 1
        attached = here.get("attached_story")
        if isinstance(attached, dict) and comet.story_number(attached) is not None:
            return attached
        waiting.extend(
            entry
            for key, entry in here.items()
            if isinstance(entry, dict) and key not in fields.NOT_OF_THE_POST and not comet.is_comment(entry)
        )
    return None


def _fill_head(thing: Thing, node: Node) -> None:
    data = node.data
    if thing.author is None and isinstance(data.get("actors"), list):
        thing.author = next((ref for user in node.nodes("actors") if (ref := comet.account(user))), None)
    for key in _OWNERS:
        if thing.author is None and isinstance(data.get(key), dict):
            thing.author = comet.account(node.node(key))
    if isinstance(data.get("message"), dict):
        comet.fill_text(thing, node.node("message"))
    if thing.created is None:
        thing.created = node.moment(*(key for key in ("creation_time", "publish_time") if key in data))
    for key in ("wwwURL", "permalink_url", "url"):
        address = data.get(key)
        if not thing.url and isinstance(address, str) and _is_post(address):
            thing.url = address
    if not thing.privacy and isinstance(data.get("privacy_scope"), dict):
        thing.privacy = node.node("privacy_scope", "icon_image").text("name")
    thing.sponsored = thing.sponsored or bool(data.get("sponsored_data")) or bool(data.get("ad_id"))
    if thing.feedback is None:
        thing.feedback = comet.feedback_of(data.get("id"))[0]


def _fill_counts(thing: Thing, node: Node) -> None:
    thing.likes = _first(thing.likes, node, ("reaction_count", "count"), ("reactors", "count"))
    thing.shares = _first(thing.shares, node, ("share_count", "count"), ("reshares", "count"))
    thing.comments = _first(
        thing.comments, node, ("comment_count", "total_count"), ("comments", "total_count"), ("total_comment_count", "")
    )


def _first(known: int | None, node: Node, *ways: tuple[str, str]) -> int | None:
    for key, inner in ways:
        if known is None and key in node.data:
            holder = node.data[key]
            if inner and isinstance(holder, dict):
                known = node.node(key).count(inner)
            elif not inner and isinstance(holder, int | str):
                known = node.count(key)
    return known


def _fill_attachment(thing: Thing, node: Node) -> None:
    """Take what an attachment says in words, and where it points outside of Facebook."""
    caption = node.data.get("accessibility_caption")
    if isinstance(caption, str) and caption:
        thing.alts[node.text("accessibility_caption")] = None
    for key in ("title_with_entities", "description"):
        if isinstance(node.data.get(key), dict) and (text := node.node(key).text("text")):
            thing.alts[text] = None
    for key in ("external_url", "url"):
        address = node.data.get(key)
        if isinstance(address, str) and address.startswith("http") and not _own_host(address):
            thing.links[address] = None


def _own_host(address: str) -> bool:
    return any(f"{host}/" in address.partition("?")[0] + "/" for host in ("facebook.com", "fbcdn.net", "fb.com"))


def _is_post(address: str) -> bool:
    return any(mark in address for mark in ("/posts/", "story_fbid=", "/permalink", "/videos/", "/photo", "/reel/"))
