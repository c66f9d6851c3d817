"""What is wrong with `pantau.toml` or the environment, with its line or variable, in an officer's words."""

from __future__ import annotations

import codecs
import os
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsError
from rapidfuzz import fuzz, process

PREFIX = "PANTAU_"
_ALIKE = 82  # of 100: a letter or two of a name are wrong, left out or too many
_TABLE = re.compile(r"\s*\[\[?\s*([^\]#]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-.\"']+)\s*=")
_PLACE = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")
_NUMBERS = {
    "greater_than": ("harus lebih dari {}", "gt"),
    "greater_than_equal": ("paling kecil {}", "ge"),
    "less_than": ("harus kurang dari {}", "lt"),
    "less_than_equal": ("paling besar {}", "le"),
    "string_too_long": ("paling panjang {} huruf", "max_length"),
}
_KINDS = {
    "extra_forbidden": "kunci tidak dikenal",
    "missing": "wajib diisi",
    "string_type": "isi teks di antara tanda kutip",
    "string_too_short": "tidak boleh kosong",
    "string_pattern_mismatch": "hanya huruf kecil, angka, dan tanda hubung",
    "path_type": "isi nama berkas atau folder di antara tanda kutip",
}
_FAMILIES = (
    ("bool_", "isi true atau false"),
    ("int_", "isi bilangan bulat"),
    ("float_", "isi bilangan"),
    ("finite_number", "isi bilangan"),
    ("datetime_", "isi tanggal, jam, dan zona waktu, misalnya 2026-11-20T18:00:00+07:00"),
    ("timezone_", "isi tanggal, jam, dan zona waktu, misalnya 2026-11-20T18:00:00+07:00"),
    ("date_", "isi tanggal, misalnya 2026-09-01"),
    ("time_", "isi jam, misalnya 06:00"),
    ("tuple_", 'isi daftar di antara kurung siku, misalnya ["satu", "dua"]'),
    ("list_", 'isi daftar di antara kurung siku, misalnya ["satu", "dua"]'),
    ("dict_", "ini sebuah bagian: tulis isinya di bawah judul dalam kurung siku, atau di antara kurung kurawal"),
    ("model_", "ini sebuah bagian: tulis isinya di bawah judul dalam kurung siku, atau di antara kurung kurawal"),
)


