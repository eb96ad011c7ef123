"""A telephone for tests: real SIP, real RTP, and nothing of the gateway's own code.

It speaks just enough of RFC 3261, RFC 3550 and RFC 4733 to call, listen, press keys, talk and hang
up, so that what it hears is what a caller would hear.

    phone = Phone(Address("127.0.0.1", 5060))
    call = await phone.call("12125550100")
    await call.hears(prompt)
    call.press("2")
    call.speak(mulaw)
    call.hang_up()
"""

from __future__ import annotations

import asyncio
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from deskbell.foundation.environment import Address
from tests.phone_audio import PACKET, Datagrams, Rtp


@dataclass
class Answer:
    """A SIP response: its code, its headers by lower-case name, its body."""

    code: int
    headers: dict[str, list[str]]
    body: str


def _parse(data: bytes) -> tuple[str, dict[str, list[str]], str]:
    head, _, body = data.decode(errors="replace").partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    return first, headers, body


class _Stream(asyncio.Protocol):
    def __init__(self, receive: Any) -> None:
        self._receive = receive
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            found = re.search(rb"(?im)^content-length:\s*(\d+)", head)
            size = int(found.group(1)) if found else 0
            if len(rest) < size:
                return
            self._receive(head + b"\r\n\r\n" + rest[:size])
            self._buffer = rest[size:]


