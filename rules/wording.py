"""The sentence that a hit says to the reviewer, from the rule's template."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from monitor.domain import ActTime, InteractionView
from rules.facts import Facts

_FIELD = re.compile(r"\{(actor\.handle|occurred|platform)\}")  # what acts on one text differ in


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence cut at the fields that acts on one text differ in: its beginning, each field and what follows."""

    begins: str
    goes_on: tuple[tuple[str, str], ...]


def worded(template: str, facts: Facts, law_row: str) -> Wording:
    """Return a rule's template with all but who acted and when, which acts on one text differ in.

    `told_of` adds these; the template knows no other fields than `schema.PLACEHOLDERS`.
    """
    target, pair = facts.view.target, facts.candidate
    handle = (target.author_handle if target else None) or "akun lain"
    return _cut(template, handle, pair.label, pair.number, facts.contest.name, law_row)


@lru_cache(maxsize=4096)
def _cut(template: str, handle: str, label: str, number: int, contest: str, law_row: str) -> Wording:
    values = {
        "target.handle": handle,
        "candidate.label": label,
        "candidate.number": str(number),
        "contest.name": contest,
        "law_row": law_row,
    }
    begins, *rest = (piece.replace("{{", "{").replace("}}", "}") for piece in _FIELD.split(_filled(template, values)))
    return Wording(begins, tuple(zip(rest[::2], rest[1::2], strict=True)))


def told_of(said: Wording, view: InteractionView) -> str:
    """Return what `worded` gave with the rest of its fields filled."""
    told = said.begins
    for name, behind in said.goes_on:
        if name == "occurred":
            value = occurred(view.time)
        else:
            value = view.platform if name == "platform" else view.actor.handle or view.actor.user_id
            if "{" in value or "}" in value:
                value = _shown(value)
        told += value + behind
    return told


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", _shown(value))
    return text


def _shown(value: str) -> str:
    """Return a value without the signs of fields."""
    return value.replace("{", "(").replace("}", ")")


def occurred(time: ActTime) -> str:
    """Return when an act happened, in words, in UTC."""
    if time.occurred_at is not None:
        return _stamp(time.occurred_at)
    if time.lo is None:
        return f"paling lambat {_stamp(time.latest)}"
    return f"antara {_stamp(time.lo)} dan {_stamp(time.latest)}"


def _stamp(moment: datetime) -> str:
    here = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return here.isoformat(" ", "minutes")[:16] + " UTC"
