"""The file of a manifest: canonical JSON, so that the same evidence always gives the same bytes and the same hash.

Its hash is that of the bytes themselves, and it names the hash of the file before it; `sha256sum` alone can follow the
chain of a case.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from monitor.domain import Act, utc
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
from monitor.errors import EvidenceError

FORMAT = "pantau-manifest/1"


def evidence_hash(evidence: Evidence) -> str:
    """Return the hash of what a case rests on; it changes with the evidence and with nothing else."""
    return hashlib.sha256(_canonical(_evidence(evidence))).hexdigest()


def to_bytes(manifest: Manifest) -> bytes:
    """Return the file of a manifest."""
    head = {
        "format": FORMAT,
        "made_at": _time(manifest.made_at),
        "number": manifest.number,
        "previous": manifest.previous,
        "tool": manifest.tool,
    }
    return _canonical(head | _evidence(manifest.evidence))


def from_bytes(data: bytes) -> Manifest:
    """Read a manifest again; EvidenceError for anything that is not one written by `to_bytes`."""
    try:
        said = json.loads(data)
        if said["format"] != FORMAT:
            raise EvidenceError(
                f"Bentuk manifes {str(said['format'])[:40]} tidak dikenal", "pakai versi program yang membuatnya"
            )
        manifest = _manifest(said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EvidenceError("Isi manifes tidak dapat dibaca", "pulihkan dari cadangan") from error
    if to_bytes(manifest) != data:
        raise EvidenceError("Isi manifes tidak dalam bentuk bakunya", "pulihkan dari cadangan")
    return manifest


def chain_faults(files: Iterable[bytes]) -> list[tuple[int, str]]:
    """Return place (from 1) and fault of every file of a case's chain, oldest first, that does not follow the last."""
    faults: list[tuple[int, str]] = []
    previous, case = FIRST, None
    for place, data in enumerate(files, start=1):
        try:
            manifest = from_bytes(data)
        except EvidenceError as error:
            faults.append((place, error.message))
        else:
            case = case if case is not None else manifest.evidence.case_id
            if manifest.evidence.case_id != case:
                faults.append((place, "manifes milik informasi awal lain"))
            if manifest.number != place:
                faults.append((place, f"bernomor {manifest.number}"))
            if manifest.previous != previous:
                faults.append((place, "tidak tersambung dengan manifes sebelumnya"))
        previous = hashlib.sha256(data).hexdigest()
    return faults


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "case": evidence.case_id,
        "acts": [_act(one) for one in evidence.acts],
        "files": [_file(one) for one in evidence.files],
    }


def _act(one: EvidenceAct) -> dict[str, Any]:
    return {
        "act": one.act.value,
        "actor": one.actor,
        "bracket_hi": _time(one.bracket_hi),
        "bracket_lo": _time(one.bracket_lo),
        "key": one.key,
        "occurred_at": _time(one.occurred_at),
        "own": one.own,
        "platform": one.platform,
        "seen_first_at": _time(one.seen_first_at),
        "target": one.target,
        "withdrawn_seen_at": _time(one.withdrawn_seen_at),
    }


def _file(one: EvidenceFile) -> dict[str, Any]:
    return {
        "capturer": {"by": "officer", "name": one.collector} if one.collector else {"by": "program"},
        "detail": one.detail,
        "fetched_at": _time(one.fetched_at),
        "final_url": one.final_url,
        "kind": one.kind.value,
        "mapper": one.mapper,
        "sha256": one.sha256,
        "shows": [
            {"pointer": s.pointer, "said": s.said, "subject": s.subject, "what": s.what.value} for s in one.shows
        ],
        "size": one.size,
        "source": one.source,
        "state": one.state.value,
        "status": one.status,
        "tool": one.tool,
        "url": one.url,
    }


def _manifest(said: Mapping[str, Any]) -> Manifest:
    return Manifest(
        evidence=Evidence(
            case_id=said["case"],
            acts=tuple(_read_act(one) for one in said["acts"]),
            files=tuple(_read_file(one) for one in said["files"]),
        ),
        number=said["number"],
        previous=said["previous"],
        made_at=_moment(said["made_at"]),
        tool=said["tool"],
    )


def _read_act(said: Mapping[str, Any]) -> EvidenceAct:
    return EvidenceAct(
        **{name: said[name] for name in ("key", "platform", "actor", "target", "own")},
        act=Act(said["act"]),
        occurred_at=_maybe(said["occurred_at"]),
        bracket_lo=_maybe(said["bracket_lo"]),
        bracket_hi=_maybe(said["bracket_hi"]),
        seen_first_at=_moment(said["seen_first_at"]),
        withdrawn_seen_at=_maybe(said["withdrawn_seen_at"]),
    )


def _read_file(said: Mapping[str, Any]) -> EvidenceFile:
    plain = ("sha256", "size", "source", "url", "final_url", "status", "tool", "mapper", "detail")
    return EvidenceFile(
        **{name: said[name] for name in plain},
        kind=FileKind(said["kind"]),
        fetched_at=_moment(said["fetched_at"]),
        collector=said["capturer"].get("name", ""),
        state=CaptureState(said["state"]),
        shows=tuple(Shows(Showing(s["what"]), s["subject"], s["pointer"], s["said"]) for s in said["shows"]),
    )


def _time(moment: datetime | None) -> str | None:
    return utc(moment).isoformat() if moment is not None else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _maybe(text: str | None) -> datetime | None:
    return _moment(text) if text is not None else None


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
