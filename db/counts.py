"""What writing part of a register did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegisterCounts:
    """How many entries were new, changed, or there already as they are."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: RegisterCounts) -> RegisterCounts:
        return RegisterCounts(self.new + other.new, self.changed + other.changed, self.same + other.same)
