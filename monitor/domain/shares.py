"""How sure a share is that was counted on a few cases, and whether two shares differ by more than chance."""

from __future__ import annotations

import math
from statistics import NormalDist

_NORMAL_95 = 1.959963984540054


def wilson(part: int, whole: int, normal: float = _NORMAL_95) -> tuple[float, float]:
    """Return the score interval (Wilson) of a share, 95 % unless told; all of 0 to 1 when nothing was counted."""
    if whole == 0:
        return 0.0, 1.0
    share, square = part / whole, normal**2
    middle = share + square / (2 * whole)
    spread = normal * math.sqrt(share * (1 - share) / whole + square / (4 * whole**2))
    scale = 1 + square / whole
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def difference(first: tuple[int, int], second: tuple[int, int], comparisons: int = 1) -> tuple[float, float]:
    """Return the 95 % interval of one share minus another, each as (part, whole).

    Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10). With several comparisons at once the
    interval widens (Bonferroni), so that all of them together are wrong in 5 % of cases at most. -1 to 1 when either
    share was counted on nothing.
    """
    if not first[1] or not second[1]:
        return -1.0, 1.0
    normal = NormalDist().inv_cdf(1 - 0.025 / max(1, comparisons))
    (low, high), (other_low, other_high) = wilson(*first, normal), wilson(*second, normal)
    share, other = first[0] / first[1], second[0] / second[1]
    below = math.hypot(share - low, other_high - other)
    above = math.hypot(high - share, other - other_low)
    return share - other - below, share - other + above
