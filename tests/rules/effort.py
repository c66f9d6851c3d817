"""How much of the processor a piece of work takes."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from time import process_time

TRIES = 8  # a busy machine disturbs one measurement, but not each of several


def effort(work: Callable[[], object]) -> float:
    """Return seconds of the processor, without what others do and without what collecting garbage costs.

    A collection walks through all that the other tests keep alive, and comes more often to a long piece of work.
    """
    gc.disable()
    try:
        begun = process_time()
        work()
        return process_time() - begun
    finally:
        gc.enable()


def least(work: Callable[[], object]) -> float:
    """Return the effort of the least disturbed of three times."""
    return min(effort(work) for _ in range(3))


def efforts_of(work: Callable[[int], object], sizes: Sequence[int], some: float) -> tuple[int, Iterator[float]]:
    """Return the first size whose work takes more than some seconds, else the last, and its effort, as often as asked.

    What told the size is the first of the efforts: nothing is measured twice that held at once.
    """
    for size in sizes:
        at_hand = partial(work, size)
        short = least(at_hand)
        if short > some:
            break
    return size, chain([short], (least(at_hand) for _ in range(TRIES - 1)))
