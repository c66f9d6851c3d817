"""Who can open a backup: this workspace's own key, and those of people who keep theirs elsewhere (age, X25519).

The public half stands in `pantau.toml`; whoever steals backup and settings has neither half that opens it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from pyrage import RecipientError, x25519

from monitor.denials import closing, mending
from monitor.errors import ConfigError, plainly

KEY_FILE = "cadangan.key"
_NAMED = "sebut berkas kunci dengan --identity"
_SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how every such key begins, not one of them


def own_identity(keys_dir: Path) -> x25519.Identity:
    """Return the workspace's own key, made at the first asking with mode 600."""
    path = keys_dir / KEY_FILE
    if not path.exists():
        identity = x25519.Identity.generate()
        keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was sooner
            return read_identities(path)[0]
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"# public key: {identity.to_public()}\n{identity}\n")
            file.flush()
            os.fsync(file.fileno())
        return identity
    return read_identities(path)[0]


def read_identities(path: Path) -> list[x25519.Identity]:
    """Read a key file as age and `pantau backup` write it; ConfigError when it is not one, or others can read it."""
    try:
        text = path.read_text(encoding="ascii")
        others = path.stat().st_mode & 0o077
    except UnicodeDecodeError as error:
        raise ConfigError(f"Kunci cadangan {path} bukan berkas kunci", _NAMED) from error
    except OSError as error:
        told = f"Kunci cadangan {path} tidak terbaca ({plainly(error)})"
        raise ConfigError(told, mending(error, _NAMED)) from error
    if others:
        raise ConfigError(f"Kunci {path} dapat dibaca pengguna lain", closing(path))
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith(_SECRET)]
    try:
        found = [x25519.Identity.from_str(line) for line in lines]
    except Exception as error:  # the library raises its own kinds without one root
        raise ConfigError(f"Kunci cadangan {path} rusak", "pakai salinan kunci yang lain") from error
    if not found:
        raise ConfigError(f"Tidak ada kunci cadangan dalam {path}", _NAMED)
    return found


def recipients(own: x25519.Identity, others: Sequence[str]) -> list[x25519.Recipient]:
    """Return everybody who can open a backup; ConfigError names a public key that is none."""
    chosen = [own.to_public()]
    for text in others:
        try:
            chosen.append(x25519.Recipient.from_str(text))
        except RecipientError as error:
            raise ConfigError(
                f"Kunci umum '{text[:16]}…' pada backup.recipients bukan kunci age", "tulis kunci yang berawal age1"
            ) from error
    return chosen
