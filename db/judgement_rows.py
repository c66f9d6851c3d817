"""Judgements and hits as rows in the driver's own form; what many of a batch share is written out once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from db.bulk import Values
from db.chain import text_hash
from monitor.domain import Hit, Judgement, NearMiss, Span, TraceNode

JUDGED = (
    "interaction_id", "ruleset_id", "result_hash", "outcome", "current", "near_misses", "not_evaluable", "errors",
    "judged_at",
)  # fmt: skip
HIT_KEY = ("interaction_id", "asn_id", "rule_id", "rule_version", "candidate_id", "law", "law_row", "stage")
HIT_SAYS = (
    "judgement_id", "mode", "level", "contest_id", "law_rank", "stage_straddled", "candidate_status", "tier",
    "explanation", "spans", "counter_signals", "trace", "raised", "stance", "stance_spans", "active", "changed_at",
)  # fmt: skip
_MOST = 30_000
_NO_REASONS = (None, text_hash(""))
_PASSED = {True: "true", False: "false", None: "null"}
_quoted = json.encoder.encode_basestring_ascii  # what `json.dumps` makes of a text; all else here is as it writes it


@dataclass(frozen=True, slots=True)
class HitForm:
    """All that hits of acts alike share: everything but whose act it is and the explanation.

    `key` follows the act and the person in `HIT_KEY`; `head` and `tail` stand around the explanation in `HIT_SAYS`, and
    `before` and `after` around it in what is hashed.
    """

    key: Values
    head: Values
    tail: Values
    before: str
    after: str


class Form(NamedTuple):
    """All that judgements of acts alike share: what they say but hits as JSON, and the forms of their hits.

    What is hashed begins with `first`, and goes on with the explanation of each hit and one of `rest`. `judged` is one
    of these judgements.
    """

    judged: Judgement
    near_misses: str | None
    not_evaluable: str | None
    errors: str | None
    hits: tuple[HitForm, ...]
    first: str
    rest: tuple[str, ...]


class Said(NamedTuple):
    """A judgement with what it says written out: its form, and the hash of everything in it."""

    judged: Judgement
    form: Form
    hash: str

    def row(self, ruleset_id: int, now: Any) -> Values:
        """Return the row of `JUDGED`."""
        one, form = self.judged, self.form
        return (
            one.interaction_id, ruleset_id, self.hash, one.outcome.value, True, form.near_misses, form.not_evaluable,
            form.errors, now,
        )  # fmt: skip


@dataclass(slots=True)
class Forms:
    """What judgements say, as JSON, with the hash of each; acts on one text share most of it, and share it as one.

    Forgets everything when it is full.
    """

    _made: dict[tuple[int, object], tuple[object, str | None, str]] = field(default_factory=dict)
    _alike: dict[int, Form] = field(default_factory=dict)

    def said(self, one: Judgement) -> Said:
        """Return what a judgement says, with the hash of everything in it."""
        form = self._alike.get(id(one.like))
        if form is None:
            form = self._form(one)
            if one.like is not None:
                if len(self._alike) >= _MOST:
                    self._alike.clear()
                self._alike[id(one.like)] = form  # holds it, so that its id stays its own
        told = form.first
        for hit, piece in zip(one.hits, form.rest, strict=True):
            told = f"{told}{_quoted(hit.explanation)}{piece}"
        return Said(one, form, text_hash(told))

    def _form(self, one: Judgement) -> Form:
        near, near_hash = self._of(one.near_misses, _reasons) if one.near_misses else _NO_REASONS
        unclear, unclear_hash = self._of(one.not_evaluable, _reasons) if one.not_evaluable else _NO_REASONS
        hits = tuple([self._hit(hit) for hit in one.hits])
        pieces = ["\n".join((one.outcome.value, *one.errors, near_hash, unclear_hash))]
        for form in hits:
            pieces[-1] += f"\n{form.before}"
            pieces.append(form.after)
        errors = json.dumps(one.errors) if one.errors else None
        return Form(one, near, unclear, errors, hits, pieces[0], tuple(pieces[1:]))

    def _hit(self, hit: Hit) -> HitForm:
        texts, hashes = zip(*[self._of(part, form) for part, form in _parts(hit)], strict=True)
        spans, counter, trace, raised, stance_spans = texts
        stance = hit.stance.value if hit.stance is not None else None
        says = (
            hit.rule_id, hit.rule_version, hit.mode, hit.level, hit.candidate_id, hit.contest_id, hit.law, hit.law_row,
            hit.law_rank, hit.stage, hit.stage_straddled, hit.candidate_status, hit.tier,
        )  # fmt: skip
        return HitForm(
            (hit.rule_id, hit.rule_version, hit.candidate_id, hit.law, hit.law_row, hit.stage.value),
            (
                hit.mode.value, hit.level.value, hit.contest_id, hit.law_rank, hit.stage_straddled,
                hit.candidate_status.value, hit.tier.value,
            ),
            (spans, counter, trace, raised, stance, stance_spans, True),
            f"{_row(says)[:-1]}, ",
            "\n".join((f", {_row((stance,))[1:]}", *hashes)),
        )  # fmt: skip

    def _of(self, part: Any, form: _Form) -> tuple[str | None, str]:
        known = self._made.get((id(part), form))  # nothing at all has one id whatever it is made of
        if known is None:
            if len(self._made) >= _MOST:
                self._made.clear()
            text = form(self, part)
            known = self._made[id(part), form] = part, text, text_hash(text or "")  # held, so that its id stays its own
        return known[1:]

    def text(self, part: Any, form: _Form) -> str | None:
        """Return a part as JSON, None where nothing is stored of it."""
        return self._of(part, form)[0]


_Form = Callable[[Forms, Any], str | None]


@lru_cache(maxsize=_MOST)
def _row(values: Values) -> str:
    """Return values as a JSON list; hits of many texts are of few rules, pairs and rows of the law."""
    return json.dumps(values)


def _parts(hit: Hit) -> tuple[tuple[object, _Form], ...]:
    return (
        (hit.spans, _spans), (hit.counter_signals, _list), (hit.trace, _trace), (hit.raised, _list),
        (hit.stance_spans, _spans),
    )  # fmt: skip


def _list(_: Forms, part: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, part))}]"


def _spans(_: Forms, spans: Iterable[Span]) -> str:
    said = [
        f'{{"field": {_quoted(s.field)}, "start": {s.start}, "end": {s.end}, "text": {_quoted(s.text)}, '
        f'"alias": {_quoted(s.alias)}}}'
        for s in spans
    ]
    return f"[{', '.join(said)}]"


def _reasons(forms: Forms, misses: Iterable[NearMiss]) -> str | None:
    """Return near misses as `json.dumps` would, their traces written out once."""
    said = [
        f'{{"rule_id": {_quoted(miss.rule_id)}, "rule_version": {miss.rule_version}, '
        f'"candidate_id": {"null" if miss.candidate_id is None else miss.candidate_id}, '
        f'"reason": {_quoted(miss.reason)}, "trace": {forms.text(miss.trace, _trace) or "null"}}}'
        for miss in misses
    ]
    return f"[{', '.join(said)}]" if said else None


def _trace(_: Forms, node: TraceNode | None) -> str | None:
    return _plain(node) if node is not None else None


def _plain(node: TraceNode) -> str:
    return (
        f'{{"name": {_quoted(node.name)}, "passed": {_PASSED[node.passed]}, "detail": {_quoted(node.detail)}, '
        f'"children": [{", ".join(map(_plain, node.children))}]}}'
    )
