"""Weighing: what some rules say of one act for one pair, and the hits that come of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.domain import (
    Hit,
    InteractionView,
    Judgement,
    JudgementOutcome,
    Level,
    NearMiss,
    RuleStatus,
    Span,
    TraceNode,
)
from rules.concerns import Concern
from rules.conditions import first_unknown
from rules.facts import Facts
from rules.hints import Hint
from rules.memory import hit_of, judgement_of
from rules.plans import FAR, UNKNOWN, Asked
from rules.raising import Raising
from rules.schema import Rule
from rules.signals import counter_signals
from rules.timing import Placement, Row
from rules.wording import Wording, told_of, worded

_NOT_SURELY_THEIRS = Row(reason="akun mungkin masih atau sudah milik orang lain pada waktu perbuatan", unclear=True)


@dataclass(slots=True)
class Ledger:
    """What is found while one interaction is judged; `wordings` are the sentences of its hits, one each."""

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
        if any([hit.mode is RuleStatus.ACTIVE for hit in self.hits]):  # noqa: C419 - there are few; a generator costs more
            outcome = JudgementOutcome.HIT
        elif self.errors:
            outcome = JudgementOutcome.ERROR
        elif self.active_unclear:
            outcome = JudgementOutcome.NOT_EVALUABLE
        else:
            outcome = JudgementOutcome.MISS
        return judgement_of(
            self.interaction_id, outcome, tuple(self.hits), tuple(self.near), tuple(self.unclear), tuple(self.errors)
        )


class _Met(NamedTuple):
    """A rule that an act meets for a pair."""

    rule: Rule
    row: Row
    trace: TraceNode
    spans: tuple[Span, ...]
    wording: Wording


@dataclass(slots=True)
class Weighing:
    """One act and one pair while rules are asked about them."""

    facts: Facts
    concern: Concern
    placement: Placement
    ledger: Ledger
    met: list[_Met] = field(default_factory=list)
    signals: tuple[str, ...] | None = None

    def ask(self, rules: Iterable[Asked]) -> None:
        """Ask each rule; what misses or stays open goes to the ledger, what is met waits for `hits`."""
        facts = self.facts
        for asked in rules:
            try:
                outcome = asked.outcome if asked.weigh is None else asked.weigh(facts)
                if outcome == FAR:
                    continue
                if outcome >= 0:
                    self.ledger.near.append(asked.tracer.near(facts, asked.conditions[outcome], outcome))
                else:
                    self._apply(asked, outcome)
            except Exception as error:  # noqa: BLE001 - one bad rule must not stop the others; it is counted
                rule = asked.rule
                self.ledger.errors.append(f"{rule.id} v{rule.version}: {type(error).__name__}: {error}")

    def _apply(self, asked: Asked, outcome: int) -> None:
        """Look for the row of a rule whose conditions hold, or keep what could not be said of them."""
        rule, facts = asked.rule, self.facts
        trace, spans = asked.tracer.trace(facts)
        if outcome == UNKNOWN:
            self.ledger.undecided(rule, facts, first_unknown(trace), trace)
            return
        row = held_row(facts.view, self.placement, rule)
        trace = asked.tracer.longer(trace, row.node)
        if row.unclear:
            self.ledger.undecided(rule, facts, row.reason, trace)
        elif row.row is None:
            self.ledger.near.append(NearMiss(rule.id, rule.version, facts.candidate.id, row.reason, trace))
        else:
            if self.signals is None:
                self.signals = counter_signals(facts)
            self.met.append(_Met(rule, row, trace, spans, worded(rule.explain, facts, row.row.code)))

    def hits(self, raising: Raising, hint: Hint) -> None:
        """Enter a hit for each rule that was met."""
        for met in self.met:
            self.ledger.hits.append(self._hit(met, raising.level_of(met.rule.level), raising.because, hint))
            self.ledger.wordings.append(met.wording)

    def _hit(self, met: _Met, level: Level, because: tuple[str, ...], hint: Hint) -> Hit:
        rule, law, row, latest = met.rule, met.row.law, met.row.row, self.placement.latest
        assert law is not None
        assert row is not None
        assert latest.stage is not None
        assert latest.status is not None  # a row exists only where law, stage and status do
        spans = (*self.concern.spans, *met.spans)
        return hit_of(  # in the order of its fields: names would cost a third more
            rule.id,
            rule.version,
            rule.status,
            level,
            self.facts.candidate.id,
            self.facts.contest.id,
            law.id,
            row.code,
            row.rank,
            latest.stage,
            self.placement.stage_straddled,
            latest.status,
            self.concern.tier,
            told_of(met.wording, self.facts.view),
            tuple(dict.fromkeys(spans)) if len(spans) > 1 else spans,
            self.signals or (),
            met.trace,
            *hint,
            because,
        )


def held_row(view: InteractionView, placement: Placement, rule: Rule) -> Row:
    """Return the row that the act falls under by a rule, as far as the account's owner is sure."""
    row = placement.row(rule.basis)
    return _NOT_SURELY_THEIRS if row.row is not None and not view.owner_sure else row
