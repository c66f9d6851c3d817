"""What a rule may look at: one interaction, one pair, and the texts as read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple

from monitor.domain import Candidate, Content, Contest, InteractionView, Mention, Span, StageKind, Tier
from monitor.domain.making import maker_of
from rules.gates import opinions
from rules.lexicon import WordHit
from rules.mentions import Found, MentionFinder
from rules.reading import Reading

UNREGISTERED = "unregistered"
THE_PAIR = "(pasangan calon)"
"""Stands among names of lists for the pair's own name."""
TAGS = "(akun ditandai)"
"""Stands among names of lists for accounts that a text tags."""


span_of = maker_of(Span)
_mention_of = maker_of(Mention)
_NOBODY: Mapping[int, tuple[int, ...]] = MappingProxyType({})


class ListedWord(NamedTuple):
    """A word of a list as it stands in a text, cut out of it when somebody asks for that list."""

    list: str
    hit: WordHit
    field: str
    text: str
    reading: Reading

    @property
    def span(self) -> Span:
        """The word in the text."""
        start, end = self.reading.between(self.hit.first, self.hit.last)
        return span_of(self.field, start, end, self.text[start:end], self.hit.phrase)


_word_of: Callable[[tuple[Any, ...]], ListedWord] = partial(tuple.__new__, ListedWord)  # soonest done


@dataclass(frozen=True, slots=True)
class Evidence:
    """One text of an interaction (`own`, `target` or `root`) with all that was recognised in it.

    `listed` holds the lists of all words, each as `file.list` and as `file`, and TAGS where accounts are tagged;
    `counts` how often each pair is named from each tier up, by the tier's rank. `remarks` keeps what `signals` finds
    in it against an indication, by pair.
    """

    name: str
    content: Content
    found: Found
    mentions: tuple[Mention, ...]
    words: tuple[ListedWord, ...]
    listed: frozenset[str] = field(repr=False, compare=False)
    counts: Mapping[int, tuple[int, ...]] = field(repr=False, compare=False)
    _places: dict[tuple[str, ...], tuple[Span, ...]] = field(repr=False, compare=False)
    remarks: dict[int, Any] = field(repr=False, compare=False)

    def said_in(self, content: Content) -> Evidence:
        """Return the same words as they stand in the text of another item."""
        return _evidence_of(
            self.name, content, self.found, self.mentions, self.words, self.listed, self.counts, self._places, {}
        )

    def of(self, candidate_id: int, least: Tier = Tier.SEDANG) -> tuple[Mention, ...]:
        """Return the mentions of one pair from a tier up."""
        return tuple(m for m in self.mentions if m.candidate_id == candidate_id and m.tier.rank >= least.rank)

    def speaks(self, names: Iterable[str]) -> bool:
        """Whether any word of some lists stands in the text; `has_list` says where."""
        return not self.listed.isdisjoint(names)

    def has_list(self, *names: str) -> tuple[Span, ...]:
        """Return the places of words of some lists; a name without a dot is every list of that file."""
        if self.listed.isdisjoint(names):
            return ()
        places = self._places.get(names)
        if places is None:
            wanted = _lists_of(names, self.listed)
            places = self._places[names] = tuple([word.span for word in self.words if word.list in wanted])
        return places


_evidence_of = maker_of(Evidence)


def _evidence(
    name: str, content: Content, found: Found, mentions: Sequence[Mention], words: Sequence[ListedWord]
) -> Evidence:
    """Return a text with what was recognised in it, and with what follows from that."""
    listed = _with_files(frozenset([word.list for word in words]))
    if content.mentioned:
        listed |= {TAGS}
    counts = _counts(mentions) if mentions else _NOBODY
    return _evidence_of(name, content, found, tuple(mentions), tuple(words), listed, counts, {}, {})


@lru_cache(maxsize=4096)
def _with_files(lists: frozenset[str]) -> frozenset[str]:
    return lists.union([name.split(".", 1)[0] for name in lists])


@lru_cache(maxsize=4096)
def _lists_of(names: tuple[str, ...], listed: frozenset[str]) -> frozenset[str]:
    """Return those of some lists that a name stands for, by itself or as its file."""
    return frozenset([name for name in listed if name in names or name.split(".", 1)[0] in names])


def _counts(mentions: Iterable[Mention]) -> Mapping[int, tuple[int, ...]]:
    counts: dict[int, list[int]] = {}
    for mention in mentions:
        held = counts.setdefault(mention.candidate_id, [0] * len(Tier))
        for rank in range(mention.tier.rank + 1):
            held[rank] += 1
    return {candidate: tuple(held) for candidate, held in counts.items()}


