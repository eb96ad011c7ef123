"""What the desk does with a caller in a conference: parties who are asked first, hold, hand-over.

A caller waits in a room, others join it by orders, and what became of each leg is told.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deskbell.voice.remote import Calls, CallsAddress, NewCall, NewParticipant
from deskbell.voice.tests.callees import mixed_by
from deskbell.voice.tests.rest import CALLEE
from deskbell.voice.tests.stage import ACCOUNT, NUMBER, SECRET, Stage, response, spoken, staged
from tests.phone import CallHandle, Incoming, Phone

ROOM = "desk-1"
JOINS = response(f'<Dial action="/left"><Conference beep="false">{ROOM}</Conference></Dial>')
WAITS = (
    '<Dial action="/over"><Conference beep="false" startConferenceOnEnter="false" '
    'endConferenceOnExit="true" waitUrl="/wait" record="record-from-start" '
    f'recordingStatusCallback="/recorded">{ROOM}</Conference></Dial>'
)


@dataclass
class Desk:
    """A caller who waits in the room, and the phone that every other call rings at."""

    stage: Stage
    phone: Phone
    calls: Calls
    caller: CallHandle
    sid: str

    async def do(self, act: Any, *given: Any, **named: Any) -> Any:
        """One request to the gateway, made in a thread."""
        return await asyncio.to_thread(act, *given, **named)

    async def rings(self, **more: Any) -> Incoming:
        """A leg that joins the room; its end is told at /leg."""
        order = NewCall(
            CALLEE,
            NUMBER,
            url=f"{self.stage.web.url}/joins",
            status_callback=f"{self.stage.web.url}/leg",
            **more,
        )
        await self.do(self.calls.create, order)
        return await self.phone.rung()


@asynccontextmanager
async def desk(folder: Path, **options: Any) -> AsyncIterator[Desk]:
    async with (
        staged(folder, WAITS, **options) as stage,
        Phone(stage.phone.sip, user="rita") as phone,
    ):
        await stage.calls_out_to(phone)
        stage.web.pages |= {
            "/wait": response("<Say>You are number 1</Say>"),
            "/joins": JOINS,
            "/left": response("<Hangup/>"),
            "/over": response("<Say>Goodbye</Say>"),
            "/leg": 204,
            "/recorded": 204,
        }
        caller = await stage.phone.call(NUMBER)
        await caller.hears(spoken("You are number 1"))
        sid = stage.web.of("/voice/incoming")[0]["CallSid"]
        calls = Calls(CallsAddress.ours(stage.environment.voice_url, ACCOUNT, SECRET))
        yield Desk(stage, phone, calls, caller, sid)


def test_a_leg_tells_that_its_callee_hung_up_and_the_caller_waits_on(tmp_path: Path) -> None:
    async def play() -> None:
        async with desk(tmp_path) as at:
            rita = await at.rings()
            rita.answer()
            await mixed_by(rita, at.caller)
            rita.hang_up()
            told = await at.stage.web.gets("/leg")
            assert (told["CallStatus"], told["HangupBy"]) == ("completed", "callee")
            assert "LostBecause" not in told
            heard = len(at.stage.web.of("/wait"))
            await at.stage.web.gets("/wait", times=heard + 1)  # nobody is there: it waits again

    asyncio.run(play())


def test_a_leg_that_falls_silent_is_lost_and_another_may_take_its_place(tmp_path: Path) -> None:
    async def play() -> None:
        async with desk(tmp_path, media_timeout=1.5) as at:
            at.caller.speak(spoken("I am still here and go on talking") * 40)
            rita = await at.rings()
            rita.answer()
            await mixed_by(rita, at.caller)
            rita.rtp.close()
            told = await at.stage.web.gets("/leg", within=20)
            assert (told["HangupBy"], told["LostBecause"]) == ("system", "silent_line")
            again = await at.rings()
            again.answer()
            await mixed_by(again, at.caller)

    asyncio.run(play())


def test_a_leg_for_which_the_web_side_has_no_word_is_lost(tmp_path: Path) -> None:
    """A web process may die when it has written that somebody has the caller, and before it says
    so: nobody hung up, and the caller must not be let go."""

    async def play() -> None:
        async with desk(tmp_path) as at:
            at.stage.web.pages["/joins"] = 500
            rita = await at.rings()
            rita.answer()
            told = await at.stage.web.gets("/leg", within=30)
            assert told["CallStatus"] == "completed"
            assert (told["HangupBy"], told["LostBecause"]) == ("system", "no_document")

    asyncio.run(play())


def test_a_leg_that_is_withdrawn_or_never_taken_is_the_systems(tmp_path: Path) -> None:
    async def play() -> None:
        async with desk(tmp_path) as at:
            order = NewCall(
                CALLEE, NUMBER, document=JOINS, status_callback=f"{at.stage.web.url}/leg"
            )
            made = await at.do(at.calls.create, order)
            rita = await at.phone.rung()
            rita.ring()
            await at.do(at.calls.cancel, made.sid)
            told = await at.stage.web.gets("/leg")
            assert (told["CallStatus"], told["HangupBy"]) == ("canceled", "system")
            assert "LostBecause" not in told

    asyncio.run(play())


@pytest.mark.parametrize("takes_it", [True, False])
def test_a_party_is_asked_before_it_joins(tmp_path: Path, takes_it: bool) -> None:
    async def play() -> None:
        async with desk(tmp_path) as at:
            ends = "" if takes_it else "<Hangup/>"
            at.stage.web.pages["/asked"] = response(f"<Say>Press 1</Say>{ends}")
            order = NewParticipant(
                CALLEE,
                NUMBER,
                beeps=False,
                url=f"{at.stage.web.url}/asked",
                status_callback=f"{at.stage.web.url}/leg",
            )
            made = await at.do(at.calls.add, ROOM, order)
            party = await at.phone.rung()
            party.answer()
            await party.hears(spoken("Press 1"))
            if takes_it:
                await mixed_by(party, at.caller)
                found = {
                    one.call_sid: one.status for one in await at.do(at.calls.participants, ROOM)
                }
                assert found == {at.sid: "connected", made.call_sid: "connected"}
            else:
                assert await party.ended() == "system"
                assert len(await at.do(at.calls.participants, ROOM)) == 1

    asyncio.run(play())


def test_a_caller_is_held_and_handed_over(tmp_path: Path) -> None:
    """The receptionist leaves, and then it is the party whose end is the call's."""

    async def play() -> None:
        async with desk(tmp_path) as at:
            at.stage.web.pages["/hold"] = response('<Say loop="0">Please hold the line</Say>')
            rita = await at.rings()
            rita.answer()
            await mixed_by(rita, at.caller)
            held = {"is_held": True, "hold_url": f"{at.stage.web.url}/hold"}
            await at.do(at.calls.change, ROOM, at.sid, **held)
            await at.caller.hears(spoken("Please hold the line"))
            made = await at.do(at.calls.add, ROOM, NewParticipant(CALLEE, NUMBER, beeps=False))
            party = await at.phone.rung()
            party.answer()
            await mixed_by(party, rita)
            with pytest.raises(AssertionError):
                await mixed_by(rita, at.caller, tries=2)
            await at.do(at.calls.change, ROOM, made.call_sid, ends_conference=True)
            await at.do(at.calls.change, ROOM, at.sid, is_held=False)
            rita.hang_up()
            await mixed_by(party, at.caller)
            party.hang_up()
            await at.caller.hears(spoken("Goodbye"))

    asyncio.run(play())


