"""The readable copy of a case for whoever receives its evidence: one page that needs nothing else.

It is made of what the office stores, which knows no bystanders, and not of the platforms' answers.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.domain import CaseState, EventKind
from monitor.domain.manifests import CaptureState, EvidenceFile, FileKind
from monitor.evidence.bundle_facts import BundleFacts
from monitor.labels import label
from monitor.reports.forms_acts import acts_of, place
from monitor.reports.forms_dates import moment_words
from monitor.reports.forms_order import plain

_TEMPLATES = Path(__file__).parent / "templates"
_KINDS: Final = {
    FileKind.ANSWER: "jawaban platform",
    FileKind.IMPORTED: "tangkapan yang dibawa petugas",
    FileKind.ENTERED: "catatan petugas",
    FileKind.PICTURE: "tangkapan layar apa adanya",
    FileKind.READABLE: "tangkapan layar, bagian orang lain dikaburkan",
}
_STATES: Final = {
    CaptureState.LENGKAP: "lengkap",
    CaptureState.SEBAGIAN: "sebagian",
    CaptureState.LOGIN_WALL: "meminta masuk",
    CaptureState.HILANG: "sudah tidak ada",
    CaptureState.GAGAL: "gagal",
}
_LOOKS: Final = {
    "case_viewed": "melihat",
    "case_viewed_blind": "melihat untuk pemeriksaan kedua",
    "blind_answered": "menjawab pemeriksaan kedua",
    "case_claimed": "mengambil giliran meninjau",
    "case_skipped": "melewati",
    "case_rechecked": "menanyakan apakah unggahan masih ada",
    "case_decided": "memutuskan",
    "case_undone": "membatalkan keputusan",
    "case_noted": "mencatat",
    "case_known_set": "menetapkan waktu diketahui",
    "case_limit_set": "menetapkan jangka waktu lain",
    "form_drafted": "menyusun draf formulir",
    "form_issued": "menerbitkan formulir",
    "form_opened": "membuka formulir terbit",
    "pictures_asked": "meminta gambar halaman diambil",
    "picture_added": "menambahkan tangkapan layar",
    "picture_opened": "membuka gambar asli",
    "evidence_sealed": "membuat manifes bukti",
    "evidence_stamped": "menerima stempel waktu",
}


def readable_page(told: BundleFacts, agency: str, zone: ZoneInfo) -> bytes:
    """Return the page; everything in it is escaped, and no address is asked for when it opens."""
    case = told.detail
    page = _environment().get_template("salinan.html")
    text = page.render(
        case=case,
        person=case.row.person,
        agency=agency,
        told=told,
        acts=acts_of(case, zone),
        files=[_file(one, zone) for one in told.manifest.evidence.files],
        pictures=[(name, _file(one, zone)) for name, one in told.pictures],
        steps=[_step(row, zone) for row in told.custody["events"]],
        looks=[_look(row, zone) for row in told.custody["audit"]],
        saat=lambda moment: moment_words(moment, zone),
        label=label,
        plain=plain,
        place=place,
    )
    return (text + "\n").encode()


def _file(one: EvidenceFile, zone: ZoneInfo) -> dict[str, str]:
    return {
        "what": _KINDS[one.kind],
        "state": _STATES[one.state],
        "source": place(plain(one.source)),
        "url": plain(one.url, 500),
        "at": moment_words(one.fetched_at, zone),
        "by": plain(one.collector) or "program",
        "sha256": one.sha256,
        "size": f"{one.size} bita",
    }


def _step(row: dict[str, Any], zone: ZoneInfo) -> dict[str, str]:
    said = row["row"]
    before, after = (label(CaseState(state)) if state else "" for state in (said["from_state"], said["to_state"]))
    return {
        "at": moment_words(datetime.fromisoformat(said["at"]), zone),
        "by": plain(row["by"]),
        "what": label(EventKind(said["kind"])),
        "states": f"{before} → {after}" if before and before != after else after,
        "hash": row["hash"],
    }


def _look(row: dict[str, Any], zone: ZoneInfo) -> dict[str, str]:
    said = row["row"]
    return {
        "at": moment_words(datetime.fromisoformat(said["at"]), zone),
        "by": plain(said["actor"]) or "program",
        "what": _LOOKS.get(said["action"], said["action"]),
        "hash": row["hash"],
    }


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