@dataclass(frozen=True, slots=True)
class Facts:
    """One interaction seen for one pair; `stage` is the stage at the act's (latest) time, None before the first."""

    view: InteractionView
    contest: Contest
    candidate: Candidate
    stage: StageKind | None
    own: Evidence | None
    target: Evidence | None
    root: Evidence | None

    def evidence(self, name: str) -> Evidence | None:
        """Return the text with this name, None where the interaction has none."""
        return {"own": self.own, "target": self.target, "root": self.root}[name]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Texts:
    """The texts of one interaction, read once for all pairs and rules; each reading is itself and equals no other."""

    own: Evidence | None
    target: Evidence | None
    root: Evidence | None

    def all(self) -> tuple[Evidence, ...]:
        """Return those that exist."""
        return tuple(e for e in (self.own, self.target, self.root) if e is not None)

    @property
    def over(self) -> Found | None:
        """The text right above the act's own words, which these are read in the context of."""
        above = self.target or self.root
        return above.found if above is not None else None


Above = tuple[Content | None, Content | None]
"""What an act is of, and the beginning of its thread."""


def read_above(above: Above, place: str, finder: MentionFinder, known: Texts | None = None) -> Texts:
    """Read what stands above an act of somebody at a place; `known` is what the same texts read as from elsewhere."""
    target, root = above
    before = known or Texts(None, None, None)
    first = read_one("root", root, place, finder, None, before.root) if root is not None else None
    over = first.found if first is not None else None
    second = read_one("target", target, place, finder, over, before.target) if target is not None else None
    return Texts(None, second, first)


def seen_from(place: str, texts: Texts, finder: MentionFinder) -> Found | None:
    """Return the text right above an act, read before from elsewhere, as it is weighed from a place."""
    found: Found | None = None
    for evidence in (texts.root, texts.target):
        if evidence is not None:
            content = evidence.content
            links = (*content.links, *content.mentioned)
            found = finder.examine(content.text, place, found, links, known=evidence.found)
    return found


def says_nothing(evidence: Evidence, finder: MentionFinder) -> bool:
    """Whether a text names nobody from wherever it is read, and below whatever."""
    content = evidence.content
    if evidence.mentions or not finder.says_nothing(content.text, (*content.links, *content.mentioned)):
        return False
    return all(finder.says_nothing(text) for _, text in _beside(content))


def author_words(content: Content | None, candidate_id: int) -> frozenset[str]:
    """Return the words that name an author's place in the register, for one pair."""
    if content is None:
        return frozenset()
    kind = content.author_kind
    if kind is None:
        return frozenset({UNREGISTERED})
    if kind.candidate_side:
        return (
            frozenset({"candidate_account", kind.value}) if candidate_id in content.author_candidates else frozenset()
        )
    return frozenset({kind.value, "neutral"}) if kind.neutral else frozenset({kind.value})


def mention_spans(mentions: Iterable[Mention], name: str) -> tuple[Span, ...]:
    """Return mentions as spans of the text `own`, `target` or `root`."""
    start = name + "."
    return tuple([span_of(m.field, m.start, m.end, m.text, m.alias) for m in mentions if m.field.startswith(start)])


def read_one(
    name: str,
    content: Content,
    place: str,
    finder: MentionFinder,
    above: Found | None,
    known: Evidence | None = None,
) -> Evidence:
    """Read one text below another; `known` is what it reads as from elsewhere, which has the same words."""
    links = (*content.links, *content.mentioned)
    found = finder.examine(content.text, place, above, links, known=known.found if known is not None else None)
    mentions = [_standing(m, f"{name}.{m.field}") for m in found.mentions]
    words = [] if known is not None else _listed(found, f"{name}.text", content.text)
    for part, text in _beside(content):
        more = finder.examine(text, place, found)
        mentions.extend([_standing(m, f"{name}.{part}") for m in more.mentions])
        if known is None:
            words.extend(_listed(more, f"{name}.{part}", text))
    return _evidence(name, content, found, mentions, known.words if known is not None else words)


def _standing(m: Mention, field: str) -> Mention:
    return _mention_of(m.candidate_id, m.kind, m.tier, m.start, m.end, m.text, m.alias, field)


def _beside(content: Content) -> Iterable[tuple[str, str]]:
    """Return texts beside the text itself: descriptions of images, and tags that the text does not show."""
    for text in content.alt_texts:
        if text:
            yield "alt", text
    low = content.text.lower()
    for tag in content.hashtags:
        if tag and tag.lower().lstrip("#") not in low:
            yield "hashtags", "#" + tag.lstrip("#")


def _listed(found: Found, field: str, text: str) -> list[ListedWord]:
    hits = found.setting.hits
    if not hits:
        return []
    reading = found.reading
    return opinions([_word_of((hit.list, hit, field, text, reading)) for hit in hits], text)
