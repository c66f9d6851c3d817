"""Why every rule fired or did not for one interaction: the judgement told in full, for a person who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.domain import InteractionView, RuleStatus, Span, TraceNode
from monitor.labels import label
from rules.concerns import Concern, concerns
from rules.conditions import first_unknown, trace_rule
from rules.engine import RUNNING, Judge
from rules.facts import Facts, Texts
from rules.schema import Rule
from rules.shelf import read_texts
from rules.timing import Placement, place
from rules.weighing import held_row


class ToldOutcome(StrEnum):
    """What one rule says of one interaction, in the word that the command prints."""

    HIT = "kena"
    MISS = "tidak kena"
    UNCLEAR = "tidak dapat dinilai"
    IDLE = "tidak berlaku"
    ERROR = "galat"


@dataclass(frozen=True, slots=True)
class RuleTold:
    """One rule for one pair: what it says and why, with every condition.

    `candidate_id` is None where no pair is concerned. IDLE is a rule that is not asked (its status, act or kind of
    person); its trace still shows what its conditions would say.
    """

    rule_id: str
    version: int
    title: str
    status: RuleStatus
    candidate_id: int | None
    outcome: ToldOutcome
    reason: str
    trace: TraceNode
    spans: tuple[Span, ...] = ()


def explain_all(judge: Judge, view: InteractionView) -> tuple[RuleTold, ...]:
    """Return what every rule of the set says, drafts and retired ones too, by rule id and then by pair.

    Agrees with `judge.judge(view)`: the same hits, and the same rules undecided. Raises what reading a text raises.
    """
    texts = read_texts(view, judge.finder)
    concerned = [c for c in concerns(view, texts) if c.candidate_id in judge.pairs]
    return tuple(
        told
        for rule in judge.ruleset.rules
        for told in (
            [_for_pair(judge, rule, view, texts, concern) for concern in concerned] or [_without_pair(rule, view)]
        )
    )


def _for_pair(judge: Judge, rule: Rule, view: InteractionView, texts: Texts, concern: Concern) -> RuleTold:
    contest, candidate = judge.pairs[concern.candidate_id]
    placement = place(view, contest, candidate, judge.ruleset.laws)
    facts = Facts(view, contest, candidate, placement.latest.stage, texts.own, texts.target, texts.root)
    frame = (*_frame(rule, view), _pair_node(candidate.label, concern))
    try:
        told = _weighed(rule, facts, concern, placement)
    except Exception as error:  # noqa: BLE001 - one bad rule must not hide what the others say; it is told
        told = _Weighed(ToldOutcome.ERROR, f"{type(error).__name__}: {error}", (), ())
    return _told(rule, view, concern.candidate_id, told, frame)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A rule's conditions and row for one pair, its status, act and kind of person left aside."""

    outcome: ToldOutcome
    reason: str
    nodes: tuple[TraceNode, ...]
    spans: tuple[Span, ...]


def _weighed(rule: Rule, facts: Facts, concern: Concern, placement: Placement) -> _Weighed:
    trace, spans = trace_rule(rule, facts)
    row = held_row(facts.view, placement, rule)
    trace = replace(trace, name=rule.when.mode)
    nodes = (trace, row.node)
    everything = tuple(dict.fromkeys((*concern.spans, *spans)))
    if not concern.counts:
        return _Weighed(ToldOutcome.MISS, concern.reason, nodes, everything)
    if trace.passed is False:
        return _Weighed(ToldOutcome.MISS, _failures(trace), nodes, everything)
    if trace.passed is None:
        return _Weighed(ToldOutcome.UNCLEAR, first_unknown(trace), nodes, everything)
    if row.row is None:
        return _Weighed(ToldOutcome.UNCLEAR if row.unclear else ToldOutcome.MISS, row.reason, nodes, everything)
    return _Weighed(ToldOutcome.HIT, f"semua syarat terpenuhi; {nodes[-1].detail}", nodes, everything)


def _without_pair(rule: Rule, view: InteractionView) -> RuleTold:
    seen = view.target is not None or view.own is not None
    reason = "tidak menyangkut pasangan calon mana pun" if seen else "isi sasaran tidak tertangkap"
    frame = (*_frame(rule, view), TraceNode("pasangan calon", passed=False, detail=reason))
    return _told(rule, view, None, _Weighed(ToldOutcome.MISS, reason, (), ()), frame)


def _told(
    rule: Rule, view: InteractionView, candidate_id: int | None, weighed: _Weighed, frame: tuple[TraceNode, ...]
) -> RuleTold:
    idle = "; ".join(_why_idle(rule, view))
    outcome = ToldOutcome.IDLE if idle else weighed.outcome
    passed = {ToldOutcome.HIT: True, ToldOutcome.UNCLEAR: None}.get(outcome, False)
    reason = f"{idle} (seandainya berlaku: {weighed.outcome.value}, {weighed.reason})" if idle else weighed.reason
    trace = TraceNode(f"{rule.id} v{rule.version}", passed, reason, (*frame, *weighed.nodes))
    return RuleTold(
        rule.id, rule.version, rule.title, rule.status, candidate_id, outcome, reason, trace, weighed.spans
    )  # fmt: skip


def _why_idle(rule: Rule, view: InteractionView) -> Iterable[str]:
    """Return why a rule is not asked of an interaction; nothing when it is."""
    if rule.status not in RUNNING:
        yield f"aturan tidak dijalankan, statusnya {label(rule.status)}"
    if view.act not in rule.acts:
        yield f"aturan ini tentang {', '.join(map(label, rule.acts))}, bukan {label(view.act)}"
    if view.employment not in rule.subjects:
        yield f"aturan ini tidak mencakup {label(view.employment)}"


def _frame(rule: Rule, view: InteractionView) -> tuple[TraceNode, ...]:
    """Return what must hold before a rule's conditions are asked."""
    return (
        TraceNode("status", rule.status in RUNNING, rule.status.value),
        TraceNode("act", view.act in rule.acts, view.act.value),
        TraceNode("employment", view.employment in rule.subjects, view.employment.value),
    )


def _pair_node(name: str, concern: Concern) -> TraceNode:
    if concern.counts:
        return TraceNode("pasangan calon", passed=True, detail=f"{name}, penyebutan {concern.tier.value}")
    return TraceNode("pasangan calon", passed=False, detail=f"{name}: {concern.reason}")


def _failures(trace: TraceNode) -> str:
    """Return every condition that stood in the way, with what was found."""
    return "; ".join(dict.fromkeys(_failed(trace)))


def _failed(node: TraceNode, *, wanted: bool = True) -> Iterable[str]:
    if node.passed is None or node.passed is wanted:
        return
    if not node.children:
        found = f" ({node.detail})" if node.detail else ""
        yield f"{'tidak terpenuhi' if wanted else 'harus tidak ada'}: {node.name}{found}"
    for child in node.children:
        # The members of `none` must not hold; where the group itself must not hold, they may.
        yield from _failed(child, wanted=wanted is not (node.name == "none"))
