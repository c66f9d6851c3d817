"""The chain of custody of a case as bundles hold it: every step and every look, with the hash it was born with.

The office's chains run through all of its cases, so the rows of one case do not follow each other; each row still
proves itself, and names the hash of the row before it, by which the office can place it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the rest of a bundle says: the case, its last event and audit row, and the manifests by number."""

    case_id: int | None
    event: int
    audit: int
    manifests: Mapping[int, str]


def faults(data: bytes, beside: Beside) -> Iterator[str]:
    """Yield what is wrong with a chain of custody: rows that are not what their hashes say, or not in their order.

    A decision names the manifest that it rests on; another one in the bundle is a fault too.
    """
    told = json.loads(data)
    if told["case"] != beside.case_id:
        yield "riwayat milik informasi awal lain"
    for what, rows, newest in (
        ("langkah", told["events"], beside.event),
        ("catatan audit", told["audit"], beside.audit),
    ):
        last = 0
        for row in rows:
            number = int(row["number"])
            if row_hash(row["previous"], row["row"]) != row["hash"]:
                yield f"{what} {number} berubah"
            elif not _belongs(row["row"], beside.case_id):
                yield f"{what} {number} milik informasi awal lain"
            elif not _rests(row["row"], beside.manifests):
                yield f"{what} {number} diambil atas manifes yang lain isinya"
            if number <= last:
                yield f"{what} {number} tidak pada tempatnya"
            last = number
        if last != newest:
            yield f"{what} terakhir bukan nomor {newest}"


def row_hash(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of a row of the event or audit chain, as the database counts it."""
    if _HASH.fullmatch(previous) is None:
        raise ValueError("not a hash")
    told = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{told}".encode("utf-8", "replace")).hexdigest()


def _rests(row: Mapping[str, Any], manifests: Mapping[int, str]) -> bool:
    """Whether a step rests on a manifest as the bundle holds it, where it names one."""
    said = json.loads(row["detail"]) if "detail" in row else {}
    named = said.get("manifest")
    return named is None or manifests.get(named["number"]) == named["sha256"]


def _belongs(row: Mapping[str, Any], case_id: int | None) -> bool:
    own = f"case:{case_id}"
    return bool(row.get("case_id", case_id) == case_id and row.get("subject", own) == own)
