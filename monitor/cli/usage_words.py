"""What the reader of command lines finds wrong, in an officer's words: it says it in English itself.

Its sentences are known by their form. One that is not known, as of a newer version, is passed on as it is.
"""

from __future__ import annotations

import re
from typing import Final

import typer

_SENTENCES: Final = (
    (r"No such option: (?P<a>\S+?)\.? \(Possible options: (?P<b>.+)\)", "opsi {a} tidak ada; mungkin maksudnya {b}"),
    (r"No such option: (?P<a>\S+)", "opsi {a} tidak ada"),
    (r"No such command '(?P<a>.*?)'\. Did you mean (?P<b>.+)\?", "perintah '{a}' tidak ada; mungkin maksudnya {b}"),
    (r"No such command '(?P<a>.*?)'\..*", "perintah '{a}' tidak ada"),
    (r"Missing command\.", "perintahnya belum disebut"),
    (r"Missing argument '(?P<a>.+?)'\. Choose from:(?P<b>.+)", "{a} belum disebut; pilih salah satu: {b}"),
    (r"Missing argument '(?P<a>.+?)'\.", "{a} belum disebut"),
    (r"Missing option '(?P<a>.+?)'\. Choose from:(?P<b>.+)", "opsi {a} belum disebut; pilih salah satu: {b}"),
    (r"Missing option '(?P<a>.+?)'\.", "opsi {a} belum disebut"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<a>.*)\)", "isian {a} tidak diharapkan di situ"),
    (r"Option '(?P<a>.+?)' requires an argument\.", "opsi {a} harus diikuti isinya"),
    (r"Option '(?P<a>.+?)' requires (?P<b>\d+) arguments\.", "opsi {a} harus diikuti {b} isian"),
    (r"Option '(?P<a>.+?)' does not take a value\.", "opsi {a} tidak diikuti isi"),
    (r"Argument '(?P<a>.+?)' takes (?P<b>\d+) values\.", "{a} harus diikuti {b} isian"),
    (r"Could not open file '(?P<a>.+?)': .*", "berkas {a} tidak dapat dibuka"),
    (r"Invalid value(?: for (?P<a>.+?))?: (?P<reason>.+)", "isi {a} keliru: {b}"),
)
_REASONS: Final = (
    (r"(?:Value error, )?(?P<a>'.*') is not one of (?P<b>.+?)\.", "{a} bukan salah satu dari {b}"),
    (r"Input should be (?P<b>'.+)", "pilih salah satu: {b}"),
    (r"Input should be greater than or equal to (?P<a>\S+)", "paling kecil {a}"),
    (r"Input should be less than or equal to (?P<a>\S+)", "paling besar {a}"),
    (r"Input should be greater than (?P<a>\S+)", "harus lebih dari {a}"),
    (r"Input should be less than (?P<a>\S+)", "harus kurang dari {a}"),
    (r"Input should be a valid integer.*", "isi bilangan bulat"),
    (r"Input should be a valid (?:number|float|decimal).*", "isi bilangan"),
    (r"Input should be a valid boolean.*", "isi true atau false"),
    (r"Input should be a valid (?:date|datetime).*", "isi tanggal, misalnya 2026-11-20"),
    (r"Input should be a finite number", "isi bilangan"),
    (r"\S+ (?P<a>'.*') does not exist\.", "{a} tidak ada"),
    (r"\S+ (?P<a>'.*') is a file\.", "{a} berkas, bukan folder"),
    (r"\S+ (?P<a>'.*') is a directory\.", "{a} folder, bukan berkas"),
    (r"\S+ (?P<a>'.*') is not readable\.", "{a} tidak boleh dibaca"),
    (r"\S+ (?P<a>'.*') is not writable\.", "{a} tidak boleh ditulis"),
    (r"(?P<a>'.*') does not match the formats? (?P<b>.+?)\.", "{a} tidak sesuai bentuk {b}"),
)


def usage_words(error: typer.TyperException) -> str:
    """Return what is wrong with a command line, and where its help is; nothing where that was shown already."""
    said = error.format_message() if hasattr(error, "format_message") else str(error)
    told = _told(_SENTENCES, " ".join(said.split()))
    if not told:
        return ""
    context = getattr(error, "ctx", None)
    names = [] if context is None else context.command_path.rpartition("monitor ")[2].split()
    command = " ".join(["pantau", *(name for name in names if name not in ("pantau", "monitor", "python", "-m"))])
    return f"{told[:1].upper()}{told[1:]} — lihat `{command} -h`"


def _told(table: tuple[tuple[str, str], ...], said: str) -> str:
    for form, words in table:
        found = re.fullmatch(form, said)
        if found is not None:
            given = found.groupdict()
            inner = _told(_REASONS, given["reason"]) if "reason" in given else given.get("b")
            name = (given.get("a") or "opsi").strip()
            named = (name.strip("'") if "reason" in given else name).replace("' / '", " atau ")
            return words.format(a=named, b=(inner or "").strip().replace(" or ", " atau "))
    return said
