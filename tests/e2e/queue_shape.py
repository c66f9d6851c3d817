"""The fixed shapes of `queue list --json` and `scan --json`, as faults in words; keys beyond them are allowed."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def moment(value: object) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


def moment_or_none(value: object) -> bool:
    return value is None or moment(value)


VERBS = ("post", "like", "share", "comment", "follow")
HIT = {"rule": str, "act": str, "platform": str, "account": str, "url": str, "occurred_at": moment_or_none,
       "tier": str, "mode": str}  # fmt: skip
CASE = {
    "id": int, "status": str, "priority": float, "due_at": moment_or_none,
    "asn": {"name": str, "nip_masked": str, "employment": str, "agency": str, "jurisdiction": str},
    "candidate": {"contest": str, "number": int, "label": str},
    "law": str, "law_row": str, "stage": str, "hits": [HIT],
}  # fmt: skip
TARGET = {
    "source": str, "direction": str, "target": str, "outcome": str, "coverage": dict.fromkeys(VERBS, str),
    "requests": int, "items": int, "interactions": int, "bystanders_discarded": int,
}  # fmt: skip
SCAN = {
    "run": int, "started": moment, "finished": moment, "ok": bool, "targets": [TARGET],
    "judged": dict.fromkeys(("evaluated", "hits", "misses", "not_evaluable", "errors"), int),
    "cases": dict.fromkeys(("new", "joined", "reopened", "unqueued"), int),
    "issues": [{"source": str, "kind": str, "detail": str}],
}  # fmt: skip


def faults(value: Any, shape: Any, place: str = "$") -> list[str]:
    """Return where a value has not the shape: missing keys and values of another kind."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return [f"{place}: no object"]
        missing = [f"{place}.{key}: missing" for key in shape if key not in value]
        return missing + [f for k in shape if k in value for f in faults(value[k], shape[k], f"{place}.{k}")]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{place}: no list"]
        return [f for n, entry in enumerate(value) for f in faults(entry, shape[0], f"{place}[{n}]")]
    if isinstance(shape, type):
        kinds = (int, float) if shape is float else shape
        right = isinstance(value, kinds) and (shape is bool or not isinstance(value, bool))
    else:
        right = bool(shape(value))
    return [] if right else [f"{place}: {value!r}"]
