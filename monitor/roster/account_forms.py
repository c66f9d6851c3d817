"""How people write accounts: profile addresses, handles and stable ids, one row a platform."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from monitor.domain import AccountRef
from monitor.roster.files import did_you_mean


class AccountFault(ValueError):
    """A text names no account of the platform; `problem` and `mend` are for the officer."""

    def __init__(self, problem: str, mend: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.mend = mend


@dataclass(frozen=True, slots=True)
class _Form:
    """The ways one platform writes an account.

    `path` matches the path of a profile address and gives a group `handle` or `id`; `reserved` are first words of a
    path that are no accounts.
    """

    hosts: tuple[str, ...]
    handle: re.Pattern[str]
    stable: re.Pattern[str] | None
    path: re.Pattern[str]
    example: str
    reserved: frozenset[str] = frozenset()


def _form(hosts: str, handle: str, stable: str | None, path: str, example: str, reserved: str = "") -> _Form:
    return _Form(
        tuple(hosts.split()),
        re.compile(handle),
        re.compile(stable) if stable else None,
        re.compile(path),
        example,
        frozenset(reserved.split()),
    )


_DID = r"did:plc:[a-z2-7]{24}|did:web:[A-Za-z0-9.\-]+(?:%3A\d+)?"
_DOMAIN = r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?"
_WORD = r"[A-Za-z0-9_.]"

_FORMS: Mapping[str, _Form] = {
    "bluesky": _form(
        "bsky.app staging.bsky.app", _DOMAIN, _DID, rf"/profile/(?:(?P<id>{_DID})|(?P<handle>{_DOMAIN}))/?",
        "nama.bsky.social, did:plc:… atau https://bsky.app/profile/nama.bsky.social",
    ),
    "x": _form(
        "x.com twitter.com mobile.twitter.com mobile.x.com", r"\w{1,15}", r"\d{5,20}",
        r"/(?:i/user/(?P<id>\d{5,20})|@?(?P<handle>\w{1,15}))/?", "@nama, nomor akun atau https://x.com/nama",
        "home i search intent hashtag explore settings share login notifications messages",
    ),
    "instagram": _form(
        "instagram.com m.instagram.com", rf"{_WORD}{{1,30}}", r"\d{5,25}", rf"/@?(?P<handle>{_WORD}{{1,30}})/?",
        "@nama, nomor akun atau https://www.instagram.com/nama", "p reel reels stories explore accounts tv direct",
    ),
    "tiktok": _form(
        "tiktok.com m.tiktok.com", rf"{_WORD}{{2,24}}", r"\d{8,25}", rf"/@(?P<handle>{_WORD}{{2,24}})/?",
        "@nama, nomor akun atau https://www.tiktok.com/@nama",
    ),
    "facebook": _form(
        "facebook.com m.facebook.com web.facebook.com fb.com id-id.facebook.com mbasic.facebook.com",
        r"[A-Za-z0-9.]{5,50}", r"\d{5,25}",
        r"/(?:(?:people|pages)/[^/]+/(?P<id>\d{5,25})|(?P<handle>[A-Za-z0-9.]{5,50}))/?",
        "nama.pengguna, nomor akun atau https://www.facebook.com/nama.pengguna",
        "groups share story.php photo.php permalink.php watch events login sharer sharer.php reel video.php posts",
    ),
    "youtube": _form(
        "youtube.com m.youtube.com", r"[\w.\-·]{3,30}", r"UC[A-Za-z0-9_\-]{22}",
        r"/(?:channel/(?P<id>UC[A-Za-z0-9_\-]{22})|@(?P<handle>[\w.\-·]{3,30}))(?:/(?:videos|featured|about|shorts))?/?",
        "@nama, UC… atau https://www.youtube.com/@nama",
    ),
    "telegram": _form(
        "t.me telegram.me", r"[A-Za-z]\w{3,31}", r"-?\d{6,20}", r"/(?:s/)?(?P<handle>[A-Za-z]\w{3,31})/?",
        "@nama, nomor akun atau https://t.me/nama", "joinchat addstickers share proxy",
    ),
    "threads": _form(
        "threads.net threads.com", rf"{_WORD}{{1,30}}", r"\d{5,25}", rf"/@(?P<handle>{_WORD}{{1,30}})/?",
        "@nama, nomor akun atau https://www.threads.net/@nama",
    ),
}  # fmt: skip
_MASTODON_HANDLE = re.compile(r"@?(?P<user>[A-Za-z0-9_](?:[\w.\-]*\w)?)@(?P<host>[A-Za-z0-9.\-]+(?::\d{1,5})?)")
_MASTODON_PATH = re.compile(r"/(?:@|users/)(?P<user>[A-Za-z0-9_](?:[\w.\-]*\w)?)/?")
_MASTODON_EXAMPLE = "@nama@peladen.contoh atau https://peladen.contoh/@nama"

PLATFORMS = (
    "bluesky", "mastodon", "x", "instagram", "tiktok", "facebook", "youtube", "telegram", "threads", "whatsapp",
)  # fmt: skip
_SYNONYMS = {
    "bsky": "bluesky", "twitter": "x", "x twitter": "x", "twitter x": "x", "ig": "instagram", "insta": "instagram",
    "fb": "facebook", "yt": "youtube", "tele": "telegram", "tik tok": "tiktok", "fediverse": "mastodon",
    "wa": "whatsapp", "whats app": "whatsapp",
}  # fmt: skip


def parse_account(platform: str, text: str) -> AccountRef:
    """Return the account that an address, handle or stable id names; AccountFault when it names none.

    An account known by its handle alone has the user id "@" and the handle in lower case; stable ids never begin so.
    """
    name = platform_of(platform, text)
    written = text.strip()
    if not written:
        raise AccountFault("akun kosong", "isi alamat, nama akun atau nomor akun")
    if name == "mastodon":
        return _mastodon(written)
    if name == "whatsapp":
        return _whatsapp(written)
    form = _FORMS[name]
    address = _address(written, form)
    return _by_address(name, form, address) if address else _by_word(name, form, written)


def platform_of(platform: str, text: str = "") -> str:
    """Return the platform's name in our words; an empty cell is filled from a profile address where that is clear."""
    word = " ".join(re.sub(r"[^a-z0-9]+", " ", platform.casefold()).split())
    word = _SYNONYMS.get(word, word)
    if word in PLATFORMS:
        return word
    if word:
        raise AccountFault(
            f"platform '{platform}' tidak dikenal", did_you_mean(word, PLATFORMS) or f"pilih: {', '.join(PLATFORMS)}"
        )
    try:
        host = _host(urlsplit(text.strip()).hostname or "")
    except ValueError:
        host = ""
    for name, form in _FORMS.items():
        if host in form.hosts:
            return name
    raise AccountFault("platform kosong", f"pilih: {', '.join(PLATFORMS)}")


