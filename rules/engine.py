"""Judging: one interaction against all rules, with a trace for whatever comes near."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from monitor.domain import (
    Candidate,
    Contest,
    Hit,
    InteractionView,
    Judgement,
    JudgementOutcome,
    NearMiss,
    RuleStatus,
    Span,
    TraceNode,
)
from rules.concerns import Concern, concerns
from rules.conditions import detail_of, first_unknown
from rules.facts import Facts, Texts
from rules.hints import Hint, HintReader, with_hint
from rules.loader import RuleSet
from rules.memory import Alike, Concerned, Memory
from rules.mentions import MentionFinder
from rules.plans import FAR, UNKNOWN, Asked, RuleBook
from rules.raising import CompiledRaiser, compile_raisers, raised
from rules.register import with_ids
from rules.schema import Rule
from rules.shelf import Shelf, read_texts
from rules.signals import counter_signals
from rules.stance import StanceReader
from rules.timing import Calendar, Placement, Row, row_for
from rules.wording import Wording, told_of, worded

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
    _raisers: tuple[CompiledRaiser, ...] = field(repr=False)
    _shelf: Shelf = field(default_factory=Shelf, repr=False, compare=False)
    _calendar: Calendar = field(default_factory=Calendar, init=False, repr=False, compare=False)
    _memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)  # of these rules only

    def judge(self, view: InteractionView) -> Judgement:
        """Return what the rules say of one interaction; an error of one rule leaves the others alone."""
        if not self._book.asks(view.act, view.employment):
            return _Ledger(view.id).judgement()
        try:
            texts = read_texts(view, self.finder, self._shelf)
            if view.own is None:
                alike = self._memory.alike(texts, view, lambda: self._concerned(view, texts))
            else:  # hardly anybody else writes the same words
                alike = Alike(self._concerned(view, texts))
        except Exception as error:  # noqa: BLE001 - one bad interaction must not stop the night; it is counted
            return Judgement(
                view.id, JudgementOutcome.ERROR, errors=(f"pembacaan teks: {type(error).__name__}: {error}",)
            )
        if view.own is not None:
            return self._judged(view, texts, alike).judgement()
        laws, calendar = self.ruleset.laws, self._calendar
        when = tuple([calendar.stretch(view, contest, candidate, laws) for _, contest, candidate in alike.pairs])
        said = alike.said.get(when)
        if said is None:
            ledger = self._judged(view, texts, alike)
            said = alike.said[when] = self._memory.kept(ledger.judgement(), ledger.wordings)
        return said.of(view)

    def _concerned(self, view: InteractionView, texts: Texts) -> list[Concerned]:
        # A register may have changed under us and know no such pair; the next night judges with the new one.
        return [(c, *self.pairs[c.candidate_id]) for c in concerns(view, texts) if c.candidate_id in self.pairs]

    def _judged(self, view: InteractionView, texts: Texts, alike: Alike) -> _Ledger:
        ledger = _Ledger(view.id)
        if not alike.pairs and view.target is None and view.own is None:
            ledger.near.append(NearMiss("", 0, None, "isi sasaran tidak tertangkap"))
        for concern, contest, candidate in alike.pairs:
            self._for_pair(view, texts, concern, (contest, candidate), ledger, alike.hints)
        return ledger

    def firing(self, facts: Facts) -> tuple[Rule, ...]:
        """Return the rules whose conditions hold, rows and traces left aside."""
        return self._book.plan(facts).firing(facts)

    def _for_pair(
        self, view: InteractionView, texts: Texts, concern: Concern, pair: tuple[Contest, Candidate],
        ledger: _Ledger, hints: dict[int, Hint],
    ) -> None:  # fmt: skip
        contest, candidate = pair
        if not concern.counts:
            ledger.near.append(NearMiss("", 0, candidate.id, concern.reason))
            return
        placement = self._calendar.place(view, contest, candidate, self.ruleset.laws)
        facts = Facts(view, contest, candidate, placement.latest.stage, texts.own, texts.target, texts.root)
        told = len(ledger.hits)
        for asked in self._book.plan(facts).asked:
            try:
                _apply(asked, facts, concern, placement, ledger)
            except Exception as error:  # noqa: BLE001 - one bad rule must not stop the others; it is counted
                ledger.errors.append(f"{asked.rule.id} v{asked.rule.version}: {type(error).__name__}: {error}")
        if len(ledger.hits) == told:
            return
        found = raised(ledger.hits[told:], facts, self._raisers)
        ledger.hits[told:] = with_hint(found, facts, self._hints, hints)


@dataclass(slots=True)
class _Ledger:
    """What is found while one interaction is judged."""

    interaction_id: int
    hits: list[Hit] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    near: list[NearMiss] = field(default_factory=list)
    unclear: list[NearMiss] = field(default_factory=list)
    active_unclear: bool = False
    errors: list[str] = field(default_factory=list)

    def undecided(self, rule: Rule, facts: Facts, reason: str, trace: TraceNode) -> None:
        """Keep a rule that could not be decided."""
        self.unclear.append(NearMiss(rule.id, rule.version, facts.candidate.id, reason, trace))
        self.active_unclear |= rule.status is RuleStatus.ACTIVE

    def judgement(self) -> Judgement:
        """Return the judgement; hits of rules in shadow do not make it one."""
        if any(hit.mode is RuleStatus.ACTIVE for hit in self.hits):
            outcome = JudgementOutcome.HIT
        elif self.errors:
            outcome = JudgementOutcome.ERROR
        elif self.active_unclear:
            outcome = JudgementOutcome.NOT_EVALUABLE
        else:
            outcome = JudgementOutcome.MISS
        return Judgement(
            self.interaction_id, outcome, tuple(self.hits), tuple(self.near), tuple(self.unclear), tuple(self.errors)
        )


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
        RuleBook(running),
        HintReader(StanceReader(ruleset.lexicon)),
        compile_raisers(ruleset.raisers),
    )


def with_rules(judge: Judge, *rules: Rule) -> Judge:
    """Return the judge with these rules in place of all others, whatever their status; costs next to nothing."""
    return replace(judge, ruleset=replace(judge.ruleset, rules=rules), _book=RuleBook(rules))


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


def _apply(asked: Asked, facts: Facts, concern: Concern, placement: Placement, ledger: _Ledger) -> None:
    """Judge one rule for one pair; what is only said of hits and near misses is made here."""
    rule, outcome = asked.rule, asked.outcome if asked.weigh is None else asked.weigh(facts)
    if outcome == FAR:
        return
    if outcome >= 0:
        ledger.near.append(_near(asked, facts, outcome))
        return
    trace, spans = asked.tracer.trace(facts)
    if outcome == UNKNOWN:
        ledger.undecided(rule, facts, first_unknown(trace), trace)
        return
    row = held_row(facts.view, placement, rule)
    trace = asked.tracer.longer(trace, row_node(row))
    if row.unclear:
        ledger.undecided(rule, facts, row.reason, trace)
    elif row.row is None:
        ledger.near.append(NearMiss(rule.id, rule.version, facts.candidate.id, row.reason, trace))
    else:
        wording = worded(rule.explain, facts, row.row.code)
        ledger.hits.append(_hit(rule, facts, concern, placement, row, (trace, spans, told_of(wording, facts.view))))
        ledger.wordings.append(wording)


def _hit(
    rule: Rule,
    facts: Facts,
    concern: Concern,
    placement: Placement,
    row: Row,
    told: tuple[TraceNode, tuple[Span, ...], str],
) -> Hit:
    latest = placement.latest
    assert row.law is not None
    assert row.row is not None
    assert latest.stage is not None
    assert latest.status is not None  # a row exists only where law, stage and status do
    trace, spans, words = told
    return Hit(
        rule_id=rule.id,
        rule_version=rule.version,
        mode=rule.status,
        level=rule.level,
        candidate_id=facts.candidate.id,
        contest_id=facts.contest.id,
        law=row.law.id,
        law_row=row.row.code,
        law_rank=row.row.rank,
        stage=latest.stage,
        stage_straddled=placement.stage_straddled,
        candidate_status=latest.status,
        tier=concern.tier,
        explanation=words,
        spans=tuple(dict.fromkeys((*concern.spans, *spans))),
        counter_signals=counter_signals(facts),
        trace=trace,
    )


def _near(asked: Asked, facts: Facts, failed: int) -> NearMiss:
    """Return a rule that failed by one condition only."""
    rule, condition = asked.rule, asked.conditions[failed]
    trace, _ = asked.tracer.trace(facts)
    detail = detail_of(condition, facts)
    reason = condition.failure + (f" ({detail})" if detail else "")
    return NearMiss(rule.id, rule.version, facts.candidate.id, reason, trace)


def held_row(view: InteractionView, placement: Placement, rule: Rule) -> Row:
    """Return the row that the act falls under by a rule, as far as the account's owner is sure."""
    row = row_for(placement, rule.basis)
    if row.row is not None and not view.owner_sure:
        return Row(reason="akun mungkin masih atau sudah milik orang lain pada waktu perbuatan", unclear=True)
    return row


def row_node(row: Row) -> TraceNode:
    """Return the row as the last condition of a trace."""
    if row.row is not None and row.law is not None:
        return TraceNode("dasar hukum", passed=True, detail=f"{row.law.id} {row.row.code}")
    return TraceNode("dasar hukum", None if row.unclear else False, row.reason)


def _hash(ruleset: RuleSet, contests: tuple[Contest, ...]) -> str:
    """Return the identity of a judge: rules, law, words, engine and all that is known of the contests."""
    digest = hashlib.sha256(ruleset.hash.encode())
    for line in sorted(
        repr(replace(c, id=0, candidates=tuple(replace(p, id=0) for p in c.candidates))) for c in contests
    ):
        digest.update(b"\n" + line.encode("utf-8", "backslashreplace"))
    return digest.hexdigest()
