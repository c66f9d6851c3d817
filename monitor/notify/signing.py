"""Signatures of webhooks: HMAC-SHA256 over time and body, so that neither can be changed nor sent again later."""

from __future__ import annotations

import hashlib
import hmac

SIGNATURE = "X-Pantau-Signature"
TIMESTAMP = "X-Pantau-Timestamp"
DELIVERY = "X-Pantau-Delivery"
_VERSION = "v1="


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """Return the value of the signature header: `v1=` and the hex HMAC-SHA256 over `timestamp.body`."""
    return _VERSION + hmac.new(secret, str(timestamp).encode() + b"." + body, hashlib.sha256).hexdigest()


def fits(secret: bytes, headers: tuple[str, str], body: bytes, now: int, tolerance: int = 300) -> bool:
    """Whether a receiver may believe a delivery: `headers` are signature and timestamp, `tolerance` is in seconds."""
    said, stamp = headers
    if not stamp.isascii() or not stamp.isdigit() or abs(now - int(stamp)) > tolerance:
        return False
    return hmac.compare_digest(signature(secret, int(stamp), body).encode(), said.encode())
