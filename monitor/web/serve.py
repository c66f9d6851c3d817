"""Running the console with uvicorn, on this machine only unless somebody says otherwise."""

from __future__ import annotations

import gc
import ipaddress
import sys
from collections.abc import Sequence

import uvicorn
from fastapi import FastAPI

from monitor.errors import RefusedError

_TURN = 0.0005
"""Seconds that a thread may go on while others wait; a tenth of what Python gives by itself."""


def run(
    app: FastAPI, host: str = "127.0.0.1", port: int = 8000, *, public: bool = False, proxies: Sequence[str] = ()
) -> None:
    """Serve until stopped. RefusedError for an address beyond this machine, unless `public` says it is meant.

    `proxies` are addresses or networks whose X-Forwarded-For says where a request came from; nobody else's does.
    """
    if not public and not is_loopback(host):
        raise RefusedError(
            f"Alamat {host} dapat dijangkau dari luar mesin ini",
            "pakai 127.0.0.1 di belakang perantara TLS, atau nyatakan dengan tegas bahwa ini disengaja",
        )
    settle()
    uvicorn.run(
        app,
        host=host,
        port=port,
        server_header=False,
        access_log=False,  # paths name cases; views are in the audit log
        log_level="warning",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
    )


def settle() -> None:
    """Take what the program consists of out of the garbage collector's rounds, and let threads take turns more often.

    Going through all modules again and again would stop a request for fifty milliseconds every now and then. And every
    statement of a decision lets other threads in, which then keep it waiting for as long as their turns last.
    """
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(_TURN)


def is_loopback(host: str) -> bool:
    """Whether an address only reaches this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
