"""Reads a kept answer again with the mapper as it is now: live ones by their call, captured ones by their format."""

from __future__ import annotations

import json
from collections.abc import Mapping

from monitor.domain import Capture, SourceMode
from monitor.errors import EvidenceError, ImportFormatError
from monitor.scan.parts import Parts
from monitor.scan.visit import request_of
from scrapers.contract import Page, Request, Response, SourceOptions
from scrapers.imports.contract import Reader, ReadOptions

FILE = "file:"


def reread(parts: Parts, capture: Capture, readers: Mapping[str, Reader]) -> Page:
    """Return what the present mapper reads in a kept answer.

    Raises EvidenceError for evidence that is lost or cannot be read again, and the SourceError tree for an answer that
    the mapper refuses.
    """
    body = parts.evidence.get(capture.sha256)
    if capture.url.startswith(FILE):
        return _record(parts, capture, body, readers)
    adapter = parts.adapters.get(capture.source)
    if adapter is None:
        raise EvidenceError(f"sumber {capture.source} tidak lagi punya pembaca langsung")
    if not capture.request:
        raise EvidenceError("disimpan sebelum panggilannya ikut dicatat")
    request = request_of(json.loads(capture.request))
    return adapter.read(request, _response(capture, body), _options(parts, capture.source, request))


def _options(parts: Parts, source: str, request: Request) -> SourceOptions:
    options = parts.options.get(source, SourceOptions(source))
    if request.credential is None or options.mode is SourceMode.OWNER_TOKEN:
        return options
    return SourceOptions(options.name, options.urls, options.page_limit, SourceMode.OWNER_TOKEN, options.owned)


def _response(capture: Capture, body: bytes) -> Response:
    return Response(
        url=capture.url,
        final_url=capture.final_url,
        status=capture.status,
        headers=dict(capture.headers),
        body=body,
        fetched_at=capture.fetched_at,
        sha256=capture.sha256,
    )


def _record(parts: Parts, capture: Capture, body: bytes, readers: Mapping[str, Reader]) -> Page:
    """Read one record of a captured file through its reader, which takes files: it is written out for that long."""
    reader = readers.get(capture.endpoint)
    if reader is None:
        raise EvidenceError(f"format {capture.endpoint} tidak ada lagi")
    with parts.evidence.scratch() as folder:
        path = folder / "rekaman"
        path.touch(mode=0o600)
        path.write_bytes(body)
        try:
            found = list(reader.read(path, ReadOptions(captured_at=capture.fetched_at, platform=capture.source)))
        except ImportFormatError as error:
            raise EvidenceError(f"format {capture.endpoint} tidak dapat dibaca per rekaman") from error
    if not found or all(one.skipped is not None for one in found):
        raise EvidenceError(f"format {capture.endpoint} tidak dapat dibaca per rekaman")
    return Page(
        items=tuple(item for one in found for item in one.items), acts=tuple(act for one in found for act in one.acts)
    )
