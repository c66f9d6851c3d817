"""Words of a register that point to two pairs of the same voters: shared, one edit apart, one inside the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

from monitor.domain import Level, WordKind
from rules.clashes import Clash, Collision, Vocabulary, collision
from rules.register_words import RegisterWords, Said, Standing
from rules.remedies import against_others, bind, bind_number, company

_NAMED = 3  # so many others a sentence names
_LONG = 24
_MISSPELT_FROM = 5  # from here on a misspelling of a name is looked for
_ENTRY_FROM = 4
_PUBLIC = (WordKind.SLOGAN, WordKind.HASHTAG)

Others = dict[Said, set[int]]


def check_shared_words(register: RegisterWords, vocabulary: Vocabulary) -> Iterator[Collision]:
    """Yield words and slogans that two pairs of the same voters share."""
    common = vocabulary.common
    for form, group in register.by_joined.items():
        if len({s.pair for s in group}) < 2 or (form in common and all(s.kind is None for s in group)):
            continue
        grouped = register.by_contest(group)
        for said in _first_of_pairs(group):
            others = {s.pair: s for s in register.met_by(said, grouped)}
            if not others or said.condition is not None or (said.kind is None and (form in common or len(form) < 4)):
                continue
            public = said.kind in _PUBLIC or any(s.kind in _PUBLIC for s in others.values())
            what = "slogan atau tagar" if public else "kata"
            why = f"{what} '{said.written}' juga milik {_named(register, said, others)}"
            yield _against(register, said, others, (Clash.SLOGAN if public else Clash.SHARED, why), vocabulary)


def check_near_words(register: RegisterWords, vocabulary: Vocabulary) -> Iterator[Collision]:
    """Yield words that one edit turns into another pair's word."""
    near: dict[Said, dict[int, Said]] = defaultdict(dict)
    for one, other in _one_edit_apart(register, vocabulary.common):
        for said in register.by_joined[one]:
            for rival in register.by_joined[other]:
                if (
                    register.related(said.pair, rival.pair)
                    and said.pair != rival.pair
                    and _counts(register, said, rival)
                ):
                    near[said].setdefault(rival.pair, rival)
                    near[rival].setdefault(said.pair, said)
    for said, others in near.items():
        if said.condition is None:
            alike = ", ".join(f"'{w}'" for w in sorted({s.written for s in others.values()})[:_NAMED])
            why = f"'{said.written}' berbeda satu huruf dari {alike}, milik {_named(register, said, others)}"
            yield _against(register, said, others, (Clash.NEAR, why), vocabulary)


def check_inner_words(register: RegisterWords, vocabulary: Vocabulary) -> Iterator[Collision]:
    """Yield short entries that stand inside another pair's word, an everyday word or another pair's blend."""
    short = {s.joined for s in register.said if s.kind is not None and 3 <= len(s.joined) <= _MISSPELT_FROM}
    holders = _holders(short, (s.joined for s in register.said))
    everyday = _holders(short, vocabulary.everyday)
    blends = _Blends(register)
    noted: set[tuple[int, str]] = set()
    for said in register.said:
        if (
            said.kind is None
            or said.condition is not None
            or len(said.tokens) != 1
            or said.joined in vocabulary.everyday
        ):
            continue
        yield from _inside_others(register, said, holders, vocabulary)
        if (said.pair, said.joined) not in noted:
            noted.add((said.pair, said.joined))
            yield from _inside_everyday(register, said, everyday)
        if said.kind in {WordKind.ALIAS, WordKind.HASHTAG}:
            others = dict.fromkeys(blends.of_others(said), said)
            if others:
                why = f"singkatan '{said.written}' juga cocok dengan nama {_named(register, said, others)}"
                yield _against(register, said, others, (Clash.ACRONYM, why), vocabulary)


