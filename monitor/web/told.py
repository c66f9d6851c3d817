"""What rules wrote into a hit, as officers read it: local times, plain words for conditions, hashes in groups."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Final

from monitor import moments
from monitor.domain import AccountKind, Act, Employment, Level, PriorityPart, StageKind, Stance, TraceNode
from monitor.labels import label
from monitor.web.tokens import member

_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2}) UTC")
_DOUBLED = re.compile(r"\bpada (?=antara |paling lambat )")
_RULE_NAME = re.compile(r"^[a-z0-9-]+ v\d+$")

CONDITIONS: Final = {
    "all": "Semua syarat berikut terpenuhi",
    "any": "Sedikitnya satu syarat berikut terpenuhi",
    "none": "Tidak satu pun keadaan berikut ada",
    "target.author": "Penulis unggahan yang dituju termasuk pihak yang dicari",
    "root.author": "Penulis unggahan awal percakapan termasuk pihak yang dicari",
    "own.mentions": "Tulisan sendiri menyebut pasangan calon",
    "target.mentions": "Unggahan yang dituju menyebut pasangan calon",
    "text.lexicon": "Teks memuat kata dari daftar",
    "text.pattern": "Teks cocok dengan pola kata",
    "official.context": "Teks jelas berkonteks kedinasan",
    "own.text": "Ada tidaknya tulisan sendiri sesuai aturan",
    "text.appeal": "Teks mengajak orang lain memilih atau menolak",
    "text.first_person": "Penulis menyebutnya tentang dirinya sendiri",
    "text.near": "Kata dari daftar ada di dekat nama atau kata yang dicari",
    "own.media": "Tulisan sendiri disertai gambar",
    "image.mentions": "Keterangan gambar menyebut pasangan calon",
    "own.kind": "Tulisan sendiri adalah teks profil",
    "own.tags": "Tulisan sendiri menandai akun pihak pasangan calon",
    "own.recirculated": "Isi yang sama sudah terlihat sebelumnya",
    "act": "Jenis tindakan sesuai aturan",
    "employment": "Jenis pegawai sesuai aturan",
    "stage": "Tahapan sesuai aturan",
    "dasar hukum": "Ada baris ketentuan yang berlaku",
}
"""What a condition asks, by the name it bears in rule files."""

PARTS: Final = {
    "level": "Tingkat perhatian aturan",
    "act": "Jenis tindakan",
    "tier": "Kepastian penyebutan",
    "stage": "Tahapan",
    "pattern": "Pola berulang",
    "count": "Banyaknya tindakan",
    "stance": "Petunjuk sikap",
    "rivals": "Pasangan lain yang juga disentuh orang ini",
    "none": "Tanpa indikasi",
}
"""What a share of the order of attention stands for."""

_WORDS: Final = {
    "candidate_account": "akun pihak pasangan calon",
    "neutral": "lembaga netral",
    "unregistered": "akun di luar daftar",
}
_LISTS: Final = {
    "kampanye": "kata kampanye",
    "sikap.dukungan": "kata dukungan",
    "sikap.merendahkan": "kata yang merendahkan",
    "kedinasan": "kata kedinasan",
    "keanggotaan.tim": "kata tim pemenangan",
    "keanggotaan.partai": "kata keanggotaan partai",
    "foto.bersama": "kata foto bersama",
    "foto.alat_peraga": "kata alat peraga",
    "hasutan.kebencian": "kata kebencian",
    "hasutan.kekerasan": "kata kekerasan",
    "hasutan.kabar_bohong": "kabar bohong yang lazim",
    "hasutan.bantahan": "kata bantahan",
    "seruan.perintah": "kata perintah",
    "seruan.bawahan": "sebutan bagi bawahan",
}


def explanation(text: str, zone: tzinfo) -> str:
    """Return a hit's sentence with its UTC times in the office's zone."""
    return _DOUBLED.sub("", _STAMP.sub(lambda found: _local(found, zone), text))


def condition(node: TraceNode) -> str:
    """Return what a condition of a rule asks, in plain words; a name that is not known stays."""
    if _RULE_NAME.match(node.name):
        return CONDITIONS["all"]
    return CONDITIONS.get(node.name, node.name)


def detail(node: TraceNode) -> str:
    """Return what a condition found, with the words of rule files put into plain ones."""
    if node.name == "dasar hukum" and node.passed and " " in node.detail:
        law, _, row = node.detail.rpartition(" ")
        return f"{law}, baris {row}"
    head, colon, tail = node.detail.partition(": ")
    if colon and head == "penulis":
        return f"penulis: {', '.join(word(token) for token in tail.split(', '))}"
    count, of_lists, names = node.detail.partition(" kata dari ")
    if of_lists:
        return f"{count} ditemukan: {list_words(names.split(', '))}"
    return word(node.detail)


def groups(digest: str, size: int = 8) -> list[str]:
    """Cut a hash into groups that the eye can compare."""
    return [digest[at : at + size] for at in range(0, len(digest), size)]


def list_words(names: Iterable[str]) -> str:
    """Return the names of word lists in words."""
    return ", ".join(_LISTS.get(name, name) for name in names)


def word(token: str) -> str:
    """Return a token of rule files in words; one that is not known stays."""
    for kind in (AccountKind, Act, Employment, StageKind):
        found = member(kind, token)
        if found is not None:
            return label(found)
    return _WORDS.get(token, token)


def _local(found: re.Match[str], zone: tzinfo) -> str:
    try:
        moment = datetime.strptime(f"{found.group(1)} +0000", "%Y-%m-%d %H:%M %z")
    except ValueError:
        return found.group(0)
    return moments.short(moment, zone)


def part_name(part: PriorityPart) -> str:
    """Return what a share of the order of attention stands for."""
    return PARTS.get(part.name, part.name)


def part_detail(part: PriorityPart) -> str:
    """Return what a share rests on, tokens in words."""
    kinds = {"act": Act, "stage": StageKind, "pattern": Level, "stance": Stance}
    kind = kinds.get(part.name)
    if kind is None:
        return part.detail
    found = [(piece, member(kind, piece)) for piece in part.detail.split(", ") if piece]
    return ", ".join(label(known) if known is not None else piece for piece, known in found)
