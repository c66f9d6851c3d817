"""Many contests at once: single files, folders of them, and one file that lists all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from monitor.domain import Contest, Office
from monitor.errors import RosterError, RowProblem
from monitor.roster.contests import parse_contest
from monitor.roster.files import RosterFile, read_bytes, refused

_SUFFIXES = frozenset({".json", ".jsonl", ".ndjson", ".yml", ".yaml"})
_LINED = frozenset({".jsonl", ".ndjson"})


def read_contests(paths: Iterable[Path], *, allow_undated: bool = False) -> tuple[Contest, ...]:
    """Return all contests of files and folders, in order; RosterError names every mistake of every file.

    A folder stands for its contest files by name; a JSON list and a .jsonl file hold one contest an entry or line.
    """
    contests: list[Contest] = []
    problems: list[RowProblem] = []
    for file in _files(paths):
        parsed = parse_contest(file, allow_undated=allow_undated)
        problems.extend(parsed.problems)
        contests.extend(parsed.values)
    if problems:
        raise RosterError(tuple(problems))
    _refuse_doubles(contests)
    return tuple(contests)


def _files(paths: Iterable[Path]) -> Iterator[RosterFile]:
    for path in paths:
        if not path.is_dir():
            yield from _entries(read_bytes(path), path.suffix.lower())
            continue
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() in _SUFFIXES and p.is_file())
        if not inside:
            raise refused(
                path.name, "folder ini tidak berisi berkas kontes", "berkas kontes berakhiran .yml atau .json"
            )
        for found in inside:
            yield from _entries(read_bytes(found), found.suffix.lower())


def _entries(file: RosterFile, suffix: str) -> Iterator[RosterFile]:
    """Yield a file as it is, or each contest of a list as a file of its own, named by its place."""
    data = file.data.removeprefix(b"\xef\xbb\xbf")
    if suffix in _LINED:
        for number, line in enumerate(data.splitlines(), start=1):
            if line.strip():
                yield _part(f"{file.name}, baris {number}", line)
    elif suffix == ".json" and data.lstrip().startswith(b"["):
        try:
            listed = msgspec.json.decode(data, type=list[msgspec.Raw])
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise refused(file.name, "JSON rusak", "periksa tanda kutip dan koma") from error
        for number, raw in enumerate(listed, start=1):
            yield _part(f"{file.name}, kontes ke-{number}", bytes(raw))
    else:
        yield file


def _part(name: str, data: bytes) -> RosterFile:
    return RosterFile(name, data, hashlib.sha256(data).hexdigest())


def _refuse_doubles(contests: Iterable[Contest]) -> None:
    seen: set[tuple[str, str, Office]] = set()
    for contest in contests:
        key = (contest.name, contest.region, contest.office)
        if key in seen:
            raise refused(contest.name, "kontes ini dimuat dua kali", "sebutkan tiap berkas satu kali")
        seen.add(key)
