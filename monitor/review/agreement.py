"""How far two reviewers who do not know of each other agree, beyond what chance alone would give."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

_NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Agreement:
    """What pairs of answers tell.

    `observed` is the share of equal pairs, `expected` what chance would give. `kappa` is Cohen's, with the interval
    `low` to `high` (95 %); all three are None without pairs, or where everybody always said the same one thing.
    """

    pairs: int
    same: int
    observed: float | None = None
    expected: float | None = None
    kappa: float | None = None
    low: float | None = None
    high: float | None = None


def agreement(pairs: Iterable[tuple[Hashable, Hashable]]) -> Agreement:
    """Return Cohen's kappa of (first answer, second answer).

    The interval uses the large-sample variance of Fleiss, Cohen and Everitt (Psychological Bulletin 72, 1969), so few
    pairs make it wide but not wide enough: whoever shows it says how many pairs there were.
    """
    cells = Counter(pairs)
    whole = cells.total()
    if not whole:
        return Agreement(0, 0)
    same = sum(count for (first, second), count in cells.items() if first == second)
    rows: Counter[Hashable] = Counter()
    columns: Counter[Hashable] = Counter()
    for (first, second), count in cells.items():
        rows[first] += count
        columns[second] += count
    observed = same / whole
    expected = sum(rows[answer] * columns[answer] for answer in rows) / whole**2
    if expected >= 1:
        return Agreement(whole, same, observed, expected)
    kappa = (observed - expected) / (1 - expected)
    spread = _NORMAL_95 * math.sqrt(_variance(cells, rows, columns, kappa))
    return Agreement(whole, same, observed, expected, kappa, max(-1.0, kappa - spread), min(1.0, kappa + spread))


def _variance(
    cells: Counter[tuple[Hashable, Hashable]], rows: Counter[Hashable], columns: Counter[Hashable], kappa: float
) -> float:
    whole = cells.total()
    expected = sum(rows[answer] * columns[answer] for answer in rows) / whole**2
    on = sum(
        count / whole * (1 - (rows[first] + columns[first]) / whole * (1 - kappa)) ** 2
        for (first, second), count in cells.items()
        if first == second
    )
    off = (1 - kappa) ** 2 * sum(
        count / whole * ((columns[first] + rows[second]) / whole) ** 2
        for (first, second), count in cells.items()
        if first != second
    )
    rest = (kappa - expected * (1 - kappa)) ** 2
    return max(0.0, (on + off - rest) / (whole * (1 - expected) ** 2))
