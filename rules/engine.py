"""Judging: one interaction against all rules, with a trace for whatever comes near."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from monitor.domain import Candidate, Contest, InteractionView, Judgement, JudgementOutcome, NearMiss, RuleStatus
from monitor.domain.making import maker_of
from rules.concerns import concerns
from rules.facts import Facts, Texts
from rules.hints import Hint, HintReader
from rules.loader import RuleSet
from rules.memory import Concerned, Memory
from rules.mentions import MentionFinder
from rules.plans import RuleBook
from rules.raising import raised
from rules.register import with_ids
from rules.schema import Rule
from rules.shelf import Shelf
from rules.stance import StanceReader
from rules.timing import Calendar
from rules.weighing import Ledger, Weighing

_facts_of = maker_of(Facts)
RUNNING = frozenset({RuleStatus.ACTIVE, RuleStatus.SHADOW})


@dataclass(frozen=True)
class Judge:
    """A rule set with the contests it judges for; the same view always gets the same judgement."""

    ruleset: RuleSet
    contests: tuple[Contest, ...]
    hash: str
    finder: MentionFinder = field(repr=False)
    pairs: dict[int, tuple[Contest, Candidate]] = field(repr=False)
    _book: RuleBook = field(repr=False)
    _hints: HintReader = field(repr=False)
    _shelf: Shelf = field(default_factory=Shelf, repr=False, compare=False)
    _calendar: Calendar = field(default_factory=Calendar, init=False, repr=False, compare=False)
    _memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)  # of these rules only

    def judge(self, view: InteractionView) -> Judgement:
        """Return what the rules say of one interaction; an error of one rule leaves the others alone."""
        if not self._book.asks(view.act, view.employment):
            return Ledger(view.id).judgement()
        try:
            above = self._shelf.above(view, self.finder)
            alike = self._memory.alike(above, view) or self._memory.met(above, view, self._concerned(view, above))
            texts = self._shelf.with_own(view, above, self.finder)
            named = texts.own is not None and texts.own.mentions
            pairs = self._concerned(view, texts) if named else alike.pairs
        except Exception as error:  # noqa: BLE001 - one bad interaction must not stop the night; it is counted
            return Judgement(
                view.id, JudgementOutcome.ERROR, errors=(f"pembacaan teks: {type(error).__name__}: {error}",)
            )
        if view.own is not None:  # hardly anybody else writes the same words
            return self._judged(view, texts, pairs, {}).judgement()
        laws, stretch = self.ruleset.laws, self._calendar.stretch
        when = tuple([stretch(view, contest, candidate, laws) for _, contest, candidate in alike.pairs])
        said = alike.said.get(when)
        if said is None:
            ledger = self._judged(view, texts, alike.pairs, alike.hints)
            said = alike.said[when] = self._memory.kept(ledger.judgement(), ledger.wordings)
        return said.of(view)

    def _concerned(self, view: InteractionView, texts: Texts) -> list[Concerned]:
        # A register may have changed under us and know no such pair; the next night judges with the new one.
        return [(c, *self.pairs[c.candidate_id]) for c in concerns(view, texts) if c.candidate_id in self.pairs]

    def _judged(
        self, view: InteractionView, texts: Texts, pairs: Sequence[Concerned], hints: dict[int, Hint]
    ) -> Ledger:
        ledger = Ledger(view.id)
        if not pairs and view.target is None and view.own is None:
            ledger.near.append(NearMiss("", 0, None, "isi sasaran tidak tertangkap"))
        for concern, contest, candidate in pairs:
            if concern.counts:
                placement = self._calendar.place(view, contest, candidate, self.ruleset.laws)
                stage = placement.latest.stage
                facts = _facts_of(view, contest, candidate, stage, texts.own, texts.target, texts.root)
                self._weigh(Weighing(facts, concern, placement, ledger), hints)
            else:
                ledger.near.append(NearMiss("", 0, candidate.id, concern.reason))
        return ledger

    def _weigh(self, weighing: Weighing, hints: dict[int, Hint]) -> None:
        facts = weighing.facts
        plan = self._book.plan_for_words(facts)
        weighing.ask(plan.asked)
        if weighing.met:  # most of what is asked misses
            raising = raised(facts, plan.raisers, straddled=weighing.placement.stage_straddled)
            weighing.hits(raising, self._hints.hint_for(facts, hints))

    def firing(self, facts: Facts) -> tuple[Rule, ...]:
        """Return the rules whose conditions hold, rows and traces left aside."""
        return self._book.plan(facts).firing(facts)


def compile_rules(ruleset: RuleSet, contests: tuple[Contest, ...], *, drafts: bool = False) -> Judge:
    """Return a judge for these contests; only active and shadow rules run, unless `drafts` asks for all but retired."""
    numbered = with_ids(contests)
    wanted = RUNNING | {RuleStatus.DRAFT} if drafts else RUNNING
    running = [rule for rule in ruleset.rules if rule.status in wanted]
    return Judge(
        ruleset,
        numbered,
        _hash(ruleset, contests),
        MentionFinder(numbered, ruleset.lexicon),
        {candidate.id: (contest, candidate) for contest in numbered for candidate in contest.candidates},
        RuleBook(running, ruleset.raisers),
        HintReader(StanceReader(ruleset.lexicon)),
    )


def with_rules(judge: Judge, *rules: Rule) -> Judge:
    """Return the judge with these rules in place of all others, whatever their status; costs next to nothing."""
    return replace(judge, ruleset=replace(judge.ruleset, rules=rules), _book=RuleBook(rules, judge.ruleset.raisers))


def with_statuses(ruleset: RuleSet, overrides: dict[str, RuleStatus]) -> RuleSet:
    """Return the rule set with the statuses that two persons set for some rules; ids it lacks are ignored."""
    rules = tuple(replace(rule, status=overrides.get(rule.id, rule.status)) for rule in ruleset.rules)
    patterns = tuple(replace(rule, status=overrides.get(rule.id, rule.status)) for rule in ruleset.patterns)
    before = ruleset.statuses
    after = replace(ruleset, rules=rules, patterns=patterns).statuses
    changed = sorted(f"{name}={status.value}" for name, status in after.items() if status is not before[name])
    if not changed:
        return ruleset
    digest = hashlib.sha256("\n".join([ruleset.hash, *changed]).encode()).hexdigest()
    return replace(ruleset, rules=rules, patterns=patterns, hash=digest)


def _hash(ruleset: RuleSet, contests: tuple[Contest, ...]) -> str:
    """Return the identity of a judge: rules, law, words, engine and all that is known of the contests."""
    digest = hashlib.sha256(ruleset.hash.encode())
    for line in sorted(
        repr(replace(c, id=0, candidates=tuple(replace(p, id=0) for p in c.candidates))) for c in contests
    ):
        digest.update(b"\n" + line.encode("utf-8", "backslashreplace"))
    return digest.hexdigest()
