"""A real S3 server on loopback, with an empty bucket for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

KEY, SECRET = "kunci-contoh", "rahasia-contoh"


@dataclass(frozen=True)
class S3Server:
    """Where it listens."""

    url: str

    def make_bucket(self, name: str) -> str:
        import s3fs  # a second; only for tests of buckets

        reach = {"client_kwargs": {"endpoint_url": self.url}, "skip_instance_cache": True}
        s3fs.S3FileSystem(key=KEY, secret=SECRET, **reach).mkdir(name)
        return name


@contextmanager
def s3_server() -> Iterator[S3Server]:
    from moto.server import ThreadedMotoServer  # two seconds; only for tests of buckets

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield S3Server(f"http://{host}:{port}")
    finally:
        server.stop()
