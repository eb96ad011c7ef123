"""We register at trunks as they want it: with a password, for their time, anew after trouble."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosipua import SipMessage, SipResponse

from deskbell.foundation.digest import ha1_of
from deskbell.foundation.trunks import Peer
from deskbell.voice.configuration import Trunk
from deskbell.voice.resolver import Resolver
from deskbell.voice.signalling.destinations import Destination
from deskbell.voice.signalling.digest import Digest, Verdict, read_authorization
from deskbell.voice.signalling.registration import Registrations
from deskbell.voice.tests.stage import ACCOUNT, WebSide, free_port, staged, until

TRUNK = Trunk(
    "carrier", address=Peer("carrier.example"), username="us", password="sesame", registers=True
)
Answer = Callable[[list[str]], tuple[int, tuple[str, ...]]]


def response(code: int, *headers: str) -> SipResponse:
    lines = [
        f"SIP/2.0 {code} Words",
        "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx",
        "From: <sip:us@x>;tag=1",
        "To: <sip:us@x>",
        "Call-ID: 1",
        "CSeq: 1 REGISTER",
        *headers,
        "Content-Length: 0\r\n\r\n",
    ]
    found = SipMessage.parse("\r\n".join(lines).encode())
    assert isinstance(found, SipResponse)
    return found


@dataclass
class Carrier:
    """Answers REGISTERs as a test says, and keeps what it was asked."""

    answers: Answer
    asked: list[tuple[Destination, list[str]]] = field(default_factory=list)

    def request(
        self, destination: Destination, method: str, headers: Sequence[str] = (), body: str = ""
    ) -> asyncio.Future[SipResponse]:
        assert method == "REGISTER"
        self.asked.append((destination, list(headers)))
        future: asyncio.Future[SipResponse] = asyncio.get_running_loop().create_future()
        code, lines = self.answers(list(headers))
        future.set_result(response(code, *lines))
        return future

    def local_host(self, peer: str) -> str:
        return "192.0.2.1"


async def _find(name: str) -> list[str]:
    if name == "lost.example":
        raise OSError("no such name")
    return ["203.0.113.1"]


class Waits:
    """The waits between registrations; each ends when the test says so."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._ends: list[asyncio.Future[None]] = []

    def __call__(self, seconds: float) -> asyncio.Future[None]:
        self.seconds.append(seconds)
        self._ends.append(asyncio.get_running_loop().create_future())
        return self._ends[-1]

    async def next(self) -> float:
        """Ends the present wait and gives the length of the next."""
        count = len(self.seconds)
        if count:
            self._ends[-1].set_result(None)
        await until(lambda: len(self.seconds) > count)
        return self.seconds[-1]


def plays(carrier: Carrier, act: Callable[[Registrations, Waits], Any], trunk: Trunk) -> None:
    async def play() -> None:
        waits = Waits()
        kept = Registrations(lambda: carrier, Resolver(ask=_find), port=5060, wait=waits)
        kept.follow([trunk])
        await act(kept, waits)
        await kept.close()

    asyncio.run(play())


def value(headers: list[str], name: str) -> str:
    """A header's value, empty where it is absent."""
    return next((line.partition(": ")[2] for line in headers if line.startswith(name + ":")), "")


