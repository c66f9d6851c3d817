"""Conditions on what a writer does: calls on others, speaks of themself, puts words near each other or near a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitor.domain import Span
from rules.facts import Evidence, Facts, mention_spans
from rules.matchers.base import FIELDS, Decide, Matcher, Verdict, missing, of_own, one_of, text_of, unread
from rules.nodes import Node
from rules.sayings import CALLS, appeals, claims, near

_FARTHEST = 30
_CANDIDATE = "candidate"


@dataclass(frozen=True, slots=True)
class Claim:
    """Word lists that the writer of one text says of themself; `lists` is also what lint checks."""

    field: str
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Words of `own` lists that stand within so many words of the pair's name, or of words of `beside` lists."""

    field: str
    own: tuple[str, ...]
    beside: tuple[str, ...]
    within: int

    @property
    def lists(self) -> tuple[str, ...]:
        """All lists it names, for the loader's check."""
        return (*self.own, *self.beside)


def _read_claim(node: Node) -> Claim:
    fields = node.fields(("field", "lists"), ("field", "lists"))
    return Claim(one_of(fields["field"], FIELDS), fields["lists"].texts())


def _read_near(node: Node) -> Near:
    fields = node.fields(("field", "lists", "near", "within"), ("field", "lists", "near", "within"))
    within = fields["within"].whole()
    if not 0 <= within <= _FARTHEST:
        fields["within"].fail(f"jarak {within} kata terlalu jauh", f"0 sampai {_FARTHEST}")
    beside = fields["near"]
    lists = beside.texts() if beside.is_list else ()
    if not lists:
        one_of(beside, (_CANDIDATE,))
    return Near(one_of(fields["field"], FIELDS), fields["lists"].texts(), lists, within)


def _stretches(evidence: Evidence, wanted: Near, candidate_id: int) -> tuple[Span, ...]:
    spans = evidence.has_list(*wanted.own)
    if not spans:
        return ()
    beside = (
        evidence.has_list(*wanted.beside) if wanted.beside else mention_spans(evidence.of(candidate_id), evidence.name)
    )
    return near(evidence, spans, beside, wanted.within)


def _decide(field: str, found: Callable[[Evidence, Facts], tuple[Span, ...]]) -> Decide:
    text, absent = text_of(field), unread(field)

    def decide(facts: Facts) -> bool | None:
        evidence = text(facts)
        return absent if evidence is None else bool(found(evidence, facts))

    return decide


def _answer(facts: Facts, field: str, found: Callable[[Evidence, Facts], tuple[Span, ...]], said: str) -> Verdict:
    evidence = facts.evidence(field)
    if evidence is None:
        return missing(field)
    spans = found(evidence, facts)
    return Verdict(bool(spans), said if spans else f"tidak ada: {said}", spans)


SAYING_MATCHERS = (
    Matcher(
        "text.appeal",
        lambda node: one_of(node, FIELDS),
        lambda field: _decide(field, lambda evidence, _: appeals(evidence)),
        lambda facts, field: _answer(facts, field, lambda e, _: appeals(e), "ajakan kepada orang lain"),
        costly=True,
        needs=lambda field: of_own(field, CALLS),
    ),
    Matcher(
        "text.first_person",
        _read_claim,
        lambda wanted: _decide(wanted.field, lambda evidence, _: claims(evidence, wanted.lists)),
        lambda facts, wanted: _answer(
            facts, wanted.field, lambda e, _: claims(e, wanted.lists), "kata tentang diri penulis sendiri"
        ),
        costly=True,
        needs=lambda wanted: of_own(wanted.field, wanted.lists),
    ),
    Matcher(
        "text.near",
        _read_near,
        lambda wanted: _decide(wanted.field, lambda e, facts: _stretches(e, wanted, facts.candidate.id)),
        lambda facts, wanted: _answer(
            facts, wanted.field, lambda e, f: _stretches(e, wanted, f.candidate.id), f"dalam jarak {wanted.within} kata"
        ),
        costly=True,
        needs=lambda wanted: of_own(wanted.field, wanted.own),
    ),
)
