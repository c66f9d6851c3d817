"""Shapes of answers: which fields are there, of which type and how often, and what has changed. Never a value.

A path is written `feed[].post.author.did:str`; names that look like data (ids, handles as keys of a map) become `{}`.
Objects are counted too (`feed[].post:dict`), so the fill rate of a path is its count over that of the object around it.
What a mapper made of the answers is counted beside it (`=like.time:exact`), so that a page of HTML has a shape as well
and a field that a mapper quietly stops to find is seen.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Self

import msgspec

from monitor.domain import ActRecord, ItemRecord

_LISTED = 8  # entries looked at of one list, spread over its length
_DEEPEST = 14
_MOST_PATHS = 1500
_MAP_FROM = 300  # an object with so many names is a map, whatever they look like
_NAME = re.compile(r"[A-Za-z_$@#][A-Za-z0-9_$@#-]{0,47}")
_LIKE_DATA = re.compile(r"[0-9]{4}|^(?=.*[0-9])[A-Za-z0-9]{20,}$")
_CLASS = re.compile(rb"class=[\"']?([^\"'>]+)")
# Fields that say how an account is called: whatever they hold names data where it is the name of a field.
_CALLED = frozenset({
    "acct", "author", "handle", "login", "nickname", "ownerusername", "screenname", "slug", "uniqueid", "user",
    "userid", "username", "vanity",
})  # fmt: skip
# Objects of which the names are always ids or handles.
_MAPS = frozenset({"accounts", "authors", "followers", "members", "profiles", "usernames", "users", "usersbyid"})
_ON, _ON_ITEMS, _BROKEN = "#on", "#on_items", "#broken"

LEAST_SAMPLED = 20  # objects from which a rate says something
DROP = 0.30
_ALWAYS = 0.99
_LEAST_NOW = 10
_LEAST_DAYS = 3
_PAGE_FACTOR = 3.0
_LEAST_PAGES = 5
_BROKEN_SHARE = 0.30


@dataclass(slots=True)
class Shape:
    """The running counts of one endpoint; see `monitor.domain.ShapeDay` for what they mean."""

    pages: int = 0
    items: int = 0
    sampled: int = 0
    fills: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: Shape) -> Self:
        self.pages += other.pages
        self.items += other.items
        self.sampled += other.sampled
        self.fills.update(other.fills)
        return self

    @property
    def signature(self) -> str:
        """The hash of the set of paths with their types: the same for answers made of the same fields."""
        paths = sorted(path for path in self.fills if not path.startswith("#"))
        return hashlib.sha256("\n".join(paths).encode()).hexdigest()

    def kept(self) -> dict[str, int]:
        """Return the counts to keep: paths met once in many answers are left out, since a name may hide in one."""
        least = 2 if self.sampled > 1 else 1
        return {path: count for path, count in sorted(self.fills.items()) if count >= least or path.startswith("#")}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was. `kind` is gone, less, paging or broken; rates are shares, paging is entries."""

    kind: str
    path: str
    before: float
    now: float


