"""A peer that does what a test says, message by message, over real sockets, and the agent it meets.

Nothing of the gateway's own code is used to read or write its messages.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from deskbell.voice.signalling.admission import Admission, Admitted
from deskbell.voice.signalling.agent import Agent
from deskbell.voice.signalling.destinations import Destination
from deskbell.voice.signalling.dialog import Dialog
from deskbell.voice.tests.stage import free_port
from tests.patience import patience

OURS = "v=0\r\no=ours 1 1 IN IP4 127.0.0.1\r\ns=-\r\nm=audio 4000 RTP/AVP 0\r\n"
THEIRS = "v=0\r\no=theirs 1 1 IN IP4 127.0.0.1\r\ns=-\r\nm=audio 5000 RTP/AVP 0\r\n"
HOLD = THEIRS + "a=sendonly\r\n"
REASONS = {100: "Trying", 180: "Ringing", 200: "OK"}


@dataclass
class Message:
    """A message that came."""

    first: str
    headers: dict[str, list[str]]
    body: str
    at: float
    raw: bytes

    @property
    def kind(self) -> str:
        """The method, or the code."""
        words = self.first.split()
        return words[1] if words[0].startswith("SIP/") else words[0]

    def get(self, name: str) -> str:
        return self.headers.get(name.lower(), [""])[0]

    @property
    def number(self) -> int:
        return int(self.get("CSeq").split()[0])

    @property
    def branch(self) -> str:
        found = re.search(r"branch=([^;]+)", self.get("Via"))
        return found.group(1) if found else ""

    def tag(self, name: str) -> str:
        found = re.search(r";tag=([^;]+)", self.get(name))
        return found.group(1) if found else ""


def read(data: bytes, at: float) -> Message:
    head, _, body = data.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    return Message(first, headers, body, at, data)


@dataclass
class Heard:
    """The call above a dialog: it keeps what it is told, and answers as it is told to."""

    said: list[tuple[str, Any]] = field(default_factory=list)
    answer: str | None = OURS
    refer_code: int = 202
    headers: Mapping[str, str] = field(default_factory=dict)
    happened: asyncio.Event = field(default_factory=asyncio.Event)

    def _note(self, what: str, how: object) -> None:
        self.said.append((what, how))
        self.happened.set()

    def left(self, how: str) -> None:
        self._note("left", how)

    def offered(self, sdp: str) -> str | None:
        self._note("offered", sdp)
        return self.answer

    def answered(self, sdp: str) -> None:
        self._note("answered", sdp)

    def pressed(self, key: str) -> None:
        self._note("pressed", key)

    def progressed(self, code: int, sdp: str) -> None:
        self._note("progressed", (code, sdp))

    def accepted(self, sdp: str) -> None:
        self._note("accepted", sdp)

    def refused(self, code: int, headers: Mapping[str, str]) -> None:
        self.headers = headers
        self._note("refused", code)

    def referred(self, to: str) -> int:
        self._note("referred", to)
        return self.refer_code


class Peer(asyncio.DatagramProtocol):
    """The scripted peer, on UDP."""

    def __init__(self, agent_port: int) -> None:
        self.agent_port = agent_port
        self.port = 0
        self.got: list[Message] = []
        self.all: list[Message] = []
        self.arrived = asyncio.Event()
        self._transport: Any = None
        self._buffer = b""

    kind = "UDP"

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", 0)
        )
        self.port = self._transport.get_extra_info("sockname")[1]

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.take(data)

    def take(self, data: bytes) -> None:
        message = read(data, asyncio.get_running_loop().time())
        self.got.append(message)
        self.all.append(message)
        self.arrived.set()

    def send(self, data: bytes) -> None:
        self._transport.sendto(data, ("127.0.0.1", self.agent_port))

    async def gets(self, kind: str | int, *, within: float = 60.0) -> Message:
        """Waits for the next message of a kind; those before it are passed over."""
        async with patience(within):
            return await self._next(kind)

    async def gets_nothing(self, kind: str | int, *, within: float) -> None:
        """Waits `within` seconds in which no message of the kind may come."""
        try:
            async with asyncio.timeout(within):
                found = await self._next(kind)
        except TimeoutError:
            return
        raise AssertionError(f"{found.first} came")

    async def _next(self, kind: str | int) -> Message:
        while True:
            while self.got:
                message = self.got.pop(0)
                if message.kind == str(kind):
                    return message
            self.arrived.clear()
            await self.arrived.wait()

    def times(self, kind: str | int) -> list[float]:
        """When messages of a kind came, in seconds after the first."""
        found = [message.at for message in self.all if message.kind == str(kind)]
        return [round(at - found[0], 2) for at in found]

    def answer(
        self,
        request: Message,
        code: int,
        *headers: str,
        tag: str = "theirs",
        body: str = "",
        contact: str = "",
    ) -> None:
        """Answers a request."""
        to = request.get("To")
        if tag and ";tag=" not in to and code > 100:
            to += f";tag={tag}"
        lines = [f"SIP/2.0 {code} {REASONS.get(code, 'So')}"]
        lines += [f"Via: {via}" for via in request.headers["via"]]
        lines += [f"From: {request.get('From')}", f"To: {to}"]
        lines += [f"Call-ID: {request.get('Call-ID')}", f"CSeq: {request.get('CSeq')}"]
        if code < 300:
            lines.append(f"Contact: <{contact or self.contact}>")
        lines += [*headers, *(["Content-Type: application/sdp"] if body else [])]
        self.send("\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode())

    @property
    def contact(self) -> str:
        return f"sip:peer@127.0.0.1:{self.port}"


class TcpPeer(Peer):
    """The scripted peer, on TCP: it listens, and keeps the connections that come."""

    kind = "TCP"

    def __init__(self, agent_port: int) -> None:
        super().__init__(agent_port)
        self.connections: list[Any] = []
        self._server: Any = None

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Line(self), "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        self._server.close()
        self.drop()

    def drop(self) -> None:
        """Cuts every connection."""
        for connection in self.connections:
            connection.close()
        self.connections = []

    def send(self, data: bytes) -> None:
        self.connections[-1].write(data)


class _Line(asyncio.Protocol):
    def __init__(self, peer: TcpPeer) -> None:
        self._peer = peer
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._peer.connections.append(transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            found = re.search(rb"(?im)^content-length:\s*(\d+)", head)
            size = int(found.group(1)) if found else 0
            if len(rest) < size:
                return
            self._peer.take(head + b"\r\n\r\n" + rest[:size])
            self._buffer = rest[size:]


@dataclass
class Caller:
    """A call that the peer makes: its side of the dialog."""

    peer: Peer
    call_id: str = field(default_factory=lambda: secrets.token_hex(6))
    tag: str = "theirs"
    to_tag: str = ""
    number: int = 0
    sdp: str = THEIRS

    def send(
        self,
        method: str,
        *headers: str,
        body: str = "",
        kind: str = "application/sdp",
        number: int = 0,
        branch: str = "",
        uri: str = "",
    ) -> str:
        """Sends a request; its branch."""
        if not number:
            self.number += 1
            number = self.number
        branch = branch or "z9hG4bK" + secrets.token_hex(6)
        peer = self.peer
        to = "<sip:100@127.0.0.1>" + (f";tag={self.to_tag}" if self.to_tag else "")
        own = f"127.0.0.1:{peer.port}"
        lines = [
            f"{method} {uri or 'sip:100@127.0.0.1'} SIP/2.0",
            f"Via: SIP/2.0/{peer.kind} {own};branch={branch};rport",
            "Max-Forwards: 70",
            f'From: "A Caller" <sip:200@127.0.0.1>;tag={self.tag}',
            f"To: {to}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {number} {method}",
            f"Contact: <{peer.contact}>",
            *headers,
            *([f"Content-Type: {kind}"] if body else []),
            f"Content-Length: {len(body)}",
        ]
        peer.send("\r\n".join([*lines, "", body]).encode())
        return branch

    async def invites(self, *headers: str, body: str = THEIRS) -> str:
        """Sends the INVITE, and waits for the 100."""
        branch = self.send("INVITE", *headers, body=body)
        await self.peer.gets(100)
        return branch

    async def is_answered(self) -> Message:
        """Waits for the 200, and sends the ACK."""
        ok = await self.peer.gets(200)
        self.to_tag = ok.tag("To")
        self.send("ACK", number=ok.number)
        return ok


@dataclass
class Scene:
    """An agent, a peer, and the call above each dialog of the agent's."""

    agent: Agent
    peer: Peer
    calls: list[Dialog] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)
    admission: Admission = field(default_factory=Admitted)

    @property
    def destination(self) -> Destination:
        peer = self.peer
        transport: Any = peer.kind
        suffix = ";transport=tcp" if transport == "TCP" else ""
        uri = f"sip:bob@127.0.0.1:{peer.port}{suffix}"
        return Destination(uri, "127.0.0.1", peer.port, transport)

    def invite(self, destination: Destination | None = None, **options: Any) -> Dialog:
        """Calls the peer."""
        settings: dict[str, Any] = {"caller": "100", "called": "bob", "sdp": OURS}
        return self.agent.invite(
            destination or self.destination, handler=self.heard, **(settings | options)
        )

    async def call(self, *headers: str, **options: Any) -> Dialog:
        """Calls the peer, which answers with further `headers`."""
        dialog = self.invite(**options)
        self.peer.answer(await self.peer.gets("INVITE"), 200, *headers, body=THEIRS)
        await self.peer.gets("ACK")
        self.heard.said.clear()
        return dialog

    async def is_called(self, *headers: str) -> tuple[Dialog, Caller]:
        """The peer calls, and is answered."""
        caller = Caller(self.peer)
        await caller.invites(*headers)
        dialog = self.calls[-1]
        dialog.answer(OURS)
        await caller.is_answered()
        await dialog.acknowledged(within=1)
        return dialog, caller

    async def until(self, *said: tuple[str, Any], within: float = 60.0) -> None:
        """Waits until the call was told exactly this."""
        async with patience(within):
            while len(self.heard.said) < len(said):
                self.heard.happened.clear()
                await self.heard.happened.wait()
        assert self.heard.said == list(said)


@asynccontextmanager
async def scene(
    *, peer: type[Peer] = Peer, may_redirect: Sequence[str] = ()
) -> AsyncIterator[Scene]:
    """An agent on a free port that admits everybody, and a peer."""

    def take(dialog: Dialog) -> None:
        dialog.handler = found.heard
        found.calls.append(dialog)

    port = free_port()
    agent = Agent(
        admit=lambda *_: found.admission,
        on_call=take,
        may_redirect=lambda host: host in may_redirect,
    )
    found = Scene(agent, peer(port))
    await agent.listen("127.0.0.1", port)
    await found.peer.open()
    try:
        yield found
    finally:
        found.peer.close()
        agent.close()
        await asyncio.sleep(0)
