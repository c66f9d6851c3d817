"""A hint at how a text speaks of a pair: support, disparagement or neither, with the words that say so.

Nothing is decided by it: no condition, outcome, case or row depends on a hint. Where words point both ways, ask, quote,
report or mock, the hint is `netral`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.domain import Stance
from rules.lexicon import Lexicon
from rules.reading import Reading
from rules.stance_cues import Clauses, Cue, CueFinder, laughs, negated
from rules.text import read

_SHORT = 40  # in a text of so many words, what is said far from a name is still said of it
_FAR = 25  # words; a name farther away in the same clause is not meant
_LONGEST = 6000  # characters; the hint reads no further, so that its time never grows beyond what one page takes
_CLEAR = 2.0  # one side must outweigh the other so many times


class Named(NamedTuple):
    """A pair named at a stretch of a text; an empty stretch is a link or tag that stands nowhere in it."""

    pair: int
    start: int
    end: int


class HintSpan(NamedTuple):
    """Words that take a side, by offsets in the original text."""

    start: int
    end: int
    side: Stance


class StanceHint(NamedTuple):
    """How a text seems to speak of one pair; `spans` are the words that count for or against it, in order."""

    stance: Stance
    spans: tuple[HintSpan, ...] = ()


_NEITHER = StanceHint(Stance.NETRAL)


class _Place(NamedTuple):
    """A name in the text by its words."""

    pair: int
    first: int
    last: int
    clause: int
    sentence: int


@dataclass(slots=True)
class _Scales:
    """What was found for and against one pair."""

    support: float = 0.0
    scorn: float = 0.0
    spans: list[HintSpan] = field(default_factory=list)


class StanceReader:
    """Reads stances out of texts; built once from the word lists, without state that shows."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._finder = CueFinder(lexicon)

    def read(self, text: str | Reading, named: Iterable[Named], about: Sequence[int] = ()) -> Mapping[int, StanceHint]:
        """Return the hint for every pair that the text names, and for those it answers (`about`).

        A comment below a pair's post speaks of that pair wherever it names no other.
        """
        reading = read(text[:_LONGEST]) if isinstance(text, str) else text
        if len(reading.normal.original) > _LONGEST:
            reading = read(reading.normal.original[:_LONGEST])
        given = tuple(named)
        names = _names(reading, given)
        words = frozenset([w for _, first, last in names for w in self._finder.bare(reading, first, last)])
        pairs = tuple(dict.fromkeys([*(n.pair for n in given), *about])) if given else tuple(about)
        clauses = self._finder.clauses(reading, words)
        if clauses is None:
            return dict.fromkeys(pairs, _NEITHER)
        places = [_Place(*name, clauses.of[name[1]], clauses.sentence[name[1]]) for name in names]
        cues = self._finder.cues(clauses, words)
        scales: dict[int, _Scales] = defaultdict(_Scales)
        for pair, cue in _said(clauses, cues, places, tuple(about) or (pairs if len(pairs) == 1 else ())):
            _weigh(scales[pair], cue)
        return {pair: _verdict(scales[pair]) for pair in pairs}


def _names(reading: Reading, named: Sequence[Named]) -> list[tuple[int, int, int]]:
    """Return the names as (pair, first word, last word) in order of place, one for each pair and stretch."""
    found = set()
    end = len(reading.normal.original)
    if not named:
        return []
    for name in (n for n in named if n.start < end):
        inside = [i for i, t in enumerate(reading.tokens) if t.start < name.end and name.start < t.end]
        if inside:
            found.add((name.pair, inside[0], inside[-1]))
    return sorted(found, key=lambda name: (name[1], name[2], name[0]))


def _said(
    clauses: Clauses, cues: Sequence[Cue], places: Sequence[_Place], about: Sequence[int]
) -> Iterable[tuple[int, Cue]]:
    """Return every cue that counts with the pair it is said of."""
    told = _with_rejections(clauses, cues, places)
    if not told:
        return
    mocked = laughs(clauses)
    short = len(clauses.of) <= _SHORT
    for raw in told:
        cue = negated(raw, clauses, cues)
        if cue is None or not _counts(cue, clauses):
            continue
        sentence = clauses.sentence_of.get(cue.clause, 0)
        if cue.side > 0 and (sentence in mocked or (short and mocked)):
            continue  # praise with laughter may be mockery: a person tells
        compared = _compared(cue, clauses, places) if places else []
        targets = compared or [(p, 1) for p in _meant(cue, sentence, places, about, short=short)]
        for pair, turn in targets:
            yield pair, cue if turn == 1 else cue._replace(side=-cue.side)


def _counts(cue: Cue, clauses: Clauses) -> bool:
    """Whether a cue is the writer's own word: not asked, quoted or reported."""
    if any(start <= cue.start and cue.end <= end for start, end in clauses.quoted):
        return False
    return cue.fixed or not clauses.of or cue.clause in clauses.own_words