def test_a_challenge_is_answered_and_what_is_granted_is_kept() -> None:
    judge = Digest("theirs")
    hashes = ha1_of("us", "carrier", "sesame")

    def answers(headers: list[str]) -> tuple[int, tuple[str, ...]]:
        given = read_authorization(value(headers, "Authorization"))
        if given is None:
            return 401, tuple(f"WWW-Authenticate: {each}" for each in judge.challenge("carrier"))
        found = judge.check(given, method="REGISTER", realm="carrier", ha1=hashes)
        assert found is Verdict.OK
        return 200, (f"Contact: {value(headers, 'Contact')};expires=100",)

    carrier = Carrier(answers)

    async def act(kept: Registrations, waits: Waits) -> None:
        assert 50 <= await waits.next() <= 80
        assert kept.words == {"carrier": "registered"}
        assert kept.trunk_of("203.0.113.1") == "carrier"
        assert kept.trunk_of("203.0.113.2") == ""
        assert 50 <= await waits.next() <= 80
        first, second = (headers for _, headers in carrier.asked[:2])
        assert value(first, "Contact") == "<sip:us@192.0.2.1:5060>"
        assert value(first, "To") == "<sip:us@carrier.example>"
        assert value(first, "Call-ID") == value(second, "Call-ID")
        numbers = [int(value(headers, "CSeq").split()[0]) for _, headers in carrier.asked]
        assert numbers == sorted(set(numbers))

    plays(carrier, act, TRUNK)
    destination, last = carrier.asked[-1]
    assert value(last, "Expires") == "0", "at the end it leaves"
    assert (destination.uri, destination.host) == ("sip:carrier.example", "203.0.113.1")


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (lambda _: (403, ()), "the trunk answers 403"),
        (lambda _: (503, ()), "the trunk answers 503"),
        (lambda _: (401, ("WWW-Authenticate: Basic realm=x",)), "the trunk answers 401"),
        (
            lambda _: (401, ('WWW-Authenticate: Digest realm="x", nonce="1"',)),
            "the trunk refuses the user name or the password",
        ),
    ],
)
def test_trouble_is_said_and_the_waits_grow(answers: Answer, words: str) -> None:
    carrier = Carrier(answers)

    async def act(kept: Registrations, waits: Waits) -> None:
        for longest in (5, 10, 20, 40, 80, 160, 320, 600, 600):
            assert longest / 2 <= await waits.next() <= longest
        assert kept.words == {"carrier": words}
        assert kept.trunk_of("203.0.113.1") == ""

    plays(carrier, act, TRUNK)
    assert len(carrier.asked) <= 9 * 4


def test_a_longer_time_where_ours_is_too_short() -> None:
    def answers(headers: list[str]) -> tuple[int, tuple[str, ...]]:
        if int(value(headers, "Expires")) in range(1, 1800):
            return 423, ("Min-Expires: 1800",)
        return 200, ("Expires: 1800",)

    async def act(kept: Registrations, waits: Waits) -> None:
        assert 900 <= await waits.next() <= 1440
        assert kept.words == {"carrier": "registered"}

    plays(Carrier(answers), act, TRUNK)


def test_a_name_that_cannot_be_found() -> None:
    carrier = Carrier(lambda _: (200, ()))

    async def act(kept: Registrations, waits: Waits) -> None:
        await waits.next()
        assert kept.words == {"carrier": "lost.example cannot be found"}

    lost = Trunk("carrier", address=Peer("lost.example"), username="us", registers=True)
    plays(carrier, act, lost)
    assert carrier.asked == []


def test_trunks_come_and_go_with_the_configuration() -> None:
    carrier = Carrier(lambda _: (200, ()))

    async def play() -> None:
        waits = Waits()
        kept = Registrations(lambda: carrier, Resolver(ask=_find), port=5060, wait=waits)
        kept.follow([TRUNK, Trunk("in")])
        await waits.next()
        assert set(kept.words) == {"carrier"}
        kept.follow([TRUNK])
        assert kept.words == {"carrier": "registered"}, "what has not changed goes on"
        other = Trunk("other", address=Peer("other.example"), username="us", registers=True)
        kept.follow([other])
        assert kept.words == {"other": "not yet"}
        await until(lambda: kept.words == {"other": "registered"})
        kept.follow([])
        assert kept.words == {}
        await kept.close()

    asyncio.run(play())


def test_one_gateway_registers_at_another_and_is_called_by_it(tmp_path: Path) -> None:
    async def play() -> None:
        phone = {
            "username": "us",
            "name": "us",
            "account": ACCOUNT,
            "ha1": ha1_of("us", "their realm", "sesame"),
            "realm": "their realm",
        }
        theirs = WebSide(free_port(), more={"realm": "their realm", "phones": [phone]})
        dial = "<Dial timeout='5' answerOnBridge='true'><Client>us</Client></Dial>"
        async with staged(tmp_path / "theirs", dial, web=theirs) as carrier:
            ours = WebSide(free_port())
            ours.trunks = ["192.0.2.0/24"]
            async with staged(
                tmp_path / "ours", "<Say>Hello</Say><Pause length='5'/>", web=ours
            ) as stage:
                ours.more["trunks"] = [
                    {
                        "name": "carrier",
                        "addresses": [],
                        "outgoing": str(carrier.phone.sip),
                        "username": "us",
                        "password": "sesame",
                        "registers": True,
                    }
                ]
                await stage.reconfigure()
                await until(lambda: stage.health["trunks"] == {"carrier": "registered"})
                assert carrier.health["phones"] == 1
                call = await carrier.phone.call("12125550100")
                assert call.status == 200
                asked = await ours.gets("/voice/incoming")
                assert "Phone" not in asked
                call.hang_up()
            await until(lambda: carrier.health["phones"] == 0)

    asyncio.run(play())
