"""The order of attention: which case a person should read first, explained part by part; never a measure of guilt."""

from __future__ import annotations

from collections.abc import Collection

from monitor.domain import Act, Level, Priority, PriorityPart, Signal, StageKind, Stance, Tier

LEVELS = {Level.RENDAH: 0.2, Level.MENENGAH: 0.6, Level.TINGGI: 1.0}
TIERS = {Tier.PENDUKUNG: 0.0, Tier.LEMAH: 0.2, Tier.SEDANG: 0.6, Tier.KUAT: 1.0}
ACTS = {Act.FOLLOW: 0.1, Act.LIKE: 0.2, Act.TAG: 0.4, Act.SHARE: 0.6, Act.COMMENT: 0.8, Act.POST: 1.0}
STAGES = {
    StageKind.PRA_PENETAPAN: 0.2,
    StageKind.PENETAPAN: 0.4,
    StageKind.KAMPANYE: 0.6,
    StageKind.MASA_TENANG: 1.0,
    StageKind.PEMUNGUTAN: 1.0,
    StageKind.PASCA: 0.1,
}
# To praise and to run down count alike: the ban is on helping or harming a pair.
STANCES = {None: 0.0, Stance.NETRAL: 0.0, Stance.DUKUNGAN: 1.0, Stance.CELAAN: 1.0}
# Shares of 1. The level comes first because rules carry what a legal division thought about it.
WEIGHTS = {
    "level": 0.30, "act": 0.20, "tier": 0.15, "stage": 0.10, "pattern": 0.10, "count": 0.05, "stance": 0.05,
    "rivals": 0.05,
}  # fmt: skip


def prioritise(
    signals: Collection[Signal], stage: StageKind, rivals: int = 0, pattern: Level | None = None
) -> Priority:
    """Return the order of attention of a case from its standing hits; 0 without any.

    `pattern` is the level of a repeated pattern that one of its acts belongs to. `rivals` counts the opposing pairs
    that the same person's other cases concern: somebody who follows the whole contest is less urgent than somebody who
    always sides with one pair.
    """
    if not signals:
        return Priority(0.0, (PriorityPart("none", 0.0, "tidak ada indikasi yang berlaku"),))
    acts = len({signal.interaction_id for signal in signals})
    strongest = max((signal.act for signal in signals), key=lambda act: (ACTS[act], act.value))
    shares = (
        ("level", max(LEVELS[signal.level] for signal in signals), ""),
        ("act", ACTS[strongest], strongest.value),
        ("tier", max(TIERS[signal.tier] for signal in signals), ""),
        ("count", 1 - 1 / acts, str(acts)),
        ("stage", STAGES[stage], stage.value),
        ("pattern", LEVELS[pattern] if pattern else 0.0, pattern.value if pattern else ""),
        ("stance", max(STANCES[signal.stance] for signal in signals), _sides(signals)),
        ("rivals", 1 / (1 + rivals), str(rivals)),
    )
    parts = tuple(PriorityPart(name, round(WEIGHTS[name] * share, 4), detail) for name, share, detail in shares)
    return Priority(round(sum(part.value for part in parts), 4), parts)


def _sides(signals: Collection[Signal]) -> str:
    """Return the sides that the hints name, in a fixed order."""
    sides = {signal.stance for signal in signals}
    return ", ".join(side.value for side in (Stance.DUKUNGAN, Stance.CELAAN) if side in sides)
