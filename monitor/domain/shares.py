"""How sure a share is that was counted on a few cases."""

from __future__ import annotations

import math

_NORMAL_95 = 1.959963984540054


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % score interval (Wilson) of a share; all of 0 to 1 when nothing was counted."""
    if whole == 0:
        return 0.0, 1.0
    share, square = part / whole, _NORMAL_95**2
    middle = share + square / (2 * whole)
    spread = _NORMAL_95 * math.sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    scale = 1 + square / whole
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
