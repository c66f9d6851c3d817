"""What in a register may be taken for somebody or something else, and what to write against it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from monitor.domain import Contest, Level
from rules.clashes import Clash, Collision, read_vocabulary
from rules.lexicon import Lexicon
from rules.lone_clashes import check_conditions, check_lone_words
from rules.pair_clashes import (
    check_contained_slogans,
    check_inner_words,
    check_near_words,
    check_numbers,
    check_shared_words,
)
from rules.register_words import read_words

__all__ = ["Clash", "Collision", "check_register"]

_URGENT = {level: place for place, level in enumerate(reversed(Level))}


def check_register(contests: Sequence[Contest], lexicon: Lexicon) -> tuple[Collision, ...]:
    """Return the collisions of some contests, the most urgent first and in the same order every time.

    The same voters are those of one region and of the regions above it; pairs of other places do not collide.
    """
    register, vocabulary = read_words(contests, lexicon), read_vocabulary(lexicon)
    found = chain(
        check_lone_words(register, vocabulary),
        check_conditions(register, vocabulary),
        check_shared_words(register, vocabulary),
        check_near_words(register, vocabulary),
        check_inner_words(register, vocabulary),
        check_contained_slogans(register, vocabulary),
        check_numbers(register),
    )
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=_order))


def _order(found: Collision) -> tuple[int, str, str, int, str, str, tuple[str, ...]]:
    return _URGENT[found.level], found.region, found.contest, found.number, found.kind, found.key, found.words
