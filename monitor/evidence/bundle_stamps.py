"""Timestamps in a bundle: that an authority answered about a manifest and, given its certificate, signed it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from monitor.errors import TimestampError
from monitor.evidence import timestamps
from monitor.evidence.bundle_verify import Stamped


def stamp_checker(certificate: Path | None) -> Stamped:
    """Return how stamps are checked; without a certificate the signature is not. ConfigError for a bad certificate."""
    roots = timestamps.load_certificates(certificate) if certificate is not None else ()

    def check(answer: bytes, manifest: bytes) -> datetime:
        digest = hashlib.sha256(manifest).hexdigest()
        if roots:
            return timestamps.check(answer, digest, roots)
        stamped, at = timestamps.read(answer)
        if stamped != digest:
            raise TimestampError("Stempel waktu itu untuk data lain", "minta paketnya sekali lagi")
        return at

    return check
