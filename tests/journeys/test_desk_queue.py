"""Callers for a receptionist, with every real part: SIPp and telephones call, baresips answer.

Each receptionist's phone, and each SIPp caller, speaks a tone of its own, so who is connected with
whom is what they hear.
"""

from __future__ import annotations

import asyncio
import functools
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from deskbell import speech
from deskbell.attendant.rules import Sentence
from deskbell.attendant.rules.sentences import MUSIC, place_words
from deskbell.voice.media.g711 import to_linear
from deskbell.voice.tests.stage import free_port
from tests.backstage import Backstage, backstage
from tests.baresip import Baresip, needs_baresip, tone_share, wave_of
from tests.house import House, greeting_now, prompts, running_house, until
from tests.patience import patience
from tests.phone import CallHandle, Phone
from tests.receptionists import (
    Hired,
    calls_at_desk,
    go_available,
    go_away,
    hire,
    open_reception,
    phone_of,
    standing,
)
from tests.sipp import Callers

pytestmark = [
    pytest.mark.journey,
    needs_baresip,
    pytest.mark.skipif(shutil.which("sipp") is None, reason="SIPp is not installed"),
]
SCENARIO = Path(__file__).parent / "sipp" / "ask_for_receptionist.xml"
RITA, SAM = 440.0, 620.0
_SOON = 40.0  # a limit for what takes a second or two on a machine with nothing else to do


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """A demo of this file's own: whoever is on duty there is on duty for all."""
    with running_house() as running:
        yield running


@functools.cache
def message() -> bytes:
    """What callers say; spoken before the first call, since nobody listens meanwhile."""
    return speech.speak_mulaw("Please call me back, the pump leaks.")


@pytest.fixture(scope="module")
def behind(house: House) -> Iterator[Backstage]:
    with backstage(house) as found:
        yield found


@pytest.fixture(scope="module")
def staff(behind: Backstage) -> list[Hired]:
    message()
    return hire(behind, "rita", "sam")


@pytest.fixture(autouse=True)
def all_away(behind: Backstage, staff: list[Hired]) -> Iterator[None]:
    open_reception(behind, wrap=1)
    yield
    go_away(behind, *staff)


async def soon(what: Callable[[], Any], why: str, *, within: float = _SOON) -> Any:
    """Waits for something to come true; gives it."""
    try:
        async with patience(within):
            while not (found := what()):
                await asyncio.sleep(0.1)
            return found
    except TimeoutError:
        raise AssertionError(f"not within {within:g} s: {why}") from None


def number_of(house: House) -> str:
    return str(house.account["numbers"][0]["number"])


async def asks_for_receptionist(house: House, phone: Phone) -> CallHandle:
    """Calls, and presses 0 once the menu is heard."""
    known = prompts(house)
    call = await phone.call(number_of(house))
    assert call.status == 200
    await soon(lambda: greeting_now(known, call.heard()), "the menu")
    call.press("0")
    return call


def hears_tone(call: CallHandle, hertz: float) -> bool:
    """Whether the last half second of what a caller heard is that tone."""
    return tone_share(to_linear(call.heard()[-4000:], "PCMU"), hertz) > 0.5


async def leaves_message(house: House, call: CallHandle) -> None:
    """Hears that nobody is free, speaks, and is thanked: the message is there."""
    known, before = prompts(house), house.newest()["id"]
    await call.hears(known[Sentence.NOBODY_FREE], within=_SOON)
    await call.hears(known[Sentence.LEAVE_MESSAGE], within=_SOON)
    await asyncio.sleep(0.6)  # the tone
    call.speak(message())
    await call.spoken()
    call.press("#")
    await call.hears(known[Sentence.MESSAGE_TAKEN], within=_SOON)
    await call.ended()
    await soon(lambda: house.newest()["id"] != before, "the message")


@asynccontextmanager
async def sipp_caller(
    house: House, folder: Path, name: str, *, hertz: float
) -> AsyncIterator[Callers]:
    """A SIPp that asks for a receptionist, and speaks a tone."""
    scenario = _written(folder, name, hertz)
    process = await asyncio.create_subprocess_exec(
        *("sipp", str(house.sip), "-sf", str(scenario), "-s", number_of(house), "-nostdin"),
        *("-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", str(free_port()), "-trace_err"),
        *("-mp", str(free_port() & ~1), "-m", "1", "-timeout", "200", "-timeout_error"),
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={"TERM": "xterm", "PATH": "/usr/bin:/bin"},
    )
    callers = Callers(process, folder)
    try:
        yield callers
    finally:
        await callers.stop()


