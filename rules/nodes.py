"""YAML read as positioned nodes: plain data only, and every complaint names file and line."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

import yaml
from rapidfuzz import process

from monitor.errors import RuleError

MAX_BYTES = 64 * 1024
MAX_DEPTH = 12
MAX_NODES = 20_000
_MESSAGE = 400

# The same grammar in C where the wheel has it; nodes are only composed, never constructed.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Controls, half characters, line breaks that editors do not show as such, and marks that turn the order of letters.
_FORBIDDEN = re.compile(
    r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_MENDS = (
    ("cannot start any token", "pakai spasi, bukan tab, dan beri tanda kutip pada nilai yang diawali tanda baca"),
    ("mapping values are not allowed", "beri tanda kutip pada nilai yang memuat titik dua"),
    ("did not find expected ',' or", "tutup kurungnya: [ dengan ], { dengan }"),
    ("unexpected end of stream", "berkas terpotong: tutup tanda kutip dan kurungnya"),
    ("incompatible YAML document", "hapus baris %YAML"),
)

_Token = TypeVar("_Token", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Node:
    """One value of a YAML file with its place."""

    file: str
    raw: yaml.Node

    @property
    def place(self) -> str:
        """Return `file:line`, lines counted from 1."""
        return f"{self.file}:{self.raw.start_mark.line + 1}"

    def fail(self, problem: str, hint: str = "") -> NoReturn:
        """Raise RuleError for this place."""
        raise RuleError(self.place, shown(problem, _MESSAGE), shown(hint, _MESSAGE))

    def fields(self, known: Collection[str], required: Collection[str] = ()) -> dict[str, Node]:
        """Return the fields of a mapping; unknown, double and missing ones are refused."""
        found: dict[str, Node] = {}
        for key, value in self.pairs():
            name = key.text()
            if name not in known:
                key.fail(f"kolom tidak dikenal: {name}", did_you_mean(name, known))
            found[name] = value
        for name in required:
            if name not in found:
                self.fail(f"kolom wajib belum ada: {name}", f"tambahkan `{name}:`")
        return found

    def pairs(self) -> tuple[tuple[Node, Node], ...]:
        """Return keys and values of a mapping; a key that stands twice is refused."""
        if not isinstance(self.raw, yaml.MappingNode):
            self.fail("di sini harus ada pasangan `kolom: nilai`", f"yang tertulis: {self.kind}")
        seen: set[str] = set()
        pairs = []
        for raw_key, raw_value in self.raw.value:
            key = Node(self.file, raw_key)
            name = key.text()
            if name in seen:
                key.fail(f"kolom ganda: {name}", "hapus salah satunya")
            seen.add(name)
            pairs.append((key, Node(self.file, raw_value)))
        return tuple(pairs)

    def items(self) -> tuple[Node, ...]:
        """Return the members of a list."""
        if not isinstance(self.raw, yaml.SequenceNode):
            self.fail("di sini harus ada daftar", f"tulis sebagai [a, b]; yang tertulis: {self.kind}")
        return tuple(Node(self.file, raw) for raw in self.raw.value)

    def texts(self) -> tuple[str, ...]:
        """Return the members of a list of texts."""
        return tuple(item.text() for item in self.items())

    def text(self) -> str:
        """Return a single value as it is written."""
        if not isinstance(self.raw, yaml.ScalarNode):
            self.fail("di sini harus ada satu nilai", f"yang tertulis: {self.kind}")
        text = str(self.raw.value)
        if _FORBIDDEN.search(text):  # written as an escape
            self.fail("nilai memuat huruf tak tampak yang tidak boleh ada", "hapus tanda \\x atau \\u itu")
        return text

    def filled(self) -> str:
        """Return a single value that is not empty."""
        text = self.text().strip()
        if not text:
            self.fail("nilai kosong", "isi atau hapus kolom ini")
        return text

    def whole(self) -> int:
        """Return a whole number of zero or more."""
        text = self.text()
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            self.fail(f"di sini harus ada bilangan bulat, bukan {text!r}", "contoh: 3")
        return int(text)

    def moment(self) -> datetime:
        """Return a time with its zone, in UTC."""
        text = self.text()
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                self.fail("waktu tanpa zona", "tambahkan +07:00, +08:00 atau +09:00")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):  # the first and the last day of the calendar have no UTC
            self.fail(f"bukan waktu: {text[:40]}", 'tulis "2024-10-01T10:00:00+07:00"')

    def token(self, kind: type[_Token]) -> _Token:
        """Return the member of an enum that the value names."""
        text = self.text()
        allowed = [member.value for member in kind]
        if text not in allowed:
            self.fail(f"nilai tidak dikenal: {text}", did_you_mean(text, allowed))
        return kind(text)

    def tokens(self, kind: type[_Token]) -> tuple[_Token, ...]:
        """Return the members of an enum that a list names."""
        return tuple(item.token(kind) for item in self.items())

    def size(self) -> int:
        """Return how many members all lists below hold together."""
        if self.is_mapping:
            return sum(value.size() for _, value in self.pairs())
        return sum(1 + item.size() for item in self.items()) if self.is_list else 0

    @property
    def kind(self) -> str:
        """Return what the value is, in words for an officer."""
        if isinstance(self.raw, yaml.MappingNode):
            return "pasangan kolom dan nilai"
        return "daftar" if isinstance(self.raw, yaml.SequenceNode) else f"nilai {str(self.raw.value)[:40]!r}"

    @property
    def is_mapping(self) -> bool:
        """Whether the value has fields."""
        return isinstance(self.raw, yaml.MappingNode)

    @property
    def is_list(self) -> bool:
        """Whether the value has members."""
        return isinstance(self.raw, yaml.SequenceNode)

    def plain(self) -> object:
        """Return the value as dicts, lists, whole numbers, truth values and texts."""
        if self.is_mapping:
            return {key.text(): value.plain() for key, value in self.pairs()}
        if self.is_list:
            return [item.plain() for item in self.items()]
        text = self.text()
        if self.raw.tag == "tag:yaml.org,2002:int" and text.isdigit():
            return int(text)
        if self.raw.tag == "tag:yaml.org,2002:bool":
            return text.lower() in {"true", "yes", "on"}
        return None if self.raw.tag == "tag:yaml.org,2002:null" else text


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return a hint that names the nearest known word, or all of them."""
    word = word[:_MESSAGE]
    best = process.extractOne(word, sorted(known), score_cutoff=60)
    if best is not None:
        return f"maksudnya `{best[0]}`?"
    return "yang ada: " + ", ".join(sorted(known)) if known else ""


