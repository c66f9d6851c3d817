"""What every condition is: a word with its argument, a fast test, and a full answer for traces."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple

from monitor.domain import Span
from rules.facts import Evidence, Facts
from rules.nodes import Node, did_you_mean

FIELDS = ("own", "target", "root")

Decide = Callable[[Facts], bool | None]


class Verdict(NamedTuple):
    """The answer of a condition: True, False, or None where nothing can be said; with what it rests on."""

    passed: bool | None
    detail: str = ""
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Matcher:
    """One word of the rule language.

    `read` takes its argument from the file (RuleError); `compile` binds it to a fast test without text; `answer` says
    the same with detail and spans. `compile(a)(facts)` equals `answer(facts, a).passed` for all facts. A `costly` test
    (one that reads a whole text again) is asked last, and once for all rules that ask the same. The answer of one that
    is `settled` follows from `plans.kind_of(facts)` alone, and rests on no words.

    `needs` names the lists (and `facts.THE_PAIR`, `facts.TAGS`) without any of which it finds nothing in an act's own
    text, whatever that is: it says the same of all such texts, and rests on no words. None: it looks elsewhere, or at
    more than that. Where `one_will_do`, it holds for every text with one of them.
    """

    name: str
    read: Callable[[Node], Any]
    compile: Callable[[Any], Decide]
    answer: Callable[[Facts, Any], Verdict]
    costly: bool = False
    settled: bool = False
    needs: Callable[[Any], Collection[str] | None] = lambda _: None
    one_will_do: bool = False

    def test(self, facts: Facts, argument: Any) -> bool | None:
        """Return the bare answer."""
        return self.compile(argument)(facts)


def one_of(node: Node, allowed: tuple[str, ...]) -> str:
    """Return a word out of a fixed list; RuleError with a suggestion for any other."""
    word = node.text()
    if word not in allowed:
        node.fail(f"nilai tidak dikenal: {word}", did_you_mean(word, allowed))
    return word


def text_of(field: str) -> Callable[[Facts], Evidence | None]:
    """Return what takes the text `own`, `target` or `root` from facts."""
    if field not in FIELDS:
        raise KeyError(field)
    return attrgetter(field)


def of_own(field: str, names: Collection[str]) -> Collection[str] | None:
    """Return the lists that a condition on one text needs in the own words."""
    return names if field == "own" else None


def unread(field: str) -> bool | None:
    """Return the answer for a text that is not there: unknown for a target, which exists but was not captured."""
    return None if field == "target" else False


def missing(field: str) -> Verdict:
    """Return `unread` with its reason."""
    return Verdict(unread(field), "tidak ada teks")
