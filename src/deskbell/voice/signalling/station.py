"""The sockets of SIP, the addresses we have there, and the ways out to peers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from .destinations import Destination
from .flows import Flow, Receiver, UdpEndpoint, Wire, local_host_towards
from .requests import Self
from .tcp import TcpEndpoint
from .transactions import Transactions

OnWire = Callable[[str, bytes, Flow], None]


class Station:
    """SIP on one address, UDP and TCP; what arrives goes to `receive(data, flow)`."""

    def __init__(self, receive: Receiver) -> None:
        self.transactions = Transactions()
        self.without_tcp: set[tuple[str, int]] = set()
        self._on_wire: OnWire | None = None
        self._wire = Wire()
        self._udp = UdpEndpoint(receive, self._wire)
        self._tcp = TcpEndpoint(receive, wire=self._wire)
        self._host = ""
        self._port = 0

    async def listen(self, host: str, port: int) -> None:
        """Binds both sockets. Raises OSError where the port is taken."""
        await self._udp.listen(host, port)
        try:
            await self._tcp.listen(host, port)
        except OSError:
            self._udp.close()
            raise
        self._host, self._port = host, port

    def close(self) -> None:
        """Closes the sockets and stops every timer."""
        self._udp.close()
        self._tcp.close()
        self.transactions.close()

    @property
    def on_wire(self) -> OnWire | None:
        """Who sees every message as `on_wire(direction, data, flow)`, `in` or `out`; None: nobody.

        It must not raise, and is best left alone where nobody traces: it costs at every message.
        """
        return self._on_wire

    @on_wire.setter
    def on_wire(self, see: OnWire | None) -> None:
        self._on_wire = see
        self._wire.tap = None if see is None else lambda data, flow: see("out", data, flow)

    def flow_to(self, host: str, port: int, transport: Literal["UDP", "TCP"]) -> Flow:
        """The way to an IP address."""
        endpoint = self._tcp if transport == "TCP" else self._udp
        return endpoint.flow_to(host, port)

    def flow_of(self, destination: Destination) -> Flow:
        """The way to a destination: its own while it is open."""
        if destination.flow is not None and destination.flow.is_open:
            return destination.flow
        return self.flow_to(destination.host, destination.port, destination.transport)

    def local_host(self, peer: str) -> str:
        """The address of this machine that `peer` should send to."""
        return local_host_towards(peer, bound=self._host)

    def self_towards(self, host: str, local: str, call_id: str, kind: str) -> Self:
        """Our side of a dialog; `host` is our address there, `local` the value of our From."""
        sent_by = f"[{host}]:{self._port}" if ":" in host else f"{host}:{self._port}"
        suffix = ";transport=tcp" if kind == "TCP" else ""
        return Self(local, call_id, f"sip:{sent_by}{suffix}", sent_by)
