"""Content-addressed store of raw answers, compressed and sealed.

A body lies in `<first two digits>/<sha256>`; the name is the hash of the body as received, so a kept answer can be
proven unchanged although its file is encrypted. Files lie in a folder of this machine or wherever fsspec reaches.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import EvidenceError
from monitor.evidence.packing import level_for
from monitor.evidence.places import PART, Folder, Place, discard_unclaimed
from monitor.vault import Vault

BODY = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}")
"""The name of a body in the store."""

SCRATCH = ".baca-ulang-"
MARK = re.compile(r"\.malam-([0-9]+)")
"""The name of the mark that a night leaves beside the bodies until it ends."""

_LONG_AGO = 100  # nights, those between nights included: none of them is open any more
_CHUNK = 1 << 20
_RESTORE = "pulihkan dari cadangan"


@dataclass(frozen=True, slots=True)
class EvidenceStore:
    """Sealed files named by what they hold. `root` is a folder of this machine, and holds them unless `remote` does."""

    root: Path
    vault: Vault
    remote: Place | None = None

    @property
    def place(self) -> Place:
        """Where the files lie."""
        return self.remote if self.remote is not None else Folder(self.root)

    def put(self, body: bytes) -> str:
        """Keep the body and return its sha256; writing the same body again changes nothing.

        The file is complete and lasting when this returns, or not there at all: StoreUnavailable when it cannot be.
        Two processes may write the same body at once: either file is whole, and one of them stands.
        """
        digest = hashlib.sha256(body).hexdigest()
        if not self.exists(digest):
            self.place.write(name_of(digest), self.vault.seal(zlib.compress(body, level_for(body))))
        return digest

    def get(self, digest: str) -> bytes:
        """Return the body; EvidenceError when it is missing, altered or not what its name says."""
        body = b"".join(self._pieces(digest))
        if hashlib.sha256(body).hexdigest() != digest:
            raise EvidenceError(f"Isi bukti {digest} tidak sesuai namanya", _RESTORE)
        return body

    def examine(self, digest: str) -> int:
        """Return how many bytes the body has after hashing it again; EvidenceError as `get` raises."""
        size, found = 0, hashlib.sha256()
        for piece in self._pieces(digest):
            found.update(piece)
            size += len(piece)
        if found.hexdigest() != digest:
            raise EvidenceError(f"Isi bukti {digest} tidak sesuai namanya", _RESTORE)
        return size

    def emptied(self) -> bool:
        """Whether the folder holds nothing at all, as that of a disk which is not mounted; a bucket is not asked.

        What begins with a dot counts for nothing: marks and scratch tell of work, not of evidence.
        """
        if self.remote is not None:
            return False
        return not self.root.is_dir() or all(entry.name.startswith(".") for entry in os.scandir(self.root))

    def mark(self, night: int) -> bool:
        """Leave a night's mark in the folder; whether it lies there. A bucket needs none: it is the same for all.

        Who finds it there has the same folder before them.
        """
        if self.remote is not None:
            return False
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            (self.root / self.mark_name(night)).touch(mode=0o600)
        except OSError:  # whether anything can be written there is told by whoever has something to write
            return False
        return True

    def marked(self, night: int) -> bool:
        """Whether a night's mark lies in the folder."""
        return self.remote is not None or (self.root / self.mark_name(night)).exists()

    def unmark(self, night: int) -> None:
        """Remove a night's mark, and what nights left that never came to their end."""
        for path in self.root.glob(".*"):
            found = MARK.fullmatch(path.name)
            if found is not None and (int(found[1]) == night or int(found[1]) < night - _LONG_AGO):
                with suppress(OSError):  # the end of another night removes it
                    path.unlink()

    @staticmethod
    def mark_name(night: int) -> str:
        """Return the name of a night's mark."""
        return f".malam-{night}"

    def exists(self, digest: str) -> bool:
        """Whether a body of this hash is kept."""
        return self.place.exists(name_of(digest))

    def remove(self, digest: str) -> None:
        """Remove a body for good; the caller has written on what ground."""
        self.place.remove(name_of(digest))

    def damaged(self, digests: Iterator[str]) -> Iterator[tuple[str, str]]:
        """Yield each hash whose file is missing or altered, with the reason."""
        for digest in digests:
            try:
                self.examine(digest)
            except EvidenceError as error:
                yield digest, error.message

    def discard_partial(self) -> int:
        """Remove from this machine what killed processes left half-written, and return how much.

        What a living process is writing is left to it.
        """
        left = [*self.root.glob(f".*{PART}"), *self.root.glob(f"*/.*{PART}"), *self.root.glob(f"{SCRATCH}*")]
        return sum(discard_unclaimed(path) for path in left)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give a private folder of this machine for as long as the block runs."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=self.root) as folder:
            handle = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield Path(folder)
            finally:
                os.close(handle)

    def _pieces(self, digest: str) -> Iterator[bytes]:
        """Yield a body in pieces of bounded size."""
        try:
            sealed = self.place.read(name_of(digest))
        except FileNotFoundError as error:
            raise EvidenceError(f"Bukti {digest} hilang", _RESTORE) from error
        packed = self.vault.unseal(sealed)
        unpacking = zlib.decompressobj()
        try:
            while packed and not unpacking.eof:
                yield unpacking.decompress(packed, _CHUNK)
                packed = unpacking.unconsumed_tail
            yield unpacking.flush()
        except zlib.error as error:
            raise EvidenceError(f"Bukti {digest} rusak", _RESTORE) from error
        if not unpacking.eof or unpacking.unused_data:
            raise EvidenceError(f"Bukti {digest} rusak", _RESTORE)


def name_of(digest: str) -> str:
    """Return the name of a body in the store."""
    return f"{digest[:2]}/{digest}"
