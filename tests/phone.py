"""A telephone for tests: real SIP, real RTP, and nothing of the gateway's own code.

It speaks just enough of RFC 3261, RFC 3550 and RFC 4733 to call and be called, listen, press keys,
talk, hold, transfer and hang up, so that what it hears is what a person would hear.

    phone = Phone(Address("127.0.0.1", 5060))
    call = await phone.call("12125550100")
    await call.hears(prompt)
    call.press("2")
    call.speak(mulaw)
    call.hang_up()

A phone that is called hands out its calls as they come, or does with each what `on_call` says:

    async with Phone(sip, on_call=answers()) as phone:
        ...                             # somebody calls `phone.address`
        call = await phone.rung()
        await call.hears(prompt)
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from deskbell.foundation.environment import Address
from tests.patience import patience
from tests.phone_audio import Datagrams, Rtp
from tests.phone_calls import CODECS, CallHandle, PhoneCall
from tests.phone_incoming import Incoming
from tests.phone_messages import (
    Answer,
    Request,
    Stream,
    authorization,
    new_branch,
    parse,
    reply_to,
    written,
)

__all__ = ["Answer", "CallHandle", "Incoming", "Phone", "answers", "refuses"]

Behaviour = Callable[[Incoming], Awaitable[None]]


def answers(*, after: float = 0.0) -> Behaviour:
    """Rings, and picks up `after` seconds."""

    async def behave(call: Incoming) -> None:
        call.ring()
        await asyncio.sleep(after)
        call.answer()

    return behave


def refuses(code: int = 486, *, after: float = 0.0) -> Behaviour:
    """Rings, and refuses with `code` `after` seconds."""

    async def behave(call: Incoming) -> None:
        call.ring()
        await asyncio.sleep(after)
        call.refuse(code)

    return behave


class Phone:
    """A phone before the SIP address `sip`; use it as an async context, or close it."""

    audio: type[Rtp] = Rtp

    def __init__(
        self,
        sip: Address,
        *,
        user: str = "12125550199",
        codec: str = "PCMU",
        digits_payload_type: int | None = 101,
        transport: str = "UDP",
        on_call: Behaviour | None = None,
    ) -> None:
        self.sip = sip
        self.user = user
        self.transport = transport
        self.host = "::1" if ":" in sip.host else "127.0.0.1"
        self.port = 0
        self.is_deaf = False
        self.messages: list[bytes] = []
        self.on_call = on_call
        self.taken: list[Incoming] = []
        self._rung: asyncio.Queue[Incoming] = asyncio.Queue()
        self._payload_type = {name: kind for kind, name in CODECS.items()}[codec]
        self._digits_payload_type = digits_payload_type
        self._calls: dict[str, PhoneCall] = {}
        self._transport: Any = None
        self._others: dict[str, asyncio.Future[Answer]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._registrations = 0

    async def __aenter__(self) -> Phone:
        await self.open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Hangs up nothing, closes everything."""
        for task in self._tasks:
            task.cancel()
        for call in self._calls.values():
            call.rtp.close()
        if self._transport is not None:
            self._transport.close()

    @property
    def address(self) -> str:
        """Where the phone takes calls, as a SIP URI."""
        return f"sip:{self.user}@{Address(self.host, self.port)}"

    # Calls

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
        await self.open()
        handle = CallHandle(self, number, await self._audio(), is_late_offer=late_offer)
        self._calls[handle.call_id] = handle
        handle.begin(headers, "" if late_offer else sdp or handle.sdp())
        return handle

    async def rung(self, *, within: float = 10.0) -> Incoming:
        """The next call that comes, in the order of coming."""
        async with patience(within):
            return await self._rung.get()

    async def options(self) -> Answer:
        """Asks what the other side can do."""
        await self.open()
        return await self._ask("OPTIONS", f"sip:{self.sip}")

    async def register(
        self, name: str, password: str, *, domain: str = "", expires: int = 300
    ) -> Answer:
        """Registers as `name`, with digest where it is asked for; the last answer."""
        await self.open()
        uri = f"sip:{domain or self.sip.host}"
        own = Address(self.host, self.port)
        suffix = ";transport=tcp" if self.transport == "TCP" else ""
        headers = [f"Contact: <sip:{name}@{own}{suffix}>", f"Expires: {expires}"]
        who = f"<sip:{name}@{domain or self.sip.host}>"
        answer = await self._ask("REGISTER", uri, *headers, who=who)
        if answer.code == 401:
            proof = authorization(
                answer.headers["www-authenticate"][0],
                user=name,
                password=password,
                method="REGISTER",
                uri=uri,
            )
            answer = await self._ask("REGISTER", uri, *headers, f"Authorization: {proof}", who=who)
        return answer

    # Messages

    def send(self, data: bytes) -> None:
        """Sends bytes as they are."""
        if self.transport == "TCP":
            self._transport.write(data)
        else:
            self._transport.sendto(data, (self.sip.host, self.sip.port))

    def reply(
        self,
        request: Request,
        code: int,
        *,
        body: str = "",
        tag: str = "",
        headers: tuple[str, ...] = (),
        contact: bool = False,
    ) -> None:
        """Answers a request."""
        own = self.address if contact else ""
        self.send(reply_to(request, code, contact=own, tag=tag, headers=headers, body=body))

    async def open(self) -> None:
        """Opens the phone's socket, or connects it, where it is not open yet."""
        if self._transport is not None:
            return
        loop = asyncio.get_running_loop()
        if self.transport == "TCP":
            self._transport, _ = await loop.create_connection(
                lambda: Stream(self._on_message), self.sip.host, self.sip.port
            )
        else:
            self._transport, _ = await loop.create_datagram_endpoint(
                lambda: Datagrams(self._on_message), local_addr=(self.host, 0)
            )
        self.port = self._transport.get_extra_info("sockname")[1]

    async def _audio(self) -> Rtp:
        rtp = self.audio(
            payload_type=self._payload_type, digits_payload_type=self._digits_payload_type
        )
        await rtp.open(self.host)
        return rtp

    async def _ask(self, method: str, uri: str, *headers: str, who: str = "") -> Answer:
        self._registrations += 1
        own = Address(self.host, self.port)
        call_id = f"{method.lower()}@{own}"
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._others[call_id] = answer
        lines = [
            f"Via: SIP/2.0/{self.transport} {own};branch={new_branch()};rport",
            f"From: {who or f'<sip:{self.user}@{own}>'};tag=asks",
            f"To: {who or f'<{uri}>'}",
            f"Call-ID: {call_id}",
            f"CSeq: {self._registrations} {method}",
            "Max-Forwards: 70",
            *headers,
        ]
        self.send(written(f"{method} {uri} SIP/2.0", lines))
        async with patience(5):
            return await answer

    def _on_message(self, data: bytes) -> None:
        self.messages.append(data)
        if not data.strip():
            return
        message = parse(data)
        call_id = message.headers.get("call-id", [""])[0]
        call = self._calls.get(call_id)
        if isinstance(message, Answer):
            other = self._others.get(call_id)
            if call is not None:
                call.on_response(message)
            elif other is not None and not other.done() and message.code >= 200:
                other.set_result(message)
        elif call is not None and not (message.method == "ACK" and call.is_over):
            call.on_request(message)
        else:
            self._on_stray(message)

    def _on_stray(self, request: Request) -> None:
        if request.method == "INVITE":
            if self.is_deaf:
                return
            self.reply(request, 100)
            self._spawn(self._take(request))
        elif request.method != "ACK":
            self.reply(request, 200 if request.method == "OPTIONS" else 481)

    async def _take(self, invite: Request) -> None:
        call_id = invite.header("call-id")
        if call_id in self._calls:  # the same INVITE again, while the port was being opened
            return
        rtp = await self._audio()
        if call_id in self._calls:
            rtp.close()
            return
        call = Incoming(self, rtp, invite)
        self._calls[call_id] = call
        self.taken.append(call)
        self._rung.put_nowait(call)
        if self.on_call is not None:
            await self.on_call(call)

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
