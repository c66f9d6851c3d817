"""Judging what was stored: every interaction that is new, changed, or was judged under another rule set."""

from __future__ import annotations

from db import judgements
from monitor.domain import InteractionView, JudgedCounts, Judgement, JudgementOutcome
from monitor.scan.parts import Parts, Ruling
from monitor.scan.progress import Progress


def judge_pending(parts: Parts, ruling: Ruling, progress: Progress) -> JudgedCounts:
    """Judge batch by batch until nothing is pending; each batch is committed as a whole."""
    with parts.database.write() as session:
        ruleset_id = judgements.store_ruleset(
            session, ruling.judge.hash, ruling.detail, ruling.rules, ruling.laws, parts.clock()
        )
        judgements.withdraw_strays(session, parts.clock())
        waiting = judgements.count_pending(session, ruleset_id)
    progress.phase("Menilai", waiting)
    counts = JudgedCounts()
    while True:
        with parts.database.read() as session:
            views = judgements.pending(session, ruleset_id, parts.judge_batch)
        if not views:
            return counts
        judged = [_judge(ruling, view) for view in views]
        with parts.database.write() as session:
            judgements.store_judgements(session, judged, ruleset_id, parts.clock())
        counts = _add(counts, judged)
        progress.step(len(views))


def _judge(ruling: Ruling, view: InteractionView) -> Judgement:
    """Judge one interaction; a fault of the engine becomes a counted error, never a lost interaction."""
    try:
        return ruling.judge.judge(view)
    except Exception as error:  # noqa: BLE001 - one broken interaction must not stop the night
        reason = f"{type(error).__name__}: {error}"
        return Judgement(interaction_id=view.id, outcome=JudgementOutcome.ERROR, errors=(reason,))


def _add(counts: JudgedCounts, judged: list[Judgement]) -> JudgedCounts:
    outcomes = [j.outcome for j in judged]
    return JudgedCounts(
        evaluated=counts.evaluated + len(judged),
        hits=counts.hits + outcomes.count(JudgementOutcome.HIT),
        misses=counts.misses + outcomes.count(JudgementOutcome.MISS),
        not_evaluable=counts.not_evaluable + outcomes.count(JudgementOutcome.NOT_EVALUABLE),
        errors=counts.errors + outcomes.count(JudgementOutcome.ERROR),
    )
