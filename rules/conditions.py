"""The conditions of a rule: which stand side by side, and the trace of how each was met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain import Span, TraceNode
from rules.facts import Facts
from rules.loader import leaves
from rules.matchers import MATCHERS, Verdict
from rules.schema import Group, Rule, Test


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


def trace_rule(rule: Rule, facts: Facts) -> tuple[TraceNode, tuple[Span, ...]]:
    """Return every condition of a rule as it was met, and the spans that the passed ones rest on."""
    spans: list[Span] = []
    node = _trace(rule.when, facts, spans)
    named = TraceNode(f"{rule.id} v{rule.version}", node.passed, node.detail, node.children)
    return named, tuple(dict.fromkeys(spans))


def _trace(part: Test | Group, facts: Facts, spans: list[Span]) -> TraceNode:
    if isinstance(part, Test):
        verdict: Verdict = MATCHERS[part.matcher].answer(facts, part.argument)
        if verdict.passed:
            spans.extend(verdict.spans)
        return TraceNode(part.matcher, verdict.passed, verdict.detail)
    own = [] if part.mode == "none" else spans  # what must not hold supports nothing
    children = tuple(_trace(child, facts, own) for child in part.parts)
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
