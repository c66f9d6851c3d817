"""Kept rows: each with the answers with which its file was read, so that it can be read again by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, cast

import msgspec

from scrapers.imports.contract import ReadOptions
from scrapers.imports.records import Context

_ANSWERS = "__pantau"  # no tool writes a column or key of this name
_TEXTS = ("timezone", "url", "platform")
_MOST = 16 << 20  # bytes of one row


def kept(row: Mapping[str, Any], context: Context, above: Mapping[str, str], options: ReadOptions) -> bytes:
    """Return a cleaned row as it is kept."""
    said: dict[str, Any] = {"timezone": str(context.zone)}
    said |= {"date_order": context.order} if context.order else {}
    said |= {"url": above["root_url"]} if above.get("root_url") else {}
    if options.mapping is not None:
        said |= {"mapping": dict(options.mapping)} | ({"platform": options.platform} if options.platform else {})
    return msgspec.json.encode({**row, _ANSWERS: said})


def kept_row(path: Path, options: ReadOptions) -> tuple[dict[str, Any], ReadOptions] | None:
    """Return the row in a file that holds one kept row, with the answers put into the options; None for any other."""
    try:
        with path.open("rb") as file:
            if file.read(1) != b"{":
                return None
            file.seek(0)
            data = file.read(_MOST + 1)
        row = msgspec.json.decode(data) if len(data) <= _MOST else None
    except (OSError, ValueError, RecursionError):  # what msgspec raises is a ValueError
        return None
    if not isinstance(row, dict):
        return None
    said = row.pop(_ANSWERS, None)
    if not isinstance(said, dict):
        return None
    texts = {name: said[name] for name in _TEXTS if isinstance(said.get(name), str)}
    order = said.get("date_order")
    mapping = said.get("mapping")
    return row, replace(
        options,
        **texts,
        date_order=cast("Literal['dmy', 'mdy']", order) if order in ("dmy", "mdy") else options.date_order,
        mapping=mapping if isinstance(mapping, dict) else options.mapping,
    )