def shown(text: str, length: int = 80) -> str:
    """Return foreign text as a message may carry it: short, on one line, without control characters."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in text[: length + 1])
    return clean if len(clean) <= length else clean[: length - 1] + "…"


def parse(text: str, file: str) -> Node:
    """Return the root of a YAML document of plain data; RuleError for anything else."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise RuleError(f"{file}:1", f"berkas lebih besar dari {MAX_BYTES // 1024} KB", "pecah menjadi beberapa berkas")
    _refuse_letters(text, file)
    try:
        _refuse_tricks(text, file)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RuleError(f"{file}:{line}", "YAML tidak terbaca", _mend(error.problem or "")) from error
    except yaml.YAMLError as error:
        raise RuleError(f"{file}:1", "YAML tidak terbaca", "simpan sebagai teks UTF-8") from error
    if root is None:
        raise RuleError(f"{file}:1", "berkas kosong", "isi atau hapus berkas ini")
    return Node(file, root)


def _mend(problem: str) -> str:
    """Return how to mend what the reader of YAML complains of."""
    for part, hint in _MENDS:
        if part in problem:
            return hint
    return "periksa lekukan, tanda kutip, kurung dan titik dua"


def _refuse_letters(text: str, file: str) -> None:
    """Refuse letters that YAML does not know, and those that show a person another text than the program reads."""
    found = _FORBIDDEN.search(text)
    if found is None:
        return
    place = f"{file}:{text.count(chr(10), 0, found.start()) + 1}"
    problem = f"huruf yang tidak boleh ada: U+{ord(found.group()):04X}"
    raise RuleError(place, problem, "hapus huruf tak tampak itu dan simpan sebagai teks UTF-8")


def _refuse_tricks(text: str, file: str) -> None:
    """Refuse anchors, aliases, tags, merge keys, several documents, and what is too deep or too long."""
    depth = documents = nodes = 0
    for event in yaml.parse(text, Loader=_LOADER):
        place = f"{file}:{event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise RuleError(place, "jangkar dan rujukan YAML (& dan *) tidak diterima", "tulis nilainya lengkap")
        if getattr(event, "tag", ""):
            raise RuleError(
                place,
                f"tanda YAML tidak diterima: {shown(str(getattr(event, 'tag', '')))}",
                "hapus tanda seru dan namanya",
            )
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and event.implicit[0]:
            raise RuleError(place, "kunci gabung `<<` tidak diterima", "tulis kolomnya satu per satu")
        documents += isinstance(event, yaml.DocumentStartEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.DocumentStartEvent) and (event.version or event.tags):
            raise RuleError(place, "baris perintah YAML (%) tidak diterima", "hapus baris itu")
        if documents > 1 or depth > MAX_DEPTH or nodes > MAX_NODES:
            raise RuleError(
                place, "berkas terlalu dalam, terlalu panjang, atau berisi lebih dari satu dokumen", "sederhanakan"
            )
