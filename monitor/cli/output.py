"""Results on standard output: JSON for programs, tables for people."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

WIDE = 160


def print_json(value: Any) -> None:
    """Print one JSON document."""
    say(printable(json.dumps(value, ensure_ascii=False, indent=1)))


def printable(text: str) -> str:
    r"""Return a text that any output takes: half of a broken emoji becomes its escape, \udXXX, as in JSON."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; long cells wrap instead of being cut."""
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(printable(str(cell)) for cell in row))
    # Names and texts of platforms are data: brackets in them are no markup. A pipe or a file is not narrow.
    wide = None if sys.stdout.isatty() else WIDE
    Console(highlight=False, markup=False, emoji=False, width=wide).print(table)


def say(text: str) -> None:
    """Print one plain line."""
    sys.stdout.write(text + "\n")


def print_lines(lines: Iterable[str]) -> None:
    """Print paragraphs, wrapped at the width of the terminal and indented as they begin; hashes stay whole."""
    width = min(shutil.get_terminal_size((WIDE, 24)).columns, 120)
    for line in lines:
        lead = line[: len(line) - len(line.lstrip())]
        wrapped = textwrap.wrap(
            line, width, subsequent_indent=lead + "  ", break_long_words=False, break_on_hyphens=False
        )
        for part in wrapped or [""]:
            say(part)
