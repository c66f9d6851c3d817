"""The sentence that a hit says to the reviewer, from the rule's template."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from monitor.domain import ActTime, InteractionView
from rules.facts import Facts


def worded(template: str, facts: Facts, law_row: str) -> str:
    """Return a rule's template with all but who acted and when, which acts on one text differ in.

    `told_of` adds these; the template knows no other fields than `schema.PLACEHOLDERS`.
    """
    target = facts.view.target
    values = {
        "target.handle": (target.author_handle if target else None) or "akun lain",
        "candidate.label": facts.candidate.label,
        "candidate.number": str(facts.candidate.number),
        "contest.name": facts.contest.name,
        "law_row": law_row,
    }
    return _filled(template, values)


def told_of(said: str, view: InteractionView) -> str:
    """Return what `worded` gave with the rest of its fields filled."""
    values = {
        "actor.handle": view.actor.handle or view.actor.user_id,
        "occurred": occurred(view.time),
        "platform": view.platform,
    }
    return _filled(said, values).replace("{{", "{").replace("}}", "}")


def _filled(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", value.replace("{", "(").replace("}", ")"))
    return text


def occurred(time: ActTime) -> str:
    """Return when an act happened, in words, in UTC."""
    if time.occurred_at is not None:
        return _stamp(time.occurred_at)
    if time.lo is None:
        return f"paling lambat {_stamp(time.latest)}"
    return f"antara {_stamp(time.lo)} dan {_stamp(time.latest)}"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC).isoformat(' ', 'minutes')[:16]} UTC"
