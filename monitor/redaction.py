"""Personal numbers and secrets are blotted out of whatever is logged, or told to people who need not know them."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"(?<!\d)\d{16}(?:\d{2})?(?!\d)")
_SECRETS = re.compile(
    r"(?i)(bearer\s+|(?:token|password|secret|proof|_key)[=:]\s*|\bkey=|(?-i:pantau_))[^\s&\"',]+",
)


def redact(text: str) -> str:
    """Return the text without NIP/NIK-like numbers, tokens and passwords."""
    return _SECRETS.sub(r"\1[disembunyikan]", _NUMBERS.sub("[nomor disembunyikan]", text))
