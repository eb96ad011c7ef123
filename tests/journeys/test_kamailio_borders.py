"""What strangers cannot do with Kamailio: reach trunks through it, or say that they are one."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from deskbell.foundation.environment import Address
from deskbell.voice.tests.stage import until
from tests.kamailio import HOST, Front, needs_kamailio

pytestmark = [pytest.mark.journey, needs_kamailio]

TRUNKS = ('#!define TRUNKS "192.0.2.0/24,127.0.0.0/8"',)
COPIED = re.compile(r"(?im)^(?:via|from|to|call-id|cseq|contact|m):.*\r?$")


class Peer(asyncio.DatagramProtocol):
    """A SIP peer that keeps what it gets, and says 200 to OPTIONS and REGISTER as a gateway."""

    def __init__(self) -> None:
        opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        opened.bind((HOST, 0))
        self.opened = opened
        self.address = Address(*opened.getsockname())
        self.got: list[str] = []

    async def listen(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: self, sock=self.opened)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)  # 3.11's is none by class

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        if not text.startswith("OPTIONS"):
            self.got.append(text)
        if text.startswith(("OPTIONS", "REGISTER")):
            lines = [line.strip() for line in COPIED.findall(text)]
            tagged = [f"{line};tag=1" if line.startswith("To:") else line for line in lines]
            answer = ["SIP/2.0 200 OK", *tagged, "Content-Length: 0", "", ""]
            self.transport.sendto("\r\n".join(answer).encode(), addr)

    def of(self, call_id: str) -> list[str]:
        """The first lines of what came with that Call-ID, without the 100s."""
        found = [text for text in self.got if f"Call-ID: {call_id}\r" in text]
        return [line for text in found if " 100 " not in (line := text.split("\r\n")[0])]

    def has(self, call_id: str) -> bool:
        """Whether anything came with that Call-ID."""
        return bool(self.of(call_id))

    def send(self, to: Address, method: str, uri: str, call_id: str, *lines: str) -> None:
        """A request to Kamailio; `lines` have To and what else it says."""
        head = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.address};branch=z9hG4bK{call_id};rport",
            "Max-Forwards: 70",
            "From: <sip:e@example.com>;tag=f",
            f"Call-ID: {call_id}",
            f"CSeq: 1 {method}",
        ]
        whole = "\r\n".join([*head, *lines, "Content-Length: 0", "", ""])
        self.transport.sendto(whole.encode(), (to.host, to.port))


@asynccontextmanager
async def peers(count: int) -> AsyncIterator[list[Peer]]:
    """Peers that listen."""
    made = [Peer() for _ in range(count)]
    for each in made:
        await each.listen()
    try:
        yield made
    finally:
        for each in made:
            each.transport.close()


def test_who_makes_up_a_call_reaches_gateways_alone_and_names_no_source(tmp_path: Path) -> None:
    async def play() -> None:
        async with (
            peers(3) as (gateway, stranger, trunk),
            Front(tmp_path, gateways=[gateway.address]).running() as front,
        ):
            route = (f"Route: <sip:{front.sip};lr>", "To: <sip:x@example.com>;tag=made-up")
            contact = f"Contact: <sip:e@{stranger.address}>"
            dear = f"sip:+19005550142@{trunk.address}"
            stranger.send(front.sip, "INVITE", dear, "relayed", *route, contact)
            aside = f"sip:1@{gateway.address};alias={HOST}~{trunk.address.port}~1"
            stranger.send(front.sip, "INVITE", aside, "aside", *route, contact)
            source = "X-Deskbell-Source: 192.0.2.9"
            within = f"sip:1@{gateway.address}"
            stranger.send(front.sip, "INVITE", within, "within", *route, contact, source)
            await until(lambda: bool(gateway.of("within") and stranger.of("relayed")))
            await until(lambda: bool(gateway.of("aside")))
            assert stranger.of("relayed") == ["SIP/2.0 403 Not Through Here"]
            assert trunk.got == []
            assert not any("X-Deskbell-Source" in text for text in gateway.got)

    asyncio.run(play())


async def register_and_call(folder: Path, gateway: Peer, phone: Peer, trunk: Peer) -> None:
    here, there = f"<sip:bob@{phone.address}>", f"<sip:+19005550142@{trunk.address}>"
    aside = f"alias={HOST}~{trunk.address.port}~1"
    wrong = {
        "two": (f"Contact: {here}", f"Contact: {there}"),
        "short": (f"m: {here}", f"m: {there}"),
        "comma": (f'Contact: {here}, "b" {there}',),
        "alias": (f"Contact: <sip:bob@{phone.address};transport=udp;{aside}>",),
        "maddr": (f"Contact: <sip:bob@{phone.address};transport=udp;maddr=192.0.2.9>",),
    }
    async with Front(folder, gateways=[gateway.address]).running() as front:
        for name, contacts in (*wrong.items(), ("elsewhere", (f"Contact: {there}",))):
            lines = (f"To: <sip:{name}@example.com>", *contacts, "Expires: 300")
            phone.send(front.sip, "REGISTER", "sip:example.com", name, *lines)
            await until(partial(phone.has, name))
        for name in (*wrong, "elsewhere"):
            to, contact = f"To: <sip:{name}@example.com>", f"Contact: <sip:{gateway.address}>"
            gateway.send(front.sip, "INVITE", f"sip:{name}@example.com", f"to-{name}", to, contact)
        await until(lambda: bool(phone.of("to-elsewhere")))
        await until(lambda: all(gateway.of(f"to-{name}") for name in wrong))
        for name in wrong:
            assert phone.of(name)[0].startswith("SIP/2.0 400 "), name
            assert gateway.of(f"to-{name}") == ["SIP/2.0 480 Not Registered"]
        assert trunk.got == []


def test_a_phone_that_registers_somebody_elses_place_is_called_at_its_own(tmp_path: Path) -> None:
    async def play() -> None:
        async with peers(3) as three:
            await register_and_call(tmp_path, *three)

    asyncio.run(play())


@pytest.mark.parametrize(("settings", "is_heard"), [((), False), (TRUNKS, True)])
def test_who_sends_too_much_is_not_heard_but_for_trunks(
    tmp_path: Path, settings: tuple[str, ...], is_heard: bool
) -> None:
    async def play() -> None:
        async with (
            peers(2) as (gateway, busy),
            Front(tmp_path, gateways=[gateway.address], settings=settings).running() as front,
        ):
            for number in range(300):
                busy.send(front.sip, "OPTIONS", "sip:x", f"{number:03}", "To: <sip:x@example.com>")
                await asyncio.sleep(0.005)
            last = partial(busy.has, "299")
            if is_heard:
                await until(last)
            else:
                await until(lambda: "sends too much" in front.said)
                assert not last()

    asyncio.run(play())
