"""What a raiser file may say: a reason to look at hits of any rule earlier."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain import Level
from rules.nodes import Node
from rules.schema import Group, Test, read_conditions

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FIELDS = ("id", "version", "title", "to", "when", "because", "examples")
_TIMED = frozenset({"stage"})


@dataclass(frozen=True, slots=True)
class Raiser:
    """One reason to look at a hit earlier: at least at level `to`, because of `because` (Indonesian)."""

    id: str
    version: int
    title: str
    to: Level
    when: Group
    because: str
    raised: tuple[Node, ...]
    not_raised: tuple[Node, ...]
    place: str

    @property
    def timed(self) -> bool:
        """Whether it rests on the stage, which an act in a straddling bracket does not have for sure."""
        return any(test.matcher in _TIMED for test in _tests(self.when))


def read_raiser(node: Node) -> Raiser:
    """Return the raiser that a file states; RuleError with file:line for anything it may not say."""
    fields = node.fields(_FIELDS, _FIELDS)
    examples = fields["examples"].fields(("raised", "not_raised"), ("raised", "not_raised"))
    identity = fields["id"].filled()
    if not _ID.fullmatch(identity):
        fields["id"].fail(f"id tidak sah: {identity[:80]}", "huruf kecil, angka dan tanda hubung")
    return Raiser(
        id=identity,
        version=fields["version"].whole(),
        title=fields["title"].filled(),
        to=fields["to"].token(Level),
        when=read_conditions(fields["when"]),
        because=fields["because"].filled(),
        raised=examples["raised"].items(),
        not_raised=examples["not_raised"].items(),
        place=node.place,
    )


def _tests(group: Group) -> Iterable[Test]:
    for part in group.parts:
        if isinstance(part, Test):
            yield part
        else:
            yield from _tests(part)
