"""Every way to break one condition, act, kind of person or row of a rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace

from monitor.domain import Tier
from rules.schema import Group, Rule
from rules.schema import Test as Leaf

Part = Leaf | Group
_FARTHEST = 30


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Yield rules that differ from this one in one thing, each with what was done to it."""
    for name, when in of_group(rule.when):
        yield name, replace(rule, when=when or Group("all", ()))
    for act in rule.acts:
        yield f"without act {act}", replace(rule, acts=tuple(a for a in rule.acts if a is not act))
    for subject in rule.subjects:
        yield f"without subject {subject}", replace(rule, subjects=tuple(s for s in rule.subjects if s is not subject))
    for law, rows in rule.basis.items():
        for status in rows:
            left = {s: row for s, row in rows.items() if s is not status}
            yield f"without row {law} {status}", replace(rule, basis={**rule.basis, law: left})


def of_group(group: Group) -> Iterator[tuple[str, Group | None]]:
    """Yield conditions with one of them gone, turned, narrowed or widened; None where none is left."""
    for place, part in enumerate(group.parts):
        for name, changed in _of_part(part):
            parts = (*group.parts[:place], *((changed,) if changed else ()), *group.parts[place + 1 :])
            yield f"{group.mode}/{name}", Group(group.mode, parts) if parts else None


def _of_part(part: Part) -> Iterator[tuple[str, Part | None]]:
    if isinstance(part, Group):
        yield from of_group(part)
        return
    yield f"without {part.matcher}", None
    yield f"not {part.matcher}", Group("none", (part,))
    for name, argument in _of_argument(part.argument):
        yield f"{part.matcher} {name}", replace(part, argument=argument)


def _of_argument(argument: object) -> Iterator[tuple[str, object]]:
    """Yield arguments with one value less, and tiers, counts and distances narrowed and widened."""
    if isinstance(argument, frozenset):
        yield from ((f"without {value}", argument - {value}) for value in sorted(argument) if len(argument) > 1)
        if "candidate_account" in argument:
            yield "only registered", argument - {"candidate_account"} | {"registered"}
    if not is_dataclass(argument):
        return
    for field in fields(argument):
        for name, value in _of_value(getattr(argument, field.name)):
            yield f"{field.name} {name}", replace(argument, **{field.name: value})  # type: ignore[type-var]  # an instance, not a class


def _of_value(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, tuple):
        yield from ((f"without {one}", tuple(v for v in value if v != one)) for one in value if len(value) > 1)
    elif isinstance(value, Tier):
        # Pairs that are named more weakly than `sedang` never reach a rule.
        yield ("raised", Tier.KUAT) if value is Tier.SEDANG else ("lowered", Tier.SEDANG)
    elif isinstance(value, bool):
        yield "turned", not value
    elif isinstance(value, int):
        yield "raised", min(2 * value, _FARTHEST)
        yield "none", 0
