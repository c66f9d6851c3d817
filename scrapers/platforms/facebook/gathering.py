"""Facebook's own answers: posts, comments and reactions wherever they stand in the JSON of a page.

Paths move between versions of the site, so objects are known by what they hold: a post by `__typename` "Story", a
comment by `__typename` "Comment" or its `legacy_fbid`, people who reacted by `reactors.edges` beside a `feedback:` id.
The site repeats objects, each time with other fields: what one copy lacks another fills in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scrapers.imports.nodes import Node
from scrapers.platforms.facebook import fields
from scrapers.platforms.facebook.comet import (
    Gathered,
    account,
    feedback_of,
    is_comment,
    is_story,
    number,
    story_number,
)
from scrapers.platforms.facebook.comments import read_comment
from scrapers.platforms.facebook.stories import read_story

_MOST_OBJECTS = 5_000_000
_HOLDERS = (dict, list)  # made once: a page holds hundreds of thousands of values


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an object stands: inside which post and comment."""

    post: str | None = None
    comment: str | None = None


def gather(values: Iterable[Any]) -> Gathered:
    """Read every post, comment and reactor of a page's JSON; never raises for what the JSON holds."""
    found = Gathered()
    for data, place, attached in _objects(values):
        if is_comment(data):
            read_comment(found, data, place.post, place.comment)
        elif attached or is_story(data):
            of = story_number(data)
            if of is not None and of != place.post:  # copies inside a post are read with it
                read_story(found, data, of)
        if "reactors" in data:
            _read_reactors(found, data)
    return found


def _read_reactors(found: Gathered, data: dict[str, Any]) -> None:
    post, comment = feedback_of(data.get("id"))
    target = comment or post
    if target is None or not isinstance(data["reactors"], dict):
        return
    for edge in Node(data, "feedback", found.notes).node("reactors").nodes("edges"):
        ref = account(edge.node("node"))
        if ref is None:
            found.notes.issue("reactor_skipped", "akun pemberi reaksi tanpa id", edge.path)
        else:
            found.reactors.setdefault((target, ref.user_id), ref)


def _objects(values: Iterable[Any]) -> Iterator[tuple[dict[str, Any], _Place, bool]]:
    """Return every object with the post and comment around it, and whether it is a shared original."""
    waiting: list[tuple[Any, _Place, bool]] = [(value, _Place(), False) for value in reversed(list(values))]
    seen = 0
    while waiting and seen < _MOST_OBJECTS:
        here, place, attached = waiting.pop()
        seen += 1
        if isinstance(here, list):
            waiting.extend((entry, place, attached) for entry in reversed(here) if isinstance(entry, _HOLDERS))
            continue
        yield here, place, attached
        below = _below(here, place, attached=attached)
        for key, entry in reversed(here.items()):
            if isinstance(entry, _HOLDERS) and key not in fields.ABOUT_OTHERS:
                waiting.append((entry, below, key == "attached_story"))


def _below(data: dict[str, Any], place: _Place, *, attached: bool) -> _Place:
    if is_comment(data):
        post, own = feedback_of(data.get("id"))
        return _Place(post or place.post, number(data.get("legacy_fbid")) or own or place.comment)
    if attached or is_story(data):
        return _Place(story_number(data) or place.post, None)
    return place