def _written(folder: Path, name: str, hertz: float) -> Path:
    """A folder with the scenario of a caller, and the tone they speak."""
    folder.mkdir(parents=True)
    audio = folder / "tone.ulaw"
    audio.write_bytes(speech.to_mulaw(wave_of(hertz, 10)))
    scenario = folder / "caller.xml"
    text = SCENARIO.read_text().replace("[$audio]", str(audio)).replace("[$caller]", name)
    scenario.write_text(text)
    return scenario


def newest_call(house: House) -> int:
    """The id of the newest call at the desk; 0 before the first."""
    return max((each["id"] for each in calls_at_desk(house)), default=0)


def in_hand(house: House, since: int) -> dict[int, int]:
    """Which call each receptionist has, by their ids."""
    rows = [each for each in calls_at_desk(house, since) if each["state"] == "in_hand"]
    assert len({each["receptionist_id"] for each in rows}) == len(rows), "one call for each"
    return {each["receptionist_id"]: each["id"] for each in rows}


def test_three_callers_and_two_receptionists(
    house: House, behind: Backstage, staff: list[Hired], tmp_path: Path
) -> None:
    """Everybody gets one, nobody two; the third waits with music until the first is over."""
    rita, sam = staff
    tones = {"12125550181": 1000.0, "12125550182": 1400.0}
    before = newest_call(house)

    async def talk(phones: dict[int, Baresip], sipps: dict[float, Callers]) -> None:
        await soon(lambda: len(in_hand(house, before)) == 2, "two callers with two receptionists")
        heard: dict[int, float] = {}

        def all_heard() -> bool:
            for pk, phone in phones.items():
                heard.update((pk, hertz) for hertz in tones.values() if phone.hears(hertz))
            return len(heard) == 2

        await soon(all_heard, "each receptionist hears a caller")
        assert set(heard.values()) == set(tones.values()), "each another one"

        known = prompts(house)
        async with Phone(house.sip, user="12125550183") as phone:
            third = await asks_for_receptionist(house, phone)
            await third.hears(known[Sentence.HOLD_THE_LINE], within=_SOON)
            await third.hears(known[place_words(1)], within=_SOON)
            await third.hears(known[MUSIC][:16000], within=_SOON)
            assert len(in_hand(house, before)) == 2
            assert calls_at_desk(house, before)[-1]["state"] == "waiting"

            phones[rita.id].do("hangup")
            assert await sipps[heard[rita.id]].done(within=_SOON) == ""
            await soon(lambda: hears_tone(third, RITA), "the third hears rita")
            assert not hears_tone(third, SAM)
            third.hang_up()
        phones[sam.id].do("hangup")
        assert await sipps[heard[sam.id]].done(within=_SOON) == ""

    async def play() -> None:
        first, second = tones
        async with (
            phone_of(house, tmp_path / "rita", rita, hertz=RITA) as ritas,
            phone_of(house, tmp_path / "sam", sam, hertz=SAM) as sams,
        ):
            go_available(behind, rita, sam)
            async with (
                sipp_caller(house, tmp_path / "1", first, hertz=tones[first]) as one,
                sipp_caller(house, tmp_path / "2", second, hertz=tones[second]) as two,
            ):
                sipps = {tones[first]: one, tones[second]: two}
                await talk({rita.id: ritas, sam.id: sams}, sipps)

    asyncio.run(play())
    found = calls_at_desk(house, before)
    assert len(found) == 3
    assert sorted(each["receptionist_id"] for each in found) == sorted([rita.id, rita.id, sam.id])
    answered = house.rows(
        "SELECT desk_call_id, count(*) FROM desk_offer WHERE desk_call_id > %s"
        " AND state IN ('answered', 'done') GROUP BY 1",
        before,
    )
    assert sorted(answered) == [(each["id"], 1) for each in found]


def test_the_first_answer_wins_and_the_other_phone_stops_ringing(
    house: House, behind: Backstage, staff: list[Hired], tmp_path: Path
) -> None:
    rita, sam = staff

    async def play() -> None:
        async with (
            phone_of(house, tmp_path / "rita", rita, hertz=RITA, answers=False) as ritas,
            phone_of(house, tmp_path / "sam", sam, hertz=SAM, answers=False) as sams,
            Phone(house.sip) as phone,
        ):
            go_available(behind, rita, sam)
            call = await asks_for_receptionist(house, phone)
            await ritas.sees("CALL_INCOMING", within=_SOON)
            await sams.sees("CALL_INCOMING", within=_SOON)
            ritas.do("accept")
            await sams.sees("CALL_CLOSED", within=_SOON)
            await soon(lambda: hears_tone(call, RITA), "the caller hears rita")
            await soon(lambda: standing(house, sam) == "available", "sam is free")
            assert standing(house, rita) == "in_call"
            call.hang_up()
            await ritas.sees("CALL_CLOSED", within=_SOON)
            await soon(lambda: standing(house, rita) == "available", "rita is free again")

    asyncio.run(play())


