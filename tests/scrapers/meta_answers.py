"""Invented answers of Meta's Graph APIs, in the shapes of its documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapers.contract import Response

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
TOKEN = "EAAG-rahasia-rekaan-0123456789"


def when(hours: float = 1) -> str:
    return (NOW - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S+0000")


def a_response(
    body: Any, status: int = 200, headers: Mapping[str, str] | None = None, url: str = "https://graph.example/v25.0/x"
) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(url, "", status, headers or {}, raw, NOW, hashlib.sha256(raw).hexdigest())


def error(code: int, subcode: int | None = None, message: str = "(#0) Siti Warga tidak ditemukan") -> dict[str, Any]:
    found: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    return {"error": found | ({"error_subcode": subcode} if subcode else {})}


def paging(after: str = "c2", *, more: bool = True) -> dict[str, Any]:
    """Return the paging of a page; the address of the next one bears the token, as Meta's do."""
    link = f"https://graph.example/v25.0/x?access_token={TOKEN}&after={after}"
    return {"cursors": {"before": "b", "after": after}} | ({"next": link} if more else {})
