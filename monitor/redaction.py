"""Personal numbers and secrets are blotted out of whatever is logged, or told to people who need not know them."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"(?<!\d)\d{16}(?:\d{2})?(?!\d)")
# Behind a slash only what is as long as our tokens is one: folders are called `pantau_…` too.
_OURS = r"(?-i:(?<!/)pantau_|pantau_(?=[\w-]{32}))"
_SECRETS = re.compile(
    rf"(?i)(bearer\s+|(?:token|password|secret|proof|_key)[=:]\s*|\bkey=|{_OURS})[^\s&\"',]+",
)


def redact(text: str) -> str:
    """Return the text without NIP/NIK-like numbers, tokens and passwords."""
    return _SECRETS.sub(r"\1[disembunyikan]", _NUMBERS.sub("[nomor disembunyikan]", text))
