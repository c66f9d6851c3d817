"""What a rule may look at: one interaction, one pair, and the texts as read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from monitor.domain import Candidate, Content, Contest, InteractionView, Mention, Span, StageKind, Tier, region_covers
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


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Texts:
    """The texts of one interaction, read once for all pairs and rules; each reading is itself and equals no other.

    `anywhere` says that they name nobody from wherever they are read.
    """

    own: Evidence | None
    target: Evidence | None
    root: Evidence | None
    anywhere: bool = False

    def all(self) -> tuple[Evidence, ...]:
        """Return those that exist."""
        return tuple(e for e in (self.own, self.target, self.root) if e is not None)


_Above = tuple[Content | None, Content | None]


class Shelf:
    """Readings of what many acts are of, such as a post that thousands like; what it holds shows in speed only.

    Texts that name nobody wherever they are read are kept once, others once for each set of contests that concern a
    person. Forgets everything when it is full: of readings, or of characters, each of which takes tens of bytes.
    """

    def __init__(self, most: int = 16_384, room: int = 4_000_000) -> None:
        self._most, self._room = most, room
        self._held: dict[_Above, Texts | dict[frozenset[int], Texts]] = {}
        self._count = self._size = 0
        self._homes: dict[str, frozenset[int]] = {}

    def above(self, view: InteractionView, finder: MentionFinder) -> Texts:
        """Return what stands above an act as it reads from where its person is; read when it is not held."""
        above = view.target, view.root
        held = self._held.get(above)
        if isinstance(held, Texts):
            return held
        home = self._home(view.jurisdiction, finder)
        texts = held.get(home) if held is not None else None
        if texts is None:
            known = next(iter(held.values())) if held else None
            texts = _read_above(above, view.jurisdiction, finder, known)
            if known is None and all(_says_nothing(evidence, finder) for evidence in texts.all()):
                texts = replace(texts, anywhere=True)
            self._keep(above, texts, home)
        return texts

    def _keep(self, above: _Above, texts: Texts, home: frozenset[int]) -> None:
        size = sum(len(content.text) for content in above if content is not None)
        if size > self._room:
            return
        if self._count >= self._most or self._size + size > self._room:
            self._held.clear()
            self._count = self._size = 0
        if texts.anywhere:
            self._held[above] = texts
        else:
            held = self._held.setdefault(above, {})
            assert isinstance(held, dict)  # what says nothing anywhere was given back at once
            held[home] = texts
        self._count += 1
        self._size += size

    def _home(self, place: str, finder: MentionFinder) -> frozenset[int]:
        """Return the contests that concern a person of a place; from places with the same ones texts read the same."""
        home = self._homes.get(place)
        if home is None:
            covering = (at for at, contest in enumerate(finder.contests) if region_covers(contest.region, place))
            home = self._homes[place] = frozenset(covering)
        return home


def read_texts(view: InteractionView, finder: MentionFinder, shelf: Shelf | None = None) -> Texts:
    """Read the texts of an interaction; a comment is read in the context of what it answers.

    A shelf belongs to one finder. It keeps what stands above the act; the act's own words are hardly ever met again.
    """
    place = view.jurisdiction
    texts = shelf.above(view, finder) if shelf is not None else _read_above((view.target, view.root), place, finder)
    if view.own is None:
        return texts
    if texts.anywhere:
        over = _seen_from(place, texts, finder)
    else:
        above = texts.target or texts.root
        over = above.found if above is not None else None
    return Texts(_read("own", view.own, place, finder, over), texts.target, texts.root)


def _read_above(above: _Above, place: str, finder: MentionFinder, known: Texts | None = None) -> Texts:
    target, root = above
    before = known or Texts(None, None, None)
    first = _read("root", root, place, finder, None, before.root) if root is not None else None
    over = first.found if first is not None else None
    second = _read("target", target, place, finder, over, before.target) if target is not None else None
    return Texts(None, second, first)


def _seen_from(place: str, texts: Texts, finder: MentionFinder) -> Found | None:
    """Return the text right above an act, read before from elsewhere, as it is weighed from a place."""
    found: Found | None = None
    for evidence in (texts.root, texts.target):
        if evidence is not None:
            content = evidence.content
            links = (*content.links, *content.mentioned)
            found = finder.examine(content.text, place, found, links, known=evidence.found)
    return found


def _says_nothing(evidence: Evidence, finder: MentionFinder) -> bool:
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
    return tuple(Span(m.field, m.start, m.end, m.text, m.alias) for m in mentions if m.field.startswith(name + "."))


def _read(
    name: str,
    content: Content,
    place: str,
    finder: MentionFinder,
    above: Found | None,
    known: Evidence | None = None,
) -> Evidence:
    """Read one text; `known` is what it reads as from elsewhere, which has the same words."""
    links = (*content.links, *content.mentioned)
    found = finder.examine(content.text, place, above, links, known=known.found if known is not None else None)
    mentions = [replace(m, field=f"{name}.{m.field}") for m in found.mentions]
    words = [] if known is not None else list(_word_spans(found, f"{name}.text", content.text))
    for part, text in _beside(content):
        more = finder.examine(text, place, found)
        mentions.extend(replace(m, field=f"{name}.{part}") for m in more.mentions)
        if known is None:
            words.extend(_word_spans(more, f"{name}.{part}", text))
    return Evidence(name, content, found, tuple(mentions), known.words if known is not None else tuple(words))


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
