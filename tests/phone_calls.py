"""The calls of the test phone: what all have in common, and those it makes."""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import TYPE_CHECKING

from deskbell.foundation.environment import Address
from tests.patience import patience
from tests.phone_audio import PACKET, Rtp
from tests.phone_messages import ALLOW, Answer, Request, new_branch, tag_of, uri_of, written

if TYPE_CHECKING:
    from tests.phone import Phone

CODECS = {0: "PCMU", 8: "PCMA", 9: "G722"}
HELD = {"sendonly": "recvonly", "inactive": "inactive"}


class PhoneCall:
    """One call of the phone's: its audio, and what is said within it."""

    def __init__(self, phone: Phone, rtp: Rtp, *, call_id: str, local: str, remote: str) -> None:
        self.phone = phone
        self.rtp = rtp
        self.call_id = call_id
        self.local = local
        self.remote = remote
        self.target = uri_of(remote)
        self.routes: list[str] = []
        self.status = 0
        self.hung_up_by = ""
        self.sequence = 1
        self.keys_by_info = ""
        self.offers: list[str] = []
        self.notified: list[str] = []
        self.referred: list[str] = []
        self.refer_code = 202
        self.offer_code = 200
        self._final = asyncio.Event()
        self._ended = asyncio.Event()
        self._changed = asyncio.Event()
        self._replies: dict[int, asyncio.Future[Answer]] = {}

    # What a test waits for

    async def answered(self, *, within: float = 10.0) -> int:
        """Waits for the final response; its code."""
        async with patience(within):
            await self._final.wait()
        return self.status

    async def ended(self, *, within: float = 20.0) -> str:
        """Waits for the end; who hung up: `system`, `phone`, or empty where it was refused."""
        async with patience(within):
            await self._ended.wait()
        return self.hung_up_by

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self._ended.is_set()

    async def notices(self, text: str, *, within: float = 10.0) -> None:
        """Waits for a NOTIFY whose body has `text`."""
        async with patience(within):
            while not any(text in body for body in self.notified):
                self._changed.clear()
                await self._changed.wait()

    async def gets_offer(self, direction: str, *, within: float = 10.0) -> None:
        """Waits for a new offer from the other side whose direction is `direction`."""
        async with patience(within):
            while not any(f"a={direction}" in offer for offer in self.offers):
                self._changed.clear()
                await self._changed.wait()

    def heard(self) -> bytes:
        """All audio so far, in the codec of the call (µ-law by default)."""
        return self.rtp.heard()

    async def hears(self, clip: bytes, *others: bytes, within: float = 10.0) -> None:
        """Waits until `clip`, or one of `others`, was heard, byte for byte."""
        try:
            async with patience(within):
                while not any(each in self.heard() for each in (clip, *others)):
                    self.rtp.arrived.clear()
                    await self.rtp.arrived.wait()
        except TimeoutError:
            raise AssertionError(f"{len(clip)} bytes were not heard in {within} s") from None

    async def hears_more(self, size: int, *, within: float = 10.0) -> None:
        """Waits until `size` more bytes of audio came."""
        wanted = len(self.rtp.received) + size // PACKET
        async with patience(within):
            while len(self.rtp.received) < wanted:
                self.rtp.arrived.clear()
                await self.rtp.arrived.wait()

    async def hears_keys(self, keys: str, *, within: float = 10.0) -> None:
        """Waits until `keys` came as telephone-events."""
        async with patience(within):
            while keys not in self.rtp.keys:
                self.rtp.arrived.clear()
                await self.rtp.arrived.wait()

    # What the person at the phone does

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

    async def hold(self) -> Answer:
        """Puts the other side on hold."""
        return await self.send("INVITE", body=self.sdp("sendonly"))

    async def resume(self) -> Answer:
        """Takes the other side off hold."""
        return await self.send("INVITE", body=self.sdp())

    async def transfer(self, to: str, *, replaces: PhoneCall | None = None) -> Answer:
        """Transfers the other side to `to` (RFC 3515), or to who is in the call `replaces`."""
        if replaces is not None:
            tags = f";to-tag={tag_of(replaces.remote)};from-tag={tag_of(replaces.local)}"
            to += "?Replaces=" + re.sub(
                r"[^\w.-]", lambda mark: f"%{ord(mark[0]):02X}", replaces.call_id + tags
            )
        return await self.send("REFER", extra=(f"Refer-To: <{to}>",))

    # Messages

    def send(
        self,
        method: str,
        *,
        body: str = "",
        kind: str = "application/sdp",
        extra: tuple[str, ...] = (),
    ) -> asyncio.Future[Answer]:
        """Sends a request within the call; the answer comes in the future."""
        self.sequence += 1
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._replies[self.sequence] = future
        self.phone.send(self.lines(method, number=self.sequence, body=body, kind=kind, extra=extra))
        return future

    def sdp(self, direction: str = "sendrecv") -> str:
        """What this call offers."""
        name = CODECS[self.rtp.payload_type]
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

    def lines(
        self,
        method: str,
        *,
        number: int,
        branch: str = "",
        to: str = "",
        target: str = "",
        body: str = "",
        kind: str = "application/sdp",
        extra: tuple[str, ...] = (),
    ) -> bytes:
        """A request of this call, as it goes out."""
        phone = self.phone
        own = Address(phone.host, phone.port)
        head = [
            f"Via: SIP/2.0/{phone.transport} {own};branch={branch or new_branch()};rport",
            *(f"Route: {route}" for route in self.routes),
            f"From: {self.local}",
            f"To: {to or self.remote}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {number} {method}",
            f"Contact: <sip:{phone.user}@{own}>",
            f"Allow: {ALLOW}",
            "Max-Forwards: 70",
            *extra,
        ]
        return written(f"{method} {target or self.target} SIP/2.0", head, body, kind)

    def connect(self, sdp: str) -> None:
        """Sends audio to where `sdp` takes it."""
        host = re.search(r"(?m)^c=IN IP[46] (\S+)", sdp)
        port = re.search(r"(?m)^m=audio (\d+)", sdp)
        if host and port and int(port.group(1)):
            self.rtp.start((host.group(1), int(port.group(1))))

    def on_response(self, answer: Answer) -> None:
        """The phone hands in what belongs to this call."""
        number, _, method = answer.headers["cseq"][0].partition(" ")
        if method == "INVITE" and answer.code >= 200:
            self.acknowledge(answer, int(number))
        future = self._replies.get(int(number))
        if future is not None and not future.done() and answer.code >= 200:
            future.set_result(answer)

    def acknowledge(self, answer: Answer, number: int) -> None:
        """Sends the ACK of a final answer."""
        if self.phone.is_deaf:
            return
        is_good = answer.code < 300
        branch = new_branch() if is_good else answer.headers["via"][0].partition("branch=")[2]
        to = answer.headers["to"][0]
        self.phone.send(self.lines("ACK", number=number, branch=branch.partition(";")[0], to=to))

    def on_request(self, request: Request) -> None:
        """A request of the other side's within the call."""
        if request.method == "BYE":
            self.phone.reply(request, 200)
            self.hung_up_by = self.hung_up_by or "system"
            self._end()
        elif request.method in {"INVITE", "UPDATE"}:
            self._on_offer(request)
        elif request.method == "REFER":
            self.referred.append(uri_of(request.header("refer-to")))
            self.phone.reply(request, self.refer_code)
        elif request.method != "ACK":
            self._take_note(request)
            self.phone.reply(request, 200)
        self._changed.set()

    def _on_offer(self, request: Request) -> None:
        if self.offer_code != 200:
            self.phone.reply(request, self.offer_code)
            return
        self.offers.append(request.body)
        found = re.search(r"(?m)^a=(sendonly|recvonly|inactive)", request.body)
        answer = self.sdp(HELD.get(found.group(1), "sendonly") if found else "sendrecv")
        body = answer if request.method == "INVITE" or request.body else ""
        self.phone.reply(request, 200, body=body, contact=True)
        self.connect(request.body)

    def _take_note(self, request: Request) -> None:
        if request.method == "INFO":
            found = re.search(r"(?i)signal\s*=\s*(\S)", request.body)
            self.keys_by_info += found.group(1) if found else request.body.strip()
        elif request.method == "NOTIFY":
            self.notified.append(request.body)

    def _end(self) -> None:
        self._final.set()
        self._ended.set()
        self.rtp.close()