@dataclass
class CallHandle:
    """One call of the phone's."""

    phone: Phone
    number: str
    rtp: Rtp
    call_id: str
    branch: str
    tag: str
    status: int = 0
    responses: list[int] = field(default_factory=list)
    answer: Answer | None = None
    remote_tag: str = ""
    is_late_offer: bool = False
    hung_up_by: str = ""
    sequence: int = 1
    _final: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _replies: dict[int, asyncio.Future[Answer]] = field(default_factory=dict)

    async def answered(self, *, within: float = 10.0) -> int:
        """Waits for the final response; its code."""
        async with asyncio.timeout(within):
            await self._final.wait()
        return self.status

    async def ended(self, *, within: float = 20.0) -> str:
        """Waits for the end; who hung up: `system`, `phone`, or empty where it was refused."""
        async with asyncio.timeout(within):
            await self._ended.wait()
        return self.hung_up_by

    def heard(self) -> bytes:
        """All audio so far, in the codec of the call (µ-law by default)."""
        return self.rtp.heard()

    async def hears(self, clip: bytes, *, within: float = 10.0) -> None:
        """Waits until `clip` was heard, byte for byte."""
        try:
            async with asyncio.timeout(within):
                while clip not in self.heard():
                    self.rtp.arrived.clear()
                    await self.rtp.arrived.wait()
        except TimeoutError:
            raise AssertionError(f"{len(clip)} bytes were not heard in {within} s") from None

    async def hears_more(self, size: int, *, within: float = 10.0) -> None:
        """Waits until `size` more bytes of audio came."""
        wanted = len(self.rtp.received) + size // PACKET
        async with asyncio.timeout(within):
            while len(self.rtp.received) < wanted:
                self.rtp.arrived.clear()
                await self.rtp.arrived.wait()

    def press(self, keys: str) -> None:
        """Presses keys."""
        for key in keys:
            self.rtp.press(key)

    def speak(self, mulaw: bytes) -> None:
        """Talks."""
        self.rtp.speak(mulaw)

    async def spoken(self) -> None:
        """Waits until all was said and pressed."""
        await self.rtp.spoken()

    def hang_up(self) -> None:
        """Ends the call."""
        self.hung_up_by = self.hung_up_by or "phone"
        self.send("BYE")
        self._end()

    def cancel(self) -> None:
        """Gives up before the answer."""
        self.phone.send(self._lines("CANCEL", branch=self.branch, number=1, to_tag=""))

    def invite_again(self) -> None:
        """Sends the very same INVITE again, as a phone does that heard nothing."""
        self.phone.send(self._invite)

    def send(
        self, method: str, *, body: str = "", kind: str = "application/sdp"
    ) -> asyncio.Future[Answer]:
        """Sends a request within the call; the answer comes in the future."""
        self.sequence += 1
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._replies[self.sequence] = future
        branch = "z9hG4bK" + secrets.token_hex(6)
        self.phone.send(
            self._lines(
                method,
                branch=branch,
                number=self.sequence,
                to_tag=self.remote_tag,
                body=body,
                kind=kind,
            )
        )
        return future

    def sdp(self, direction: str = "sendrecv") -> str:
        """What this call offers."""
        name = {0: "PCMU", 8: "PCMA"}[self.rtp.payload_type]
        digits = self.rtp.digits_payload_type
        kinds = f"{self.rtp.payload_type}" + (f" {digits}" if digits is not None else "")
        address = f"{'IP6' if ':' in self.phone.host else 'IP4'} {self.phone.host}"
        lines = [
            "v=0",
            f"o=phone 1 1 IN {address}",
            "s=-",
            f"c=IN {address}",
            "t=0 0",
            f"m=audio {self.rtp.port} RTP/AVP {kinds}",
            f"a=rtpmap:{self.rtp.payload_type} {name}/8000",
        ]
        if digits is not None:
            lines += [f"a=rtpmap:{digits} telephone-event/8000", f"a=fmtp:{digits} 0-15"]
        return "\r\n".join([*lines, f"a={direction}", ""])

    # Inside

    def begin(self, headers: tuple[str, ...], body: str) -> None:
        """Sends the INVITE."""
        self._invite = self._lines(
            "INVITE", branch=self.branch, number=1, to_tag="", body=body, extra=headers
        )
        self.phone.send(self._invite)

    def _lines(
        self,
        method: str,
        *,
        branch: str,
        number: int,
        to_tag: str,
        body: str = "",
        kind: str = "application/sdp",
        extra: tuple[str, ...] = (),
    ) -> bytes:
        phone = self.phone
        to = f"<sip:{self.number}@{phone.sip}>" + (f";tag={to_tag}" if to_tag else "")
        own = Address(phone.host, phone.port)
        lines = [
            f"{method} sip:{self.number}@{phone.sip} SIP/2.0",
            f"Via: SIP/2.0/{phone.transport} {own};branch={branch};rport",
            f'From: "A Caller" <sip:{phone.user}@{own}>;tag={self.tag}',
            f"To: {to}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:{phone.user}@{own}>",
            "Max-Forwards: 70",
            *extra,
        ]
        if body:
            lines.append(f"Content-Type: {kind}")
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()

    def on_response(self, answer: Answer) -> None:
        """The phone hands in what belongs to this call."""
        number, _, method = answer.headers["cseq"][0].partition(" ")
        tag = re.search(r";tag=([^;]+)", answer.headers["to"][0])
        if tag and answer.code > 100 and method == "INVITE":
            self.remote_tag = tag.group(1)
        if method == "INVITE" and answer.code >= 200:
            self._acknowledge(answer, int(number))
        future = self._replies.get(int(number))
        if future is not None and not future.done() and answer.code >= 200:
            future.set_result(answer)
        if method == "INVITE" and number == "1":
            self.responses.append(answer.code)
            if answer.code >= 200 and not self._final.is_set():
                self._take_final(answer)

    def _acknowledge(self, answer: Answer, number: int) -> None:
        if self.phone.is_deaf:
            return
        is_good = answer.code < 300
        branch = "z9hG4bK" + secrets.token_hex(6) if is_good else self.branch
        body = self.sdp() if self.is_late_offer and is_good else ""
        self.phone.send(
            self._lines("ACK", branch=branch, number=number, to_tag=self.remote_tag, body=body)
        )

    def _take_final(self, answer: Answer) -> None:
        self.status = answer.code
        self.answer = answer
        self._final.set()
        if answer.code >= 300:
            self._end()
            return
        host = re.search(r"(?m)^c=IN IP[46] (\S+)", answer.body)
        port = re.search(r"(?m)^m=audio (\d+)", answer.body)
        if host and port:
            self.rtp.start((host.group(1), int(port.group(1))))

    def on_bye(self) -> None:
        """The other side hung up."""
        self.hung_up_by = self.hung_up_by or "system"
        self._end()

    def _end(self) -> None:
        self._final.set()
        self._ended.set()
        self.rtp.close()


