"""Conditions on the act itself: which act, by what kind of person, at which stage."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from monitor.domain import Act, Employment, StageKind
from rules.facts import Facts
from rules.matchers.base import Decide, Matcher, Verdict
from rules.nodes import Node


def _tokens_of(kind: type[Any]) -> Callable[[Node], frozenset[Any]]:
    return lambda node: frozenset(node.tokens(kind) if node.is_list else (node.token(kind),))


def _compile_act(wanted: frozenset[Act]) -> Decide:
    return lambda facts: facts.view.act in wanted


def _compile_employment(wanted: frozenset[Employment]) -> Decide:
    return lambda facts: facts.view.employment in wanted


def _compile_stage(wanted: frozenset[StageKind]) -> Decide:
    return lambda facts: facts.stage in wanted


def _within(value: StrEnum | None, wanted: frozenset[Any]) -> Verdict:
    return Verdict(value in wanted, value.value if value is not None else "sebelum tahapan")


def _matcher(name: str, kind: type[Any], decide: Callable[[Any], Decide], value: Callable[[Facts], Any]) -> Matcher:
    return Matcher(
        name, _tokens_of(kind), decide, lambda facts, wanted: _within(value(facts), wanted), settled=True
    )  # fmt: skip


CIRCUMSTANCE_MATCHERS = (
    _matcher("act", Act, _compile_act, lambda facts: facts.view.act),
    _matcher("employment", Employment, _compile_employment, lambda facts: facts.view.employment),
    _matcher("stage", StageKind, _compile_stage, lambda facts: facts.stage),
)
