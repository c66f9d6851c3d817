"""Starts mastodon-mock (a stateful server that others wrote) on 127.0.0.1 and plays a world on it through its API.

with mastodon_server(world) as answer: answer["url"], answer["accounts"], answer["records"]

The server sets all times itself, so a world should be a `live_world`. Unlike Mastodon it ignores `limit` on
favourited_by and reblogged_by and sends no Link header there.
"""

from __future__ import annotations

import importlib.util
import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.peers.bluesky.devnet import PeerFailed, free_ports, stop, tail
from tests.peers.world import Event, World

START_SECONDS = 60


def why_not() -> str:
    """Return why the server cannot be started here, empty when it can."""
    return "" if importlib.util.find_spec("mastodon_mock") else "mastodon-mock is not installed (make test installs it)"


def call(base: str, path: str, token: str = "", data: dict[str, Any] | None = None, method: str = "") -> Any:
    """Make one API call and return its JSON; raises HTTPError for anything but 2xx."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    body = json.dumps(data).encode() if data is not None else None
    request = urllib.request.Request(base + path, data=body, headers=headers, method=method or None)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)


def _config(world: World, folder: Path) -> Path:
    lines = []
    for actor in world.actors:
        lines += ["[[seed.accounts]]", f'username = "{actor.key}"', f"display_name = {json.dumps(actor.name)}",
                  f"note = {json.dumps(actor.bio)}", f'access_token = "{token_of(actor.key)}"']  # fmt: skip
    path = folder / "mastodon_mock.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def token_of(key: str) -> str:
    """Return the access token with which a seeded account acts."""
    return f"contoh-{key}"


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise PeerFailed(f"mastodon-mock did not start:\n{tail(log)}")


def _play(base: str, world: World) -> dict[str, dict[str, str]]:
    """Play every event and return what became of each ref: uri, id and, for statuses, created_at."""
    records: dict[str, dict[str, str]] = {}
    events = {e.ref: e for e in world.events}
    for event in world.events:
        status = _play_one(base, world, event, events, records)
        if status is not None:
            records[event.ref] = {name: str(status[name]) for name in ("id", "uri", "created_at")}
    return records


def _play_one(
    base: str, world: World, event: Event, events: dict[str, Event], records: dict[str, dict[str, str]]
) -> Any:
    token = token_of(event.by)
    target = records[event.target]["id"] if event.target in records else ""
    if event.act == "delete":
        assert event.target is not None
        withdrawn = events[event.target]
        if withdrawn.act == "like":
            assert withdrawn.target is not None
            call(base, f"/api/v1/statuses/{records[withdrawn.target]['id']}/unfavourite", token, {})
        else:
            call(base, f"/api/v1/statuses/{target}", token, method="DELETE")
        return None
    if event.act == "like":
        call(base, f"/api/v1/statuses/{target}/favourite", token, {})
        return None
    if event.act == "repost":
        return call(base, f"/api/v1/statuses/{target}/reblog", token, {})
    if event.act == "follow":
        account = call(base, f"/api/v1/accounts/lookup?acct={event.target}")
        call(base, f"/api/v1/accounts/{account['id']}/follow", token, {})
        return None
    status = {"status": _with_local_mentions(event.text, world), "visibility": "public", "language": "id"}
    if event.act == "reply":
        status["in_reply_to_id"] = target
    if event.act == "quote" or event.quotes:
        status["quoted_status_id"] = records[event.quotes or event.target or ""]["id"]
    return call(base, "/api/v1/statuses", token, status)


def _with_local_mentions(text: str, world: World) -> str:
    for actor in world.actors:
        text = text.replace(f"@{actor.handle}", f"@{actor.key}")
    return text


@contextmanager
def mastodon_server(world: World) -> Iterator[dict[str, Any]]:
    """Start the server, play `world` and yield its url, accounts (key to uri) and records (ref to uri, id, time)."""
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mastodon-")))
        (port,) = free_ports(1)
        log = work / "server.log"
        command = [sys.executable, "-m", "mastodon_mock", "serve", "--config", str(_config(world, work)), "--in-memory"]
        listen = ["--host", "127.0.0.1", "--port", str(port), "--domain", f"127.0.0.1:{port}", "--log-level", "warning"]
        with log.open("wb") as out:
            server = subprocess.Popen([*command, *listen], stdout=out, stderr=out, cwd=work)
        stack.callback(stop, server, signal.SIGINT)
        _wait(port, server, log)
        base = f"http://127.0.0.1:{port}"
        try:
            records = _play(base, world)
        except urllib.error.HTTPError as problem:
            raise PeerFailed(f"{problem.url}: {problem.code} {problem.read()[:500]!r}\n{tail(log)}") from problem
        accounts = {a.key: call(base, f"/api/v1/accounts/lookup?acct={a.key}")["uri"] for a in world.actors}
        yield {"url": base, "accounts": accounts, "records": records}
