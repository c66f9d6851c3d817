"""Raising a hit's order of attention by the shared raisers; never a measure of guilt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.domain import Hit, Level
from rules.facts import Facts
from rules.matchers import Decide
from rules.plans import compile_group
from rules.raiserfile import Raiser

_ORDER = tuple(Level)


@dataclass(frozen=True, slots=True)
class CompiledRaiser:
    """A raiser with its conditions as one fast function."""

    raiser: Raiser
    decide: Decide


def compile_raisers(raisers: Iterable[Raiser]) -> tuple[CompiledRaiser, ...]:
    """Return the raisers ready to be asked, in the order of their ids."""
    return tuple(CompiledRaiser(r, compile_group(r.when)) for r in sorted(raisers, key=lambda r: r.id))


def raised(hits: Sequence[Hit], facts: Facts, raisers: Sequence[CompiledRaiser]) -> list[Hit]:
    """Return the hits of one interaction for one pair with their levels raised and the reasons beside them."""
    if not hits:
        return []
    straddled = hits[0].stage_straddled
    standing = [c.raiser for c in raisers if c.decide(facts) and not (straddled and c.raiser.timed)]
    if not standing:
        return list(hits)
    reasons = tuple(dict.fromkeys(raiser.because for raiser in standing))
    least = max((raiser.to for raiser in standing), key=_ORDER.index)
    return [replace(hit, level=max(hit.level, least, key=_ORDER.index), raised=reasons) for hit in hits]
