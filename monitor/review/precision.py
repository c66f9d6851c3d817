"""How often a rule was right by the verdicts of reviewers, how sure that is, and what it advises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain import Advice, VerdictCount
from monitor.domain.shares import wilson


@dataclass(frozen=True, slots=True)
class Bars:
    """From when verdicts suffice, and what keeps a rule or advises to retire it."""

    verdicts_least: int
    keep_from: float
    retire_below: float


USUAL = Bars(verdicts_least=20, keep_from=0.8, retire_below=0.5)
"""The bars of an office that sets none of its own."""


@dataclass(frozen=True, slots=True)
class Precision:
    """One version of a rule, in one place or (`jurisdiction` None) in all.

    `share` is right of right and wrong, None before the first; `low` and `high` hold it with 95 %. Unsure verdicts are
    counted and decide nothing.
    """

    rule_id: str
    version: int
    jurisdiction: str | None
    right: int
    wrong: int
    unsure: int
    share: float | None
    low: float
    high: float
    advice: Advice


def precisions(counts: Iterable[VerdictCount], bars: Bars) -> tuple[Precision, ...]:
    """Return each rule and version: first over all places, then place by place."""
    rows = sorted(counts, key=lambda c: (c.rule_id, c.version, c.jurisdiction))
    whole: dict[tuple[str, int], list[VerdictCount]] = {}
    for row in rows:
        whole.setdefault((row.rule_id, row.version), []).append(row)
    told = []
    for (rule_id, version), places in whole.items():
        total = VerdictCount(
            rule_id,
            version,
            "",
            sum(place.right for place in places),
            sum(place.wrong for place in places),
            sum(place.unsure for place in places),
        )
        told.append(_precision(total, None, bars))
        told += [_precision(place, place.jurisdiction, bars) for place in places]
    return tuple(told)


def _precision(count: VerdictCount, jurisdiction: str | None, bars: Bars) -> Precision:
    judged = count.right + count.wrong
    low, high = wilson(count.right, judged)
    return Precision(
        rule_id=count.rule_id,
        version=count.version,
        jurisdiction=jurisdiction,
        right=count.right,
        wrong=count.wrong,
        unsure=count.unsure,
        share=count.right / judged if judged else None,
        low=low,
        high=high,
        advice=_advice(judged, low, high, bars),
    )


def _advice(judged: int, low: float, high: float, bars: Bars) -> Advice:
    if judged < bars.verdicts_least:
        return Advice.BELUM_CUKUP
    if high < bars.retire_below:
        return Advice.HENTIKAN
    return Advice.PERTAHANKAN if low >= bars.keep_from else Advice.SETEL
