"""SIP over TCP: connections that peers open, and those that we open to them."""

from __future__ import annotations

import asyncio
import re
import socket
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Literal

from .flows import Receiver, Wire

MAX_MESSAGE_BYTES: Final = 64 * 1024
MAX_CONNECTIONS: Final = 1024
MAX_UNREAD: Final = 256 * 1024
CONNECT_SECONDS: Final = 4.0
_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*(\d{1,7})[ \t]*\r?$", re.I | re.M)


class TcpFlow:
    """One TCP connection; what is sent before it stands waits for it."""

    __slots__ = ("_is_broken", "_transport", "_waiting", "_watchers", "_wire", "host", "port")
    kind: Literal["UDP", "TCP"] = "TCP"
    reliable = True

    def __init__(self, host: str, port: int, wire: Wire) -> None:
        self.host = host
        self.port = port
        self._wire = wire
        self._transport: asyncio.WriteTransport | None = None
        self._waiting: list[bytes] = []
        self._watchers: dict[Callable[[], None], None] = {}
        self._is_broken = False

    @property
    def is_open(self) -> bool:
        """Whether the connection stands, or may still come to stand."""
        return not self._is_broken and (self._transport is None or not self._transport.is_closing())

    def send(self, data: bytes) -> None:
        """Writes to the connection while it lasts; one whose peer does not read is cut."""
        if not self.is_open:
            return
        if self._wire.tap is not None:
            self._wire.tap(data, self)
        if self._transport is None:
            self._waiting.append(data)
        elif self._transport.get_write_buffer_size() > MAX_UNREAD:
            self._transport.abort()
        else:
            self._transport.write(data)

    def opened(self, transport: asyncio.WriteTransport) -> None:
        """The connection stands."""
        self._transport = transport
        for data in self._waiting:
            transport.write(data)
        self._waiting = []

    def broken(self) -> None:
        """The connection is gone, or could not be made."""
        self._is_broken = True
        self._waiting = []
        watchers, self._watchers = self._watchers, {}
        for on_broken in watchers:
            on_broken()

    def watch(self, on_broken: Callable[[], None]) -> None:
        """Calls `on_broken` when the connection breaks, soon if it is broken already."""
        if self.is_open:
            self._watchers[on_broken] = None
        else:
            asyncio.get_running_loop().call_soon(on_broken)

    def unwatch(self, on_broken: Callable[[], None]) -> None:
        """Calls it no more."""
        self._watchers.pop(on_broken, None)


def next_message(buffer: bytearray) -> bytes | None:
    """Takes one whole message off the front of a TCP stream, or None while it is incomplete.

    Framing is by Content-Length (RFC 3261 section 18.3); blank lines between messages are
    keep-alives (RFC 5626). Raises ValueError for a message over 64 KiB.
    """
    while buffer[:2] == b"\r\n":
        del buffer[:2]
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        if len(buffer) > MAX_MESSAGE_BYTES:
            raise ValueError("header too long")
        return None
    found = _LENGTH.search(buffer, 0, end + 2)
    size = end + 4 + (int(found.group(1)) if found else 0)
    if size > MAX_MESSAGE_BYTES:
        raise ValueError("message too long")
    if len(buffer) < size:
        return None
    message = bytes(buffer[:size])
    del buffer[:size]
    return message


class _TcpConnection(asyncio.Protocol):
    def __init__(self, endpoint: TcpEndpoint, flow: TcpFlow | None = None) -> None:
        self._endpoint = endpoint
        self._buffer = bytearray()
        self._flow = flow
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername") or ("", 0)
        self._transport = transport  # type: ignore[assignment]  # uvloop's own class
        assert self._transport is not None  # noqa: S101 for mypy, just assigned
        if self._flow is None:
            self._flow = TcpFlow(str(peer[0]), int(peer[1]), self._endpoint.wire)
        opened = transport.get_extra_info("socket")
        if opened is not None:  # else a peer that lost its power is a connection for ever
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._endpoint.admit(self)
        self._flow.opened(self._transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        try:
            while (message := next_message(self._buffer)) is not None:
                if self._flow is not None:
                    self._endpoint.admit(self)
                    self._endpoint.receive(message, self._flow)
        except ValueError:
            self._endpoint.refused += 1
            self.close()

    def connection_lost(self, _exc: Exception | None) -> None:
        self._endpoint.forget(self)
        if self._flow is not None:
            self._flow.broken()

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class TcpEndpoint:
    """The listening TCP socket and all connections, `most` at a time.

    Anybody may connect, so nobody may keep the others out: a further connection takes the place of
    the one that has been without a message for longest.
    """

    def __init__(
        self, receive: Receiver, *, most: int = MAX_CONNECTIONS, wire: Wire | None = None
    ) -> None:
        self.receive = receive
        self.refused = 0
        self.wire = wire or Wire()
        self._most = most
        self._server: asyncio.Server | None = None
        self._connections: OrderedDict[_TcpConnection, None] = OrderedDict()
        self._ours: dict[tuple[str, int], TcpFlow] = {}
        self._opening: set[asyncio.Task[None]] = set()

    async def listen(self, host: str, port: int) -> None:
        """Starts to listen. Raises OSError where the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _TcpConnection(self), host, port)

    def flow_to(self, host: str, port: int) -> TcpFlow:
        """The connection of ours to an address; a new one is opened where none stands."""
        flow = self._ours.get((host, port))
        if flow is not None and flow.is_open:
            return flow
        flow = self._ours[host, port] = TcpFlow(host, port, self.wire)
        task = asyncio.get_running_loop().create_task(self._open(flow))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)
        flow.watch(lambda: self._lose(flow))
        return flow

    async def _open(self, flow: TcpFlow) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await loop.create_connection(
                    lambda: _TcpConnection(self, flow), flow.host, flow.port
                )
        except (OSError, TimeoutError):
            flow.broken()

    def _lose(self, flow: TcpFlow) -> None:
        if self._ours.get((flow.host, flow.port)) is flow:
            del self._ours[flow.host, flow.port]

    @property
    def connections(self) -> int:
        """How many there are now."""
        return len(self._connections)

    def admit(self, connection: _TcpConnection) -> None:
        """The connection is new, or has brought a message."""
        self._connections[connection] = None
        self._connections.move_to_end(connection)
        if len(self._connections) > self._most:
            self.refused += 1
            self._connections.popitem(last=False)[0].close()

    def forget(self, connection: _TcpConnection) -> None:
        """The connection is closed."""
        self._connections.pop(connection, None)

    def close(self) -> None:
        """Stops listening and closes every connection."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._opening):
            task.cancel()
        for connection in tuple(self._connections):
            connection.close()
