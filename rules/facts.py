"""What a rule may look at: one interaction, one pair, and the texts as read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from monitor.domain import Candidate, Content, Contest, InteractionView, Mention, Span, StageKind, Tier
from rules.gates import opinions
from rules.mentions import Found, MentionFinder

UNREGISTERED = "unregistered"


@dataclass(frozen=True, slots=True)
class WordSpan:
    """A word of a list as it stands in a text."""

    list: str
    span: Span


@dataclass(frozen=True, slots=True)
class Evidence:
    """One text of an interaction (`own`, `target` or `root`) with all that was recognised in it.

    `listed` holds the lists of all words, each as `file.list` and as `file`; `counts` how often each pair is named from
    each tier up, by the tier's rank.
    """

    name: str
    content: Content
    found: Found
    mentions: tuple[Mention, ...]
    words: tuple[WordSpan, ...]
    listed: frozenset[str] = field(init=False, repr=False, compare=False)
    counts: Mapping[int, tuple[int, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {word.list for word in self.words}
        object.__setattr__(self, "listed", frozenset(names.union([name.split(".", 1)[0] for name in names])))
        object.__setattr__(self, "counts", _counts(self.mentions))

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
        return tuple(w.span for w in self.words if w.list in names or w.list.split(".", 1)[0] in names)


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


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one interaction, read once for all pairs and rules."""

    own: Evidence | None
    target: Evidence | None
    root: Evidence | None

    def all(self) -> tuple[Evidence, ...]:
        """Return those that exist."""
        return tuple(e for e in (self.own, self.target, self.root) if e is not None)


class Shelf:
    """Readings of texts that many interactions are of, such as a post and its likes; what it holds shows in speed only.

    Forgets everything when it is full, and does not take long texts.
    """

    def __init__(self, most: int = 512, longest: int = 10_000) -> None:
        self._most, self._longest = most, longest
        self._held: dict[Hashable, Evidence] = {}

    def evidence(self, key: Hashable, content: Content, read: Callable[[], Evidence]) -> Evidence:
        """Return the reading under a key that holds all that a reading depends on; read when it is not held."""
        held = self._held.get(key)
        if held is None:
            held = read()
            if len(self._held) >= self._most:
                self._held.clear()
            if len(content.text) <= self._longest:
                self._held[key] = held
        return held


def read_texts(view: InteractionView, finder: MentionFinder, shelf: Shelf | None = None) -> Texts:
    """Read the texts of an interaction; a comment is read in the context of what it answers.

    A shelf belongs to one finder. It keeps what stands above the act; the act's own words are hardly ever met again.
    """
    place, kept = view.jurisdiction, shelf or Shelf(0)
    root = target = None
    if view.root is not None:
        content = view.root
        root = kept.evidence((place, content), content, lambda: _read("root", content, place, finder, None))
    if view.target is not None:
        under, over = view.target, root.found if root else None
        target = kept.evidence(
            (place, under, view.root), under, lambda: _read("target", under, place, finder, over)
        )  # fmt: skip
    above = target or root
    own = _read("own", view.own, place, finder, above.found if above else None) if view.own is not None else None
    return Texts(own, target, root)


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
    return tuple(Span(m.field, m.start, m.end, m.text, m.alias) for m in mentions if m.field.startswith(name + "."))


def _read(name: str, content: Content, place: str, finder: MentionFinder, above: Found | None) -> Evidence:
    found = finder.examine(content.text, place, above, (*content.links, *content.mentioned))
    mentions = [replace(m, field=f"{name}.{m.field}") for m in found.mentions]
    words = list(_word_spans(found, f"{name}.text", content.text))
    for part, text in _beside(content):
        more = finder.examine(text, place, found)
        mentions.extend(replace(m, field=f"{name}.{part}") for m in more.mentions)
        words.extend(_word_spans(more, f"{name}.{part}", text))
    return Evidence(name, content, found, tuple(mentions), tuple(words))


def _beside(content: Content) -> Iterable[tuple[str, str]]:
    """Return texts beside the text itself: descriptions of images, and tags that the text does not show."""
    for text in content.alt_texts:
        if text:
            yield "alt", text
    low = content.text.lower()
    for tag in content.hashtags:
        if tag and tag.lower().lstrip("#") not in low:
            yield "hashtags", "#" + tag.lstrip("#")


def _word_spans(found: Found, field: str, text: str) -> Iterable[WordSpan]:
    words = []
    for hit in found.setting.hits:
        start, end = found.reading.between(hit.first, hit.last)
        words.append((hit.list, Span(field, start, end, text[start:end], hit.phrase)))
    return (WordSpan(name, span) for name, span in opinions(words, text))
