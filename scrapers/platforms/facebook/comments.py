"""Facebook: what the copies of one comment say."""

from __future__ import annotations

from typing import Any

from scrapers.imports.nodes import Node
from scrapers.platforms.facebook import comet, fields, urls
from scrapers.platforms.facebook.comet import Gathered, Thing

_PARENTS = ("comment_direct_parent", "comment_parent", "parent_comment", "reply_parent_comment")
_BODIES = ("body", "preferred_body", "body_renderer")


def read_comment(found: Gathered, data: dict[str, Any], post: str | None, above: str | None) -> None:
    """Take what one copy of a comment says; `post` and `above` are what it hangs below, where its id does not say."""
    dressed = {key: value for key, value in data.items() if not key.startswith("__module")}
    node = Node(dressed, "Comment", found.notes).known(fields.COMMENT)
    of_post, own = comet.feedback_of(data.get("id"))
    number = comet.number(data.get("legacy_fbid")) or own
    if number is None:
        found.notes.issue("comment_skipped", "id komentar tidak terbaca", node.path)
        return
    thing = found.comments.setdefault(number, Thing(number))
    thing.post = thing.post or of_post or _post_by_token(data.get("legacy_token")) or post
    thing.author = thing.author or comet.account(node.node("author"))
    thing.created = thing.created or node.moment("created_time")
    for key in _BODIES:
        if not thing.text and isinstance(data.get(key), dict):
            comet.fill_text(thing, node.node(key))
    thing.parent = thing.parent or _parent(node, number) or (above if above != number else None)
    _fill_counts(thing, node)
    address = data.get("url") or node.node("feedback").data.get("url")
    thing.url = thing.url or (address if isinstance(address, str) else "")
    for attachment in node.nodes("attachments"):
        _fill_alts(thing, attachment)


def _parent(node: Node, number: str) -> str | None:
    """Return the comment that a comment answers, None for one that stands directly below the post."""
    for key in _PARENTS:
        above = node.data.get(key)
        if isinstance(above, dict):
            parent = comet.number(above.get("legacy_fbid")) or comet.feedback_of(above.get("id"))[1]
            if parent is not None and parent != number:
                return parent
    for address in (node.data.get("url"), node.node("feedback").data.get("url")):
        thread, parent = urls.comment_ids(address) if isinstance(address, str) else (None, None)
        if thread == number and parent is not None:
            return parent
    on_comment = comet.feedback_of(node.node("parent_feedback").data.get("id"))[1]
    return on_comment if on_comment != number else None


def _fill_counts(thing: Thing, node: Node) -> None:
    feedback = node.node("feedback")
    for key in ("reactors", "unified_reactors", "reaction_count"):
        holder = feedback.data.get(key)
        if thing.likes is None and isinstance(holder, dict):
            count = holder.get("count") if "count" in holder else holder.get("count_reduced")
            thing.likes = (
                int(count) if isinstance(count, int) or (isinstance(count, str) and count.isdecimal()) else None
            )
    for key in ("replies_fields", "replies_connection", "total_comment_count"):
        holder = feedback.data.get(key)
        if thing.comments is None and isinstance(holder, dict):
            counted = feedback.node(key)
            thing.comments = counted.count("total_count" if "total_count" in holder else "count")
        elif thing.comments is None and isinstance(holder, int):
            thing.comments = feedback.count(key)


def _fill_alts(thing: Thing, attachment: Node) -> None:
    media = attachment.node("media") or attachment.node("style_type_renderer", "attachment", "media")
    caption = media.data.get("accessibility_caption")
    if isinstance(caption, str) and caption:
        thing.alts[media.text("accessibility_caption")] = None


def _post_by_token(token: object) -> str | None:
    first, mark, _ = token.partition("_") if isinstance(token, str) else ("", "", "")
    return comet.number(first) if mark else None
