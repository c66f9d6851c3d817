"""Readings of what many acts are of and of what many people say: what is kept shows in speed only."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.domain import Content, InteractionView
from rules.facts import Above, Evidence, Texts, read_above, read_one, says_nothing, seen_from
from rules.mentions import Found, MentionFinder

_SHORT = 40
"""Characters up to which many people say the same."""
_PLACES = 8
"""How many places are kept to a reading, most of which share it with others."""

_Words = tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]
_Home = frozenset[int]


@dataclass(slots=True)
class _Thread:
    """What stands above some acts: its different readings, each act's by the contests that concern its person.

    `anywhere` is the reading of texts that name nobody wherever they are read; `over` is what comments stand below.
    """

    readings: list[Texts] = field(default_factory=list)
    by_home: dict[_Home, Texts] = field(default_factory=dict)
    over: dict[_Home, Found | None] = field(default_factory=dict)
    anywhere: Texts | None = None

    def shared(self, read: Texts) -> Texts:
        """Return the first reading that names the same: from there on nothing asks from where it was read."""
        for known in self.readings:
            if all(a.mentions == b.mentions for a, b in zip(known.all(), read.all(), strict=True)):
                return known
        self.readings.append(read)
        return read


class Shelf:
    """What stands above acts, such as a post that thousands like, and short words that name nobody.

    It belongs to one finder. Forgets everything when it is full: of readings, or of characters, each of which takes
    tens of bytes.
    """

    def __init__(self, most: int = 16_384, room: int = 4_000_000) -> None:
        self._most, self._room = most, room
        self._threads: dict[Above, _Thread] = {}
        self._count = self._size = self._placed = 0
        self._sayings: dict[_Words, Evidence] = {}

    def above(self, view: InteractionView, finder: MentionFinder) -> Texts:
        """Return what stands above an act as it reads from where its person is; read when it is not held.

        From places from which it names the same it is one reading.
        """
        above = view.target, view.root
        thread = self._threads.get(above)
        if thread is None:
            thread = self._opened(above)
        if thread.anywhere is not None:
            return thread.anywhere
        home = finder.home(view.jurisdiction)
        texts = thread.by_home.get(home)
        return texts if texts is not None else self._read(thread, above, view.jurisdiction, finder)

    def over(self, view: InteractionView, texts: Texts, finder: MentionFinder) -> Found | None:
        """Return what the act's own words stand below, weighed from where its person is; `texts` are those `above`."""
        thread = self._threads.get((view.target, view.root))
        home = finder.home(view.jurisdiction)
        if thread is not None and home in thread.over:
            return thread.over[home]
        found = seen_from(view.jurisdiction, texts, finder)
        if thread is not None:
            thread.over[home] = found
            self._placed += 1
        return found

    def own(self, content: Content, place: str, finder: MentionFinder, over: Found | None) -> Evidence:
        """Return an act's own words as they read below others; short ones that name nobody are read once."""
        words = content.text, content.hashtags, content.alt_texts, content.links, content.mentioned
        known = self._sayings.get(words)
        if known is not None:
            return known.said_in(content)
        evidence = read_one("own", content, place, finder, over)
        if len(content.text) <= _SHORT and says_nothing(evidence, finder):
            if len(self._sayings) >= self._most:
                self._sayings.clear()
            self._sayings[words] = evidence
        return evidence

    def with_own(self, view: InteractionView, above: Texts, finder: MentionFinder) -> Texts:
        """Return what stands above an act with its own words, where it has some, read in the context of that."""
        if view.own is None:
            return above
        own = self.own(view.own, view.jurisdiction, finder, self.over(view, above, finder))
        return Texts(own, above.target, above.root)

    def _opened(self, above: Above) -> _Thread:
        """Return a thread that was not met before; one longer than the shelf is not kept."""
        thread = _Thread()
        size = sum(len(content.text) for content in above if content is not None)
        if size <= self._room:
            self._make_room(size)
            self._threads[above] = thread
            self._size += size
        return thread

    def _read(self, thread: _Thread, above: Above, place: str, finder: MentionFinder) -> Texts:
        known = thread.readings[0] if thread.readings else None
        read = read_above(above, place, finder, known)
        texts = thread.shared(read)
        home = finder.home(place)
        thread.by_home[home] = texts
        if texts is read:  # elsewhere few ask what comments stand below, and a reading is large
            thread.over[home] = read.over
            self._count += 1
        self._placed += 1
        if known is None and all(says_nothing(evidence, finder) for evidence in read.all()):
            thread.anywhere = read
        return texts

    def _make_room(self, size: int) -> None:
        full = self._count >= self._most or self._placed >= _PLACES * self._most
        if full or self._size + size > self._room:
            self._threads.clear()
            self._count = self._size = self._placed = 0


def read_texts(view: InteractionView, finder: MentionFinder, shelf: Shelf | None = None) -> Texts:
    """Read the texts of an interaction; a comment is read in the context of what it answers."""
    kept = shelf if shelf is not None else Shelf()
    return kept.with_own(view, kept.above(view, finder), finder)