def faults(path: Path, error: ValidationError) -> str:
    """Return every wrong setting with its place: the variable where the environment says it, else file and line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "; ".join(_fault(path, lines, one["loc"], _reason(one)) for one in error.errors())


def of_toml(path: Path, error: tomllib.TOMLDecodeError) -> tuple[str, str]:
    """Return where a file is no TOML and why, and what to do about it."""
    if path.read_bytes().startswith(codecs.BOM_UTF8):  # as Windows' editors write it
        return "baris 1: diawali tanda urutan bita (BOM)", "simpan ulang sebagai UTF-8 tanpa BOM"
    said = str(error)
    found = _PLACE.search(said)
    where = f"baris {found[1]}, kolom {found[2]}" if found is not None and found[1] else "akhir berkas"
    if "twice" in said or "overwrite" in said or "Duplicate" in said:
        return f"{where}: kunci atau bagian ini sudah ditulis sebelumnya", "satukan keduanya"
    return f"{where}: tidak terbaca sebagai TOML", "periksa tanda kutip, kurung, koma, dan tanda sama dengan di situ"


def of_environment(error: SettingsError, settings: type[BaseSettings]) -> str:
    """Return which variables of the environment hold a setting that is no JSON though it is a list or a section."""
    section = re.search(r'field "(\w+)"', str(error))
    start = PREFIX + (section[1].upper() if section is not None else "")
    begun = sorted(name for name in os.environ if name.upper().startswith(start))
    named = [name for name in begun if not _is_read(settings, name)] or begun
    return f'{", ".join(named)} (lingkungan): daftar dan bagian ditulis sebagai JSON, misalnya ["satu", "dua"]'


def _is_read(settings: type[BaseSettings], name: str) -> bool:
    """Whether a variable can be read by itself."""
    alone = EnvSettingsSource(settings)
    alone.env_vars = {name.lower(): os.environ[name]}
    try:
        alone()
    except SettingsError:
        return False
    return True


def misspelt(settings: type[BaseModel]) -> list[tuple[str, str]]:
    """Return the variables that set nothing, each with the setting's that it looks like; `settings` has them all.

    Such a variable is passed over when settings are read: others may set what begins as ours do, such as container
    engines, which name a service's address after it.
    """
    ours = {name.upper() for name in settings.model_fields}
    joined = _joined(settings)
    found = []
    for name in sorted(os.environ):
        stem = name.upper().removeprefix(PREFIX).split("__", 1)[0]
        if name.upper().startswith(PREFIX) and stem not in ours:
            alike = process.extractOne(stem, ours, scorer=fuzz.ratio, score_cutoff=_ALIKE)
            meant = joined.get(stem) or (alike[0] if alike is not None else None)
            found += [(name, PREFIX + meant)] if meant is not None else []
    return found


def _joined(settings: type[BaseModel]) -> dict[str, str]:
    """Return the name of every setting within a section by that name with one underscore where two belong."""
    sections = {name: field.default for name, field in settings.model_fields.items()}
    return {
        f"{name}_{key}".upper(): f"{name}__{key}".upper()
        for name, section in sections.items()
        if isinstance(section, BaseModel)
        for key in type(section).model_fields
    }


def _fault(path: Path, lines: Sequence[str], loc: Sequence[int | str], why: str) -> str:
    keys = [part for part in loc if part != "[key]"]
    name = ".".join(str(part) for part in keys)
    variable = _variable(keys)
    if variable is not None:
        return f"{variable} (lingkungan): {why}"
    line = _line_of(lines, [str(part) for part in keys])
    return f"{path}{f', baris {line}' if line else ''}: {name}: {why}"


def _variable(keys: Sequence[int | str]) -> str | None:
    """Return the variable of the environment that sets this, as it is written there."""
    names = {name.upper(): name for name in os.environ}
    for end in range(len(keys), 0, -1):
        wanted = PREFIX + "__".join(str(part) for part in keys[:end]).upper()
        if os.environ.get(names.get(wanted, "")):
            return names[wanted]
    return None


def _line_of(lines: Sequence[str], keys: Sequence[str]) -> int | None:
    """Return the line on which a setting stands, else that of the nearest table around it; none where neither is.

    Tables of a list, under headings in double brackets, go by their number, counted from 0.
    """
    table: list[str] = []
    listed: Counter[str] = Counter()
    best, found = 0, None
    for number, line in enumerate(lines, 1):
        header, key = _TABLE.fullmatch(line), _KEY.match(line)
        if header is not None:
            table = _parts(header[1])
            if line.lstrip().startswith("[["):
                listed[".".join(table)] += 1
                table.append(str(listed[".".join(table)] - 1))
        here = table if header is not None else [*table, *_parts(key[1])] if key is not None else []
        if len(here) > best and here == list(keys[: len(here)]):
            best, found = len(here), number
    return found


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in name.split(".")]


def _reason(one: Mapping[str, Any]) -> str:
    kind, given = str(one["type"]), one.get("ctx", {})
    if kind in _NUMBERS:
        words, key = _NUMBERS[kind]
        return words.format(f"{given[key]:g}" if isinstance(given[key], float) else given[key])
    if kind in ("enum", "literal_error"):
        return f"pilih salah satu: {str(given['expected']).replace(' or ', ' atau ')}"
    family = next((words for start, words in _FAMILIES if kind.startswith(start)), None)
    return _KINDS.get(kind) or family or str(one["msg"]).removeprefix("Value error, ")
