"""The chain of custody of a case as bundles hold it: every step and every look, with the hash it was born with.

The office's chains run through all of its cases, so the rows of one case do not follow each other; each row still
proves itself, and names the hash of the row before it, by which the office can place it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_HASH: Final = re.compile(r"[0-9a-f]{64}")


def faults(data: bytes, case_id: int | None) -> Iterator[str]:
    """Yield what is wrong with a chain of custody: rows that are not what their hashes say, or not in their order."""
    try:
        said = json.loads(data)
        rows = [("langkah", row) for row in said["events"]] + [("catatan audit", row) for row in said["audit"]]
        if said["case"] != case_id:
            yield "riwayat milik informasi awal lain"
    except (ValueError, KeyError, TypeError, RecursionError):
        yield "tidak dapat dibaca"
        return
    last = {"langkah": 0, "catatan audit": 0}
    for what, row in rows:
        try:
            number = int(row["number"])
            if row_hash(row["previous"], row["row"]) != row["hash"]:
                yield f"{what} {number} berubah"
            if not _belongs(row["row"], case_id):
                yield f"{what} {number} milik informasi awal lain"
        except (KeyError, TypeError, ValueError):
            yield f"ada {what} yang tidak dapat dibaca"
            return
        if number <= last[what]:
            yield f"{what} {number} tidak pada tempatnya"
        last[what] = number


def row_hash(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of a row of the event or audit chain, as the database counts it."""
    if _HASH.fullmatch(previous) is None:
        raise ValueError("not a hash")
    told = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{told}".encode("utf-8", "replace")).hexdigest()


def _belongs(row: Mapping[str, Any], case_id: int | None) -> bool:
    own = f"case:{case_id}"
    return bool(row.get("case_id", case_id) == case_id and row.get("subject", own) == own)
