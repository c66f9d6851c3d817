"""A rule tried on stored acts: what it would have hit, what of that is known already, and what it would cost people.

Nothing is judged by it: no judgement and no hit is stored. Acts are read page by page and only counts are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from db import backtests, views
from db.backtests import KnownAct
from db.connect import Database
from monitor.domain import Backtest, CaseKey, CaseState, Hit, InteractionView, Judgement, RuleFile
from monitor.scan.progress import Progress
from rules.engine import Judge

_DROPPED = frozenset({CaseState.DIKESAMPINGKAN, CaseState.TIDAK_DIREGISTRASI})
_UNDECIDED = frozenset({CaseState.BARU, CaseState.DITINJAU, CaseState.PERLU_BUKTI, CaseState.PERLU_ATRIBUSI,
                        CaseState.PERLU_PENELUSURAN, CaseState.PENELUSURAN, CaseState.KLARIFIKASI, CaseState.KAJIAN,
                        CaseState.DIKEMBALIKAN})  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrialOrder:
    """What is tried: a judge in which exactly these rules are active, and on which acts.

    A trial of the acts `since` a time only carries no rule into force. `minutes` is what a case is
    taken to cost while fewer than `timed_least` decisions tell it.
    """

    judge: Judge
    rules: tuple[RuleFile, ...]
    since: datetime | None
    batch: int
    minutes: float
    timed_least: int
    ran_by: str


@dataclass(slots=True)
class _Sum:
    """What one rule came to so far; `keys` are the would-be cases of the account that is being read."""

    acts: int = 0
    not_evaluable: int = 0
    errors: int = 0
    other_rules: int = 0
    same_rule: int = 0
    lost: int = 0
    cases: int = 0
    states: Counter[CaseState] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    pairs: Counter[int] = field(default_factory=Counter)
    keys: set[CaseKey] = field(default_factory=set)


def run_trial(
    database: Database, order: TrialOrder, progress: Progress, clock: Callable[[], datetime]
) -> list[Backtest]:
    """Try the rules on the stored acts and store the figures of each; returns them in the order asked for."""
    sums = {rule.rule_id: _Sum() for rule in order.rules}
    with database.read() as session:
        total = views.count_views(session, order.since)
    progress.phase("Menguji balik", total)
    seen, account = 0, None
    for page in _pages(database, order):
        judged = [(view, order.judge.judge(view)) for view in page]
        known = _known(database, page)
        for view, judgement in judged:
            if view.actor != account:
                account = view.actor
                _close_account(sums)
            _add(sums, view, judgement, known.get(view.id, {}))
        seen += len(page)
        progress.step(len(page))
    _close_account(sums)
    trial = _Trial(order, seen, *_minutes(database, order))
    return [
        _stored(database, order, _figures(database, trial, rule, sums[rule.rule_id]), rule, clock())
        for rule in order.rules
    ]


@dataclass(frozen=True, slots=True)
class _Trial:
    """What all rules of one trial share."""

    order: TrialOrder
    seen: int
    minutes: float
    measured: bool


def _minutes(database: Database, order: TrialOrder) -> tuple[float, bool]:
    """Return what a case costs in minutes, and whether decisions told it."""
    with database.read() as session:
        told = backtests.minutes_per_case(session, order.timed_least)
    return (told, True) if told is not None else (order.minutes, False)


def _close_account(sums: Mapping[str, _Sum]) -> None:
    """Count the would-be cases of an account once all of its acts were seen, so that no key outlives it."""
    for one in sums.values():
        one.cases += len(one.keys)
        one.keys.clear()


def _pages(database: Database, order: TrialOrder) -> Iterator[tuple[InteractionView, ...]]:
    after: tuple[int, int] | None = None
    while True:
        with database.read() as session:
            page = views.page_of_views(session, after, order.batch, order.since)
        if page.views:
            yield page.views
        if page.after is None:
            return
        after = page.after


def _known(database: Database, page: Sequence[InteractionView]) -> dict[int, dict[int, KnownAct]]:
    """Return what is known of a page's acts, by act and pair."""
    with database.read() as session:
        found = backtests.known_acts(session, [view.id for view in page])
    by_act: dict[int, dict[int, KnownAct]] = {}
    for (number, pair), act in found.items():
        by_act.setdefault(number, {})[pair] = act
    return by_act


def _add(sums: Mapping[str, _Sum], view: InteractionView, judgement: Judgement, known: Mapping[int, KnownAct]) -> None:
    fired: dict[str, list[Hit]] = {}
    for hit in judgement.hits:
        fired.setdefault(hit.rule_id, []).append(hit)
    undecided = {miss.rule_id for miss in judgement.not_evaluable}
    for rule_id, one in sums.items():
        hits = fired.get(rule_id, [])
        one.not_evaluable += not hits and rule_id in undecided
        one.errors += any(_errs(error, rule_id) for error in judgement.errors)
        if hits:
            _count(one, view, hits, known)
        pairs = {hit.candidate_id for hit in hits}
        one.lost += any(rule_id in act.rules and pair not in pairs for pair, act in known.items())


