"""How hard bodies are compressed: text well, what is packed already not at all."""

from __future__ import annotations

import zlib

_SAMPLE = 1 << 16
_USEFUL = 0.9


def level_for(data: bytes) -> int:
    """Return zlib's level: 6, or 0 where the middle of the data hardly gets smaller, as in pictures."""
    start = max(0, (len(data) - _SAMPLE) // 2)
    sample = data[start : start + _SAMPLE]
    return 0 if len(data) > _SAMPLE and len(zlib.compress(sample, 1)) > len(sample) * _USEFUL else 6
