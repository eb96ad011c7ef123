"""Requests over many kept connections, as fast as they are answered or at a steady pace.

Written on bare sockets, because a client library costs more than the views that are measured.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

Requests = Callable[[], Iterator[bytes]]
_LENGTH = b"content-length:"
_TAG = b"etag:"
_BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: answers a second, and how long the slow ones took, in milliseconds.

    `failed` counts answers that were not as expected.
    """

    name: str
    per_second: float
    p50_ms: float
    p99_ms: float
    answers: int
    failed: int


def get(path: str, *, headers: dict[str, str] | None = None) -> bytes:
    """A GET request, whole."""
    return _request("GET", path, headers or {}, b"")


def post(path: str, body: bytes, *, headers: dict[str, str] | None = None) -> bytes:
    """A POST request with a form, whole."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return _request("POST", path, form | (headers or {}), body)


def _request(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One kept connection; asks one thing after the other. `tag` is the last answer's ETag."""

    tag = ""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, host: str, port: int) -> Connection:
        return cls(*await asyncio.open_connection(host, port))

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """The answer's status and body."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        found = [line for line in head.split(b"\r\n") if line.lower().startswith(_TAG)]
        self.tag = found[0][len(_TAG) :].strip().decode() if found else self.tag
        if status in _BODILESS:
            return status, b""
        for line in head.lower().split(b"\r\n"):
            if line.startswith(_LENGTH):
                body = await self._reader.readexactly(int(line[len(_LENGTH) :]))
                break
        else:
            body = await self._chunks()
        return status, body

    async def _chunks(self) -> bytes:
        found = b""
        while size := int(await self._reader.readline(), 16):
            found += (await self._reader.readexactly(size + 2))[:size]
        await self._reader.readline()
        return found

    async def close(self) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()


async def flat_out(
    name: str,
    host: str,
    port: int,
    requests: Requests,
    *,
    connections: int,
    seconds: float,
    status: int = 200,
) -> Load:
    """Each of `connections` asks what its own `requests()` gives, for `seconds`; `status` is what
    is expected."""
    took: list[float] = []
    failed = 0
    began = time.perf_counter()

    async def one() -> None:
        nonlocal failed
        connection = await Connection.open(host, port)
        for request in requests():
            start = time.perf_counter()
            if start - began > seconds:
                break
            found, _ = await connection.ask(request)
            took.append(time.perf_counter() - start)
            failed += found != status
        await connection.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return _load(name, took, failed, time.perf_counter() - began)


async def paced(
    name: str, host: str, port: int, requests: Requests, *, per_second: float, seconds: float
) -> Load:
    """Asks `per_second` times a second, whether answers come or not; a late one counts from when
    it was due."""
    took: list[float] = []
    failed = 0
    idle: list[tuple[Connection, Iterator[bytes]]] = []
    began = time.perf_counter()

    async def one(due: float) -> None:
        nonlocal failed
        if idle:
            connection, asked = idle.pop()
        else:
            connection, asked = await Connection.open(host, port), requests()
        status, _ = await connection.ask(next(asked))
        took.append(time.perf_counter() - due)
        failed += status != 200
        idle.append((connection, asked))

    async with asyncio.TaskGroup() as group:
        for number in count():
            due = began + number / per_second
            if due - began > seconds:
                break
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(due))
    for connection, _ in idle:
        await connection.close()
    return _load(name, took, failed, time.perf_counter() - began)


def _load(name: str, took: list[float], failed: int, seconds: float) -> Load:
    took = sorted(took) or [0.0]
    return Load(
        name=name,
        per_second=len(took) / seconds,
        p50_ms=1000 * took[len(took) // 2],
        p99_ms=1000 * took[min(len(took) - 1, len(took) * 99 // 100)],
        answers=len(took),
        failed=failed,
    )
