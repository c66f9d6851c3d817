"""A small bundle of an invented case, and ways to alter one as a clever hand would, with every hash made to fit."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.domain import Act
from monitor.domain.manifests import (
    FIRST,
    CaptureState,
    Evidence,
    EvidenceAct,
    EvidenceFile,
    FileKind,
    Manifest,
    Showing,
    Shows,
)
from monitor.evidence import zip_file
from monitor.evidence.bundle import AsOf, Contents, write_bundle
from monitor.evidence.bundle_verify import Checked, check_bundle
from monitor.evidence.custody import row_hash
from monitor.evidence.manifest import to_bytes
from monitor.evidence.masked import Known
from monitor.evidence.warc import Exchange
from monitor.evidence.zip_file import Slice

AT = datetime(2024, 10, 5, 20, 0, tzinfo=UTC)
CASE = 7
WHO, POST = "did:plc:asn1", "at://did:plc:paslon1/app.bsky.feed.post/s1"
STRANGER = "warga.rekaan.test"
URL = "https://appview.contoh.test/xrpc/app.bsky.feed.getLikes?uri=at%3A%2F%2Fdid%3Aplc%3Apaslon1%2Fpost%2Fs1"
LIKES = json.dumps(
    {"likes": [{"actor": {"did": "did:plc:lain", "handle": STRANGER}}, {"actor": {"did": WHO}}]}
).encode()
PAGE = b"<html><body>Mari coblos nomor 1 <i>warga.rekaan.test</i></body></html>"
PICTURE, BLURRED = b"\x89PNG\r\n\x1a\napa adanya", b"\x89PNG\r\n\x1a\ndikaburkan"
BODIES = {hashlib.sha256(body).hexdigest(): body for body in (LIKES, PAGE, PICTURE, BLURRED)}
KNOWN = Known(frozenset({WHO, POST}), frozenset({AT}))


def file(body: bytes, kind: FileKind = FileKind.ANSWER, url: str = "", **changes: Any) -> EvidenceFile:
    made = EvidenceFile(
        sha256=hashlib.sha256(body).hexdigest(), size=len(body), kind=kind, source="bluesky", url=url, final_url=url,
        status=200 if url else 0, fetched_at=AT - timedelta(hours=3), collector="", tool="", mapper="bluesky/2",
        state=CaptureState.LENGKAP, shows=(Shows(Showing.ACT, "kunci", ".likes[1]"),),
    )  # fmt: skip
    return replace(made, **changes)


ACT = EvidenceAct("kunci", "bluesky", WHO, Act.LIKE, POST, "", None, None, AT, AT, None)
FILES = (
    file(LIKES, url=URL),
    file(PAGE, url="https://t.me/s/paslon_contoh"),
    file(PICTURE, FileKind.PICTURE),
    file(BLURRED, FileKind.READABLE),
)


def manifests(*groups: tuple[EvidenceFile, ...], case_id: int = CASE) -> tuple[bytes, ...]:
    """Return the files of a chain, one manifest for each group of files."""
    made: list[bytes] = []
    for number, files in enumerate(groups, start=1):
        previous = hashlib.sha256(made[-1]).hexdigest() if made else FIRST
        made.append(to_bytes(Manifest(Evidence(case_id, (ACT,), files), number, previous, AT, "pantau-netralitas 0")))
    return tuple(made)


def custody_row(number: int, previous: str, **row: object) -> dict[str, Any]:
    return {"number": number, "row": row, "previous": previous, "hash": row_hash(previous, row), "by": "program"}


def custody(case_id: int = CASE) -> dict[str, Any]:
    step = {"case_id": case_id, "kind": "opened", "from_state": None, "to_state": "baru", "at": AT.isoformat()}
    look = {"actor": "rina", "action": "case_viewed", "subject": f"case:{case_id}", "at": AT.isoformat()}
    return {
        "case": case_id,
        "events": [custody_row(4, "a" * 64, **step), custody_row(9, "b" * 64, **step)],
        "audit": [custody_row(12, "c" * 64, **look)],
    }


def raw_exchanges() -> tuple[Exchange, ...]:
    return tuple(
        Exchange(one.url, one.final_url, 200, (), one.fetched_at, one.sha256, None, one.source, one.mapper)
        for one in FILES
        if one.kind is FileKind.ANSWER
    )


def contents(**changes: Any) -> Contents:
    made = Contents(
        case_id=CASE,
        agency="Bawaslu Kabupaten Contoh",
        software="pantau-netralitas 0",
        as_of=AsOf(9, 12, 2, AT),
        manifests=manifests(FILES[:1], FILES),
        tokens=(),
        custody=custody(),
        known=KNOWN,
        body=BODIES.get,
        papers={"salinan.html": b"<!doctype html><title>contoh</title>", "formulir-a.docx": b"draf contoh"},
    )
    return replace(made, **changes)


def bundle(folder: Path, **changes: Any) -> Path:
    """Write a bundle and return its place."""
    path = folder / "paket.zip"
    write_bundle(contents(**changes), path)
    return path


def check(path: Path) -> Checked:
    def unstamped(_answer: bytes, _manifest: bytes) -> datetime:
        return AT

    return check_bundle(path, unstamped)


def faults(path: Path) -> list[str]:
    return [str(fault) for fault in check(path).faults]


def unpacked(path: Path) -> dict[str, bytes]:
    data = path.read_bytes()
    whole = Slice(io.BytesIO(data), 0, len(data))
    return {one.name: zip_file.read_member(whole, one, 1 << 24) for one in zip_file.members(whole)}


def forge(path: Path, files: Mapping[str, bytes | None]) -> None:
    """Put other files into a bundle (None takes one out) and make its lists fit."""
    held: dict[str, Any] = {**unpacked(path), **files}
    held = {name: data for name, data in held.items() if data is not None and name != "SHA256SUMS"}
    index = json.loads(held.pop("paket.json"))
    index["files"] = [
        {"name": name, "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in sorted(held.items())
    ]
    listed = json.dumps(index, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    held["paket.json"] = listed.encode("utf-8", "surrogatepass")
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(held.items()))
    with path.open("wb") as out:
        zip_file.write({**held, "SHA256SUMS": sums.encode()}, out)
