"""The ways of finding names that are compared; each is built from a register and tells the pairs that a text names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from benchmarks.register import Patterns
from benchmarks.two_stage import TwoStage
from benchmarks.words import PLAIN, SLANG
from monitor.domain import Mention, Tier
from rules.loader import shipped_lexicon
from rules.mentions import MentionFinder

Search = Callable[[str, str | None], set[int]]
"""From a text, and the region of its writer where a way asks for that, to the pairs it names."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find names; one that is not `timed` only shows its recall."""

    name: str
    build: Callable[[Patterns], Search]
    note: str
    timed: bool = True


def ours(patterns: Patterns) -> Search:
    """Count every mention that `find` gives, of any tier; spans, tiers, numbers, misspellings are in the time."""
    finder = MentionFinder(patterns.contests, shipped_lexicon())
    return lambda text, _: {m.candidate_id for m in finder.find(text)}


def ours_acted_on(patterns: Patterns) -> Search:
    """Count only mentions of tier kuat and sedang, with the whole country loaded and no region known."""
    finder = MentionFinder(patterns.contests, shipped_lexicon())
    return lambda text, _: _acted_on(finder.find(text))


def ours_at_home(patterns: Patterns) -> Search:
    """Count only mentions of tier kuat and sedang, for a person of the pair's region: as a night judges."""
    finder = MentionFinder(patterns.contests, shipped_lexicon())
    return lambda text, region: _acted_on(finder.find(text, scope=region))


def _acted_on(mentions: Iterable[Mention]) -> set[int]:
    return {m.candidate_id for m in mentions if m.tier.rank >= Tier.SEDANG.rank}


def two_stage(patterns: Patterns) -> Search:
    """Look exactly for all strings, then for pieces of them, verified by similarity; no spans, no tiers."""
    search = TwoStage(patterns.strings, patterns.owners, (*PLAIN, *SLANG)).find
    return lambda text, _: search(text)


def flashtext2(patterns: Patterns) -> Search:
    """Look for whole words by flashtext's trie."""
    from flashtext2 import KeywordProcessor

    owners = _owners(patterns)
    processor: Any = KeywordProcessor(case_sensitive=False)
    for string in owners:
        processor.add_keyword(string, string)
    return lambda text, _: {o for found in processor.extract_keywords(text) for o in owners[found]}


def pyahocorasick(patterns: Patterns) -> Search:
    """Look exactly by pyahocorasick and keep what stands on word boundaries."""
    import ahocorasick

    automaton: Any = ahocorasick.Automaton()
    for string, owners in _owners(patterns).items():
        automaton.add_word(string, (len(string), owners))
    automaton.make_automaton()

    def find(text: str, _: str | None) -> set[int]:
        low = text.lower()
        found: set[int] = set()
        for last, (length, owners) in automaton.iter(low):
            start, end = last - length + 1, last + 1
            if not low[start - 1 : start].isalnum() and not low[end : end + 1].isalnum():
                found.update(owners)
        return found

    return find


def ahocorasick_rs(patterns: Patterns) -> Search:
    """Look exactly by ahocorasick_rs, boundaries or not."""
    from ahocorasick_rs import AhoCorasick

    owners = list(_owners(patterns).values())
    automaton = AhoCorasick(list(_owners(patterns)))
    return lambda text, _: {
        o for index, _, _ in automaton.find_matches_as_indexes(text.lower(), overlapping=True) for o in owners[index]
    }


def spacy(patterns: Patterns) -> Search:
    """Look for token sequences by spaCy's PhraseMatcher."""
    import spacy as library
    from spacy.matcher import PhraseMatcher

    nlp = library.blank("id")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    owners = _owners(patterns)
    matcher.add("pair", list(nlp.pipe(owners)))

    def find(text: str, _: str | None) -> set[int]:
        doc = nlp.make_doc(text)
        return {o for _, start, end in matcher(doc) for o in owners[doc[start:end].text.lower()]}

    return find


def rapidfuzz_loop(patterns: Patterns) -> Search:
    """Score every string against the text by a call of partial_ratio each; 80 or more counts."""
    from rapidfuzz.fuzz import partial_ratio

    pairs = [(string.lower(), owner) for string, owner in zip(patterns.strings, patterns.owners, strict=True)]

    def find(text: str, _: str | None) -> set[int]:
        text = text.lower()
        return {owner for string, owner in pairs if partial_ratio(string, text, score_cutoff=80)}

    return find


def rapidfuzz_extract(patterns: Patterns) -> Search:
    """Score all strings in one call of rapidfuzz, 90 or more counts: its quickest form, and a stricter one."""
    from rapidfuzz import fuzz, process

    strings, owners = [s.lower() for s in patterns.strings], patterns.owners

    def find(text: str, _: str | None) -> set[int]:
        scored = process.extract(text.lower(), strings, scorer=fuzz.partial_ratio, score_cutoff=90, limit=None)
        return {owners[index] for _, _, index in scored}

    return find


def _owners(patterns: Patterns) -> dict[str, tuple[int, ...]]:
    owners: dict[str, list[int]] = {}
    for string, owner in zip(patterns.strings, patterns.owners, strict=True):
        owners.setdefault(re.sub(r"\s+", " ", string.lower()), []).append(owner)
    return {string: tuple(dict.fromkeys(held)) for string, held in owners.items()}


OURS = "pantau find"
TWO_STAGE = "bare two-stage"
LOOP = "rapidfuzz partial_ratio loop"
EXTRACT = "rapidfuzz process.extract"

WAYS = (
    Way(OURS, ours, "spans, tiers, numbers, misspellings, context; every tier counted"),
    Way("pantau, acted on", ours_acted_on, "the same, tiers kuat and sedang only, no region known", timed=False),
    Way("pantau, acted on, at home", ours_at_home, "the same for a person of the pair's region", timed=False),
    Way(TWO_STAGE, two_stage, "exact, then pieces verified by rapidfuzz; pairs only"),
    Way("ahocorasick_rs", ahocorasick_rs, "exact, boundaries or not"),
    Way("pyahocorasick + boundaries", pyahocorasick, "exact"),
    Way("flashtext2", flashtext2, "exact, whole words"),
    Way("spaCy PhraseMatcher", spacy, "exact, tokens"),
    Way(LOOP, rapidfuzz_loop, "80 or more, a call for each string; timed and tried on a sample"),
    Way(EXTRACT, rapidfuzz_extract, "90 or more, one call for all strings; timed and tried on a sample"),
)
