"""People on call who are reached by SIP phones of their own, in a demo that runs.

A clerk, a process beside the demo, does what nobody should wait for here: it makes levels and
phones, leaves messages, and has the watchdog look now, for a deadline that is made to be over.

    with clerk(house) as at_work:
        alice = Person("Alice", "alice-desk")
        at_work.level("Pumps", [alice], then=[bob])
        message = at_work.message("Pumps", "The pump leaks")
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from deskbell import speech
from deskbell.cli import postgres
from deskbell.voice.clips import ClipFolder
from tests.house import OURS, ROOT, House, until
from tests.patience import patience
from tests.phone import Phone
from tests.phone_incoming import Incoming

CALLER = "+12125550187"


@dataclass(frozen=True)
class Person:
    """Somebody on call: a name, a phone of theirs, and what may be left where a machine answers."""

    name: str
    phone: str
    instructions: str = ""

    @property
    def user(self) -> str:
        """The user name of their phone."""
        return f"w0411-{self.phone}"


class Clerk:
    """Orders for the process beside the demo, each answered before it returns."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._passwords: dict[str, str] = {}

    def level(
        self, name: str, people: Sequence[Person], *, then: Sequence[Person] = (), repeat: int = 0
    ) -> None:
        """A level with `people` on call now, whose repeats are 1 s apart; after it one of `then`'s.

        Nothing escalates by itself within the hour.
        """
        self._passwords |= self._ask(
            do="level",
            name=name,
            people=[vars(each) for each in people],
            then=[vars(each) for each in then],
            repeat=repeat,
        )

    def message(self, level: str, content: str, *, is_emergency: bool = False) -> int:
        """A message from CALLER for the people of `level`, taken now."""
        return int(self._ask(do="message", level=level, content=content, is_emergency=is_emergency))

    def to_do(self, contact: str, instructions: str) -> int:
        """A call to `contact` that speaks the instructions now; the id of the To Do."""
        return int(self._ask(do="to_do", contact=contact, instructions=instructions))

    def forget(self, message: int) -> None:
        """Makes the deadlines of a message's calls be over, and has the watchdog see that."""
        self._ask(do="forget", message=message)

    def password(self, person: Person) -> str:
        """Of the person's phone."""
        return self._passwords[person.user]

    def _ask(self, **order: Any) -> Any:
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        assert answer, "the clerk has gone"
        return json.loads(answer)


@contextmanager
def clerk(house: House) -> Iterator[Clerk]:
    """A clerk, as long as it is needed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    told = {
        "DESKBELL_DATA_DIR": str(house.folder),
        "DATABASE_URL": postgres.url_of(house.folder / "postgres"),
        "DESKBELL_VOICE_URLS": house.voice,
        "DJANGO_SETTINGS_MODULE": "deskbell.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.on_call"],
        env=kept | told,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        yield Clerk(process)
        assert process.stdin
        process.stdin.close()
        assert process.wait(20) == 0


@asynccontextmanager
async def at_phones(house: House, at_work: Clerk, *people: Person) -> AsyncIterator[list[Phone]]:
    """The people's phones, connected."""
    async with AsyncExitStack() as stack:
        phones = []
        for person in people:
            phone = await stack.enter_async_context(Phone(house.sip, user=person.user))
            await asyncio.to_thread(until, partial(_is_known, house, person), 30, "no such phone")
            assert (await phone.register(person.user, at_work.password(person))).code == 200
            phones.append(phone)
        yield phones


def _is_known(house: House, person: Person) -> bool:
    """Whether the gateway knows of a phone; to try would count as a wrong password until then."""
    return f'"{person.user}"' in (house.folder / "voice" / "config.json").read_text()


async def sentence(house: House, text: str, *, within: float = 60.0) -> bytes:
    """The gateway's own audio of a sentence, as soon as it has spoken it."""
    folder = ClipFolder(house.folder / "voice" / "said" / "spoken")
    key = (text, "", "en", "man", speech.service_for("en"), *speech.engines())
    async with patience(within):
        while (found := folder.get(key)) is None:
            await asyncio.sleep(0.1)
    return found.rstrip(b"\xff\x7f")  # what pads the last packet is nobody's words


async def hears(
    house: House, call: Incoming, text: str, *, after: int = 0, within: float = 60.0
) -> None:
    """Waits until a sentence was heard in the call, byte for byte, `after` so many bytes."""
    clip = await sentence(house, text, within=within)
    async with patience(within):
        while call.heard().find(clip, after) < 0:
            assert not call.is_over, f"the call ended before it was heard: {text}"
            call.rtp.arrived.clear()
            await call.rtp.arrived.wait()


def _main() -> None:
    """The clerk's own process: an order a line, an answer a line."""
    import django

    django.setup()
    from tests import on_call_orders

    for line in sys.stdin:
        order = json.loads(line)
        answer = getattr(on_call_orders, order.pop("do"))(**order)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
