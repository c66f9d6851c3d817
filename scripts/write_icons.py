#!/usr/bin/env python3
"""Writes the console's icons as one sheet from the unpacked npm package lucide-static (ISC).

Call: .venv/bin/python -m scripts.write_icons package, after npm pack lucide-static and unpacking it.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "monitor" / "web" / "static"
ICONS = {
    # acts, by their tokens
    "post": "pencil", "share": "repeat-2", "like": "heart", "comment": "message-circle", "follow": "user-plus",
    "tag": "tag",
    # rooms, by their sections
    "beranda": "house", "antrean": "inbox", "orang": "users", "atribusi": "user-check", "unggah": "upload",
    "kandidat": "contact", "register": "clipboard-list", "aturan": "list-checks", "laporan": "file-chart-column",
    "kesehatan": "activity", "keseimbangan": "scale", "audit": "scroll-text", "pengguna": "user-cog",
    "kedua": "eye-off", "bantuan": "circle-question-mark",
    # states and doings
    "clock": "clock", "out": "external-link", "search": "search", "menu": "menu", "close": "x", "check": "check",
    "good": "circle-check", "bad": "circle-x", "warn": "triangle-alert", "info": "info", "note": "pencil",
    "keyboard": "keyboard", "light": "sun", "dark": "moon", "auto": "monitor", "leave": "log-out",
    "next": "chevron-right", "down": "chevron-down", "forward": "arrow-right", "back": "arrow-left",
    "print": "printer", "download": "download", "show": "eye", "hide": "eye-off", "lock": "lock", "key": "key-round",
    "filter": "filter", "saved": "bookmark", "bell": "bell", "date": "calendar", "delete": "trash-2", "add": "plus",
    "undo": "undo-2", "skip": "skip-forward", "again": "refresh-cw", "flag": "flag", "image": "image",
    "copy": "copy", "wait": "hourglass", "offline": "wifi-off", "law": "gavel", "more": "ellipsis",
    "evidence": "camera", "link": "link-2", "person": "user", "agency": "building-2", "file": "file-text",
    "list": "list", "play": "play", "stop": "circle-stop", "up": "chevron-up", "send": "send",
    "phone": "smartphone", "device": "laptop", "shield": "shield-check",
    "archive": "archive", "chat": "messages-square", "pin": "map-pin",
    "help": "circle-question-mark", "settings": "settings", "edit": "square-pen", "open": "folder-open",
}  # fmt: skip
"""Our name of each icon and Lucide's."""


def main() -> None:
    """Write the sheet and its licence from the folder given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="the unpacked package")
    package: Path = parser.parse_args().package
    symbols = [symbol(ours, (package / "icons" / f"{theirs}.svg").read_text()) for ours, theirs in ICONS.items()]
    sheet = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (STATIC / "icons.svg").write_text(sheet)
    (STATIC / "icons.LICENSE.txt").write_text((package / "LICENSE").read_text())


def symbol(name: str, drawing: str) -> str:
    """Return one drawing as a symbol that inherits colour and stroke."""
    lines = re.findall(r"<(?:path|circle|rect|line|polyline|polygon|ellipse)\b[^>]*/>", drawing)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(lines)}</symbol>'


if __name__ == "__main__":
    main()
