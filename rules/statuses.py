"""Which status a rule has: the one in its file, or the one that two people gave this very content."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.domain import RuleFile, RuleOrder, RuleStatus
from rules.engine import with_statuses
from rules.loader import RuleSet
from rules.schema import Rule
from rules.windows import PatternRule

_SHIPPED = "catalog/"

Stated = Rule | PatternRule
"""A rule of either kind, as a file states it."""


def stated(ruleset: RuleSet) -> tuple[Stated, ...]:
    """Return the rules of both kinds."""
    return (*ruleset.rules, *ruleset.patterns)


def is_own(rule: Stated) -> bool:
    """Whether a rule is an office's own and not one of the program's."""
    return not rule.place.startswith(_SHIPPED)


def file_of(rule: Stated) -> RuleFile:
    """Return which content this is."""
    budget = rule.max_per_1000 if isinstance(rule, Rule) else None
    return RuleFile(rule.id, rule.version, rule.content_hash, budget)


def file_status(rule: Stated) -> RuleStatus:
    """Return the status that a file alone gives: an office's own rule opens no case before two people want it to."""
    if is_own(rule) and rule.status is RuleStatus.ACTIVE:
        return RuleStatus.SHADOW
    return rule.status


def status_in_force(rule: Stated, order: RuleOrder | None) -> RuleStatus:
    """Return the status a rule has under the order that holds for it.

    Stopping or shadowing holds for any content. Activation holds for the content that was looked at: another one opens
    cases only where its file alone lets it, and is shadowed otherwise.
    """
    alone = file_status(rule)
    if order is None:
        return alone
    if order.status is not RuleStatus.ACTIVE or order.content_hash == rule.content_hash:
        return order.status
    return alone if alone is RuleStatus.ACTIVE else RuleStatus.SHADOW


def in_force(ruleset: RuleSet, orders: Mapping[str, RuleOrder]) -> RuleSet:
    """Return the rule set with the statuses that are in force."""
    return with_statuses(ruleset, {rule.id: status_in_force(rule, orders.get(rule.id)) for rule in stated(ruleset)})
