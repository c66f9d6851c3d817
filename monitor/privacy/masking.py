"""Other people's names out of what one person is given: words that anybody wrote, and sentences of the program."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

OTHER_ACCOUNT, OTHER_PERSON, NUMBER = "[akun lain]", "[orang lain]", "[nomor]"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_HANDLE = re.compile(r"@[\w.-]*\w(@[\w.-]*\w)?|did:[a-z]+:[\w.:%-]+")
_NUMBERS = re.compile(r"(?<!\w)\+?\d[\d\s().-]{6,}\d(?!\w)")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[\dT:.+ -]*")


@dataclass(frozen=True, slots=True)
class Mask:
    """Which account names may stand, and which people's names may not; all in any case of letters."""

    accounts: Collection[str]
    names: Collection[str]

    def text(self, said: str) -> str:
        """Return a text without mail addresses, numbers, and the accounts and people that may not be named."""
        said = _MAIL.sub(OTHER_ACCOUNT, said)
        said = _HANDLE.sub(self._account, said)
        for name in sorted(self.names, key=len, reverse=True):
            if name.strip():
                said = re.sub(rf"(?<!\w){re.escape(name.strip())}(?!\w)", OTHER_PERSON, said, flags=re.IGNORECASE)
        return _NUMBERS.sub(lambda found: found[0] if _MOMENT.fullmatch(found[0].strip()) else NUMBER, said)

    def value(self, given: Any) -> Any:
        """Return a value with every text in it masked."""
        if isinstance(given, str):
            return self.text(given)
        if isinstance(given, dict):
            return {name: self.value(inner) for name, inner in given.items()}
        return [self.value(inner) for inner in given] if isinstance(given, list) else given

    def _account(self, found: re.Match[str]) -> str:
        name = found[0].lstrip("@").casefold()
        known = {one.lstrip("@").casefold() for one in self.accounts}
        return found[0] if name in known else OTHER_ACCOUNT
