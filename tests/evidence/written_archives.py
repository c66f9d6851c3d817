"""A small web archive in the form of WACZ, of an invented page."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from io import BytesIO


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def wacz() -> bytes:
    described = {"profile": "data-package", "wacz_version": "1.1.1", "resources": [{"path": "archive/data.warc"}]}
    return zipped({"datapackage.json": json.dumps(described).encode(), "archive/data.warc": b"WARC/1.0\r\n\r\n"})