def test_all_away_is_voicemail_at_once(house: House) -> None:
    before = newest_call(house)

    async def play() -> None:
        async with Phone(house.sip) as phone:
            await leaves_message(house, await asks_for_receptionist(house, phone))

    asyncio.run(play())
    assert newest_call(house) == before


def test_who_waits_when_all_go_away_leaves_a_message(
    house: House, behind: Backstage, staff: list[Hired], tmp_path: Path
) -> None:
    [rita, _] = staff

    async def play() -> None:
        async with (
            phone_of(house, tmp_path / "rita", rita, hertz=RITA, answers=False) as ritas,
            Phone(house.sip) as phone,
        ):
            go_available(behind, rita)
            call = await asks_for_receptionist(house, phone)
            await ritas.sees("CALL_INCOMING", within=_SOON)
            go_away(behind, rita)
            await ritas.sees("CALL_CLOSED", within=_SOON)
            await leaves_message(house, call)

    asyncio.run(play())
    assert calls_at_desk(house)[-1]["outcome"] == "voicemail"


def test_patience_ends_at_voicemail(
    house: House, behind: Backstage, staff: list[Hired], tmp_path: Path
) -> None:
    [rita, _] = staff
    open_reception(behind, wrap=1, patience=12)

    async def play() -> None:
        async with (
            phone_of(house, tmp_path / "rita", rita, hertz=RITA, answers=False) as ritas,
            Phone(house.sip) as phone,
        ):
            go_available(behind, rita)
            call = await asks_for_receptionist(house, phone)
            await ritas.sees("CALL_INCOMING", within=_SOON)
            await leaves_message(house, call)
            await ritas.sees("CALL_CLOSED", within=_SOON)

    asyncio.run(play())
    assert calls_at_desk(house)[-1]["outcome"] == "voicemail"


def test_who_hangs_up_in_the_queue_rings_nobody_any_more(
    house: House, behind: Backstage, staff: list[Hired], tmp_path: Path
) -> None:
    [rita, _] = staff

    async def play() -> None:
        async with (
            phone_of(house, tmp_path / "rita", rita, hertz=RITA, answers=False) as ritas,
            Phone(house.sip) as phone,
        ):
            go_available(behind, rita)
            call = await asks_for_receptionist(house, phone)
            await ritas.sees("CALL_INCOMING", within=_SOON)
            call.hang_up()
            await ritas.sees("CALL_CLOSED", within=_SOON)
            await soon(lambda: standing(house, rita) == "available", "rita is free")

    asyncio.run(play())
    left = calls_at_desk(house)[-1]
    assert (left["state"], left["outcome"]) == ("over", "abandoned")
    [(who, waited)] = house.rows(
        "SELECT who_hung_up, wait_sec FROM calls_call WHERE sid = %s", left["call_sid"]
    )
    assert who == "caller"
    assert waited >= 0


def test_a_conversation_is_recorded_where_the_terms_say_so(
    house: House, behind: Backstage, staff: list[Hired], tmp_path: Path
) -> None:
    """The recording is the caller's call's, with whoever took it, in the API and to be heard."""
    [rita, _] = staff
    open_reception(behind, wrap=1, is_recorded=True)

    async def play() -> None:
        async with (
            phone_of(house, tmp_path / "rita", rita, hertz=RITA) as ritas,
            Phone(house.sip) as phone,
        ):
            go_available(behind, rita)
            call = await asks_for_receptionist(house, phone)
            await soon(lambda: hears_tone(call, RITA), "the caller hears rita")
            await call.hears_more(16_000)
            call.hang_up()
            await ritas.sees("CALL_CLOSED", within=_SOON)

    asyncio.run(play())
    sid = calls_at_desk(house)[-1]["call_sid"]

    def kept() -> dict[str, Any] | None:
        found = house.api("call-recordings?per_page=5")
        ours = (each for each in found if each["call_sid"].replace("-", "") == sid[2:])
        return next((each for each in ours if each["cdr"]["talk_sec"]), None)  # the call is over

    told = until(kept, _SOON, "the recording")
    assert told["agent_username"] == "rita"
    assert told["cdr"]["talk_sec"] >= 2
    sound = speech.read_wav(httpx.get(told["recording"]).content)
    assert tone_share(to_linear(speech.to_mulaw(sound)[-8000:], "PCMU"), RITA) > 0.3
