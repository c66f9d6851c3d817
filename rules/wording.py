"""The sentence that a hit says to the reviewer, from the rule's template."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.domain import ActTime
from rules.facts import Facts


def explanation(template: str, facts: Facts, law_row: str) -> str:
    """Return the template filled; it knows no other fields than `schema.PLACEHOLDERS`."""
    view, target = facts.view, facts.view.target
    values = {
        "actor.handle": view.actor.handle or view.actor.user_id,
        "target.handle": (target.author_handle if target else None) or "akun lain",
        "candidate.label": facts.candidate.label,
        "candidate.number": str(facts.candidate.number),
        "contest.name": facts.contest.name,
        "occurred": occurred(view.time),
        "platform": view.platform,
        "law_row": law_row,
    }
    text = template
    for name, value in values.items():
        text = text.replace("{" + name + "}", value.replace("{", "(").replace("}", ")"))
    return text.replace("{{", "{").replace("}}", "}")


def occurred(time: ActTime) -> str:
    """Return when an act happened, in words, in UTC."""
    if time.occurred_at is not None:
        return _stamp(time.occurred_at)
    if time.lo is None:
        return f"paling lambat {_stamp(time.latest)}"
    return f"antara {_stamp(time.lo)} dan {_stamp(time.latest)}"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
