"""Checking an evidence bundle with nothing but itself: no database, no network, no trust in who brought it."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from monitor.denials import mending
from monitor.domain.manifests import Manifest
from monitor.errors import EvidenceError, plainly
from monitor.evidence import custody, zip_file
from monitor.evidence.bundle import (
    ANSWERS,
    ARCHIVE,
    CUSTODY,
    FORMAT,
    INDEX,
    RAW_ARCHIVE,
    READ_ME,
    READABLE,
    SUMS,
    to_json,
    token_name,
)
from monitor.evidence.manifest import chain_faults, from_bytes
from monitor.evidence.masked import is_part
from monitor.evidence.wacz import warc_of
from monitor.evidence.warc_reading import records
from monitor.evidence.zip_file import Member, Slice, ZipFault

_MOST_READ: Final = 64 << 20
_MANIFESTS: Final = "manifes/"
_NEEDED: Final = (READ_ME, READABLE, ARCHIVE, CUSTODY, INDEX, SUMS)

_UNREADABLE: Final = (
    EvidenceError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError,
)  # fmt: skip
"""What reading JSON of strangers may raise."""


def shown(text: str) -> str:
    """Return words of strangers as one short line without signs that steer a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)[:300]


Stamped = Callable[[bytes, bytes], datetime]
"""Checks an authority's answer against a manifest's bytes and returns its time; EvidenceError when it does not fit."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a bundle that is not as it was made: which file, and what is wrong with it."""

    name: str
    problem: str

    def __str__(self) -> str:
        return f"{self.name}: {self.problem}" if self.name else self.problem


@dataclass(slots=True)
class Checked:
    """What a bundle says of itself, and what is wrong with it; whole when `faults` is empty."""

    sha256: str
    case_id: int | None = None
    agency: str = ""
    as_of: str = ""
    raw: bool = False
    files: int = 0
    manifests: int = 0
    stamps: list[tuple[int, str, datetime]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, name: str, problem: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(shown(name), shown(problem)))


def check_bundle(path: Path, stamped: Stamped) -> Checked:
    """Check a bundle whole; EvidenceError only when the file cannot be read at all.

    Nothing is unpacked to disk, and no more is read into memory than a bundle of ours may hold at once.
    """
    try:
        with path.open("rb") as file:
            checked = Checked(hashlib.file_digest(file, "sha256").hexdigest())
            whole = Slice(file, 0, path.stat().st_size)
            try:
                found = {member.name: member for member in zip_file.members(whole)}
            except ZipFault as fault:
                checked.wrong(fault.name, fault.problem)
                return checked
            _check(_Bundle(file, whole, found), checked, stamped)
            return checked
    except OSError as error:
        raise EvidenceError(
            f"Paket {path} tidak terbaca: {plainly(error)}", mending(error, "periksa nama dan izin berkasnya")
        ) from error


@dataclass(frozen=True, slots=True)
class _Bundle:
    file: BinaryIO
    whole: Slice
    members: dict[str, Member]

    def read(self, name: str) -> bytes:
        """Return a member whole."""
        return zip_file.read_member(self.whole, self.members[name], _MOST_READ)

    def part(self, name: str) -> Slice:
        """Return a member as a part of the open file."""
        return self.whole.member(self.members[name])


def _check(bundle: _Bundle, checked: Checked, stamped: Stamped) -> None:
    for name in _NEEDED:
        if name not in bundle.members:
            checked.wrong(name, "tidak ada dalam paket")
    digests = _digests(bundle, checked)
    checked.files = len(digests)
    index = _index(bundle, checked)
    if index is None:
        return
    _check_lists(bundle, digests, index, checked)
    if checked.faults:
        return  # a changed file is named; what follows from it would only be noise
    for step, room in _STEPS:
        try:
            step(bundle, index, checked)
        except ZipFault as fault:
            outside = not fault.name or fault.name in bundle.members or fault.name == room
            checked.wrong(fault.name or room if outside else room, fault.problem if outside else str(fault))
        except _UNREADABLE:
            checked.wrong(room, "tidak dapat dibaca")
    _check_tokens(bundle, index, checked, stamped)


