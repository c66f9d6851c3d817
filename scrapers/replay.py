"""Recorded exchanges: kept by `RecordingWire`, given back by `ReplayWire` without any network.

One JSON object a line (`.gz` or plain): url (the name of the call), status, headers, and the body as `text`, or as
`base64` where it is not UTF-8. Bodies are kept unpacked.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from monitor.errors import ConfigError
from scrapers.credentials import scrub
from scrapers.wire import Answer, Call, NotRecorded, Resolves, TooLarge, Wire

_DROPPED = frozenset({
    "set-cookie", "set-cookie2", "content-encoding", "content-length", "transfer-encoding", "connection",
    "keep-alive", "date", "etag", "server", "x-request-id", "x-runtime",
})  # fmt: skip


class ReplayWire:
    """Answers from one file: the same answer for the same URL, however often and in whatever order it is asked.

    Of several exchanges for one URL the last one stands. An unknown robots.txt is a 404, any other unknown URL raises
    NotRecorded.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._answers = {answer.final_url: answer for answer in _read(path)}

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        """Return the recorded answer."""
        del timeout
        url = call.name
        answer = self._answers.get(url)
        if answer is None:
            if urlsplit(url).path == "/robots.txt":
                return Answer(404, {}, b"", url)
            raise NotRecorded(f"Rekaman {self._path.name} tidak memuat {url}", url=url)
        if len(answer.body) > limit:
            raise TooLarge(f"Jawaban {len(answer.body)} bita melebihi batas {limit} bita", url=url)
        return answer


class RecordingWire:
    """Passes requests on and keeps every exchange, with origins renamed in URLs, headers and texts.

    `rename` maps an origin as it is reached (`http://localhost:2583`) to the one to record. Longer origins are
    replaced first, so that a port never becomes part of another's.
    """

    def __init__(self, inner: Wire, path: Path, rename: Mapping[str, str] | None = None) -> None:
        self._inner = inner
        self._names = sorted((rename or {}).items(), key=lambda pair: len(pair[0]), reverse=True)
        self._lock = threading.Lock()
        raw = path.open("wb")
        packed = gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) if path.suffix == ".gz" else None
        self._raw = raw
        self._out: io.BufferedIOBase = packed if packed is not None else raw

    def resolve(self, host: str, port: int) -> tuple[str, ...]:
        """Resolve as the inner wire does; none when it reaches no network."""
        return self._inner.resolve(host, port) if isinstance(self._inner, Resolves) else ()

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        """Send through the inner wire, and keep what it answers without the call's secret."""
        answer = self._inner.send(call, limit, timeout)
        kept = scrub(answer, call.secret) if call.secret else answer
        line = json.dumps(self._entry(kept, call.name), ensure_ascii=False, sort_keys=True)
        with self._lock:
            self._out.write(line.encode() + b"\n")
        return answer

    def close(self) -> None:
        """Finish the file and close the inner wire."""
        self._out.close()
        self._raw.close()
        close = getattr(self._inner, "close", None)
        if close is not None:
            close()

    def _entry(self, answer: Answer, url: str) -> dict[str, Any]:
        headers = {k: self._renamed(v) for k, v in sorted(answer.headers.items()) if k not in _DROPPED}
        entry: dict[str, Any] = {"url": self._renamed(url), "status": answer.status, "headers": headers}
        try:
            entry["text"] = self._renamed(answer.body.decode("utf-8"))
        except UnicodeDecodeError:
            entry["base64"] = base64.b64encode(answer.body).decode("ascii")
        return entry

    def _renamed(self, text: str) -> str:
        for old, new in self._names:
            text = text.replace(old, new)
        return text


def _read(path: Path) -> Iterator[Answer]:
    """Yield the recorded answers; ConfigError names the file, and the line that cannot be read."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _answer(line, f"{path}, baris {number}")
    except (OSError, EOFError) as error:
        raise ConfigError(f"Rekaman {path} tidak terbaca ({type(error).__name__})") from error


def _answer(line: bytes, where: str) -> Answer:
    try:
        entry = json.loads(line)
        body = base64.b64decode(entry["base64"]) if "base64" in entry else str(entry["text"]).encode()
        headers = {str(k).lower(): str(v) for k, v in entry["headers"].items()}
        return Answer(int(entry["status"]), headers, body, str(entry["url"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"Rekaman {where}: bukan pertukaran yang sah ({type(error).__name__})") from error
