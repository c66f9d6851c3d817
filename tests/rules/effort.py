"""How much of the processor a piece of work takes."""

from __future__ import annotations

import gc
from collections.abc import Callable
from time import process_time


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