class Phone:
    """A phone that calls the SIP address `sip`; use it as an async context, or close it."""

    audio: type[Rtp] = Rtp

    def __init__(
        self,
        sip: Address,
        *,
        user: str = "12125550199",
        codec: str = "PCMU",
        digits_payload_type: int | None = 101,
        transport: str = "UDP",
    ) -> None:
        self.sip = sip
        self.user = user
        self.transport = transport
        self.host = "::1" if ":" in sip.host else "127.0.0.1"
        self.port = 0
        self.is_deaf = False
        self.messages: list[bytes] = []
        self._payload_type = {"PCMU": 0, "PCMA": 8}[codec]
        self._digits_payload_type = digits_payload_type
        self._calls: dict[str, CallHandle] = {}
        self._transport: Any = None
        self._other: asyncio.Future[Answer] | None = None

    async def __aenter__(self) -> Phone:
        await self._open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Hangs up nothing, closes everything."""
        for call in self._calls.values():
            call.rtp.close()
        if self._transport is not None:
            self._transport.close()

    async def call(self, number: str, **options: Any) -> CallHandle:
        """Calls `number` and waits for the answer or the refusal (`.status`)."""
        handle = await self.start(number, **options)
        await handle.answered()
        return handle

    async def start(
        self,
        number: str,
        *,
        headers: tuple[str, ...] = (),
        late_offer: bool = False,
        sdp: str = "",
    ) -> CallHandle:
        """Sends the INVITE and returns at once."""
        await self._open()
        kinds = self._payload_type, self._digits_payload_type
        rtp = self.audio(payload_type=kinds[0], digits_payload_type=kinds[1])
        await rtp.open(self.host)
        handle = CallHandle(
            self,
            number,
            rtp,
            call_id=f"{secrets.token_hex(8)}@phone",
            branch="z9hG4bK" + secrets.token_hex(6),
            tag=secrets.token_hex(4),
            is_late_offer=late_offer,
        )
        self._calls[handle.call_id] = handle
        handle.begin(headers, "" if late_offer else sdp or handle.sdp())
        return handle

    async def options(self) -> Answer:
        """Asks what the other side can do."""
        await self._open()
        self._other = asyncio.get_running_loop().create_future()
        own = Address(self.host, self.port)
        lines = [
            f"OPTIONS sip:{self.sip} SIP/2.0",
            f"Via: SIP/2.0/{self.transport} {own};branch=z9hG4bKoptions;rport",
            f"From: <sip:{self.user}@{own}>;tag=options",
            f"To: <sip:{self.sip}>",
            "Call-ID: options@phone",
            "CSeq: 1 OPTIONS",
            "Max-Forwards: 70",
            "Content-Length: 0",
        ]
        self.send("\r\n".join([*lines, "", ""]).encode())
        async with asyncio.timeout(5):
            return await self._other

    def send(self, data: bytes) -> None:
        """Sends bytes as they are."""
        if self.transport == "TCP":
            self._transport.write(data)
        else:
            self._transport.sendto(data, (self.sip.host, self.sip.port))

    async def _open(self) -> None:
        if self._transport is not None:
            return
        loop = asyncio.get_running_loop()
        if self.transport == "TCP":
            self._transport, _ = await loop.create_connection(
                lambda: _Stream(self._on_message), self.sip.host, self.sip.port
            )
        else:
            self._transport, _ = await loop.create_datagram_endpoint(
                lambda: Datagrams(self._on_message), local_addr=(self.host, 0)
            )
        self.port = self._transport.get_extra_info("sockname")[1]

    def _on_message(self, data: bytes) -> None:
        self.messages.append(data)
        first, headers, body = _parse(data)
        call = self._calls.get(headers.get("call-id", [""])[0])
        if first.startswith("SIP/2.0"):
            answer = Answer(int(first.split()[1]), headers, body)
            if call is not None:
                call.on_response(answer)
            elif self._other is not None and not self._other.done():
                self._other.set_result(answer)
        elif first.startswith("BYE"):
            self._reply_to(headers, 200 if call is not None else 481)
            if call is not None:
                call.on_bye()

    def _reply_to(self, headers: dict[str, list[str]], code: int) -> None:
        lines = [f"SIP/2.0 {code} {'OK' if code == 200 else 'No'}"]
        lines += [f"Via: {via}" for via in headers["via"]]
        for name in ("From", "To", "Call-ID", "CSeq"):
            lines.append(f"{name}: {headers[name.lower()][0]}")
        self.send("\r\n".join([*lines, "Content-Length: 0", "", ""]).encode())
