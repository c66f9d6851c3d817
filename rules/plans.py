"""Rules made ready to run: what each kind of interaction leaves to ask of them, as functions.

Much of a rule is settled by the kind of an interaction alone: its act, who acts, the stage, who wrote what it is of. So
the first interaction of a kind folds these conditions away, and all others of that kind ask only what is left. Of what
is left most looks for words of some list in the act's own text, and finds nothing where the text has none of them: so
the first text with some of the lists folds the conditions on the others away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.domain import Act, Employment
from rules.conditions import Condition, Tracer, top_level
from rules.facts import THE_PAIR, Facts
from rules.loader import leaves
from rules.matchers import MATCHERS, Decide
from rules.raiserfile import Raiser
from rules.schema import Group, Rule, Test

# What a rule answers besides the place of the only condition that failed (zero or more).
HOLDS, UNKNOWN, FAR = -1, -2, -3
_MOST_PLANS = 4096
_NAMED = frozenset({THE_PAIR})

_Folded = bool | None | Decide
_Decides = Mapping[tuple[str, str], Decide]


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known of all acts that a plan is for: their kind, and of what lists their own words are.

    `words` are None where these may be any.
    """

    words: frozenset[str] | None = None

    def verdict(self, test: Test) -> bool:
        """Whether a condition says the same of all of them, in the same words."""
        return MATCHERS[test.matcher].settled or self._found(test) is False

    def answer(self, test: Test) -> bool:
        """Whether a condition holds for all of them or for none."""
        return self.verdict(test) or (MATCHERS[test.matcher].one_will_do and self._found(test) is True)

    def _found(self, test: Test) -> bool | None:
        """Return whether their words have any that a condition needs, None where it is not known."""
        needs = _needs(test)
        return None if self.words is None or needs is None else not self.words.isdisjoint(needs)


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule for one kind of interaction: its outcome where that is settled, else the function that weighs the rest.

    An outcome is HOLDS, UNKNOWN, FAR, or the place in `conditions` of the only one that failed; a lone one fails FAR.
    `holds` only says whether all conditions hold, and stops at the first that fails.
    """

    tracer: Tracer
    conditions: tuple[Condition, ...]
    outcome: int
    weigh: Callable[[Facts], int] | None = None
    holds: Decide | None = None

    @property
    def rule(self) -> Rule:
        """The rule."""
        return self.tracer.rule


@dataclass(frozen=True, slots=True)
class Plan:
    """What one kind of interaction leaves to ask: rules in their order, those among them and the raisers that may hold.

    A function says whether one does, where that is not settled. `needs` are the lists without which their conditions
    find nothing in the own words; `by_words` are the plans for texts with some of them.
    """

    asked: tuple[Asked, ...]
    hopeful: tuple[tuple[Rule, Decide | None], ...]
    raisers: tuple[tuple[Raiser, Decide | None], ...]
    needs: frozenset[str]
    by_words: dict[frozenset[str], Plan] = field(default_factory=dict)

    def firing(self, facts: Facts) -> tuple[Rule, ...]:
        """Return the rules whose conditions hold for one interaction of this kind."""
        return tuple([rule for rule, holds in self.hopeful if holds is None or holds(facts)])


class RuleBook:
    """Rules ready to be asked; what it learns of kinds of interactions shows in speed only."""

    def __init__(self, rules: Iterable[Rule], raisers: Iterable[Raiser] = ()) -> None:
        self._rules: dict[tuple[Act, Employment], list[Rule]] = {}
        running = tuple(rules)
        for rule in running:
            for act in dict.fromkeys(rule.acts):
                for employment in dict.fromkeys(rule.subjects):
                    self._rules.setdefault((act, employment), []).append(rule)
        self._raisers = tuple(sorted(raisers, key=lambda raiser: raiser.id))
        self._decides = _decides([rule.when for rule in running] + [raiser.when for raiser in self._raisers])
        self._plans: dict[Hashable, Plan] = {}
        self._narrowed = 0  # how many plans there are for words

    def asks(self, act: Act, employment: Employment) -> bool:
        """Whether any rule is about such an act by such a person."""
        return (act, employment) in self._rules

    def plan(self, facts: Facts) -> Plan:
        """Return the rules that may hold or come near for the kind of these facts, in the order of the rule set."""
        kind = kind_of(facts)
        plan = self._plans.get(kind)
        if plan is None:
            plan = self._settled(facts)
            if len(self._plans) >= _MOST_PLANS:
                self._forget()
            self._plans[kind] = plan
        return plan

    def plan_for_words(self, facts: Facts) -> Plan:
        """Return what `plan` does, without what finds nothing in the own words for want of words of some list."""
        plan, own = self.plan(facts), facts.own
        if own is None:
            return plan
        words = plan.needs & (own.listed | _NAMED if facts.candidate.id in own.counts else own.listed)
        narrow = plan.by_words.get(words)
        if narrow is None:
            if self._narrowed >= _MOST_PLANS:
                self._forget()
            self._narrowed += 1
            rules, raisers = [one.rule for one in plan.asked], [raiser for raiser, _ in plan.raisers]
            narrow = plan.by_words[words] = self._left(facts, rules, raisers, Settled(words))
        return narrow

    def _forget(self) -> None:
        self._plans.clear()
        self._narrowed = 0

    def _settled(self, facts: Facts) -> Plan:
        rules = self._rules.get((facts.view.act, facts.view.employment), ())
        return self._left(facts, rules, self._raisers, Settled())

    def _left(self, facts: Facts, rules: Sequence[Rule], raisers: Sequence[Raiser], settled: Settled) -> Plan:
        """Return what is left to ask of some rules and raisers where these facts settle a part."""
        asked = [_ask(rule, facts, settled, self._decides) for rule in rules]
        near = tuple(one for one in asked if one.weigh is not None or one.outcome != FAR)
        hopeful = tuple((one.rule, one.holds) for one in near if one.holds or one.outcome == HOLDS)
        raising = tuple(self._may_raise(facts, raisers, settled))
        wholes = [one.rule.when for one in near] + [raiser.when for raiser, _ in raising]
        needs = (_needs(test) or () for whole in wholes for test in leaves(whole))
        return Plan(near, hopeful, raising, frozenset().union(*needs))

    def _may_raise(
        self, facts: Facts, raisers: Sequence[Raiser], settled: Settled
    ) -> Iterable[tuple[Raiser, Decide | None]]:
        """Yield the raisers that may hold where these facts settle a part of what they ask."""
        for raiser in raisers:
            try:
                folded = _fold(raiser.when, facts, settled, self._decides)
            except Exception:  # noqa: BLE001 - a bad raiser must not stop the rules; it errs when it is asked
                folded = _fold(raiser.when, None, settled, self._decides)
            if callable(folded):
                yield raiser, folded
            elif folded:
                yield raiser, None


def kind_of(facts: Facts) -> Hashable:
    """Return all that conditions marked `settled` depend on."""
    view, pair, target, root = facts.view, facts.candidate.id, facts.target, facts.root
    # A text that is not there is told from one by an unregistered author, whose kind is None.
    by: object = facts.own is None
    above: object = True
    ours = theirs = False
    if target is not None:
        by, ours = target.content.author_kind, pair in target.content.author_candidates
    if root is not None:
        above, theirs = root.content.author_kind, pair in root.content.author_candidates
    return view.act, view.employment, facts.stage, by, ours, above, theirs


def _needs(test: Test) -> Collection[str] | None:
    return MATCHERS[test.matcher].needs(test.argument)


def _decides(wholes: Sequence[Group]) -> _Decides:
    """Return each different condition of some groups as a function; a costly one that several have runs once."""
    tests = {_key(test): test for whole in wholes for test in leaves(whole)}
    uses = Counter(key for whole in wholes for key in {_key(test) for test in leaves(whole)})
    ready = {}
    for key, test in tests.items():
        decide = MATCHERS[test.matcher].compile(test.argument)
        ready[key] = _once(decide) if MATCHERS[test.matcher].costly and uses[key] > 1 else decide
    return ready


def _key(test: Test) -> tuple[str, str]:
    return test.matcher, repr(test.argument)


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


def _ask(rule: Rule, facts: Facts, settled: Settled, decides: _Decides) -> Asked:
    """Return what is left to ask of a rule for all interactions of which these facts settle the same."""
    conditions = tuple(top_level(rule.when))
    try:
        folded = [_fold(c.part, facts, settled, decides, wanted=c.wanted) for c in conditions]
        tracer = Tracer(rule, facts, settled.verdict)
    except Exception:  # noqa: BLE001 - one bad rule must not stop the others; it errs when it is asked
        tracer = Tracer(rule)
        folded = [_fold(c.part, None, settled, decides, wanted=c.wanted) for c in conditions]
    failed = [place for place, value in enumerate(folded) if value is False]
    if len(failed) > 1 or (failed and len(conditions) == 1):
        return Asked(tracer, conditions, FAR)
    outcome = failed[0] if failed else UNKNOWN if None in folded else HOLDS
    open_parts = [(place, value) for place, value in enumerate(folded) if callable(value)]
    if not open_parts:
        return Asked(tracer, conditions, outcome)
    # What costs more is asked last; the trace keeps the order of the file.
    open_parts.sort(key=lambda part: _costly(conditions[part[0]].part))
    decides_left = [decide for _, decide in open_parts]
    if failed:
        return Asked(tracer, conditions, outcome, _weigh_near(tuple(decides_left), outcome))
    weigh = _weigh(tuple(open_parts), outcome, lone=len(conditions) == 1)
    if outcome == UNKNOWN:
        return Asked(tracer, conditions, outcome, weigh)
    return Asked(tracer, conditions, outcome, weigh, _run(decides_left, ending=False))


def _weigh(parts: tuple[tuple[int, Decide], ...], settled: int, *, lone: bool) -> Callable[[Facts], int]:
    """Return what weighs conditions of which none has failed yet."""
    if len(parts) == 1:
        ((first, only),) = parts
        short = FAR if lone else first

        def weigh_one(facts: Facts) -> int:
            value = only(facts)
            if value:
                return settled
            return UNKNOWN if value is None else short

        return weigh_one

    def weigh(facts: Facts) -> int:
        outcome = settled
        for place, decide in parts:
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


def _weigh_near(parts: tuple[Decide, ...], failed: int) -> Callable[[Facts], int]:
    """Return what weighs the rest where one condition has failed already: the next ends it."""

    def weigh(facts: Facts) -> int:
        for decide in parts:
            if decide(facts) is False:
                return FAR
        return failed

    return weigh


def _fold(
    part: Test | Group, facts: Facts | None, settled: Settled, decides: _Decides, *, wanted: bool = True
) -> _Folded:
    """Return a condition's answer where these facts settle it, else what is left of it to ask."""
    if isinstance(part, Test):
        decide = decides[_key(part)]
        folded: _Folded = decide(facts) if facts is not None and settled.answer(part) else decide
    else:
        members = [_fold(child, facts, settled, decides, wanted=part.mode != "none") for child in part.parts]
        folded = _joined(members, ending=part.mode == "any")
    if wanted:
        return folded
    if callable(folded):
        return _unless(folded)
    return None if folded is None else not folded