def check_contained_slogans(register: RegisterWords, vocabulary: Vocabulary) -> Iterator[Collision]:
    """Yield slogans that stand whole inside another pair's slogan."""
    phrases: dict[tuple[str, ...], list[Said]] = defaultdict(list)
    for said in register.said:
        if said.kind in {WordKind.SLOGAN, WordKind.ALIAS} and len(said.tokens) > 1:
            phrases[said.tokens].append(said)
    within: dict[Said, dict[int, Said]] = defaultdict(dict)
    for longer in (s for group in phrases.values() for s in group):
        for inner in _inner_phrases(longer.tokens):
            for said in phrases.get(inner, ()):
                if said.pair != longer.pair and register.related(said.pair, longer.pair):
                    within[said].setdefault(longer.pair, longer)
    for said, others in within.items():
        if said.condition is None:
            longest = next(iter(others.values())).written
            why = f"'{said.written}' bagian dari '{longest}', slogan {_named(register, said, others)}"
            yield _against(register, said, others, (Clash.SLOGAN, why), vocabulary)


def check_numbers(register: RegisterWords) -> Iterator[Collision]:
    """Yield ballot numbers that pairs of several contests with the same voters have."""
    holders: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for place, standing in enumerate(register.pairs):
        holders[standing.contest][standing.candidate.number].add(place)
    for place, standing in enumerate(register.pairs):
        number = standing.candidate.number
        others = [c for c in register.neighbours(standing.contest) if number in holders[c]]
        written = f"nomor {number}"
        if not others or any(c.text.lower() == written for c in standing.candidate.conditions):
            continue
        names = ", ".join(register.contests[c].name for c in others[:_NAMED])
        more = f" dan {len(others) - _NAMED} kontes lain" if len(others) > _NAMED else ""
        why = (
            f"nomor {number} juga ada di {names}{more}, dengan pemilih yang sama; nomor saja tidak menentukan kontesnya"
        )
        said = Said(place, None, 0, "number", written, ("nomor", str(number)))
        found = ((written,), why, bind_number(register, place, others))
        yield collision(register, said, Clash.NUMBER, Level.MENENGAH, found)


def _first_of_pairs(group: Iterable[Said]) -> list[Said]:
    """Return one word of each pair: an entry that an officer wrote before a word of the official name."""
    best: dict[int, Said] = {}
    for said in group:
        held = best.get(said.pair)
        if held is None or (held.kind is None and said.kind is not None):
            best[said.pair] = said
    return list(best.values())


def _against(
    register: RegisterWords, said: Said, others: dict[int, Said], found: tuple[Clash, str], vocabulary: Vocabulary
) -> Collision:
    """Return the collision with its level and remedy: rivals and written entries matter more than far ones."""
    kind, why = found
    rival = any(register.rivals(said.pair, other) for other in others)
    written = said.kind is not None or any(s.kind is not None for s in others.values())
    near = kind is Clash.NEAR or written
    level = (Level.TINGGI if near else Level.MENENGAH) if rival else Level.MENENGAH if written else Level.RENDAH
    if kind is Clash.ACRONYM:
        level = Level.MENENGAH if rival else Level.RENDAH
    requires = company(register, said, vocabulary.common, vocabulary.everyday, contest=not rival)
    remedy = bind(said, requires, against_others(register, said, others))
    words = (said.written, *dict.fromkeys(s.written for s in others.values() if s.written != said.written))
    return collision(register, said, kind, level, (words[: _NAMED + 1], why, remedy))


def _named(register: RegisterWords, said: Said, others: Iterable[int]) -> str:
    places = sorted(others)
    named = ", ".join(register.label(other, said.pair) for other in places[:_NAMED])
    return f"{named} dan {len(places) - _NAMED} lainnya" if len(places) > _NAMED else named


