"""Content-addressed store of raw answers, compressed and sealed.

A body lies in `<root>/<first two digits>/<sha256>`; the name is the hash of the body as received, so a kept answer can
be proven unchanged although its file is encrypted.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import EvidenceError
from monitor.vault import Vault


@dataclass(frozen=True, slots=True)
class EvidenceStore:
    """Sealed files under one folder, named by what they hold."""

    root: Path
    vault: Vault

    def put(self, body: bytes) -> str:
        """Keep the body and return its sha256; writing the same body again changes nothing.

        The file is complete and on disk when this returns, or not there at all: EvidenceError when it cannot be.
        """
        digest = hashlib.sha256(body).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        partial = path.with_name(f".{digest}.{secrets.token_hex(4)}.part")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(self.vault.seal(zlib.compress(body, 6)))
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            with suppress(OSError):
                partial.unlink()
            raise EvidenceError(
                f"Bukti tidak dapat disimpan di {self.root}: {error.strerror}", "periksa ruang dan izin cakram"
            ) from error
        return digest

    def get(self, digest: str) -> bytes:
        """Return the body; EvidenceError when it is missing, altered or not what its name says."""
        try:
            sealed = self._path(digest).read_bytes()
        except OSError as error:
            raise EvidenceError(f"Bukti {digest} hilang: {error.strerror}", "pulihkan dari cadangan") from error
        try:
            body = zlib.decompress(self.vault.unseal(sealed))
        except zlib.error as error:
            raise EvidenceError(f"Bukti {digest} rusak", "pulihkan dari cadangan") from error
        if hashlib.sha256(body).hexdigest() != digest:
            raise EvidenceError(f"Isi bukti {digest} tidak sesuai namanya", "pulihkan dari cadangan")
        return body

    def exists(self, digest: str) -> bool:
        """Whether a body of this hash is kept."""
        return self._path(digest).exists()

    def damaged(self, digests: Iterator[str]) -> Iterator[tuple[str, str]]:
        """Yield each hash whose file is missing or altered, with the reason."""
        for digest in digests:
            try:
                self.get(digest)
            except EvidenceError as error:
                yield digest, error.message

    def discard_partial(self) -> int:
        """Remove what a killed process left half-written and return how much; only while nobody else writes."""
        partial = list(self.root.glob("??/.*.part"))
        for path in partial:
            path.unlink(missing_ok=True)
        return len(partial)

    def _path(self, digest: str) -> Path:
        return self.root / digest[:2] / digest
