"""The way to a peer, and the UDP socket. Connections are in `tcp`.

Ours and not aiosipua's transports, because an answer over TCP has to go back on the connection
that the request came by, whatever its Via says (RFC 3261 section 18.2.2).
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Final, Literal, Protocol

RECEIVE_BUFFER: Final = 4 * 1024 * 1024


class Flow(Protocol):
    """The way back to a peer."""

    host: str
    port: int
    kind: Literal["UDP", "TCP"]

    @property
    def reliable(self) -> bool:
        """Whether the network below repeats what gets lost, so that we need not."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether something that is sent can still arrive."""
        ...

    def send(self, data: bytes) -> None:
        """Sends one message; a peer that is gone is no error."""
        ...

    def watch(self, on_broken: Callable[[], None]) -> None:
        """Calls `on_broken` when the connection breaks, soon if it is broken already."""
        ...

    def unwatch(self, on_broken: Callable[[], None]) -> None:
        """Calls it no more."""
        ...


Receiver = Callable[[bytes, Flow], None]


class Wire:
    """Where somebody listens in on what is sent: `tap(data, flow)`, None for nobody."""

    __slots__ = ("tap",)

    def __init__(self) -> None:
        self.tap: Callable[[bytes, Flow], None] | None = None


def family_of(host: str) -> socket.AddressFamily:
    """The family of an IP address."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


class UdpFlow:
    """Datagrams to one address."""

    __slots__ = ("_transport", "_wire", "host", "port")
    kind: Literal["UDP", "TCP"] = "UDP"
    reliable = False

    def __init__(
        self, transport: asyncio.DatagramTransport, host: str, port: int, wire: Wire
    ) -> None:
        self._transport = transport
        self._wire = wire
        self.host = host
        self.port = port

    @property
    def is_open(self) -> bool:
        """Datagrams can always be sent."""
        return True

    def send(self, data: bytes) -> None:
        """Sends one datagram."""
        if self._wire.tap is not None:
            self._wire.tap(data, self)
        if not self._transport.is_closing():
            self._transport.sendto(data, (self.host, self.port))

    def to_port(self, port: int) -> UdpFlow:
        """The same peer at another port."""
        return UdpFlow(self._transport, self.host, port, self._wire)

    def watch(self, on_broken: Callable[[], None]) -> None:
        """Datagrams have no connection that could break."""

    def unwatch(self, on_broken: Callable[[], None]) -> None:
        """Nor is anything watched."""


class UdpEndpoint(asyncio.DatagramProtocol):
    """The UDP socket."""

    def __init__(self, receive: Receiver, wire: Wire | None = None) -> None:
        self._receive = receive
        self._wire = wire or Wire()
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
            self._receive(data, UdpFlow(self._transport, addr[0], addr[1], self._wire))

    def flow_to(self, host: str, port: int) -> UdpFlow:
        """The way to an IP address. The socket has to be open."""
        if self._transport is None:
            raise AssertionError("an agent listens before it calls")
        return UdpFlow(self._transport, host, port, self._wire)

    def close(self) -> None:
        """Closes the socket."""
        if self._transport is not None:
            self._transport.close()


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
