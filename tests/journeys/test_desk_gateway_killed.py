"""The gateway is killed while callers wait for a receptionist, and a new one takes them up.

All hear an apology and are in line again, each at their old place; one is answered; and the records
say what happened. One of the callers is baresip, which others wrote.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskbell.attendant.rules import Sentence
from deskbell.voice.media.g711 import linear_of_mulaw
from tests.backstage import Backstage, backstage
from tests.baresip import Baresip, account, baresip, needs_baresip, tone_share
from tests.house import House, processes_of, prompts, running_house
from tests.patience import patience
from tests.phone import CallHandle, Phone
from tests.receptionists import (
    KEY,
    go_available,
    hire,
    open_reception,
    phone_of,
)

pytestmark = [pytest.mark.journey, needs_baresip]
RITA, FIRST = 440, 900


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """One of its own: its gateway is killed."""
    with running_house() as running:
        yield running


@pytest.fixture(scope="module")
def behind(house: House) -> Iterator[Backstage]:
    with backstage(house) as found:
        yield found


async def soon(condition: Any, why: str, *, within: float = 60.0) -> Any:
    """Waits until `condition()` gives something; gives it."""
    try:
        async with patience(within):
            while not (found := await asyncio.to_thread(condition)):
                await asyncio.sleep(0.2)
            return found
    except TimeoutError:
        raise AssertionError(f"not within {within:g} s: {why}") from None


def places(house: House) -> list[tuple[str, str, Any]]:
    """The calls that wait, in their order: sid, caller, and what gives them their place."""
    return house.rows(
        "SELECT call_sid, caller_id, rank_at FROM desk_deskcall"
        " WHERE state = 'waiting' ORDER BY rank_at"
    )


def in_hand(house: House) -> list[Any]:
    """The sid of the caller whom a receptionist has."""
    return house.rows("SELECT call_sid FROM desk_deskcall WHERE state = 'in_hand'")


async def hears(call: CallHandle, hertz: float) -> None:
    """Waits until a caller hears that tone, and hardly anything else.

    What came last is what counts: a new gateway numbers its packets anew.
    """

    def share() -> float:
        newest = b"".join([*call.rtp.received.values()][-50:])
        return tone_share(linear_of_mulaw(newest).tobytes(), hertz)

    async with patience(20):
        while share() < 0.5:
            await asyncio.sleep(0.2)


def records(house: House, sids: list[str]) -> dict[str, Any]:
    """Status, end, stages in their order, and what the desk says of each call, by sid."""
    rows = house.rows(
        "SELECT c.sid, c.status, c.ended_at, array_agg(s.stage ORDER BY s.id), d.outcome"
        " FROM calls_call c JOIN calls_stageofcall s ON s.call_id = c.id"
        " JOIN desk_deskcall d ON d.call_sid = c.sid WHERE c.sid = ANY(%s)"
        " GROUP BY c.sid, c.status, c.ended_at, d.outcome",
        sids,
    )
    return {sid: told for sid, *told in rows}


def rung(phone: Baresip) -> int:
    """How often a phone has been rung."""
    return sum(event.get("type") == "CALL_INCOMING" for event in phone.events)


async def waits(house: House, call: CallHandle, count: int) -> None:
    """Chooses the receptionist in the menu, until that many callers wait."""
    await call.hears_more(8000)
    async with patience(40):
        while len(await asyncio.to_thread(places, house)) < count:
            call.press(KEY)
            await asyncio.sleep(2)


def test_callers_keep_their_places_when_the_gateway_is_killed(
    house: House, behind: Backstage, tmp_path: Path
) -> None:
    number = house.account["numbers"][0]["number"]
    open_reception(behind)
    [rita] = hire(behind, "rita")

    async def play() -> None:
        line = account("caller", "127.0.0.1", "", proxy=house.sip, regint="0")
        async with (
            phone_of(house, tmp_path / "rita", rita, hertz=RITA, answers=False) as desk,
            baresip(tmp_path / "first", line, hertz=FIRST) as first,
            Phone(house.sip, user="+12125550177") as second,
            Phone(house.sip, user="+12125550178") as third,
        ):
            await asyncio.to_thread(go_available, behind, rita)
            first.do("dial", f"sip:{number}@{house.sip}")
            await first.sees("CALL_ESTABLISHED")
            await asyncio.sleep(2)
            first.do("sndcode", KEY)
            await soon(lambda: places(house), "the first caller waits")
            await desk.sees("CALL_INCOMING", within=40)
            others = [await second.call(number), await third.call(number)]
            for count, call in enumerate(others, 2):
                assert call.status == 200
                await waits(house, call, count)
            before = await asyncio.to_thread(places, house)

            rings = rung(desk)
            [gateway] = processes_of(house, "deskbell.voice")
            os.kill(gateway, signal.SIGKILL)
            sorry = prompts(house)[Sentence.BROKE_OFF]
            for call in others:
                await call.hears(sorry[800:4000], within=90)
            await soon(lambda: len(places(house)) == 3, "all three wait again")
            assert places(house) == before, "the same calls, at their old places"

            await soon(lambda: rung(desk) > rings, "rita is rung again")
            await asyncio.sleep(1)
            desk.do("accept")
            [[answered]] = await soon(lambda: in_hand(house), "rita has a caller")
            callers = {sid: caller for sid, caller, _ in before}
            talks = next((call for call in others if call.phone.user == callers[answered]), None)
            await (first.hears_soon(RITA) if talks is None else hears(talks, RITA))
            assert places(house) == [each for each in before if each[0] != answered]
            desk.do("hangup")
            first.do("hangup")
            for call in others:
                if not call.is_over:
                    call.hang_up()

            await soon(
                lambda: all(ended for _, ended, *_ in records(house, list(callers)).values()),
                "the records are closed",
            )
            for sid, (status, _, stages, outcome) in records(house, list(callers)).items():
                has_talked = sid == answered
                assert status == "completed"
                assert stages[0] == "wait"
                assert ("talk" in stages, outcome == "abandoned") == (has_talked, not has_talked)

    asyncio.run(play())
