"""A carrier of texts in a process of its own: takes every text and writes down when.

`python -m peers.texts FILE MS` prints its port; each answer comes after so many milliseconds, as a
carrier's does. A line of the file is a time, in seconds since 1970, and the text.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs

_BODY = b'{"sid": "SM77777777777777777777777777777777", "status": "queued"}'
_ANSWER = (
    b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)
)


@contextmanager
def carrier(file: Path, milliseconds: float) -> Iterator[int]:
    """The carrier, running; its port."""
    argv = [sys.executable, "-m", "peers.texts", os.fspath(file), str(milliseconds)]
    with subprocess.Popen(
        argv, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    ) as own:
        assert own.stdout
        try:
            yield int(own.stdout.readline())
        finally:
            own.terminate()


def taken(file: Path) -> list[tuple[float, str]]:
    """Every text that it took: when, and its words."""
    lines = file.read_text().splitlines() if file.exists() else []
    pairs = (line.split(" ", 1) for line in lines)
    return [(float(at), words) for at, words in pairs]


async def _serve(file: str, seconds: float) -> None:
    out = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length:")[2].split()[0])
        form = parse_qs((await reader.readexactly(length)).decode())
        os.write(out, f"{time.time():.6f} {form['Body'][0]}\n".encode())
        await asyncio.sleep(seconds)
        writer.write(_ANSWER)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], float(sys.argv[2]) / 1000))
