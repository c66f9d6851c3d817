"""What a message says: counts, numbers of cases and addresses of the console; never who or what a case is about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

_SHOWN = 20
_SECTIONS: Final = (
    ("overdue", "lewat tenggat", "Lewat tenggat"),
    ("due_soon", "jatuh tempo dalam 24 jam", "Jatuh tempo dalam 24 jam"),
    ("warned", "pada hari peringatan", "Pada hari peringatan jangka waktunya"),
    ("returned", "dikembalikan kepada Anda", "Usulan Anda yang dikembalikan"),
    ("to_approve", "menunggu orang kedua", "Menunggu Anda sebagai orang kedua"),
)


@dataclass(frozen=True, slots=True)
class Duties:
    """What waits for somebody: numbers of cases by why, how many blind second looks, and sources that see nothing.

    `warned` are those on a day of their limit on which the law's clock asks for a warning, and that are not due soon.
    """

    overdue: tuple[int, ...] = ()
    due_soon: tuple[int, ...] = ()
    returned: tuple[int, ...] = ()
    to_approve: tuple[int, ...] = ()
    blind_looks: int = 0
    blind_sources: tuple[str, ...] = ()
    warned: tuple[int, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to say."""
        return self == Duties()

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each."""
        numbers = {name: len(getattr(self, name)) for name, *_ in _SECTIONS}
        return numbers | {"blind_looks": self.blind_looks, "blind_sources": len(self.blind_sources)}


@dataclass(frozen=True, slots=True)
class Text:
    """One message."""

    subject: str
    body: str


def digest(duties: Duties, name: str, agency: str, base_url: str) -> Text:
    """Return the digest for one officer, or for the office when no name is given."""
    parts = [f"{len(getattr(duties, kind))} {words}" for kind, words, _ in _SECTIONS if getattr(duties, kind)]
    if duties.blind_looks:
        parts.append(f"{duties.blind_looks} pemeriksaan kedua")
    if duties.blind_sources:
        parts.append(f"{len(duties.blind_sources)} sumber tidak terlihat")
    lines = [f"{name}, yang menunggu di {agency}:" if name else f"Yang menunggu di {agency}:"]
    for kind, _, title in _SECTIONS:
        lines += _section(title, getattr(duties, kind), base_url)
    if duties.blind_looks:
        lines += ["", f"Pemeriksaan kedua yang menunggu: {duties.blind_looks}", f"  {base_url}/pemeriksaan-kedua"]
    if duties.blind_sources:
        lines += ["", f"Sumber yang tidak terlihat: {', '.join(duties.blind_sources)}", f"  {base_url}/kesehatan"]
        lines += ["  Yang tidak terlihat bukan berarti tidak ada."]
    lines += ["", "Surat ini hanya memuat jumlah dan nomor. Rinciannya ada di konsol, sesudah masuk."]
    if name:
        lines += ["Ringkasan dapat dimatikan di Akun saya."]
    return Text("Pantau: " + ", ".join(parts), "\n".join(lines) + "\n")


def payload(duties: Duties, agency: str, base_url: str, at: datetime) -> str:
    """Return the same for programs: canonical JSON, so that the same facts give the same bytes."""
    said: dict[str, Any] = {
        "event": "ringkasan",
        "agency": agency,
        "at": at.isoformat(),
        "counts": duties.counts,
        "cases": {kind: [_case(number, base_url) for number in getattr(duties, kind)] for kind, *_ in _SECTIONS},
        "blind_sources": list(duties.blind_sources),
    }
    return json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def report_ready(period: str, agency: str, url: str, files: Sequence[tuple[str, str]]) -> Text:
    """Return the message that a weekly report lies ready: where, and by which SHA-256 its files are known."""
    lines = [
        f"Laporan mingguan {agency} sudah dibuat: {period}.",
        "",
        f"Membacanya, sesudah masuk: {url}",
        "",
        "Berkas pada mesin kantor dan sidik jarinya (SHA-256):",
        *(f"  {name}\n  {digest}" for name, digest in files),
        "",
        "Surat ini hanya memuat tautan. Isinya indikasi dan informasi awal untuk ditinjau petugas.",
    ]
    return Text(f"Pantau: laporan mingguan {period}", "\n".join(lines) + "\n")


def trial(agency: str) -> Text:
    """Return the message of `pantau notify test`."""
    return Text("Pantau: uji kirim", f"Uji kirim dari {agency}. Bila surat ini sampai, pengaturannya benar.\n")


def _case(number: int, base_url: str) -> dict[str, Any]:
    return {"id": number, "url": f"{base_url}/informasi-awal/{number}"}


def _section(title: str, numbers: Sequence[int], base_url: str) -> list[str]:
    if not numbers:
        return []
    lines = ["", f"{title}: {len(numbers)}"]
    lines += [f"  Nomor {number}: {base_url}/informasi-awal/{number}" for number in numbers[:_SHOWN]]
    return lines + ([f"  dan {len(numbers) - _SHOWN} lagi: {base_url}/antrean"] if len(numbers) > _SHOWN else [])
