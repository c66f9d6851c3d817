"""Other people's names out of what one person is given: words that anybody wrote, and sentences of the program."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

OTHER_ACCOUNT, OTHER_PERSON, NUMBER = "[akun lain]", "[orang lain]", "[nomor]"
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_PLATFORMS = (
    r"(?:bsky\.app|facebook\.com|fb\.com|fb\.me|instagram\.com|m\.me|t\.me|telegram\.me|threads\.com|threads\.net|"
    r"tiktok\.com|twitter\.com|wa\.me|x\.com|youtube\.com|youtu\.be)"
)
_ADDRESS = re.compile(rf"(?<![\w.])(?:https?://)?(?:[\w-]+\.)*{_PLATFORMS}/[^\s<>\"']+", re.IGNORECASE)
_SERVER = re.compile(r"(?<![\w@.-])(?:[\w-]+\.)+bsky\.social(?!\w)", re.IGNORECASE)
_HANDLE = re.compile(r"@[\w.-]*\w(@[\w.-]*\w)?|did:[a-z]+:[\w.:%-]+")
_NUMBERS = re.compile(r"(?<!\w)\+?\d[\d\s().-]{6,}\d(?!\w)")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[\dT:.+ -]*")


@dataclass(frozen=True, slots=True)
class Mask:
    """Which account names may stand, and which people's and accounts' names may not; all in any case of letters."""

    accounts: Collection[str]
    names: Collection[str]
    handles: Collection[str] = ()

    def text(self, said: str) -> str:
        """Return a text without mail addresses, numbers, and the accounts and people that may not be named."""
        said = _MAIL.sub(OTHER_ACCOUNT, said)
        said = _ADDRESS.sub(self._address, said)
        said = _SERVER.sub(self._account, _HANDLE.sub(self._account, said))
        for words, instead in ((self.handles, OTHER_ACCOUNT), (self.names, OTHER_PERSON)):
            for name in sorted({word.strip() for word in words} - {""}, key=len, reverse=True):
                said = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", instead, said, flags=re.IGNORECASE)
        return _NUMBERS.sub(lambda found: found[0] if _MOMENT.fullmatch(found[0].strip()) else NUMBER, said)

    def value(self, given: Any) -> Any:
        """Return a value with every text in it masked."""
        if isinstance(given, str):
            return self.text(given)
        if isinstance(given, dict):
            return {name: self.value(inner) for name, inner in given.items()}
        return [self.value(inner) for inner in given] if isinstance(given, list) else given

    def _account(self, found: re.Match[str]) -> str:
        return found[0] if self._known(found[0]) else OTHER_ACCOUNT

    def _address(self, found: re.Match[str]) -> str:
        """Leave an address that a known account's name is a part of; whose any other is, nobody can say."""
        return found[0] if any(map(self._known, re.split(r"[/?#=&]", found[0]))) else OTHER_ACCOUNT

    def _known(self, name: str) -> bool:
        plain = name.lstrip("@").casefold()
        return bool(plain) and plain in {one.lstrip("@").casefold() for one in self.accounts}
