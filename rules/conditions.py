"""The conditions of a rule: as one fast function, and as a trace of how each was met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from monitor.domain import Span, TraceNode
from rules.facts import Facts
from rules.loader import leaves
from rules.matchers import MATCHERS, Decide, Verdict
from rules.schema import Group, Rule, Test

# What `Compiled.weigh` answers besides the place of the one condition that failed.
HOLDS, UNKNOWN, FAR = -1, -2, -3


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


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule with its top-level conditions.

    `weigh` returns HOLDS, UNKNOWN, FAR, or the place in `conditions` of the only one that failed; a lone one fails FAR.
    """

    rule: Rule
    conditions: tuple[Condition, ...]
    weigh: Callable[[Facts], int]


def compile_bucket(rules: Iterable[Rule]) -> tuple[Compiled, ...]:
    """Return rules that are asked of the same interactions, costly conditions that several have asked once."""
    chosen = tuple(rules)
    uses = Counter(_key(test) for rule in chosen for test in leaves(rule.when) if MATCHERS[test.matcher].costly)
    shared: dict[tuple[str, str], Decide] = {}
    for rule in chosen:
        for test in leaves(rule.when):
            if uses[_key(test)] > 1 and _key(test) not in shared:
                shared[_key(test)] = _once(MATCHERS[test.matcher].compile(test.argument))
    return tuple(_compile(rule, shared) for rule in chosen)


def compile_group(group: Group) -> Decide:
    """Return conditions as one fast function of three values."""
    return _decide(group, True, {})


def _compile(rule: Rule, shared: Mapping[tuple[str, str], Decide]) -> Compiled:
    conditions = tuple(_top(rule.when))
    decides = [(place, _decide(c.part, c.wanted, shared)) for place, c in enumerate(conditions)]
    # What costs more is asked last; the trace keeps the order of the file.
    decides.sort(key=lambda pair: _costly(conditions[pair[0]].part))
    return Compiled(rule, conditions, _weigh_one(decides[0][1]) if len(decides) == 1 else _weigh(tuple(decides)))


def _weigh_one(decide: Decide) -> Callable[[Facts], int]:
    def weigh(facts: Facts) -> int:
        value = decide(facts)
        if value:
            return HOLDS
        return UNKNOWN if value is None else FAR

    return weigh


def _weigh(decides: tuple[tuple[int, Decide], ...]) -> Callable[[Facts], int]:
    def weigh(facts: Facts) -> int:
        outcome = HOLDS
        for place, decide in decides:
            value = decide(facts)
            if value:
                continue
            if value is None:
                if outcome == HOLDS:
                    outcome = UNKNOWN
            elif outcome >= 0:
                return FAR
            else:
                outcome = place
        return outcome

    return weigh


def _top(part: Test | Group) -> Iterable[Condition]:
    """Return the conditions that must all be met (or not be met) side by side."""
    if isinstance(part, Test) or part.mode == "any":
        yield Condition(part, wanted=True)
    elif part.mode == "none":
        for child in part.parts:
            yield Condition(child, wanted=False)
    else:
        for child in part.parts:
            yield from _top(child)


def _decide(part: Test | Group, wanted: bool, shared: Mapping[tuple[str, str], Decide]) -> Decide:
    if isinstance(part, Test):
        decide = shared.get(_key(part)) or MATCHERS[part.matcher].compile(part.argument)
        return decide if wanted else _unless(decide)
    parts = tuple(_decide(child, part.mode != "none", shared) for child in part.parts)
    # Not all of them: one of their opposites. So every group is a run to the first True, or to the first False.
    together = _any(parts) if part.mode == "any" else _all(parts)
    return together if wanted else _unless(together)


def _all(parts: tuple[Decide, ...]) -> Decide:
    if len(parts) == 1:
        return parts[0]

    def decide(facts: Facts) -> bool | None:
        unknown = False
        for part in parts:
            value = part(facts)
            if value is None:
                unknown = True
            elif not value:
                return False
        return None if unknown else True

    return decide


def _any(parts: tuple[Decide, ...]) -> Decide:
    if len(parts) == 1:
        return parts[0]

    def decide(facts: Facts) -> bool | None:
        unknown = False
        for part in parts:
            value = part(facts)
            if value:
                return True
            if value is None:
                unknown = True
        return None if unknown else False

    return decide


def _unless(decide: Decide) -> Decide:
    def opposite(facts: Facts) -> bool | None:
        value = decide(facts)
        return None if value is None else not value

    return opposite


def _once(decide: Decide) -> Decide:
    """Return a test that keeps its last answer; facts and answer change in one step, so threads may share it."""
    last: tuple[Facts | None, bool | None] = (None, None)

    def decide_once(facts: Facts) -> bool | None:
        nonlocal last
        seen, value = last
        if seen is not facts:
            value = decide(facts)
            last = (facts, value)
        return value

    return decide_once


def _key(test: Test) -> tuple[str, str]:
    return test.matcher, repr(test.argument)


def _costly(part: Test | Group) -> bool:
    tests = (part,) if isinstance(part, Test) else leaves(part)
    return any(MATCHERS[test.matcher].costly for test in tests)


def trace_rule(rule: Rule, facts: Facts) -> tuple[TraceNode, tuple[Span, ...]]:
    """Return every condition of a rule as it was met, and the spans that the passed ones rest on."""
    spans: list[Span] = []
    node = _trace(rule.when, facts, spans)
    return replace(node, name=f"{rule.id} v{rule.version}"), tuple(dict.fromkeys(spans))


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
