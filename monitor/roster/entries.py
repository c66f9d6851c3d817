"""The words by which a contest file names a pair; each may say in which texts it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain import AliasCondition, WordKind
from monitor.roster.documents import Mapped
from monitor.roster.forms import Form

_KEYS = ("text", "requires", "excludes")
_SHAPE = 'tulis misalnya {text: "SANTUN", requires: [paslon], excludes: [sopan]}'


@dataclass(frozen=True, slots=True)
class Entries:
    """One list of a file: its words, each once in file order, and the conditions that some of them carry."""

    texts: tuple[str, ...]
    conditions: tuple[AliasCondition, ...]


def read_entries(form: Form, key: str, kind: WordKind) -> Entries:
    """Return the words under a key; an entry is a word, or a mapping of `text`, `requires` and `excludes`."""
    read: dict[str, AliasCondition] = {}
    for path, entry in form.entries(key):
        if isinstance(entry, Mapped):
            inner = Form(form.found, entry, path, _KEYS)
            stated = _condition(inner, kind)
        else:
            inner = form
            stated = AliasCondition(kind, _plain(form.as_word(key, entry), kind))
        if not stated.text:
            continue
        if read.setdefault(stated.text, stated) != stated:
            said = f"'{stated.text}' ditulis dua kali dengan syarat yang berbeda"
            form.found.problem(entry.line if entry is not None else None, path, said, "sisakan satu")
    return Entries(tuple(read), bound(read.values()))


def bound(conditions: Iterable[AliasCondition]) -> tuple[AliasCondition, ...]:
    """Return the conditions that say anything."""
    return tuple(c for c in conditions if c.requires or c.excludes)


def _condition(form: Form, kind: WordKind) -> AliasCondition:
    text = _plain(form.text("text"), kind)
    condition = AliasCondition(kind, text, form.words("requires"), form.words("excludes"))
    for key, words in (("requires", condition.requires), ("excludes", condition.excludes)):
        for word in words:
            if not any(letter.isalnum() for letter in word):
                form.problem(key, f"'{word}' tidak memuat huruf atau angka", "tulis satu kata atau frasa")
            elif _same(word, text):
                form.problem(key, f"'{word}' adalah sebutan itu sendiri", "tulis kata lain dari teks yang sama")
    for word in condition.requires:
        if any(_same(word, other) for other in condition.excludes):
            form.problem("excludes", f"'{word}' ada di requires dan di excludes", "sisakan di salah satu")
    if text and not condition.requires and not condition.excludes:
        form.found.warning(form.line, form.path, f"'{text}' tidak mempunyai requires maupun excludes", _SHAPE)
    return condition


def _plain(text: str, kind: WordKind) -> str:
    return text.lstrip("#") if kind is WordKind.HASHTAG else text


def _same(one: str, other: str) -> bool:
    return one.lstrip("#").casefold() == other.lstrip("#").casefold()
