"""Conferences with real phones: who hears whom, who waits, and what is told of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from deskbell.voice import tones
from deskbell.voice.tests.callees import mixed_by
from deskbell.voice.tests.stage import (
    ACCOUNT,
    NUMBER,
    Asked,
    Stage,
    WebSide,
    response,
    spoken,
    staged,
    until,
)
from tests.phone import CallHandle

ROOM = "Room &amp; 7"


def conference(attributes: str = "", dial: str = 'action="/dialled"') -> str:
    return f"<Dial {dial}><Conference {attributes}>{ROOM}</Conference></Dial>"


async def joined(stage: Stage, *documents: str) -> list[CallHandle]:
    """Calls, one after the other, each with a document of its own."""
    calls = []
    for document in documents:
        stage.web.pages["/voice/incoming"] = response(document)
        call = await stage.phone.call(NUMBER)
        calls.append(call)
        await until(lambda: len(members(stage)) == len(calls))
    return calls


def members(stage: Stage) -> list[str]:
    services = stage.gateway._services
    assert services is not None
    return [sid for meeting in services.conferences for sid in meeting.members]


def told(side: WebSide) -> list[str]:
    found = sorted(side.of("/told"), key=lambda one: int(one["SequenceNumber"]))
    return [one["StatusCallbackEvent"] for one in found]


def test_three_hear_each_other_and_the_last_closes_the_room(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            stage.web.pages |= {"/told": 204, "/dialled": response("<Hangup/>")}
            noun = conference('beep="false" statusCallback="/told"')
            first, second, third = await joined(stage, noun, noun, noun)
            for speaker in (first, second, third):
                for other in (first, second, third):
                    if other is not speaker:
                        await mixed_by(speaker, other)
            for call in (first, second, third):
                call.hang_up()
            await stage.web.gets("/told", times=8)
            events = told(stage.web)
            assert events[0] == "participant-join"
            assert events.count("participant-join") == events.count("participant-leave") == 3
            assert events[1] == "conference-start"
            assert events[-1] == "conference-end"
            end = next(one for one in stage.web.of("/told") if "ReasonConferenceEnded" in one)
            assert end["ReasonConferenceEnded"] == "last-participant-left"
            assert end["FriendlyName"] == "Room & 7"
            assert end["ConferenceSid"].startswith("CF")
            over = await stage.web.gets("/dialled", times=3)
            assert over["DialCallStatus"] == "completed"

    asyncio.run(play())


def test_who_waits_hears_music_until_somebody_starts_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            waits = conference('startConferenceOnEnter="false" beep="false"')
            first, second = await joined(stage, waits, waits)
            await first.hears(tones.music()[:4000])
            await second.hears(tones.music()[:4000])
            (host,) = await joined_after(stage, conference('beep="false"'), 2)
            await mixed_by(host, first)
            await mixed_by(first, second)

    asyncio.run(play())


async def joined_after(stage: Stage, document: str, before: int) -> list[CallHandle]:
    stage.web.pages["/voice/incoming"] = response(document)
    call = await stage.phone.call(NUMBER)
    await until(lambda: len(members(stage)) > before)
    return [call]


def test_a_waiting_document_is_asked_again_at_its_end(tmp_path: Path) -> None:
    async def place(_side: WebSide, _asked: Asked) -> web.Response:
        number = len(_side.of("/wait"))
        document = response(f"<Say>Place {number}</Say><Dial>1</Dial>")
        return web.Response(text=document, content_type="text/xml")

    async def play() -> None:
        async with staged(tmp_path) as stage:
            stage.web.pages["/wait"] = place
            waits = conference('waitUrl="/wait" beep="false"')
            (first,) = await joined(stage, waits)
            await first.hears(spoken("Place 1"))
            await first.hears(spoken("Place 2"))
            asked = stage.web.of("/wait")[0]
            assert asked["FriendlyName"] == "Room & 7"
            (second,) = await joined_after(stage, conference('beep="false"'), 1)
            await mixed_by(second, first)
            count = len(stage.web.of("/wait"))
            await first.hears_more(16_000)
            assert len(stage.web.of("/wait")) == count

    asyncio.run(play())


def test_silence_where_the_waiting_url_is_empty_and_a_beep_for_who_comes(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            (first,) = await joined(stage, conference('waitUrl=""'))
            await first.hears_more(8000)
            assert set(first.heard()[-4000:]) == {0xFF}
            await joined_after(stage, conference(), 1)
            beep = stage.gateway.sounds.beep[800:1200].replace(b"\x7f", b"\xff")
            await until(lambda: beep in first.heard().replace(b"\x7f", b"\xff"))

    asyncio.run(play())


def test_a_muted_member_is_not_heard_and_a_host_who_leaves_ends_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            stage.web.pages["/dialled"] = response("<Say>It is over</Say>")
            ends = conference('endConferenceOnExit="true" beep="false"')
            muted = conference('muted="true" beep="false"')
            host, guest = await joined(stage, ends, muted)
            await mixed_by(host, guest)
            with pytest.raises(AssertionError):
                await mixed_by(guest, host, tries=2)
            host.hang_up()
            await guest.hears(spoken("It is over"))
            assert members(stage) == []

    asyncio.run(play())


def test_a_full_room_and_the_star(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            stage.web.pages["/dialled"] = response("<Say>Out</Say>")
            noun = conference(
                'maxParticipants="2" beep="false"', 'hangupOnStar="true" action="/dialled"'
            )
            first, second = await joined(stage, noun, noun)
            stage.web.pages["/voice/incoming"] = response(noun, "<Say>It is full</Say>")
            third = await stage.phone.call(NUMBER)
            await third.hears(spoken("It is full"))
            await mixed_by(first, second)
            second.press("*")
            await second.hears(spoken("Out"))
            assert len(members(stage)) == 1

    asyncio.run(play())


def test_a_conference_is_recorded(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            stage.web.pages |= {"/told": 204, "/recorded": 204}
            noun = conference(
                'record="record-from-start" recordingStatusCallback="/recorded" beep="false" '
                'statusCallback="/told" statusCallbackEvent="end"'
            )
            first, second = await joined(stage, noun, noun)
            await mixed_by(first, second)
            first.hang_up()
            second.hang_up()
            about = await stage.web.gets("/recorded")
            await stage.web.gets("/recording")
            assert about["RecordingSid"] in stage.web.recordings
            assert about["FriendlyName"] == "Room & 7"
            assert int(about["RecordingDuration"]) >= 1
            end = await stage.web.gets("/told")
            assert end["StatusCallbackEvent"] == "conference-end"
            assert end["RecordingUrl"] == about["RecordingUrl"]

    asyncio.run(play())


def test_rooms_belong_to_their_account(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path) as stage:
            noun = conference('beep="false"')
            (first,) = await joined(stage, noun)
            other = "AC" + "7" * 32

            async def incoming(_side: WebSide, _asked: Asked) -> web.Response:
                headers = {"X-Deskbell-Account": other}
                document = response(noun)
                return web.Response(text=document, content_type="text/xml", headers=headers)

            stage.web.pages["/voice/incoming"] = incoming
            second = await stage.phone.call(NUMBER)
            await until(lambda: len(members(stage)) > 1)
            services = stage.gateway._services
            assert services is not None
            assert {meeting.account for meeting in services.conferences} == {
                ACCOUNT,
                other,
            }
            await first.hears_more(4000)
            await second.hears_more(4000)

    asyncio.run(play())