class CallHandle(PhoneCall):
    """A call that the phone makes."""

    def __init__(self, phone: Phone, number: str, rtp: Rtp, *, is_late_offer: bool) -> None:
        tag = secrets.token_hex(4)
        own = Address(phone.host, phone.port)
        super().__init__(
            phone,
            rtp,
            call_id=f"{secrets.token_hex(8)}@phone",
            local=f'"A Caller" <sip:{phone.user}@{own}>;tag={tag}',
            remote=f"<{number if number.startswith('sip:') else f'sip:{number}@{phone.sip}'}>",
        )
        self.number = number
        self.branch = new_branch()
        self.responses: list[int] = []
        self.answer: Answer | None = None
        self.is_late_offer = is_late_offer
        self._asked = self.remote
        self._invite = b""

    def begin(self, headers: tuple[str, ...], body: str) -> None:
        """Sends the INVITE."""
        self._invite = self.lines("INVITE", branch=self.branch, number=1, body=body, extra=headers)
        self.phone.send(self._invite)

    def invite_again(self) -> None:
        """Sends the very same INVITE again, as a phone does that heard nothing."""
        self.phone.send(self._invite)

    def cancel(self) -> None:
        """Gives up before the answer."""
        target = uri_of(self._asked)
        self.phone.send(
            self.lines("CANCEL", branch=self.branch, number=1, to=self._asked, target=target)
        )

    def on_response(self, answer: Answer) -> None:
        """The phone hands in what belongs to this call."""
        if answer.headers["cseq"][0] == "1 INVITE":
            self._take(answer)
        super().on_response(answer)
        if answer.headers["cseq"][0] == "1 INVITE" and answer.code >= 200:
            self._take_final(answer)

    def _take(self, answer: Answer) -> None:
        self.responses.append(answer.code)
        if answer.code > 100 and tag_of(answer.headers["to"][0]):
            self.remote = answer.headers["to"][0]
        if 100 < answer.code < 300 and answer.headers.get("contact"):
            self.target = uri_of(answer.headers["contact"][0])
        if "rseq" in answer.headers and not self._final.is_set():
            rack = f"RAck: {answer.headers['rseq'][0]} 1 INVITE"
            self.send("PRACK", extra=(rack,))
        if 100 < answer.code < 200:
            self.connect(answer.body)

    def acknowledge(self, answer: Answer, number: int) -> None:
        """Sends the ACK; it brings our answer where the INVITE had no offer."""
        if number != 1 or answer.code >= 300 or self.phone.is_deaf:
            super().acknowledge(answer, number)
            return
        self.phone.send(self.lines("ACK", number=1, body=self.sdp() if self.is_late_offer else ""))

    def _take_final(self, answer: Answer) -> None:
        if self._final.is_set():
            return
        self.status = answer.code
        self.answer = answer
        self._final.set()
        if answer.code >= 300:
            self._end()
        else:
            self.connect(answer.body)