def _host(host: str) -> str:
    return host.lower().removeprefix("www.")


def _address(text: str, form: _Form) -> str | None:
    """Return a profile address with its scheme, or None when the text is no address of any kind."""
    if re.match(r"https?://", text, re.IGNORECASE):
        return text
    head = _host(text.split("/", 1)[0])
    return f"https://{text}" if "/" in text and head in form.hosts else None


def _by_address(name: str, form: _Form, address: str) -> AccountRef:
    try:
        parts = urlsplit(address)
        host = _host(parts.hostname or "")
    except ValueError:
        raise AccountFault(f"alamat '{address}' tidak sah", f"contoh: {form.example}") from None
    if host not in form.hosts:
        raise AccountFault(f"alamat '{host}' bukan milik {name}", f"contoh: {form.example}")
    path = unquote(parts.path)
    if name == "facebook" and path.strip("/") == "profile.php":
        path = f"/people/-/{(parse_qs(parts.query).get('id') or [''])[0]}"
    if path.strip("/").split("/")[0].lower() in form.reserved and not path.startswith("/i/user/"):
        raise AccountFault("alamat ini bukan halaman profil", f"contoh: {form.example}")
    found = form.path.fullmatch(path)
    if not found:
        raise AccountFault("alamat ini unggahan atau halaman lain, bukan profil", f"contoh: {form.example}")
    groups = found.groupdict()
    stable = groups.get("id")
    return AccountRef(name, stable) if stable else _unresolved(name, groups["handle"])


def _by_word(name: str, form: _Form, text: str) -> AccountRef:
    if form.stable and form.stable.fullmatch(text):
        # Telegram's bots write a channel's number with "-100" before it, everybody else without
        return AccountRef(name, re.sub(r"^-(?:100)?", "", text) if name == "telegram" else text)
    handle = text.removeprefix("@")
    if not form.handle.fullmatch(handle):
        raise AccountFault(f"'{_short(text)}' bukan akun {name}", f"contoh: {form.example}")
    return _unresolved(name, handle)


def _mastodon(text: str) -> AccountRef:
    if re.match(r"https?://", text, re.IGNORECASE):
        try:
            parts = urlsplit(text)
            netloc = parts.netloc.rsplit("@", 1)[-1]
        except ValueError:
            raise AccountFault(f"alamat '{_short(text)}' tidak sah", f"contoh: {_MASTODON_EXAMPLE}") from None
        found = _MASTODON_PATH.fullmatch(unquote(parts.path))
        handle = f"{found['user']}@{netloc}" if found else ""
    else:
        word = _MASTODON_HANDLE.fullmatch(text)
        handle = f"{word['user']}@{word['host']}" if word else ""
    if not handle or handle.endswith("@"):
        raise AccountFault(f"'{_short(text)}' bukan akun mastodon", f"contoh: {_MASTODON_EXAMPLE}")
    return _unresolved("mastodon", handle)


def _whatsapp(text: str) -> AccountRef:
    """Return the account of a telephone number, in the form in which exported chats give it."""
    digits = re.sub(r"(?:https?://)?wa\.me/|[^\d+]", "", text)
    digits = "+62" + digits[1:] if digits.startswith("0") else "+" + digits.lstrip("+")
    if not re.fullmatch(r"\+[1-9]\d{6,14}", digits) or re.search(
        r"[A-Za-z]", text.replace("wa.me", "").replace("http", "")
    ):
        raise AccountFault(f"'{_short(text)}' bukan nomor WhatsApp", "contoh: 0812-3456-7890 atau +62 812-3456-7890")
    return AccountRef("whatsapp", digits)


def _unresolved(platform: str, handle: str) -> AccountRef:
    return AccountRef(platform, f"@{handle.lower()}", handle)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