def _errs(error: str, rule_id: str) -> bool:
    """Whether an error of the engine is about a rule; one that names none concerns all."""
    return error.startswith((f"{rule_id} v", "pembacaan teks"))


def _count(one: _Sum, view: InteractionView, hits: Sequence[Hit], known: Mapping[int, KnownAct]) -> None:
    """Count an act that a rule would hit, and what is known of it."""
    rule_id = hits[0].rule_id
    acts = [known.get(hit.candidate_id, KnownAct()) for hit in hits]
    one.acts += 1
    one.places[view.jurisdiction] += 1
    one.pairs.update({hit.candidate_id for hit in hits})
    one.same_rule += any(rule_id in act.rules for act in acts)
    one.other_rules += any(act.rules - {rule_id} for act in acts)
    for hit, act in zip(hits, acts, strict=True):
        one.verdicts.update(verdict.value for verdict in act.verdicts)
        if act.state is not None:
            one.states[act.state] += 1
        else:
            one.keys.add(CaseKey(view.person_id, hit.candidate_id, hit.law, hit.law_row, hit.stage))


def _figures(database: Database, trial: _Trial, rule: RuleFile, one: _Sum) -> dict[str, Any]:
    """Return the figures as they are stored and printed."""
    order, seen = trial.order, trial.seen
    per_1000 = 1000 * one.acts / seen if seen else 0.0
    return {
        "rule": rule.rule_id,
        "version": rule.version,
        "content": rule.content_hash,
        "since": order.since.isoformat() if order.since else None,
        "evaluated": seen,
        "would_fire": one.acts,
        "per_1000": round(per_1000, 3),
        "budget": rule.max_per_1000,
        "not_evaluable": one.not_evaluable,
        "errors": one.errors,
        "overlap": {"other_rules": one.other_rules, "same_rule": one.same_rule, "lost": one.lost},
        "judged": _judged(one),
        "jurisdictions": dict(sorted(one.places.items())),
        "candidates": _pairs(database, one),
        "new_cases": one.cases,
        "minutes_per_case": round(trial.minutes, 2),
        "minutes_measured": trial.measured,
        "hours": round(one.cases * trial.minutes / 60, 2),
        "failed": _failed(order, rule, one, seen),
    }


def _judged(one: _Sum) -> dict[str, Any]:
    """Return what people made of the same acts: by what became of their cases, and by verdicts on hits."""
    stands: Counter[str] = Counter()
    for state, number in one.states.items():
        kind = "dropped" if state in _DROPPED else "undecided" if state in _UNDECIDED else "carried_on"
        stands[kind] += number
    return {
        **{kind: stands[kind] for kind in ("carried_on", "dropped", "undecided")},
        "states": {state.value: one.states[state] for state in CaseState if one.states[state]},
        "verdicts": dict(sorted(one.verdicts.items())),
    }


def _pairs(database: Database, one: _Sum) -> list[dict[str, Any]]:
    with database.read() as session:
        names = backtests.pair_names(session, one.pairs.keys())
    return [
        {"contest": pair.contest, "number": pair.number, "label": pair.label, "would_fire": one.pairs[pair.id]}
        for pair in sorted(names.values(), key=lambda pair: (pair.contest, pair.number))
    ]


def _failed(order: TrialOrder, rule: RuleFile, one: _Sum, seen: int) -> list[str]:
    """Return why a trial does not carry its rule into force; nothing when it does."""
    reasons = []
    if seen == 0:
        reasons.append("belum ada tindakan tersimpan untuk diuji")
    if order.since is not None:
        reasons.append("hanya sebagian simpanan yang diuji (--since)")
    if one.errors:
        reasons.append(f"{one.errors} tindakan gagal dinilai")
    if rule.max_per_1000 is None:
        reasons.append("aturan tanpa batas; isi budget: {max_per_1000: ...}")
    elif 1000 * one.acts > rule.max_per_1000 * seen:
        reasons.append(f"{one.acts} dari {seen} tindakan, melebihi batas {rule.max_per_1000} per 1.000")
    return reasons


def _stored(
    database: Database, order: TrialOrder, figures: Mapping[str, Any], rule: RuleFile, now: datetime
) -> Backtest:
    """Store the figures of one rule and return the trial with its number."""
    trial = Backtest(
        id=0,
        rule_id=rule.rule_id,
        version=rule.version,
        content_hash=rule.content_hash,
        ran_at=now,
        ran_by=order.ran_by,
        figures=figures,
        passed=not figures["failed"],
    )
    with database.write() as session:
        return replace(trial, id=backtests.store_backtest(session, trial, order.judge.hash))
