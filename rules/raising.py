"""Raising a hit's order of attention by the shared raisers; never a measure of guilt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain import Level
from rules.facts import Facts
from rules.matchers import Decide
from rules.raiserfile import Raiser

_ORDER = {level: place for place, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Raising:
    """To what level at least the hits of one act for one pair are raised, and the reasons, which stand beside them."""

    least: Level | None = None
    because: tuple[str, ...] = ()

    def level_of(self, level: Level) -> Level:
        """Return the level of a hit, raised."""
        return level if self.least is None else max(level, self.least, key=_ORDER.__getitem__)


_NONE = Raising()


def raised(facts: Facts, raisers: Iterable[tuple[Raiser, Decide | None]], *, straddled: bool) -> Raising:
    """Return what those raisers do that hold, each without a function where that is settled.

    An act in a `straddled` bracket is raised by none that rests on the stage.
    """
    standing = [raiser for raiser, holds in raisers if holds is None or holds(facts)]
    if straddled:
        standing = [raiser for raiser in standing if not raiser.timed]
    if not standing:
        return _NONE
    reasons = tuple(dict.fromkeys(raiser.because for raiser in standing))
    return Raising(max((raiser.to for raiser in standing), key=_ORDER.__getitem__), reasons)
