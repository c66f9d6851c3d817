"""Other people's names out of what one person is given: words that anybody wrote, and sentences of the program."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

OTHER_ACCOUNT, OTHER_PERSON, NUMBER = "[akun lain]", "[orang lain]", "[nomor]"
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_PLATFORMS = (
    r"(?:bsky\.app|facebook\.com|fb\.com|fb\.me|instagram\.com|m\.me|t\.me|telegram\.me|threads\.com|threads\.net|"
    r"tiktok\.com|twitter\.com|wa\.me|x\.com|youtube\.com|youtu\.be)"
)
_REST = r"[^\s<>\"']+"
_ADDRESS = (
    rf"(?<![\w.])(?:(?:https?:)?//(?:[^\s/@<>\"']{{1,64}}@)?)?(?:[\w-]{{1,63}}\.)*{_PLATFORMS}\.?(?::\d*)?[/?#]{_REST}"
)
_PROFILE = rf"(?:(?<!\w)https?:)?//(?P<host>[^\s/<>\"']{{1,255}})/(?:(?:accounts|channel|profile|users)/|@|%40){_REST}"
_HANDLE = r"@[\w.-]*\w(?:@[\w.-]*\w)?|did:[a-z]+:[\w.:%-]+"
_SERVER = r"(?<![\w@.-])(?:[\w-]+\.)+bsky\.social(?!\w)"
_ACCOUNT = re.compile(rf"(?P<address>{_PROFILE}|{_ADDRESS})|(?P<mail>{_MAIL})|{_HANDLE}|{_SERVER}", re.IGNORECASE)
_INNER = re.compile(r"(?<=.)(?<![^\W_])https?:(?=//)|(?<=[^:/])//", re.IGNORECASE)
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
        said = _ACCOUNT.sub(self._account, said)
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
        named = found.groupdict()
        if named.get("address"):
            return self._address(found[0], named["host"] or "")
        return found[0] if not named["mail"] and self._known(found[0]) else OTHER_ACCOUNT

    def _address(self, said: str, host: str) -> str:
        """Leave an address that a known account's name is a part of; whose any other is, nobody can say.

        An account on a server of its own stands there without the server's name. Another address in it is on its own.
        """
        inner = _INNER.search(said)
        if inner is not None:
            rest = _ACCOUNT.sub(self._account, said[inner.start() :])
            return self._address(said[: inner.start()], host) + rest
        server = host.rpartition("@")[2].partition(":")[0]
        parts = re.split(r"([/?#=&])", said)
        known = [any(self._known(unquote(name)) for name in (part, f"{part}@{server}")) for part in parts]
        if not any(known):
            return OTHER_ACCOUNT
        return "".join(part if own else self._beside(part) for part, own in zip(parts, known, strict=True))

    def _beside(self, part: str) -> str:
        """Return a part of such an address without the accounts that it names, in whatever letters."""
        plain = unquote(part)
        masked = _ACCOUNT.sub(self._account, plain)
        return part if masked == plain else masked

    def _known(self, name: str) -> bool:
        plain = name.lstrip("@").casefold()
        return bool(plain) and plain in {one.lstrip("@").casefold() for one in self.accounts}