def _one_edit_apart(register: RegisterWords, common: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield every two single words of the register that one edit parts, each two once."""
    buckets: dict[str, list[str]] = defaultdict(list)
    for form in sorted(register.by_joined):
        if _ENTRY_FROM <= len(form) <= _LONG and form not in common and form.isalpha():
            for cut in {form, *(form[:i] + form[i + 1 :] for i in range(len(form)))}:
                buckets[cut].append(form)
    seen: set[tuple[str, str]] = set()
    for forms in buckets.values():
        for place, one in enumerate(forms):
            for other in forms[place + 1 :]:
                if (one, other) not in seen and OSA.distance(one, other, score_cutoff=1) <= 1:
                    seen.add((one, other))
                    yield one, other


def _counts(register: RegisterWords, said: Said, rival: Said) -> bool:
    """Whether likeness of these two matters: long enough to be misspelt, or both written by officers for one ballot."""
    if min(len(said.joined), len(rival.joined)) >= _MISSPELT_FROM:
        return True
    return register.rivals(said.pair, rival.pair) and said.kind is not None and rival.kind is not None


def _holders(short: set[str], longer: Iterable[str]) -> dict[str, list[str]]:
    """Return for each short word the longer ones in which it stands."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(set(longer)):
        if " " in word or len(word) > _LONG:
            continue
        cuts = {word[i : i + n] for n in range(3, _MISSPELT_FROM + 1) for i in range(len(word) - n + 1)}
        for cut in (cuts & short) - {word}:
            found[cut].append(word)
    return found


def _inside_others(
    register: RegisterWords, said: Said, holders: dict[str, list[str]], vocabulary: Vocabulary
) -> Iterator[Collision]:
    others: dict[int, Said] = {}
    for word in holders.get(said.joined, ()):
        for holder in register.by_joined[word]:
            if holder.pair != said.pair and holder.kind is not None and register.related(said.pair, holder.pair):
                others.setdefault(holder.pair, holder)
    if others:
        inside = ", ".join(f"'{w}'" for w in sorted({s.written for s in others.values()})[:_NAMED])
        why = f"'{said.written}' ada di dalam {inside}, milik {_named(register, said, others)}"
        yield _against(register, said, others, (Clash.INSIDE, why), vocabulary)


def _inside_everyday(register: RegisterWords, said: Said, everyday: dict[str, list[str]]) -> Iterator[Collision]:
    found = everyday.get(said.joined, [])
    if found and said.kind is not WordKind.SLOGAN:
        inside = ", ".join(f"'{w}'" for w in found[:_NAMED])
        why = f"'{said.written}' ada di dalam kata {inside}; ia hanya dikenali sebagai kata tersendiri"
        yield collision(register, said, Clash.INSIDE, Level.RENDAH, ((said.written, *found[:_NAMED]), why, None))


def _inner_phrases(tokens: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for first in range(min(len(tokens), _LONG)):
        for last in range(first + 2, min(len(tokens), _LONG) + 1):
            if last - first < len(tokens):
                yield tokens[first:last]


class _Blends:
    """The openings of names by pair, so that a coined word can be tried on other pairs of the same voters."""

    def __init__(self, register: RegisterWords) -> None:
        self._register = register
        self._openings = [_openings(standing) for standing in register.pairs]
        self._by_contest: dict[int, list[int]] = defaultdict(list)
        for place, standing in enumerate(register.pairs):
            self._by_contest[standing.contest].append(place)

    def of_others(self, said: Said) -> list[int]:
        """Return the other pairs whose two names begin with the two halves of a word."""
        form = said.joined
        contest = self._register.pairs[said.pair].contest
        near = [
            p for c in (contest, *self._register.neighbours(contest)) for p in self._by_contest[c] if p != said.pair
        ]
        splits = [(form[:i], form[i:]) for i in range(2, len(form) - 1)] if 4 <= len(form) <= 12 else []
        return [p for p in near if any(self._fits(p, left, right) for left, right in splits)]

    def _fits(self, pair: int, left: str, right: str) -> bool:
        first, second = self._openings[pair]
        return (left in first and right in second) or (left in second and right in first)


def _openings(standing: Standing) -> tuple[frozenset[str], frozenset[str]]:
    sides: tuple[set[str], set[str]] = (set(), set())
    for person, name in zip(standing.persons, standing.names, strict=True):
        for word in name:
            sides[min(person, 1)].update(word[:end] for end in range(2, len(word) + 1))
    return frozenset(sides[0]), frozenset(sides[1])