def _digests(bundle: _Bundle, checked: Checked) -> dict[str, str]:
    """Return the sha256 of every member; one whose bytes are not those of the zip's list is a fault."""
    found = {}
    for name, member in bundle.members.items():
        digest, crc = hashlib.sha256(), 0
        for part in bundle.part(name).chunks():
            digest.update(part)
            crc = zlib.crc32(part, crc)
        found[name] = digest.hexdigest()
        if crc != member.crc:
            checked.wrong(name, "isinya berubah")
    return found


def _index(bundle: _Bundle, checked: Checked) -> dict[str, Any] | None:
    if INDEX not in bundle.members:
        return None
    try:
        index = json.loads(bundle.read(INDEX))
        if index["format"] != FORMAT:
            checked.wrong(INDEX, "bentuk paket tidak dikenal; pakai versi program yang membuatnya")
            return None
        checked.case_id, checked.agency = int(index["case"]), shown(str(index["agency"]))
        checked.as_of, checked.raw = shown(str(index["as_of"]["at"])), bool(index["raw"])
        listed = {str(one["name"]): str(one["sha256"]) for one in index["files"]}
        tokens = [(str(one["file"]), int(one["manifest"]), str(one["authority"])) for one in index["tokens"]]
        last = tuple(int(index["as_of"][name]) for name in ("event", "audit", "manifest"))
        if to_json(index) != bundle.read(INDEX):
            checked.wrong(INDEX, "tidak dalam bentuk bakunya")
    except (*_UNREADABLE, ZipFault):
        checked.wrong(INDEX, "tidak dapat dibaca")
        return None
    return {"listed": listed, "tokens": tokens, "as_of": last}


def _check_lists(bundle: _Bundle, digests: dict[str, str], index: dict[str, Any], checked: Checked) -> None:
    """Hold every file against both lists, and the lists against each other."""
    listed: dict[str, str] = index["listed"]
    lines = {name: digest for name, digest in digests.items() if name != SUMS}
    for name in sorted(listed.keys() - digests.keys()):
        checked.wrong(name, "tidak ada dalam paket")
    for name in sorted(digests.keys() - listed.keys() - {INDEX, SUMS}):
        checked.wrong(name, "tidak tercantum dalam daftar paket")
    for name in sorted(listed.keys() & digests.keys()):
        if listed[name] != digests[name]:
            checked.wrong(name, "isinya tidak cocok dengan daftar paket")
    expected = "".join(f"{digest}  {name}\n" for name, digest in sorted(lines.items()))
    if not checked.faults and bundle.read(SUMS) != expected.encode():
        checked.wrong(SUMS, "tidak cocok dengan isi paket")


def _manifests(bundle: _Bundle) -> list[tuple[str, bytes]]:
    return [(name, bundle.read(name)) for name in sorted(bundle.members) if name.startswith(_MANIFESTS)]


def _newest(bundle: _Bundle) -> Manifest:
    return from_bytes(_manifests(bundle)[-1][1])


def _check_manifests(bundle: _Bundle, index: dict[str, Any], checked: Checked) -> None:
    del index
    named = _manifests(bundle)
    checked.manifests = len(named)
    if not named:
        raise ZipFault("", "tidak ada manifes")
    for place, (name, _) in enumerate(named, start=1):
        if name != f"{_MANIFESTS}{place:04}.json":
            raise ZipFault(name, "urutan manifes terputus")
    for place, problem in chain_faults(data for _, data in named):
        checked.wrong(named[place - 1][0], problem)
    if _newest(bundle).evidence.case_id != checked.case_id:
        raise ZipFault(named[-1][0], "manifes milik informasi awal lain")


def _check_custody(bundle: _Bundle, index: dict[str, Any], checked: Checked) -> None:
    named = {number: hashlib.sha256(data).hexdigest() for number, (_, data) in enumerate(_manifests(bundle), start=1)}
    event, audit, manifest = index["as_of"]
    if manifest != len(named):
        checked.wrong(_MANIFESTS, f"manifes terakhir bukan nomor {manifest}")
    for problem in custody.faults(bundle.read(CUSTODY), custody.Beside(checked.case_id, event, audit, named)):
        checked.wrong(CUSTODY, problem)


