"""Through which door an account is read: with the program's own key, or with the token that its owner lent."""

from __future__ import annotations

from monitor.domain import AccountRef, SourceMode
from monitor.errors import PolicyBlocked
from scrapers.contract import SourceOptions


def owned(options: SourceOptions, account: AccountRef) -> bool:
    """Whether what is shown to the owner of an account may be asked for."""
    return options.mode is SourceMode.OWNER_TOKEN and account.user_id in options.owned


def key_for(options: SourceOptions, account: AccountRef, app: str) -> str:
    """Return the credential slot for calls about an account; `app` is the slot of the program's own key.

    Where the policy opens nothing but the owners' door, PolicyBlocked for an account of which
    no token was lent.
    """
    if options.mode is not SourceMode.OWNER_TOKEN:
        return app
    if account.user_id not in options.owned:
        raise PolicyBlocked(
            f"Ada akun di {options.name} yang pemiliknya belum meminjamkan token",
            "kebijakan sumber ini hanya membuka pintu token pemilik; akun itu tidak dibaca",
        )
    return f"owner:{account.user_id}"


def any_key(options: SourceOptions, app: str) -> str:
    """Return a credential slot for a call about nobody in particular; PolicyBlocked when there is none."""
    if options.mode is not SourceMode.OWNER_TOKEN:
        return app
    if not options.owned:
        raise PolicyBlocked(
            f"Belum ada pemilik akun yang meminjamkan token untuk {options.name}",
            f"masukkan dengan `pantau sources credential add {options.name} owner:<id akun>`",
        )
    return f"owner:{min(options.owned)}"
