"""The conditions of a rule: which stand side by side, and the trace of how each was met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from monitor.domain import Span, TraceNode
from rules.facts import Facts
from rules.loader import leaves
from rules.matchers import MATCHERS, Verdict
from rules.schema import Group, Rule, Test

_MOST_TRACES = 4096

_Answer = Callable[[Facts, Any], Verdict]


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


class Tracer:
    """Tells how the conditions of one rule were met; traces that are equal are one, as many acts are met alike.

    With `facts` it tells so of acts of their kind only, for whom what is settled by it is answered once.
    """

    def __init__(self, rule: Rule, facts: Facts | None = None) -> None:
        self.rule = rule
        self._asked = tuple(_asked(rule.when, facts, supports=True))
        self._known: dict[tuple[tuple[bool | None, str], ...], TraceNode] = {}
        self._longer: dict[tuple[int, TraceNode], tuple[TraceNode, TraceNode]] = {}

    def trace(self, facts: Facts) -> tuple[TraceNode, tuple[Span, ...]]:
        """Return every condition as it was met, and the spans that the passed ones rest on."""
        verdicts: list[Verdict] = [answer(facts, argument) for answer, argument, _ in self._asked]
        told = tuple([(verdict.passed, verdict.detail) for verdict in verdicts])
        trace = self._known.get(told)
        if trace is None:
            if len(self._known) >= _MOST_TRACES:
                self._known.clear()
            node = _trace(self.rule.when, iter(told))
            trace = TraceNode(f"{self.rule.id} v{self.rule.version}", node.passed, node.detail, node.children)
            self._known[told] = trace
        spans = [v.spans for v, (_, _, supports) in zip(verdicts, self._asked, strict=True) if supports and v.passed]
        return trace, tuple(dict.fromkeys(chain.from_iterable(spans)))

    def longer(self, trace: TraceNode, last: TraceNode) -> TraceNode:
        """Return a trace with one more condition behind the others."""
        known = self._longer.get((id(trace), last))
        if known is None or known[0] is not trace:
            if len(self._longer) >= _MOST_TRACES:
                self._longer.clear()
            whole = TraceNode(trace.name, trace.passed, trace.detail, (*trace.children, last))
            known = self._longer[id(trace), last] = trace, whole
        return known[1]


def trace_rule(rule: Rule, facts: Facts) -> tuple[TraceNode, tuple[Span, ...]]:
    """Return every condition of a rule as it was met, and the spans that the passed ones rest on."""
    return Tracer(rule).trace(facts)


def _asked(part: Test | Group, facts: Facts | None, *, supports: bool) -> Iterable[tuple[_Answer, Any, bool]]:
    """Return what answers each condition, in order; what must not hold supports nothing."""
    if isinstance(part, Group):
        for child in part.parts:
            yield from _asked(child, facts, supports=supports and part.mode != "none")
        return
    matcher = MATCHERS[part.matcher]
    if facts is not None and matcher.settled:
        yield _again, matcher.answer(facts, part.argument), supports
    else:
        yield matcher.answer, part.argument, supports


def _again(_: Facts, answered: Verdict) -> Verdict:
    return answered


def _trace(part: Test | Group, told: Iterator[tuple[bool | None, str]]) -> TraceNode:
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


def detail_of(condition: Condition, facts: Facts) -> str:
    """Return what a single condition found; groups say nothing by themselves."""
    part = condition.part
    return MATCHERS[part.matcher].answer(facts, part.argument).detail if isinstance(part, Test) else ""
