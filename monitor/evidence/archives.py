"""What a web archive (WACZ) must be, told from its bytes; nothing of it is unpacked but its own description."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO

ARCHIVE = "arsip-web"
"""The endpoint under which an archive beside a find is kept."""

_DESCRIPTION = "datapackage.json"
_MOST_FILES = 10_000
_LONGEST = 4 * 1024 * 1024  # bytes of a description


def is_web_archive(data: bytes) -> bool:
    """Whether the bytes are a whole WACZ: a zip file that describes itself and holds at least one WARC."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as opened:
            names = {entry.filename: entry for entry in opened.infolist()}
            described = names.get(_DESCRIPTION)
            if described is None or described.file_size > _LONGEST or len(names) > _MOST_FILES:
                return False
            said = json.loads(opened.read(described))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError):
        return False
    warcs = any(name.startswith("archive/") and name.endswith((".warc", ".warc.gz")) for name in names)
    return warcs and isinstance(said, dict) and isinstance(said.get("resources"), list)
