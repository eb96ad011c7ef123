"""The sockets: SIP over UDP and TCP, and the way back to whoever sent a message.

Ours and not aiosipua's transports, because an answer over TCP has to go back on the connection
that the request came by, whatever its Via says (RFC 3261 section 18.2.2).
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Protocol

MAX_MESSAGE_BYTES: Final = 64 * 1024
MAX_CONNECTIONS: Final = 1024
MAX_UNREAD: Final = 256 * 1024
RECEIVE_BUFFER: Final = 4 * 1024 * 1024
_LENGTH = re.compile(rb"^(?:content-length|l)[ \t]*:[ \t]*(\d{1,7})[ \t]*\r?$", re.I | re.M)


class Flow(Protocol):
    """The way back to a peer."""

    host: str
    port: int
    kind: str

    @property
    def reliable(self) -> bool:
        """Whether the network below repeats what gets lost, so that we need not."""
        ...

    def send(self, data: bytes) -> None:
        """Sends one message; a peer that is gone is no error."""
        ...


Receiver = Callable[[bytes, Flow], None]


def family_of(host: str) -> socket.AddressFamily:
    """The family of an IP address."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


class UdpFlow:
    """Datagrams to one address."""

    __slots__ = ("_transport", "host", "port")
    kind = "UDP"
    reliable = False

    def __init__(self, transport: asyncio.DatagramTransport, host: str, port: int) -> None:
        self._transport = transport
        self.host = host
        self.port = port

    def send(self, data: bytes) -> None:
        """Sends one datagram."""
        if not self._transport.is_closing():
            self._transport.sendto(data, (self.host, self.port))

    def to_port(self, port: int) -> UdpFlow:
        """The same peer at another port."""
        return UdpFlow(self._transport, self.host, port)


class UdpEndpoint(asyncio.DatagramProtocol):
    """The UDP socket."""

    def __init__(self, receive: Receiver) -> None:
        self._receive = receive
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio's call; uvloop's transports are no asyncio.DatagramTransport by class."""
        self._transport = transport  # type: ignore[assignment]  # uvloop's own class
        opened = transport.get_extra_info("socket")
        if opened is not None:  # a burst of calls waits here while the loop does something else
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)

    async def listen(self, host: str, port: int) -> None:
        """Binds the socket. Raises OSError where the port is taken.

        An IPv6 address takes IPv6 only, as for TCP and RTP: a peer that is IPv4 inside of IPv6
        would be told addresses that it cannot send to.
        """
        opened = socket.socket(family_of(host), socket.SOCK_DGRAM)
        try:
            if opened.family == socket.AF_INET6:
                opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            opened.settimeout(0)
            opened.bind((host, port))
            loop = asyncio.get_running_loop()
            await loop.create_datagram_endpoint(lambda: self, sock=opened)
        except BaseException:
            opened.close()
            raise

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """asyncio's call."""
        if self._transport is not None:
            self._receive(data, UdpFlow(self._transport, addr[0], addr[1]))

    def close(self) -> None:
        """Closes the socket."""
        if self._transport is not None:
            self._transport.close()


class TcpFlow:
    """One TCP connection."""

    __slots__ = ("_transport", "host", "port")
    kind = "TCP"
    reliable = True

    def __init__(self, transport: asyncio.WriteTransport, host: str, port: int) -> None:
        self._transport = transport
        self.host = host
        self.port = port

    def send(self, data: bytes) -> None:
        """Writes to the connection while it lasts; one whose peer does not read is cut."""
        if self._transport.is_closing():
            return
        if self._transport.get_write_buffer_size() > MAX_UNREAD:
            self._transport.abort()
            return
        self._transport.write(data)


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
    def __init__(self, endpoint: TcpEndpoint) -> None:
        self._endpoint = endpoint
        self._buffer = bytearray()
        self._flow: TcpFlow | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername") or ("", 0)
        self._transport = transport  # type: ignore[assignment]  # uvloop's own class
        assert self._transport is not None  # noqa: S101 for mypy, just assigned
        self._flow = TcpFlow(self._transport, str(peer[0]), int(peer[1]))
        opened = transport.get_extra_info("socket")
        if opened is not None:  # else a peer that lost its power is a connection for ever
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._endpoint.admit(self)

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

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class TcpEndpoint:
    """The listening TCP socket and its connections, `most` at a time.

    Anybody may connect, so nobody may keep the others out: a further connection takes the place of
    the one that has been without a message for longest.
    """

    def __init__(self, receive: Receiver, *, most: int = MAX_CONNECTIONS) -> None:
        self.receive = receive
        self.refused = 0
        self._most = most
        self._server: asyncio.Server | None = None
        self._connections: OrderedDict[_TcpConnection, None] = OrderedDict()

    async def listen(self, host: str, port: int) -> None:
        """Starts to listen. Raises OSError where the port is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _TcpConnection(self), host, port)

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
        for connection in tuple(self._connections):
            connection.close()


def local_host_towards(peer: str, *, bound: str) -> str:
    """The address of ours that `peer` sees, where the socket is bound to all of them."""
    if bound not in {"0.0.0.0", "::"}:  # noqa: S104 compared with, not bound
        return bound
    with socket.socket(family_of(peer), socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((peer, 9))
        except OSError:
            return "::1" if ":" in peer else "127.0.0.1"
        return str(probe.getsockname()[0])
