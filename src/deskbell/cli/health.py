"""Asks our own processes over HTTP whether they are ready.

Only loopback-sized requests to what `up` itself started, so no client library is loaded for it.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path

from deskbell.foundation.environment import Address

_SECONDS = 5.0
_BROKEN_SECONDS = 2.0
_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - asked about, not bound


def reachable(address: Address) -> Address:
    """Where to connect for a process that listens on `address`: any address means loopback."""
    return Address(_ANY_ADDRESS.get(address.host, address.host), address.port)


async def request(
    address: Address, path: str, *, method: str = "GET", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """The status and body of one request without a body; status 0 where nobody answers."""
    with suppress(OSError, TimeoutError, ValueError, IndexError):
        async with asyncio.timeout(_SECONDS):
            return await _exchange(reachable(address), path, method, headers or {})
    return 0, b""


async def _exchange(
    address: Address, path: str, method: str, headers: dict[str, str]
) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection(address.host, address.port)
    try:
        lines = [f"{method} {path} HTTP/1.0", f"Host: {address}", "Content-Length: 0"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head, _, body = (await reader.read(-1)).partition(b"\r\n\r\n")
        return int(head.split(b" ", 2)[1]), body
    finally:
        writer.close()


async def web_is_ready(address: Address) -> bool:
    """Whether the web side answers its /health with 200."""
    status, _ = await request(address, "/health")
    if status >= 500:  # it runs and is broken: asking often would only fill the log
        await asyncio.sleep(_BROKEN_SECONDS)
    return status == 200


async def voice_says(address: Address, key: str) -> bool:
    """Whether the gateway's /health holds a true `key`."""
    status, body = await request(address, "/health")
    if status != 200:
        return False
    with suppress(ValueError, AttributeError):
        return bool(json.loads(body).get(key))
    return False


async def file_exists(path: Path) -> bool:
    """Whether a process has written its ready file."""
    return _exists(path)


def _exists(path: Path) -> bool:
    return path.exists()


async def port_is_open(address: Address) -> bool:
    """Whether somebody takes connections at `address`."""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_SECONDS):
            _, writer = await asyncio.open_connection(address.host, address.port)
            writer.close()
            return True
    return False
