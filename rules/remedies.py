"""What to write in a contest file against a collision: lines of `requires` and `excludes` to paste."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from monitor.domain import AliasCondition, Office, WordKind
from rules.register_words import RegisterWords, Said

_MOST = 8
_SPEAKING = {
    Office.GUBERNUR: ("cagub", "pilgub", "calon gubernur"),
    Office.BUPATI: ("cabup", "pilbup", "calon bupati"),
    Office.WALI_KOTA: ("cawalkot", "pilwalkot", "calon wali kota"),
    Office.PRESIDEN: ("capres", "pilpres", "calon presiden"),
    Office.DPR: ("caleg", "pileg", "dpr ri"),
    Office.DPD: ("caleg", "pileg", "dpd"),
    Office.DPRD_PROVINSI: ("caleg", "pileg", "dprd provinsi"),
    Office.DPRD_KABKOTA: ("caleg", "pileg", "dprd kabupaten", "dprd kota"),
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """An entry that says when it counts; it replaces the plain entry under `key`, or is added there."""

    key: str
    condition: AliasCondition

    def lines(self) -> tuple[str, ...]:
        """Return the entry as a contest file has it, below its key."""
        parts = [f"text: {_quoted(self.condition.text)}"]
        for name, entries in (("requires", self.condition.requires), ("excludes", self.condition.excludes)):
            if entries:
                parts.append(f"{name}: [{', '.join(map(_quoted, entries))}]")
        return (f"{self.key.rsplit('.', 1)[-1]}:", f"  - {{{', '.join(parts)}}}")


def company(
    register: RegisterWords, said: Said, common: Collection[str], everyday: Collection[str], *, contest: bool
) -> tuple[str, ...]:
    """Return words that point to this pair and no rival, for `requires`; with `contest` also those of its contest.

    The other names of the pair come first, `common` ones only where it has no others and never `everyday` words; then
    its ballot number, as texts write both.
    """
    standing = register.pairs[said.pair]
    number = standing.candidate.number
    own = [w for name in standing.names for w in name]
    own += [s.tokens[0] for s in register.by_pair[said.pair] if s.kind is WordKind.SHORT_NAME and len(s.tokens) == 1]
    named = [w for w in own if _tells(register, said, w)]
    names = [w for w in named if w not in common] or [w for w in named if w not in everyday]
    numbers = [f"nomor {number}", f"no {number}", f"paslon {number}", f"{number:02d}"]
    about = list(_SPEAKING[register.contests[standing.contest].office]) if contest else []
    return tuple(dict.fromkeys([*names[:_MOST], *numbers, *about]))


def against_others(register: RegisterWords, said: Said, others: Iterable[int]) -> tuple[str, ...]:
    """Return full names of the others that hold this word: where they stand, the word is theirs."""
    found = [
        " ".join(form)
        for other in others
        for name in register.pairs[other].names
        for form in (name, (name[0], name[-1]))
        if set(said.tokens) & set(form) and len(form) > 1
    ]
    own = {" ".join(form) for name in register.pairs[said.pair].names for form in (name, (name[0], name[-1]))}
    return tuple(dict.fromkeys(f for f in found if f not in own))[:_MOST]


def bind(said: Said, requires: tuple[str, ...], excludes: tuple[str, ...] = ()) -> Remedy:
    """Return the entry with its conditions; a word of an official name becomes a short name with conditions."""
    if said.kind is None:
        text = said.written.title()
        condition = AliasCondition(WordKind.SHORT_NAME, text, requires, excludes)
        return Remedy(f"people[{said.person + 1}].short_names", condition)
    return Remedy(said.key, AliasCondition(said.kind, said.written, requires, excludes))


def bind_number(register: RegisterWords, pair: int, others: Iterable[int]) -> Remedy:
    """Return an alias for a ballot number that counts only where this contest is spoken of."""
    standing = register.pairs[pair]
    own = _SPEAKING[register.contests[standing.contest].office]
    offices = dict.fromkeys(register.contests[c].office for c in others)
    theirs = tuple(w for office in offices for w in _SPEAKING[office] if w not in own)
    text = f"nomor {standing.candidate.number}"
    return Remedy("aliases", AliasCondition(WordKind.ALIAS, text, own, theirs))


def _tells(register: RegisterWords, said: Said, word: str) -> bool:
    """Whether a name word says which pair is meant: long enough, not the entry itself, nobody else's nearby."""
    if len(word) < 4 or word in said.tokens or word == said.joined:
        return False
    return not any(
        other.pair != said.pair and register.related(said.pair, other.pair)
        for other in register.by_joined.get(word, ())
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
