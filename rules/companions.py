"""What the words of phrases are to each other: which is the rarest, which stand beside it, what is left without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.looks import ANCHOR, FIRM
from rules.register import Register

ROUGH_FROM = 5  # beside another word of the same name one edit counts in a word this long, two in a longer one
_LONG = 3


@dataclass(frozen=True, slots=True)
class Rest:
    """A phrase, and the word at its beginning (`before`) or end that is looked for misspelt."""

    form: str
    missing: str
    before: bool


def anchors(register: Register, common: frozenset[str]) -> Mapping[str, int]:
    """Return for each phrase its rarest word, with FIRM where the word is the whole phrase, else with ANCHOR."""
    frequency: dict[str, int] = {}
    for form in register.phrases:
        for word in form.split():
            frequency[word] = frequency.get(word, 0) + 1
    bits: dict[str, int] = {}
    for form in register.phrases:
        anchor = min(form.split(), key=lambda w: (w in common, frequency[w], -len(w), w))
        bits[anchor] = FIRM if anchor == form else bits.get(anchor, ANCHOR)
    return bits


def neighbours(register: Register) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return for each word of a two-word name the words that stand after it, and before it."""
    after: dict[str, list[str]] = {}
    before: dict[str, list[str]] = {}
    for form, aliases in register.phrases.items():
        left, _, right = form.partition(" ")
        if right and " " not in right and any(not a.weakness and not a.coined for a in aliases):
            if len(right) >= ROUGH_FROM:
                after.setdefault(left, []).append(right)
            if len(left) >= ROUGH_FROM:
                before.setdefault(right, []).append(left)
    return after, before


def rests(register: Register) -> dict[str, list[Rest]]:
    """Return long phrases without their first word, and without their last."""
    held: dict[str, list[Rest]] = {}
    for form, aliases in register.phrases.items():
        words = form.split()
        if len(words) >= _LONG and any(not a.weakness for a in aliases):
            for missing, before, rest in ((words[0], True, words[1:]), (words[-1], False, words[:-1])):
                if len(missing) >= ROUGH_FROM:
                    held.setdefault(" ".join(rest), []).append(Rest(form, missing, before))
    return held
