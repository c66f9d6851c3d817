"""Reading a document tree by name: each wrong or unknown entry becomes a problem with its line and path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from monitor.errors import RowProblem
from monitor.roster.dates import TIME_HINT, read_moment
from monitor.roster.documents import Listing, Mapped, Tree, Word
from monitor.roster.files import did_you_mean

E = TypeVar("E", bound=StrEnum)


@dataclass(slots=True)
class Findings:
    """The problems and warnings collected while one document is read."""

    file: str
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)

    def problem(self, line: int | None, path: str, said: str, mend: str = "") -> None:
        """Add something that keeps the file out."""
        self.problems.append(RowProblem(self.file, line, path, said, mend))

    def warning(self, line: int | None, path: str, said: str, mend: str = "") -> None:
        """Add something that a person should look at."""
        self.warnings.append(RowProblem(self.file, line, path, said, mend))


class Form:
    """One mapping of a document, read key by key; keys outside `keys` are problems at once."""

    def __init__(self, found: Findings, tree: Tree, path: str, keys: Sequence[str]) -> None:
        self.found = found
        self.path = path
        self.line = tree.line if tree is not None else None
        self._values: dict[str, Tree] = {}
        self._lines: dict[str, int | None] = {}
        if not isinstance(tree, Mapped):
            found.problem(self.line, path, "di sini harus ada isian 'kunci: nilai'", f"kunci: {', '.join(keys)}")
            return
        for (key, value), line in zip(tree.entries, tree.key_lines, strict=True):
            if key not in keys:
                mend = did_you_mean(key, keys) or f"kunci yang dikenal: {', '.join(keys)}"
                found.problem(line, self.at(key), f"kunci '{key}' tidak dikenal", mend)
            self._values[key] = value
            self._lines[key] = line

    def at(self, key: str) -> str:
        """Return the path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def line_of(self, key: str) -> int | None:
        """Return the line of a key, else of the form."""
        return self._lines.get(key, self.line)

    def problem(self, key: str, said: str, mend: str = "") -> None:
        """Add a problem at a key."""
        self.found.problem(self.line_of(key), self.at(key), said, mend)

    def has(self, key: str) -> bool:
        """Whether the key is written with a value."""
        return self._values.get(key) is not None

    def text(self, key: str, *, required: bool = True) -> str:
        """Return a word; empty, with a problem when it is required, where it is missing."""
        value = self._values.get(key)
        if isinstance(value, Word) and value.text:
            return value.text
        if value is not None and not isinstance(value, Word):
            self.problem(key, f"'{key}' harus berupa satu nilai")
        elif required:
            self.problem(key, f"'{key}' belum diisi")
        return ""

    def member(self, key: str, kind: type[E], *, required: bool = True) -> E | None:
        """Return a word as a member of an enum."""
        text = self.text(key, required=required)
        return self.as_member(key, text, list(kind)) if text else None

    def as_member(self, key: str, text: str, choices: Sequence[E]) -> E | None:
        """Return the choice that a word names, or None with a problem."""
        for choice in choices:
            if choice.value == text.strip().lower():
                return choice
        self.problem(key, f"'{text}' bukan pilihan", did_you_mean(text, choices) or f"pilih: {', '.join(choices)}")
        return None

    def moment(self, key: str) -> datetime | None:
        """Return a required time with its zone, in UTC."""
        text = self.text(key)
        if not text:
            return None
        try:
            return read_moment(text)
        except ValueError as error:
            self.problem(key, str(error), TIME_HINT)
            return None

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of words, each once in file order; a single word counts as a list of one."""
        return tuple(dict.fromkeys(text for _, entry in self.entries(key) if (text := self.as_word(key, entry))))

    def entries(self, key: str) -> Iterator[tuple[str, Tree]]:
        """Yield every entry of a list with its path; a single word counts as a list of one."""
        value = self._values.get(key)
        if isinstance(value, Listing):
            yield from ((f"{self.at(key)}[{number}]", item) for number, item in enumerate(value.items, start=1))
        elif isinstance(value, Word):
            yield from [(self.at(key), value)] if value.text else []
        elif value is not None:
            self.problem(key, f"'{key}' harus berupa daftar")

    def as_word(self, key: str, entry: Tree) -> str:
        """Return the word of an entry; empty, with a problem, where it is none."""
        if isinstance(entry, Word) and entry.text:
            return entry.text
        line = entry.line if entry is not None else self.line_of(key)
        self.found.problem(line, self.at(key), f"'{key}' memuat isian kosong atau bersusun")
        return ""

    def forms(self, key: str, keys: Sequence[str], *, required: bool = True) -> Iterator[Form]:
        """Yield every entry of a list of mappings as a form."""
        value = self._values.get(key)
        empty = isinstance(value, Listing) and not value.items
        if not required and (value is None or empty):  # an empty list says the same as leaving it out
            return
        if not isinstance(value, Listing) or not value.items:
            self.problem(key, f"'{key}' harus berupa daftar berisi" if value is not None else f"'{key}' belum diisi")
            return
        for number, item in enumerate(value.items):
            yield Form(self.found, item, f"{self.at(key)}[{number + 1}]", keys)

    def written_word(self, key: str) -> str | None:
        """Return a key's single word, None when it is a list, a mapping or missing."""
        value = self._values.get(key)
        return value.text if isinstance(value, Word) else None
