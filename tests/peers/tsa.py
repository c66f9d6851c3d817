"""A timestamp authority on loopback: answers come from OpenSSL's own `openssl ts`, the server only carries them."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_CONFIG = """
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
[plain]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = serverAuth
[answers]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
certs = {folder}/root.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
"""


@dataclass(frozen=True)
class Office:
    """The keys of an authority, made by OpenSSL in a folder."""

    folder: Path

    @property
    def root(self) -> Path:
        """The certificate it is trusted by."""
        return self.folder / "root.pem"

    def answer(self, query: bytes) -> bytes:
        """Let OpenSSL answer a request."""
        asked, told = self.folder / "query.tsq", self.folder / "answer.tsr"
        asked.write_bytes(query)
        _openssl("ts", "-reply", "-config", self.folder / "tsa.cnf", "-section", "answers", "-queryfile", asked,
                 "-out", told)  # fmt: skip
        return told.read_bytes()

    def agrees(self, data: bytes, answer: bytes) -> bool:
        """Whether OpenSSL itself finds that an answer stamps the data."""
        paper, told = self.folder / "data", self.folder / "kept.tsr"
        paper.write_bytes(data)
        told.write_bytes(answer)
        arguments = ("ts", "-verify", "-data", paper, "-in", told, "-CAfile", self.root)
        command = ["openssl", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def open_office(folder: Path, purpose: str = "tsa") -> Office:
    """Make an authority with a root and a signer of its own; `purpose` plain gives a signer that may not stamp."""
    folder.mkdir(parents=True)
    config = folder / "tsa.cnf"
    config.write_text(_CONFIG.format(folder=folder), encoding="utf-8")
    (folder / "serial").write_text("01\n", encoding="ascii")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    _openssl("req", "-x509", *key, "-keyout", folder / "root.key", "-out", folder / "root.pem", "-days", "3650",
             "-subj", "/O=Otoritas Contoh/CN=Akar Contoh", "-config", config, "-extensions", "ca")  # fmt: skip
    _openssl("req", "-new", *key, "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr",
             "-subj", "/O=Otoritas Contoh/CN=Waktu Contoh", "-config", config)  # fmt: skip
    _openssl("x509", "-req", "-in", folder / "tsa.csr", "-CA", folder / "root.pem", "-CAkey", folder / "root.key",
             "-CAcreateserial", "-out", folder / "tsa.pem", "-days", "3650", "-extfile", config, "-extensions",
             purpose)  # fmt: skip
    return Office(folder)


Answers = Callable[[bytes], bytes]


@dataclass
class Desk:
    """The authority's door: how it answers, which may be changed at any time, and what it was asked."""

    url: str
    answer: Answers
    status: int = 200
    wait: float = 0.0
    drip: float = 0.0
    asked: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def desk(answer: Answers) -> Iterator[Desk]:
    """Open the door on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    opened = Desk(f"http://127.0.0.1:{server.server_port}/tsa", answer)
    server.door = opened  # type: ignore[attr-defined]  # handlers know their server only
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield opened
    finally:
        server.shutdown()
        server.server_close()


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        door: Desk = self.server.door  # type: ignore[attr-defined]  # set by `desk`
        query = self.rfile.read(int(self.headers["Content-Length"]))
        door.asked.append({name.lower(): value for name, value in self.headers.items()})
        time.sleep(door.wait)
        body = door.answer(query)
        try:
            self.send_response(door.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if door.drip:
                for place in range(len(body)):
                    self.wfile.write(body[place : place + 1])
                    self.wfile.flush()
                    time.sleep(door.drip)
            else:
                self.wfile.write(body)
        except OSError:
            pass  # whoever asked has gone

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
