"""Connections kept open, host by host."""

from __future__ import annotations

import ssl
import threading

import httpcore


class Pools(httpcore.ConnectionPool):
    """A pool for every host.

    One pool for all would look at each of its open connections at every request, which at hundreds of hosts takes
    longer than the requests themselves.
    """

    def __init__(self, context: ssl.SSLContext, backend: httpcore.NetworkBackend) -> None:
        super().__init__(ssl_context=context, network_backend=backend)
        self._context = context
        self._backend = backend
        self._guard = threading.Lock()
        self._of_origin: dict[tuple[bytes, bytes, int], httpcore.ConnectionPool] = {}

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request over a connection to its own host."""
        origin = request.url.origin
        with self._guard:
            pool = self._of_origin.get((origin.scheme, origin.host, origin.port))
            if pool is None:
                pool = httpcore.ConnectionPool(
                    ssl_context=self._context, max_connections=None, network_backend=self._backend
                )
                self._of_origin[origin.scheme, origin.host, origin.port] = pool
        return pool.handle_request(request)

    def close(self) -> None:
        """Close every connection."""
        with self._guard:
            pools = list(self._of_origin.values())
            self._of_origin.clear()
        for pool in pools:
            pool.close()
        super().close()