def _check_archive(bundle: _Bundle, index: dict[str, Any], checked: Checked) -> None:
    """Hold the readable copies against the newest manifest: one of every kept answer, of nothing else."""
    manifest = _newest(bundle)
    wanted = {file.sha256 for file in manifest.evidence.files if file.kind in ANSWERS}
    index["copies"] = {copy["raw"]["sha256"]: copy for copy in _copies(bundle)}
    for digest in sorted(wanted ^ index["copies"].keys()):
        said = "salinan jawaban {} tidak ada" if digest in wanted else "salinan {} tidak ada dalam manifes"
        checked.wrong(ARCHIVE, said.format(digest[:64]))
    pictures = {file.sha256 for file in manifest.evidence.files if file.kind not in ANSWERS}
    for name in bundle.members:
        if name.startswith(("gambar/", "mentah/")) and hashlib.sha256(bundle.read(name)).hexdigest() not in pictures:
            checked.wrong(name, "tidak ada dalam manifes")


def _check_raw(bundle: _Bundle, index: dict[str, Any], checked: Checked) -> None:
    """Hold the answers as received against the manifest, and the readable copies against them."""
    if checked.raw != (RAW_ARCHIVE in bundle.members):
        raise ZipFault(RAW_ARCHIVE, "tidak ada" if checked.raw else "tidak tercantum")
    if not checked.raw:
        return
    copies, there = index["copies"], set()
    for record in records(warc_of(bundle.part(RAW_ARCHIVE))):
        if record.kind not in ("response", "resource"):
            continue
        digest = hashlib.sha256(record.payload).hexdigest()
        there.add(digest)
        if digest not in copies:
            checked.wrong(RAW_ARCHIVE, f"jawaban {record.url[:200]} tidak ada dalam manifes")
        elif copies[digest]["answer"] is not None and not is_part(copies[digest]["answer"], _json(record.payload)):
            checked.wrong(ARCHIVE, f"salinan jawaban {digest} bukan bagian dari jawabannya")
    for digest in sorted(name for name, copy in copies.items() if name not in there and not copy["raw"]["purged"]):
        checked.wrong(RAW_ARCHIVE, f"jawaban {digest[:64]} tidak ada")


def _copies(bundle: _Bundle) -> Iterator[dict[str, Any]]:
    for record in records(warc_of(bundle.part(ARCHIVE))):
        if record.kind == "resource" and record.mime == "application/json":
            copy = _json(record.payload)
            raw = copy.get("raw") if isinstance(copy, dict) else None
            if not isinstance(raw, dict) or not isinstance(raw.get("sha256"), str) or "purged" not in raw:
                raise ZipFault(ARCHIVE, f"salinan {record.url[:200]} tidak dapat dibaca")
            yield {"answer": copy.get("answer"), "raw": raw}


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _check_tokens(bundle: _Bundle, index: dict[str, Any], checked: Checked, stamped: Stamped) -> None:
    tokens: list[tuple[str, int, str]] = index["tokens"]
    given = {name for name in bundle.members if name.startswith("stempel/")}
    for name in sorted(given ^ {name for name, _, _ in tokens}):
        checked.wrong(name, "stempel tidak ada" if name not in given else "stempel tidak tercantum")
    for name, number, authority in tokens:
        manifest = f"{_MANIFESTS}{number:04}.json"
        if name != token_name(number, authority) or manifest not in bundle.members or name not in given:
            checked.wrong(name, "bukan stempel manifes dalam paket ini")
            continue
        try:
            at = stamped(bundle.read(name), bundle.read(manifest))
        except EvidenceError as error:
            checked.wrong(name, error.message)
        except (*_UNREADABLE, ZipFault):
            checked.wrong(name, "tidak dapat dibaca")
        else:
            checked.stamps.append((number, shown(authority), at))


_STEPS: Final = (
    (_check_manifests, _MANIFESTS),
    (_check_custody, CUSTODY),
    (_check_archive, ARCHIVE),
    (_check_raw, RAW_ARCHIVE),
)
