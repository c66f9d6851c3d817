"""A web archive that tests write themselves, replayed by pywb on loopback under the pages' real addresses.

pywb pins older libraries than the project uses, so it stands in an environment of its own (`tests/peers/pywb/venv`),
which `setup_machine.py` makes.
"""

from __future__ import annotations

import contextlib
import io
import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrapers.fetch import HttpxWire
from scrapers.wire import Answer, Call

PYWB = Path(__file__).resolve().parent / "pywb"
BIN = PYWB / "venv" / "bin"
_START_SECONDS = 90
_CONFIG = """\
debug: false
enable_auto_colls: true
collections_root: collections
proxy:
  coll: pantau
  ca_name: Arsip Contoh
  ca_file_cache: ./proxy-certs/pywb-ca.pem
  enable_banner: false
  enable_wombat: false
  enable_content_rewrite: false
  recording: false
"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One archived answer; with a `form` it answered a POST of those fields."""

    url: str
    body: bytes
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = ()
    form: Mapping[str, str] | None = None


class ProxyWire:
    """The project's own sending through the archive's proxy: no name is resolved, since no host is reached."""

    def __init__(self, proxy: str, authority: Path) -> None:
        self._inner = HttpxWire()
        context = ssl.create_default_context(cafile=str(authority))
        once = httpx.Limits(max_keepalive_connections=0)  # the proxy closes every connection after its answer
        transport = httpx.HTTPTransport(proxy=proxy, verify=context, limits=once, trust_env=False)
        self._inner._transport = transport  # type: ignore[assignment]  # the only seam below the wire

    def send(self, call: Call, limit: int, timeout: float) -> Answer:
        """Send one call through the proxy."""
        return self._inner.send(call, limit, timeout)

    def close(self) -> None:
        """Close every connection."""
        self._inner.close()


def write_archive(path: Path, exchanges: list[Exchange]) -> None:
    """Write a WARC with a request and a response for every exchange."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for exchange in exchanges:
            kind = "application/json" if exchange.body[:1] in (b"{", b'"') else "text/html; charset=utf-8"
            named = {"Content-Type": kind, "Content-Length": str(len(exchange.body))} | dict(exchange.headers)
            answer = writer.create_warc_record(
                exchange.url, "response", payload=io.BytesIO(exchange.body),
                http_headers=StatusAndHeaders(exchange.status, list(named.items()), protocol="HTTP/1.1"),
            )  # fmt: skip
            writer.write_request_response_pair(_request(writer, exchange), answer)


def _request(writer: WARCWriter, exchange: Exchange) -> object:
    sent = urlencode(exchange.form).encode() if exchange.form is not None else b""
    method = "GET" if exchange.form is None else "POST"
    path = "/" + exchange.url.split("/", 3)[3]
    named = [("Host", exchange.url.split("/")[2])]
    if exchange.form is not None:
        named += [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(sent)))]
    head = StatusAndHeaders(f"{method} {path} HTTP/1.1", named, is_http_request=True)
    return writer.create_warc_record(exchange.url, "request", payload=io.BytesIO(sent), http_headers=head)


@contextlib.contextmanager
def replay(folder: Path, exchanges: list[Exchange]) -> Iterator[ProxyWire]:
    """Serve an archive of these exchanges while the block runs, and give the wire that reads from it."""
    write_archive(folder / "arsip.warc.gz", exchanges)
    with serve(folder, "arsip.warc.gz") as wire:
        yield wire


@contextlib.contextmanager
def serve(folder: Path, archive: str) -> Iterator[ProxyWire]:
    """Serve a WARC or WACZ that lies in the folder while the block runs, and give the wire that reads from it."""
    (folder / "config.yaml").write_text(_CONFIG)
    _run(folder, "init", "pantau")
    _run(folder, "add", "pantau", archive, *(["--unpack-wacz"] if archive.endswith(".wacz") else []))
    port = _free_port()
    command = [str(BIN / "wayback"), "--bind", "127.0.0.1", "--port", str(port), "--proxy", "pantau", "-d", str(folder)]
    log = (folder / "pywb.log").open("wb")
    server = subprocess.Popen(command, cwd=folder, env=_environment(), stdout=log, stderr=log)
    try:
        _await(port, server, folder / "pywb.log")
        wire = ProxyWire(f"http://127.0.0.1:{port}", folder / "proxy-certs" / "pywb-ca.pem")
        yield wire
        wire.close()
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def _run(folder: Path, *arguments: str) -> None:
    subprocess.run(
        [str(BIN / "wb-manager"), *arguments],
        cwd=folder,
        env=_environment(),
        check=True,
        capture_output=True,
        timeout=120,
    )


def _environment() -> dict[str, str]:
    """Return an environment without proxies and without the project's own Python settings."""
    kept = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    return {key: value for key, value in kept.items() if not key.startswith("PYTHON")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"pywb stopped: {log.read_text()[-800:]}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"pywb does not answer: {log.read_text()[-800:]}")


def why_not() -> str:
    """Return why pywb cannot be used on this machine, empty when it can."""
    return "" if (BIN / "wayback").exists() else "not installed; `make test` sets it up"
