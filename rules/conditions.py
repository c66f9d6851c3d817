"""The conditions of a rule: which stand side by side, and the trace of how each was met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from monitor.domain import NearMiss, Span, TraceNode
from monitor.domain.making import maker_of
from rules.facts import Facts
from rules.loader import leaves
from rules.matchers import MATCHERS, Verdict
from rules.schema import Group, Rule, Test

_MOST_TRACES = 4096

miss_of = maker_of(NearMiss)

_Answer = Callable[[Facts, Any], Verdict]
_Told = tuple[bool | None, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """One top-level condition of a rule; `wanted` is False for what must not hold."""

    part: Test | Group
    wanted: bool

    @property
    def failure(self) -> str:
        """Return in words that this condition stood in the way."""
        if isinstance(self.part, Test):
            return f"tidak terpenuhi: {self.part.matcher}" if self.wanted else f"harus tidak ada: {self.part.matcher}"
        names = ", ".join(dict.fromkeys(test.matcher for test in leaves(self.part)))
        return f"tidak satu pun terpenuhi: {names}" if self.wanted else f"harus tidak ada: {names}"


def top_level(part: Test | Group) -> Iterable[Condition]:
    """Return the conditions that must all be met (or not be met) side by side."""
    if isinstance(part, Test) or part.mode == "any":
        yield Condition(part, wanted=True)
    elif part.mode == "none":
        for child in part.parts:
            yield Condition(child, wanted=False)
    else:
        for child in part.parts:
            yield from top_level(child)


def _nothing(_: Test) -> bool:
    return False


class Tracer:
    """Tells how the conditions of one rule were met; traces that are equal are one, as many acts are met alike.

    With `facts` it tells so of acts of their kind only, for whom the conditions that are `settled` are answered once.
    """

    def __init__(self, rule: Rule, facts: Facts | None = None, settled: Callable[[Test], bool] = _nothing) -> None:
        self.rule = rule
        asked = tuple(_asked(rule.when, facts, settled, supports=True))
        self._answered = tuple([_told(one) if isinstance(one, Verdict) else None for one in asked])
        self._open = tuple([one for one in asked if not isinstance(one, Verdict)])
        self._traces: dict[tuple[_Told, ...], TraceNode] = {}
        self._longer: dict[tuple[int, TraceNode], tuple[TraceNode, TraceNode]] = {}
        self._near: dict[tuple[int, int, int], tuple[TraceNode, NearMiss]] = {}

    def trace(self, facts: Facts) -> tuple[TraceNode, tuple[Span, ...]]:
        """Return every condition as it was met, and the spans that the passed ones rest on."""
        told: list[_Told] = []
        spans: list[Span] = []
        for answer, argument, supports in self._open:
            passed, detail, places = answer(facts, argument)
            told.append((passed, detail))
            if supports and passed and places:
                spans.extend(places)
        found = tuple(told)
        trace = self._traces.get(found)
        if trace is None:
            if len(self._traces) >= _MOST_TRACES:
                self._traces.clear()
            trace = self._traces[found] = self._written(iter(told))
        return trace, tuple(dict.fromkeys(spans)) if len(spans) > 1 else tuple(spans)

    def _written(self, told: Iterator[_Told]) -> TraceNode:
        every = iter([known if known is not None else next(told) for known in self._answered])
        node = _trace(self.rule.when, every)
        return TraceNode(f"{self.rule.id} v{self.rule.version}", node.passed, node.detail, node.children)

    def longer(self, trace: TraceNode, last: TraceNode) -> TraceNode:
        """Return a trace with one more condition behind the others."""
        known = self._longer.get((id(trace), last))
        if known is None or known[0] is not trace:
            if len(self._longer) >= _MOST_TRACES:
                self._longer.clear()
            whole = TraceNode(trace.name, trace.passed, trace.detail, (*trace.children, last))
            known = self._longer[id(trace), last] = trace, whole
        return known[1]

    def near(self, facts: Facts, condition: Condition, place: int) -> NearMiss:
        """Return the rule as one that failed by one condition only, at a place among its own; the trace tells all."""
        trace, _ = self.trace(facts)
        key = id(trace), place, facts.candidate.id
        known = self._near.get(key)
        if known is None or known[0] is not trace:
            if len(self._near) >= _MOST_TRACES:
                self._near.clear()
            detail = _detail_of(condition, facts)
            reason = condition.failure + (f" ({detail})" if detail else "")
            near = miss_of(self.rule.id, self.rule.version, facts.candidate.id, reason, trace)
            known = self._near[key] = trace, near
        return known[1]


def trace_rule(rule: Rule, facts: Facts) -> tuple[TraceNode, tuple[Span, ...]]:
    """Return every condition of a rule as it was met, and the spans that the passed ones rest on."""
    return Tracer(rule).trace(facts)


def _asked(
    part: Test | Group, facts: Facts | None, settled: Callable[[Test], bool], *, supports: bool
) -> Iterable[Verdict | tuple[_Answer, Any, bool]]:
    """Return each condition's answer where it is settled, else what answers it; what must not hold supports nothing."""
    if isinstance(part, Group):
        for child in part.parts:
            yield from _asked(child, facts, settled, supports=supports and part.mode != "none")
        return
    matcher = MATCHERS[part.matcher]
    if facts is not None and settled(part):
        yield matcher.answer(facts, part.argument)
    else:
        yield matcher.answer, part.argument, supports


def _told(verdict: Verdict) -> _Told:
    return verdict.passed, verdict.detail


def _trace(part: Test | Group, told: Iterator[_Told]) -> TraceNode:
    if isinstance(part, Test):
        return TraceNode(part.matcher, *next(told))
    children = tuple([_trace(child, told) for child in part.parts])
    return TraceNode(part.mode, _together(part.mode, [child.passed for child in children]), "", children)


def _together(mode: str, values: list[bool | None]) -> bool | None:
    """Return what a group answers: for `none` every value is turned, `any` stops at True, the others at False."""
    turned = [None if v is None else not v for v in values] if mode == "none" else values
    ending = mode == "any"
    if any(value is ending for value in turned):
        return ending
    return None if None in turned else not ending


def first_unknown(node: TraceNode) -> str:
    """Return the first condition of a trace that could not be answered, with its reason."""
    for child in node.children:
        if child.passed is None:
            return first_unknown(child)
    return f"{node.name}: {node.detail}" if node.detail else node.name


def _detail_of(condition: Condition, facts: Facts) -> str:
    """Return what a single condition found; groups say nothing by themselves."""
    part = condition.part
    return MATCHERS[part.matcher].answer(facts, part.argument).detail if isinstance(part, Test) else ""
