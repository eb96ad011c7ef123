"""Callers who press keys, in a process of their own: `python -m peers.callers --sip …`.

It says what it begins, a line each: `standing` (all calls stand, nobody presses), `warming`,
`pressing` (these keys count). Then comes a line of JSON: a pair for each key.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time

import uvloop

from deskbell.foundation.environment import Address
from tests.phone import Phone

from .keypad import Keypad

PATIENCE = 2.0
Pair = tuple[float | None, bool]


class KeypadPhone(Phone):
    """The phone of the tests with a keypad's audio."""

    audio = Keypad


async def _press(keypads: list[Keypad], key: str, per_second: float, seconds: float) -> list[Pair]:
    """Presses `key` in one call after the other, `per_second` times a second.

    Gives for each the milliseconds until the next menu, None where it never came, and whether a
    prompt was playing. A call that still waits for its last menu presses when it has it, and that
    key counts from when it was due.
    """
    began, chance, pairs = time.time() + 0.1, random.Random(11), list[Pair]()
    keys = range(int(seconds * per_second))
    dues = [began + (place + chance.random()) / per_second for place in keys]

    async def one(keypad: Keypad, dues: list[float]) -> None:
        for due in dues:
            early = due - time.time()
            await asyncio.sleep(max(0.0, early))
            was_playing = keypad.is_sounding
            times = await keypad.turn(key, within=PATIENCE)
            took = None if times is None else times[1] - (times[0] if early > 0 else due)
            pairs.append((None if took is None else 1000 * took, was_playing))

    await asyncio.gather(
        *(one(keypad, dues[place :: len(keypads)]) for place, keypad in enumerate(keypads))
    )
    return pairs


async def _stand(phone: Phone, number: str, calls: int) -> list[Keypad]:
    keypads = []
    for _ in range(calls):
        call = await phone.call(number)
        if call.status != 200 or not isinstance(call.rtp, Keypad):
            raise SystemExit(f"a call was answered with {call.status}")
        keypads.append(call.rtp)
    async with asyncio.timeout(PATIENCE):
        for keypad in keypads:
            await keypad.speaks.wait()
    return keypads


async def _run(asked: argparse.Namespace) -> None:
    phone = KeypadPhone(Address.parse(asked.sip, name="--sip"))
    keypads = await _stand(phone, asked.number, asked.calls)
    print("standing", flush=True)
    await asyncio.sleep(asked.standing)
    print("warming", flush=True)
    await _press(keypads, asked.key, asked.per_second, asked.warming)
    print("pressing", flush=True)
    pairs = await _press(keypads, asked.key, asked.per_second, asked.pressing)
    print(json.dumps(pairs), flush=True)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sip", required=True, help="HOST:PORT to call")
    parser.add_argument("--number", required=True, help="to call")
    parser.add_argument("--key", default="1", help="leads from each menu to another")
    parser.add_argument("--calls", type=int, required=True)
    parser.add_argument("--per-second", type=float, required=True, help="keys, in all calls")
    for name in ("--standing", "--warming", "--pressing"):
        parser.add_argument(name, type=float, required=True, help="seconds")
    uvloop.run(_run(parser.parse_args()))


if __name__ == "__main__":
    _main()
