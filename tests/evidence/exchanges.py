"""Kept answers for tests: invented, and each other's neighbours in time."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

from monitor.evidence.warc import Exchange

AT = datetime(2024, 10, 5, 20, 0, 0, 123456, tzinfo=UTC)


def exchange(body: bytes = b'{"likes":[]}', **changes: object) -> Exchange:
    made = Exchange(
        url="https://contoh.test/suka?cursor=1",
        final_url="https://contoh.test/suka?cursor=1",
        status=200,
        headers=(("content-type", "application/json"), ("date", "Sat, 05 Oct 2024 20:00:00 GMT")),
        fetched_at=AT,
        sha256=hashlib.sha256(body).hexdigest(),
        body=body,
        source="bluesky",
        mapper="bluesky/1",
        request='{"endpoint": "getLikes", "url": "https://contoh.test/suka?cursor=1"}',
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name