def _joined(members: Sequence[_Folded], *, ending: bool) -> _Folded:
    """Return members as one: `any` ends at the first True, the others at the first False."""
    if any(member is ending for member in members):
        return ending
    left = [member for member in members if callable(member)]
    if not left:
        return None if None in members else not ending
    return _run([*left, _unknown] if None in members else left, ending=ending)


def _unknown(_: Facts) -> bool | None:
    return None


def _run(members: Sequence[Decide], *, ending: bool) -> Decide:
    parts = tuple(members)
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2:
        return _two(*parts, ending=ending)

    def decide(facts: Facts) -> bool | None:
        unknown = False
        for part in parts:
            value = part(facts)
            if value is ending:
                return ending
            if value is None:
                unknown = True
        return None if unknown else not ending

    return decide


def _two(first: Decide, second: Decide, *, ending: bool) -> Decide:
    """Return what `_run` would for the most common number of members, without a loop."""

    def decide(facts: Facts) -> bool | None:
        one = first(facts)
        if one is ending:
            return ending
        other = second(facts)
        return other if other is ending or one is not None else None

    return decide


def _unless(decide: Decide) -> Decide:
    def opposite(facts: Facts) -> bool | None:
        value = decide(facts)
        return None if value is None else not value

    return opposite


def _costly(part: Test | Group) -> bool:
    tests = (part,) if isinstance(part, Test) else leaves(part)
    return any(MATCHERS[test.matcher].costly for test in tests)
