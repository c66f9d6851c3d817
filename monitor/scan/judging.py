"""Judging what was stored: every interaction that is new, changed, or was judged under another rule set."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain

from db import dirty, judgements
from db.judgement_rows import Forms
from db.views import Held
from monitor.domain import (
    Hit,
    InteractionView,
    JudgedCounts,
    Judgement,
    JudgementOutcome,
    NearMiss,
    RuleStatus,
    RuleTally,
)
from monitor.scan.parts import Parts, Ruling
from monitor.scan.progress import Progress
from rules.engine import Judge

_ROUNDS = 5
"""How often a run looks for what changed meanwhile; what somebody still changes then waits for the next run."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run judged: interactions by outcome, and acts by rule."""

    counts: JudgedCounts
    rules: tuple[RuleTally, ...]


def judge_pending(parts: Parts, ruling: Ruling, progress: Progress) -> Judged:
    """Judge batch by batch until nothing is pending; each batch is committed as a whole.

    Without a whole rule set nothing is judged: the acts stay pending.
    """
    tally = _Tally(ruling.rules)
    if ruling.judge is None:
        return tally.judged()
    with parts.database.write() as session:
        ruleset_id = judgements.store_ruleset(
            session, ruling.judge.hash, ruling.detail, ruling.rules, ruling.laws, parts.clock()
        )
        judgements.withdraw_strays(session, parts.clock())
        waiting = judgements.count_pending(session, ruleset_id)
    progress.phase("Menilai", waiting)
    with _without_looking_back():
        for turn in range(_ROUNDS):  # what changed meanwhile waits again
            if not _judge_all_once(parts, ruling.judge, ruleset_id, tally, progress, again=turn > 0):
                break
    return tally.judged()


def _judge_all_once(
    parts: Parts, judge: Judge, ruleset_id: int, tally: _Tally, progress: Progress, *, again: bool
) -> int:
    """Judge what waits, `again` only what was marked since, from the oldest act to the newest; return how many."""
    last = count = 0
    held, forms = Held(), Forms()
    while True:
        with parts.database.read() as session:
            views = judgements.pending(session, ruleset_id, parts.judge_batch, last, held, marked=again)
        if not views:
            return count
        judged = _judged(judge, views)
        with parts.database.write() as session:
            owners = {view.id: view.person_id for view in views}
            judgements.store_judgements(session, judged, ruleset_id, parts.clock(), forms, owners)
            dirty.clear_marks(session, views)
        tally.add(judged)
        progress.step(len(views))
        last, count = views[-1].id, count + len(views)


@contextmanager
def _without_looking_back() -> Iterator[None]:
    """Keep the collector of cyclic garbage from walking over what judging keeps: it was a tenth of it.

    Judging leaves no such garbage, and reading and storing a batch leave some hundred small objects.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _judged(judge: Judge, views: Sequence[InteractionView]) -> list[Judgement]:
    """Judge some acts, place by place, which is faster, and return the judgements in the order of the acts."""
    by_place = sorted(views, key=lambda view: view.jurisdiction)
    return sorted((_judge(judge, view) for view in by_place), key=lambda judged: judged.interaction_id)


def _judge(judge: Judge, view: InteractionView) -> Judgement:
    """Judge one interaction; a fault of the engine becomes a counted error, never a lost interaction."""
    try:
        return judge.judge(view)
    except Exception as error:  # noqa: BLE001 - one broken interaction must not stop the night
        reason = f"{type(error).__name__}: {error}"
        return Judgement(interaction_id=view.id, outcome=JudgementOutcome.ERROR, errors=(reason,))


@dataclass(slots=True)
class _Tally:
    """What was judged so far: interactions by outcome, acts by rule."""

    rules: tuple[tuple[str, int, str, str], ...]
    outcomes: Counter[JudgementOutcome] = field(default_factory=Counter)
    hits: Counter[tuple[str, int]] = field(default_factory=Counter)
    undecided: Counter[tuple[str, int]] = field(default_factory=Counter)

    def add(self, judged: list[Judgement]) -> None:
        """Count a batch; an act that a rule hits for several pairs counts once."""
        self.outcomes.update(j.outcome for j in judged)
        self.hits.update(chain.from_iterable(_rules_of(one.hits) for one in judged if one.hits))
        undecided = (one.not_evaluable for one in judged if one.not_evaluable)
        self.undecided.update(chain.from_iterable(map(_rules_of, undecided)))

    def judged(self) -> Judged:
        """Return the counts."""
        o = self.outcomes
        counts = JudgedCounts(
            evaluated=o.total(),
            hits=o[JudgementOutcome.HIT],
            misses=o[JudgementOutcome.MISS],
            not_evaluable=o[JudgementOutcome.NOT_EVALUABLE],
            errors=o[JudgementOutcome.ERROR],
        )
        return Judged(counts, self._rules())

    def _rules(self) -> tuple[RuleTally, ...]:
        return tuple(
            RuleTally(rule, version, RuleStatus(status), self.hits[rule, version], self.undecided[rule, version])
            for rule, version, status, _ in self.rules
            if status in _RUNNING
        )


def _rules_of(said: Sequence[Hit | NearMiss]) -> set[tuple[str, int]]:
    return {(one.rule_id, one.rule_version) for one in said}


_RUNNING = (RuleStatus.ACTIVE, RuleStatus.SHADOW)