def note_body(shape: Shape, body: bytes) -> None:
    """Count the fields of one answer: of JSON the paths, of HTML the classes; of anything else nothing."""
    start = body[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start in (b"{", b"["):
        try:
            note_value(shape, msgspec.json.decode(body))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return
    elif start == b"<":
        shape.sampled += 1
        shape.fills["page:dict"] += 1
        names = {name for found in _CLASS.findall(body) for name in found.decode("ascii", "replace").split()}
        shape.fills.update(f"page.{name}:node" for name in names if _is_name(name))


def note_value(shape: Shape, value: object) -> None:
    """Count the paths of one decoded value."""
    shape.sampled += 1
    _walk(shape.fills, value, "", 0, _called(value))


def note_records(shape: Shape, items: Iterable[ItemRecord], acts: Iterable[ActRecord]) -> None:
    """Count what a mapper found: the fields of its records."""
    for item in items:
        at = f"={item.kind.value}"
        shape.fills[f"{at}:dict"] += 1
        shape.fills.update(f"{at}.{name}:{kind}" for name, kind in _item_fields(item))
    for act in acts:
        if act.own_item_id is None:
            at = f"={act.act.value}"
            shape.fills[f"{at}:dict"] += 1
            shape.fills[f"{at}.time:{'exact' if act.time.exact else 'empty'}"] += 1
            shape.fills[f"{at}.handle:{'str' if act.actor.handle else 'empty'}"] += 1


def note_page(shape: Shape, entries: int, *, goes_on: bool, broken: int) -> None:
    """Count one answer: its entries, those that could not be read, and its length when a next page follows."""
    shape.pages += 1
    shape.items += entries
    if goes_on:
        shape.fills[_ON] += 1
        shape.fills[_ON_ITEMS] += entries
    if broken:
        shape.fills[_BROKEN] += broken


def rates(fills: Mapping[str, int]) -> dict[str, tuple[float, int]]:
    """Return by path (without type) the share of objects that fill it, and how many such objects there were."""
    filled: Counter[str] = Counter()
    for typed, count in fills.items():
        path, _, kind = typed.rpartition(":")
        if path and kind not in ("null", "empty"):
            filled[path] += count
        elif path:
            filled[path] += 0
    found: dict[str, tuple[float, int]] = {}
    for path, count in filled.items():
        parent = path.rpartition(".")[0]
        around = fills.get(f"{parent}:dict", 0)
        if around and not path.endswith("[]"):
            found[path] = (min(count / around, 1.0), around)
    return found


def changes(today: Mapping[str, int], entries: int, before: Sequence[Mapping[str, int]]) -> tuple[Change, ...]:
    """Return what is not as on the days before; nothing where too little was seen to say so.

    `today` and `before` are fills by day, `entries` how many entries today's answers had. A path is required when it
    was always filled on every day that says something of it.
    """
    now = rates(today)
    past: dict[str, list[float]] = {}
    for day in before:
        for path, (rate, around) in rates(day).items():
            if around >= LEAST_SAMPLED:
                past.setdefault(path, []).append(rate)
    found = [
        change
        for path, seen in sorted(past.items())
        if (change := _of_path(path, seen, now.get(path), _around(path, today))) is not None
    ]
    return (*_topmost(found), *_paging(today, before), *_broken(today, entries))


def _of_path(path: str, seen: list[float], now: tuple[float, int] | None, around: int) -> Change | None:
    rate = now[0] if now is not None else 0.0
    usual = median(seen)
    if rate == 0.0 and min(seen) >= _ALWAYS and around >= _LEAST_NOW:
        return Change("gone", path, usual, rate)
    below = "." in path  # what stands at the top of an answer, a cursor say, is not a field of its entries
    if below and len(seen) >= _LEAST_DAYS and around >= LEAST_SAMPLED and usual - rate > DROP:
        return Change("less", path, usual, rate)
    return None


def _around(path: str, fills: Mapping[str, int]) -> int:
    return fills.get(f"{path.rpartition('.')[0]}:dict", 0)


def _topmost(found: list[Change]) -> list[Change]:
    """Leave out what lies below a path that is itself named."""
    named = [change.path for change in found]
    return [c for c in found if not any(c.path != p and c.path.startswith((f"{p}.", f"{p}[]")) for p in named)]


def _paging(today: Mapping[str, int], before: Sequence[Mapping[str, int]]) -> list[Change]:
    """Compare how many entries a page has that a next one follows: a platform's page size does not wander."""
    usual = [day[_ON_ITEMS] / day[_ON] for day in before if day.get(_ON, 0) >= _LEAST_PAGES and _ON_ITEMS in day]
    if today.get(_ON, 0) < _LEAST_PAGES or not usual:
        return []
    now, then = today.get(_ON_ITEMS, 0) / today[_ON], median(usual)
    if now * _PAGE_FACTOR < then or now > then * _PAGE_FACTOR:
        return [Change("paging", "", then, now)]
    return []


def _broken(today: Mapping[str, int], entries: int) -> list[Change]:
    broken = today.get(_BROKEN, 0)
    total = entries + broken
    if total >= _LEAST_NOW and broken / total > _BROKEN_SHARE:
        return [Change("broken", "", 0.0, broken / total)]
    return []


def _walk(fills: Counter[str], value: object, path: str, depth: int, called: frozenset[str]) -> None:
    if len(fills) >= _MOST_PATHS and f"{path}:{_kind(value)}" not in fills:
        return
    fills[f"{path}:{_kind(value)}"] += 1
    if depth >= _DEEPEST:
        return
    if isinstance(value, dict):
        a_map = len(value) >= _MAP_FROM or _same_inside(value) or _plain(path.rpartition(".")[2]) in _MAPS
        for name, inner in value.items():
            step = name if not a_map and _is_name(name) and name.lower() not in called else "{}"
            _walk(fills, inner, f"{path}.{step}" if path else step, depth + 1, called)
    elif isinstance(value, list):
        here = _folded(f"{path}[]")
        for inner in _spread(value):
            _walk(fills, inner, here, depth + 1, called)


def _called(value: object) -> frozenset[str]:
    """Return how the accounts in an answer are called, in lower case."""
    found: set[str] = set()
    left = [value]
    while left and len(found) < _MOST_PATHS:
        here = left.pop()
        if isinstance(here, dict):
            for name, inner in here.items():
                if isinstance(inner, str) and 2 < len(inner) < 48 and _plain(name) in _CALLED:
                    found.add(inner.lstrip("@").lower())
                elif isinstance(inner, dict | list):
                    left.append(inner)
        elif isinstance(here, list):
            left.extend(inner for inner in here if isinstance(inner, dict | list))
    return frozenset(found)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, str | list) and not value:
        return "empty"
    return type(value).__name__


def _folded(path: str) -> str:
    """Return where the entries of a list stand; a list of replies within one of replies folds into it."""
    steps = path.split(".")
    first = steps.index(steps[-1])
    return ".".join(steps[: first + 1])


def _spread(values: list[Any]) -> list[Any]:
    if len(values) <= _LISTED:
        return values
    step = len(values) / _LISTED
    return [values[int(number * step)] for number in range(_LISTED)]


def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and _LIKE_DATA.search(name) is None


def _same_inside(value: Mapping[str, Any]) -> bool:
    """Whether an object is a map of like things, so that its names are data."""
    inner = list(value.values())
    if len(inner) < 3 or not all(isinstance(one, dict) and one for one in inner):
        return False
    return all(one.keys() == inner[0].keys() for one in inner)


def _item_fields(item: ItemRecord) -> Iterable[tuple[str, str]]:
    yield "text", "str" if item.text else "empty"
    yield "url", "str" if item.url else "empty"
    yield "author", "str" if item.author is not None else "empty"
    yield "time", "exact" if item.published.exact else "empty"
    yield "likes", "int" if item.like_count is not None else "empty"
    yield "comments", "int" if item.comment_count is not None else "empty"
    yield "parent", "str" if item.parent_id else "empty"