def test_nobody_hears_a_beep_where_none_is_wanted(tmp_path: Path) -> None:
    async def play() -> None:
        async with desk(tmp_path) as at:
            rita = await at.rings()
            rita.answer()
            await mixed_by(rita, at.caller)
            other = await at.rings()
            other.answer()
            await mixed_by(other, rita)
            other.hang_up()
            await rita.hears_more(4000)
            beep = at.stage.gateway.sounds.beep[800:1200].replace(b"\x7f", b"\xff")
            for call in (rita, at.caller):
                assert beep not in call.heard().replace(b"\x7f", b"\xff")

    asyncio.run(play())


def test_a_waiting_caller_is_sent_to_another_document(tmp_path: Path) -> None:
    async def play() -> None:
        async with desk(tmp_path) as at:
            at.stage.web.pages["/voicemail"] = response("<Say>Please leave a message</Say>")
            await at.do(at.calls.redirect, at.sid, url=f"{at.stage.web.url}/voicemail")
            await at.caller.hears(spoken("Please leave a message"))
            assert not at.stage.web.of("/over")

    asyncio.run(play())


def test_a_recording_of_the_talk_is_the_callers(tmp_path: Path) -> None:
    """Whoever begins the talk: the web side knows the caller's call, and not who was rung."""

    async def play() -> None:
        async with desk(tmp_path) as at:
            rita = await at.rings()
            rita.answer()
            await mixed_by(rita, at.caller)
            at.caller.hang_up()
            told = await at.stage.web.gets("/recorded")
            kept = await at.stage.web.gets("/recording")
            assert told["CallSid"] == kept["CallSid"] == at.sid
            assert at.stage.web.recordings[told["RecordingSid"]]

    asyncio.run(play())