def _with_rejections(clauses: Clauses, cues: Sequence[Cue], places: Sequence[_Place]) -> list[Cue]:
    """Add "anti X", "jangan X", and "bukan X" where another pair is preferred in the same sentence; and "hidup X"."""
    found = [*cues, *_cheers(clauses, places)]
    if "bukan_orang" not in clauses.lists and "negasi" not in clauses.lists:
        return found
    tokens = clauses.reading.tokens
    preferring = {clauses.sentence_of.get(c.clause, 0) for c in cues if c.side > 0}
    for name, firm in (("bukan_orang", True), ("negasi", False)):
        for first, last in clauses.lists.get(name, ()):
            hit = next((p for p in places if last < p.first <= last + 2 and p.clause == clauses.of[first]), None)
            if hit is None or any(c.clause == hit.clause and c.place > first for c in cues):
                continue
            rival = any(p.pair != hit.pair and p.sentence == hit.sentence for p in places)
            if firm or (tokens[first].text in {"bukan", "dudu", "sanes"} and rival and hit.sentence in preferring):
                weight = clauses.weights[first]
                found.append(
                    Cue(-1, tokens[first].start, tokens[last].end, first, last, hit.clause, True, True, weight)
                )
    return found


def _cheers(clauses: Clauses, places: Sequence[_Place]) -> Iterable[Cue]:
    """Return the cheers before a name: `hidup X`, `saya tetap X`; elsewhere these words say nothing."""
    cheering = {last for _, last in (*clauses.lists.get("penyorak", ()), *clauses.lists.get("sorak", ()))}
    for first, last in clauses.lists.get("sorak", ()):
        opens = not first or clauses.of[first - 1] != clauses.of[first] or first - 1 in cheering
        if opens and any(last < p.first <= last + 2 and p.clause == clauses.of[first] for p in places):
            tokens = clauses.reading.tokens
            place = clauses.of[first]
            yield Cue(1, tokens[first].start, tokens[last].end, first, last, place, True, weight=clauses.weights[first])


def _compared(cue: Cue, clauses: Clauses, places: Sequence[_Place]) -> list[tuple[int, int]]:
    """Return whom a comparison praises and whom it lowers: "A lebih jujur daripada B"."""
    for first, last in clauses.lists.get("banding", ()):
        sentence = clauses.sentence[first]
        if clauses.sentence_of.get(cue.clause, 0) != sentence:
            continue
        less = [p for p in places if p.clause == clauses.of[first] and last < p.first]
        if not less:
            continue
        if cue.place < first:
            more = [p for p in places if p.sentence == sentence and p.last < first]
        elif cue.place > less[0].last:
            more = [p for p in places if p.sentence == sentence and p.first > less[0].last]
        else:
            continue
        nearest = min(more, key=lambda p: abs(p.first - cue.place), default=None)
        praised = [] if nearest is None or nearest.pair == less[0].pair else [(nearest.pair, 1)]
        return [*praised, (less[0].pair, -1)]
    return []


def _meant(cue: Cue, sentence: int, places: Sequence[_Place], about: Sequence[int], *, short: bool) -> tuple[int, ...]:
    """Return the pairs that a cue is said of: by clause, then sentence, then what was named last."""
    if not places:
        return tuple(about)
    here = [p for p in places if p.clause == cue.clause and abs(p.first - cue.place) <= _FAR]
    same = [p for p in places if p.sentence == sentence]
    if cue.stiff and same:  # "X mending pulang" prefers nobody
        ahead = [p for p in same if p.first > cue.place]
        return (_nearest(cue, ahead),) if ahead else ()
    if here:
        told = cue.agent and any(0 < cue.place - p.last <= 1 for p in here) and all(p.first < cue.place for p in here)
        return () if told else (_nearest(cue, here),)
    if same:
        return (([p for p in same if p.last < cue.place] or same[:1])[-1].pair,)
    past = [p for p in places if p.last < cue.place and (short or sentence - p.sentence <= 1)]
    if past:
        return (past[-1].pair,)
    return tuple(about) if short else ()


def _nearest(cue: Cue, here: Sequence[_Place]) -> int:
    """Return the pair nearest to a cue in its clause: an appeal looks ahead, a quality looks back."""

    def distance(place: _Place) -> tuple[float, bool]:
        ahead = place.first > cue.place
        gap = place.first - cue.end_place if ahead else cue.place - place.last
        wrong_way = ahead != cue.forward
        return (gap + (100 if cue.forward and wrong_way else 0), wrong_way)

    return min(here, key=distance).pair


def _weigh(scales: _Scales, cue: Cue) -> None:
    side = Stance.DUKUNGAN if cue.side > 0 else Stance.CELAAN
    if cue.side > 0:
        scales.support += cue.weight
    else:
        scales.scorn += cue.weight
    scales.spans.append(HintSpan(cue.start, cue.end, side))


def _verdict(scales: _Scales) -> StanceHint:
    spans = tuple(dict.fromkeys(sorted(scales.spans)))
    if scales.support >= _CLEAR * scales.scorn and scales.support > 0:
        return StanceHint(Stance.DUKUNGAN, spans)
    if scales.scorn >= _CLEAR * scales.support and scales.scorn > 0:
        return StanceHint(Stance.CELAAN, spans)
    return StanceHint(Stance.NETRAL, spans)
