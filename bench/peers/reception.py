"""Receptionists' telephones and the callers they answer, in a process of their own:
`python -m peers.reception --sip … --phones FILE --number … --rate 20 --seconds 30`.

Every phone of the file (a list of user names and passwords) registers, picks up what rings after a
while, and hangs up when it has talked. Callers come at an even pace, press 0 and wait. The process
says `ready`, and at the end a line of JSON: for each caller its number, when it was answered, when
the first telephone rang for it, and how many did. Times are seconds since 1970.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import socket
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import uvloop

from deskbell.foundation.environment import Address
from tests.phone import Incoming, Phone
from tests.phone_audio import Rtp

FIRST_CALLER = 12125560000
_RING_SECONDS = (0.3, 1.2)  # people pick up sooner or later
_REGISTERED_AT_ONCE = 10


class Deaf(Rtp):
    """A port that takes audio and does nothing with it, for hundreds of calls in one process."""

    async def open(self, host: str = "127.0.0.1") -> None:
        """Binds a UDP port that nobody reads."""
        self._socket = socket.socket(type=socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self.port = self._socket.getsockname()[1]

    def start(self, peer: tuple[str, int]) -> None:
        """Sends nothing."""
        self.peer = peer

    def close(self) -> None:
        """Gives the port back."""
        self._socket.close()


class DeafPhone(Phone):
    """The phone of the tests without audio."""

    audio = Deaf

    def _on_message(self, data: bytes) -> None:
        """What is SIP; ports are used again, and audio of a call before may come."""
        if b"SIP/2.0" in data:
            super()._on_message(data)


@dataclass(slots=True)
class Caller:
    """What one caller met."""

    number: str
    answered_at: float = 0.0
    rang_at: float = 0.0
    rings: int = 0
    talked: bool = False


class Reception:
    """All the telephones, and what they note of each caller."""

    def __init__(self, sip: Address, *, talk: float) -> None:
        self._sip = sip
        self._talk = talk
        self._chance = random.Random(5)
        self.callers: dict[str, Caller] = {}
        self.phones: list[Phone] = []

    async def open(self, known: list[tuple[str, str]]) -> None:
        """Registers a phone for each user name and password."""
        few = asyncio.Semaphore(_REGISTERED_AT_ONCE)

        async def one(name: str, password: str) -> None:
            phone = DeafPhone(self._sip, user=name, on_call=self._rung)
            self.phones.append(phone)
            async with few:
                answer = await phone.register(name, password, expires=3600)
            if answer.code != 200:
                raise RuntimeError(f"{name} is answered {answer.code}")

        await asyncio.gather(*(one(name, password) for name, password in known))

    async def _rung(self, call: Incoming) -> None:
        at, number = time.time(), call.remote.partition("sip:")[2].partition("@")[0]
        caller = self.callers.get(number.lstrip("+"))
        if caller is not None:
            caller.rang_at = caller.rang_at or at
            caller.rings += 1
        call.ring()
        await asyncio.sleep(self._chance.uniform(*_RING_SECONDS))
        call.answer()
        if call.status != 200:
            return
        if caller is not None:
            caller.talked = True
        await asyncio.sleep(self._talk)
        if not call.is_over:
            call.hang_up()

    async def call(self, number: str, caller: Caller) -> None:
        """One caller, who presses 0 and waits until somebody has talked with them."""
        self.callers[caller.number] = caller
        phone = DeafPhone(self._sip, user=caller.number)
        try:
            call = await phone.call(number)
            if call.status != 200:
                return
            caller.answered_at = time.time()
            call.send("INFO", body="Signal=0\r\nDuration=160\r\n", kind="application/dtmf-relay")
            await call.ended(within=600)
        except TimeoutError:
            return
        finally:
            phone.close()


async def _run(chosen: argparse.Namespace, known: list[tuple[str, str]]) -> list[Caller]:
    reception = Reception(Address.parse(chosen.sip, name="--sip"), talk=chosen.talk)
    await reception.open(known)
    print("ready", flush=True)
    callers = [
        Caller(str(FIRST_CALLER + place)) for place in range(int(chosen.rate * chosen.seconds))
    ]
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for place, caller in enumerate(callers):
            await asyncio.sleep(max(0.0, began + place / chosen.rate - time.monotonic()))
            group.create_task(reception.call(chosen.number, caller))
    return callers


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sip", required=True)
    parser.add_argument("--phones", required=True)
    parser.add_argument("--number", required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--talk", type=float, default=3.0)
    chosen = parser.parse_args()
    known = [(name, password) for name, password in json.loads(Path(chosen.phones).read_text())]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = runner.run(_run(chosen, known))
    print(json.dumps([asdict(each) for each in found]), flush=True)


if __name__ == "__main__":
    main()
