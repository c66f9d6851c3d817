#!/usr/bin/env python3
"""Splits labelled texts by their ids into a part to work on and a held-out part that nobody reads.

`.venv/bin/python -m scripts.split_texts --output FOLDER FILE.jsonl ...`; FOLDER lies outside the repository.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PARTS = 5  # one text of so many is held out


def held_out(identity: object) -> bool:
    """Whether the text with this id is in the held-out part: fixed for ever, whatever else is in the file."""
    digest = hashlib.sha256(str(identity).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest, "big") % _PARTS == 0


def split(path: Path, output: Path) -> tuple[int, int]:
    """Write NAME.work.jsonl and NAME.heldout.jsonl and return how many lines each has."""
    counts = [0, 0]
    names = [output / f"{path.stem}.{part}.jsonl" for part in ("work", "heldout")]
    with names[0].open("w", encoding="utf-8") as work, names[1].open("w", encoding="utf-8") as apart:
        for line in _lines(path):
            part = held_out(json.loads(line)["id"])
            (apart if part else work).write(line)
            counts[part] += 1
    return counts[0], counts[1]


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            if line.strip():
                yield line if line.endswith("\n") else line + "\n"


def main(arguments: Iterable[str] | None = None) -> None:
    """Split the files named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m scripts.split_texts", description=__doc__)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE.jsonl")
    parser.add_argument("--output", type=Path, required=True, metavar="FOLDER", help="outside the repository")
    wanted = parser.parse_args(arguments if arguments is None else list(arguments))
    folder: Path = wanted.output.resolve()
    if folder.is_relative_to(ROOT):
        parser.error("the parts must not lie in the repository")
    folder.mkdir(parents=True, exist_ok=True)
    for path in wanted.files:
        work, apart = split(path, folder)
        print(f"{path.name}: {work} to work on, {apart} held out")


if __name__ == "__main__":
    main()
