"""From hits to cases: one case per person, pair, legal row and stage, and no hit lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from monitor.domain import (
    AttributionStatus,
    CaseKey,
    CaseState,
    ExistingCase,
    GroupingPlan,
    HeldAct,
    HitForCase,
    JoinCase,
    Level,
    NewCase,
    Pattern,
    Priority,
    RuleStatus,
    Signal,
)
from monitor.review.priority import prioritise

_REOPENABLE = frozenset({CaseState.DIKESAMPINGKAN, CaseState.TIDAK_DIREGISTRASI})


@dataclass(slots=True)
class _Bundle:
    """The new hits of one key: `joins` is the case they go to, None for one to open."""

    key: CaseKey
    contest_id: int
    joins: ExistingCase | None = None
    follows: int | None = None
    hits: list[HitForCase] = field(default_factory=list)
    news: bool = False


def group(
    hits: Iterable[HitForCase],
    cases: Iterable[ExistingCase],
    held: Iterable[HeldAct] = (),
    patterns: Iterable[Pattern] = (),
) -> GroupingPlan:
    """Plan where every active hit goes; the order of the hits does not matter.

    `hits` are in no case yet. `cases` are all cases of their people. `held` are the acts that cases already hold for
    the same interactions: an act that was handled stays handled, so another rule, or a new version of a rule, that hits
    it joins its case without reopening it. `patterns` raise the priority of the cases that hold their acts.
    """
    acts: dict[tuple[int, int], list[HitForCase]] = defaultdict(list)
    for hit in sorted(hits, key=lambda h: h.hit_id):
        if hit.mode is RuleStatus.ACTIVE:
            acts[hit.interaction_id, hit.candidate_id].append(hit)
    known = tuple(cases)
    handled = tuple(sorted(held, key=lambda a: a.hit_id))
    return _plan(_bundle(acts, known, handled), known, _links(acts, handled), _raisers(patterns))


def act_key(hits: Iterable[HitForCase]) -> CaseKey:
    """Return the key of one act for one pair: its best-ranked row, ties by code, stage and rule."""
    best = min(hits, key=lambda h: (h.law_rank, h.law, h.law_row, h.stage.value, h.rule_id, h.hit_id))
    return CaseKey(best.person_id, best.candidate_id, best.law, best.law_row, best.stage)


def _bundle(
    acts: Mapping[tuple[int, int], list[HitForCase]], cases: tuple[ExistingCase, ...], held: tuple[HeldAct, ...]
) -> dict[CaseKey | int, _Bundle]:
    by_id = {case.id: case for case in cases}
    by_key: dict[CaseKey, list[ExistingCase]] = defaultdict(list)
    for case in sorted(cases, key=lambda c: c.id):
        by_key[case.key].append(case)
    holders: dict[tuple[int, int], list[HeldAct]] = defaultdict(list)
    for act in sorted(held, key=lambda a: (a.case_id, a.hit_id)):
        holders[act.interaction_id, act.candidate_id].append(act)

    bundles: dict[CaseKey | int, _Bundle] = {}
    for pair in sorted(acts):
        group_hits = acts[pair]
        key = act_key(group_hits)
        holder = _holder(holders[pair], key)
        target = by_id[holder.case_id] if holder is not None else _joinable(by_key[key])
        slot: CaseKey | int = target.id if target is not None else key
        if slot not in bundles:
            registered = [case.id for case in by_key[key]] if target is None else []
            bundles[slot] = _Bundle(
                target.key if target is not None else key,
                group_hits[0].contest_id,
                joins=target,
                follows=registered[-1] if registered else None,
            )
        bundles[slot].hits.extend(group_hits)
        bundles[slot].news = bundles[slot].news or holder is None
    return bundles


def _holder(acts: Iterable[HeldAct], key: CaseKey) -> HeldAct | None:
    """Return the newest case that still rests on the act, or that was about the same row and stage."""
    fitting = [act for act in acts if act.key.person_id == key.person_id and (act.active or act.key == key)]
    return fitting[-1] if fitting else None


def _joinable(cases: Iterable[ExistingCase]) -> ExistingCase | None:
    open_ones = [case for case in cases if case.state.before_registration]
    return open_ones[-1] if open_ones else None


def _signals(hits: Iterable[HitForCase]) -> tuple[Signal, ...]:
    return tuple(Signal(h.interaction_id, h.act, h.level, h.tier, h.stance) for h in hits)


def _plan(
    bundles: Mapping[CaseKey | int, _Bundle],
    cases: tuple[ExistingCase, ...],
    links: tuple[tuple[int, int], ...],
    raisers: Mapping[tuple[int, int, int], Level],
) -> GroupingPlan:
    pairs: dict[tuple[int, int], set[int]] = defaultdict(set)
    for case in cases:
        pairs[case.key.person_id, case.contest_id].add(case.key.candidate_id)
    for bundle in bundles.values():
        pairs[bundle.key.person_id, bundle.contest_id].add(bundle.key.candidate_id)

    def weigh(key: CaseKey, contest_id: int, signals: tuple[Signal, ...]) -> Priority:
        rivals = len(pairs[key.person_id, contest_id] - {key.candidate_id})
        held = [raisers.get((key.person_id, key.candidate_id, signal.interaction_id)) for signal in signals]
        pattern = max((level for level in held if level is not None), key=tuple(Level).index, default=None)
        return prioritise(signals, key.stage, rivals, pattern)

    new, joined = [], []
    for bundle in sorted(bundles.values(), key=lambda b: min(h.hit_id for h in b.hits)):
        ids = tuple(sorted(hit.hit_id for hit in bundle.hits))
        signals = _signals(bundle.hits)
        if bundle.joins is None:
            priority = weigh(bundle.key, bundle.contest_id, signals)
            new.append(_new_case(bundle, ids, priority))
        else:
            priority = weigh(bundle.key, bundle.contest_id, bundle.joins.signals + signals)
            reopen = bundle.news and bundle.joins.state in _REOPENABLE
            joined.append(JoinCase(bundle.joins.id, ids, priority, reopen))
    touched = {join.case_id for join in joined}
    others = tuple(
        (case.id, weigh(case.key, case.contest_id, case.signals))
        for case in sorted(cases, key=lambda c: c.id)
        if case.id not in touched
    )
    return GroupingPlan(tuple(new), tuple(joined), links, others)


def _raisers(patterns: Iterable[Pattern]) -> dict[tuple[int, int, int], Level]:
    """Return the highest level that any standing pattern gives an act of a person for a pair."""
    levels: dict[tuple[int, int, int], Level] = {}
    for pattern in patterns:
        for number in pattern.members if pattern.active else ():
            key = (pattern.person_id, pattern.candidate_id, number)
            levels[key] = max(levels.get(key, pattern.level), pattern.level, key=tuple(Level).index)
    return levels


def _new_case(bundle: _Bundle, ids: tuple[int, ...], priority: Priority) -> NewCase:
    proposed = any(hit.attribution is not AttributionStatus.VERIFIED for hit in bundle.hits)
    state = CaseState.PERLU_ATRIBUSI if proposed else CaseState.BARU
    queue = bundle.hits[0].jurisdiction or None
    return NewCase(bundle.key, state, queue, ids, priority, bundle.follows)


def _links(acts: Mapping[tuple[int, int], list[HitForCase]], held: Iterable[HeldAct]) -> tuple[tuple[int, int], ...]:
    """Pair the first hits of every interaction that concerns more than one pair, at least one of them new."""
    firsts: dict[int, dict[int, int]] = defaultdict(dict)
    for act in held:
        if act.active:
            firsts[act.interaction_id].setdefault(act.candidate_id, act.hit_id)
    for interaction, candidate in sorted(acts):
        firsts[interaction][candidate] = min(hit.hit_id for hit in acts[interaction, candidate])
    links: set[tuple[int, int]] = set()
    for interaction in {interaction for interaction, _ in acts}:
        links.update(combinations(sorted(firsts[interaction].values()), 2))
    return tuple(sorted(links))
