"""A TLS proxy of Debian in front of a real console on loopback, each with the file that docs/pemasangan.md names."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ROOT = Path(__file__).resolve().parents[2]
NAME = "pantau.contoh.example"


@dataclass(frozen=True)
class Front:
    """A proxy that answers: its ports and the certificate it shows."""

    http: int
    https: int
    certificate: Path

    def secure(self, source: str = "127.0.0.1", name: str = NAME) -> HTTPSConnection:
        """Return a connection over TLS from an address of loopback, to a name that resolves to this machine."""
        context = ssl.create_default_context(cafile=str(self.certificate))

        class Here(HTTPSConnection):
            def connect(self) -> None:
                line = socket.create_connection(("127.0.0.1", self.port), 20, (source, 0))
                self.sock = context.wrap_socket(line, server_hostname=self.host)

        return Here(name, self.https, timeout=20)

    def plain(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.http, timeout=20)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate that signs itself, as an office without an authority does."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=90))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, SHA256())
    )
    shown, secret = folder / "pantau.crt", folder / "pantau.key"
    shown.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return shown, secret


@contextmanager
def console(home: Path) -> Iterator[int]:
    """Serve a workspace by the command that a system service runs."""
    port = free_port()
    command = [sys.executable, "-m", "monitor", "--workspace", str(home), "serve", "--port", str(port)]
    with running(command, port, cwd=ROOT):
        yield port


@contextmanager
def nginx(binary: Path, folder: Path, behind: int) -> Iterator[Front]:
    """Run nginx with the example as a site file."""
    shown, secret = certificate(folder)
    http, https = free_port(), free_port()
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("listen 443", f"listen 127.0.0.1:{https}"), ("listen 80", f"listen 127.0.0.1:{http}"),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"), ("/etc/ssl/pantau/pantau.crt", str(shown)),
        ("/etc/ssl/pantau/pantau.key", str(secret)),
    ):  # fmt: skip
        assert old in site, f"deploy/nginx.conf no longer says {old}"
        site = site.replace(old, new)
    (folder / "pantau.conf").write_text(site, encoding="utf-8")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = folder / "nginx.conf"
    main.write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\n{places}include {folder}/pantau.conf;\n}}\n",
        encoding="utf-8",
    )
    with running([str(binary), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(main)], https):
        yield Front(http, https, shown)


@contextmanager
def caddy(binary: Path, folder: Path, behind: int) -> Iterator[Front]:
    """Run Caddy with the example as it is: it takes all that differs from the environment."""
    shown, secret = certificate(folder)
    http, https = free_port(), free_port()
    environment = {
        **os.environ,
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PANTAU_NAMA": NAME,
        "PANTAU_TLS": f"{shown} {secret}",
        "PANTAU_PORTA_HTTP": str(http),
        "PANTAU_PORTA_HTTPS": str(https),
        "PANTAU_KONSOL": f"127.0.0.1:{behind}",
    }
    command = [str(binary), "run", "--adapter", "caddyfile", "--config", str(ROOT / "deploy" / "Caddyfile")]
    with running(command, https, environment=environment):
        yield Front(http, https, shown)


@contextmanager
def running(
    command: list[str], port: int, *, cwd: Path | None = None, environment: dict[str, str] | None = None
) -> Iterator[None]:
    """Run a server until the block ends; it is up when its port takes connections."""
    process = subprocess.Popen(
        command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        _wait(process, port)
        yield
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _wait(process: subprocess.Popen[str], port: int) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if process.poll() is not None:
            raise AssertionError(f"{process.args} ended: {process.communicate()[0]}")
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"{process.args} does not answer")


def field(page: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page) or re.search(rf'value="([^"]*)"[^>]*name="{name}"', page)
    assert found is not None, name
    return found[1]
