"""A mail server and a webhook receiver on loopback: they keep what they take and can be told to misbehave."""

from __future__ import annotations

import base64
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from monitor.notify.signing import DELIVERY, SIGNATURE, TIMESTAMP


@dataclass
class Mail:
    """One mail as the server took it."""

    sender: str
    to: list[str]
    data: str


@dataclass
class MailServer:
    """What a mail server was sent; `refuse` answers every recipient with that line instead."""

    port: int = 0
    taken: list[Mail] = field(default_factory=list)
    refuse: str = ""
    delay: float = 0
    proofs: list[str] = field(default_factory=list)


@dataclass
class Delivery:
    """One webhook as the receiver got it."""

    path: str
    signature: str
    timestamp: str
    delivery: str
    body: bytes


@dataclass
class Receiver:
    """What a receiver got; `answers` are the statuses that it gives, the last one for ever."""

    port: int = 0
    got: list[Delivery] = field(default_factory=list)
    answers: list[int] = field(default_factory=lambda: [204])
    delay: float = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/kait"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Serve SMTP (RFC 5321, with AUTH PLAIN) on a free port of loopback."""
    state = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def handle(self) -> None:
            time.sleep(state.delay)
            self.say("220 contoh.example")
            mail = Mail("", [], "")
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word in ("EHLO", "HELO"):
                    self.say("250-contoh.example\r\n250 AUTH PLAIN")
                elif word == "AUTH":
                    state.proofs.append(base64.b64decode(line.split()[2]).decode())
                    self.say("235 ok")
                elif word == "MAIL":
                    mail = Mail(line.partition(":")[2], [], "")
                    self.say("250 ok")
                elif word == "RCPT":
                    mail.to.append(line.partition(":")[2].strip("<> "))
                    self.say(state.refuse or "250 ok")
                elif word == "DATA":
                    self.say("354 go on")
                    lines = []
                    while (text := self.rfile.readline().decode()) not in (".\r\n", ""):
                        lines.append(text)
                    mail.data = "".join(lines)
                    state.taken.append(mail)
                    self.say("250 taken")
                elif word == "QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 ok")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield state
        server.shutdown()


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Serve HTTP on a free port of loopback."""
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            time.sleep(state.delay)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            said = (self.headers.get(name, "") for name in (SIGNATURE, TIMESTAMP, DELIVERY))
            state.got.append(Delivery(self.path, *said, body))
            status = state.answers[0] if len(state.answers) == 1 else state.answers.pop(0)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"{state.url}/lain")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state
    server.shutdown()
    server.server_close()
