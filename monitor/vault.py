"""The office's keys: sealing what may be read again, and blind indexes for what must only be found again.

One master key lies in `data/keys/utama.key` (mode 600). Every use derives its own key from it, so that a leaked blind
index does not open a sealed register, and a backup of one small file is a backup of all keys.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from monitor.denials import closing, mending
from monitor.errors import ConfigError, EvidenceError, plainly

KEY_FILE = "utama.key"
_VERSION = b"p1"
_NONCE = 12


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """Seals, unseals and indexes with keys derived from one master key of 32 bytes."""

    master: bytes

    @classmethod
    def create(cls, keys_dir: Path) -> Vault:
        """Make the key file if there is none and return the vault; an existing key is never replaced."""
        path = keys_dir / KEY_FILE
        if not path.exists():
            keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(base64.b64encode(secrets.token_bytes(32)) + b"\n")
                file.flush()
                os.fsync(file.fileno())
        return cls.load(keys_dir)

    @classmethod
    def load(cls, keys_dir: Path) -> Vault:
        """Read the key file; ConfigError when it is missing, damaged or readable by others."""
        path = keys_dir / KEY_FILE
        try:
            text = path.read_bytes()
            others = path.stat().st_mode & 0o077
        except OSError as error:
            absent = isinstance(error, FileNotFoundError)
            mend = f"{'jalankan `pantau init` atau ' if absent else ''}pulihkan dari cadangan"
            raise ConfigError(f"Kunci {path} tidak terbaca ({plainly(error)})", mending(error, mend)) from error
        if others:
            raise ConfigError(f"Kunci {path} dapat dibaca pengguna lain", closing(path))
        try:
            master = base64.b64decode(text.strip(), validate=True)
        except ValueError:
            master = b""
        if len(master) != 32:
            raise ConfigError(f"Kunci {path} rusak", "pulihkan dari cadangan; tanpa kunci, data tersegel tidak terbuka")
        return cls(master)

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes of key material for one purpose."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"pantau/" + purpose.encode()).derive(self.master)

    def seal(self, data: bytes) -> bytes:
        """Encrypt and authenticate; the same data gives other bytes each time."""
        nonce = secrets.token_bytes(_NONCE)
        return _VERSION + nonce + AESGCM(self.derive("seal")).encrypt(nonce, data, _VERSION)

    def unseal(self, data: bytes) -> bytes:
        """Open what `seal` made; EvidenceError when it was altered or belongs to another key."""
        if not data.startswith(_VERSION) or len(data) < len(_VERSION) + _NONCE + 16:
            raise EvidenceError("Data tersegel rusak atau bukan buatan program ini", "pulihkan dari cadangan")
        start = len(_VERSION)
        try:
            return AESGCM(self.derive("seal")).decrypt(data[start : start + _NONCE], data[start + _NONCE :], _VERSION)
        except InvalidTag as error:
            raise EvidenceError(
                "Data tersegel telah diubah atau dikunci dengan kunci lain", "periksa data/keys dan cadangannya"
            ) from error

    def blind(self, purpose: str, value: str) -> str:
        """Return a keyed fingerprint (64 hex digits) by which a value is found without being stored."""
        return hmac.new(self.derive("blind/" + purpose), value.encode(), hashlib.sha256).hexdigest()
