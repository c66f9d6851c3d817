"""A small HTTP/1.1 server on loopback for the fetching benchmark: every path answers the same JSON after a latency.

Run as a program it prints its port and answers until its standard input closes; `/told` gives the times at which
requests of each host began.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import defaultdict

_BODY = json.dumps({"posts": [{"uri": f"at://contoh/{n}", "text": "teks contoh " * 8} for n in range(20)]}).encode()


async def serve(latency: float) -> None:
    """Answer on a free port of all loopback addresses."""
    told: dict[str, list[float]] = defaultdict(list)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                break
            path = head.split(b" ", 2)[1]
            body = json.dumps(told).encode() if path == b"/told" else _BODY
            if path != b"/told":
                told[writer.get_extra_info("sockname")[0]].append(time.time())
                if latency:
                    await asyncio.sleep(latency)
            answer = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            writer.write(answer.encode() + body)
        writer.close()

    server = await asyncio.start_server(talk, "0.0.0.0", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
