"""Conferences over REST, by Twilio's own client: call people in, mute, hold, remove, end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from deskbell.voice import tones
from deskbell.voice.tests.callees import dial_staged, mixed_by
from deskbell.voice.tests.rest import Twilio
from deskbell.voice.tests.stage import NUMBER, response, spoken, until
from tests.phone import Phone, answers, refuses

US = "+12125550111"
ROOM = "Desk 7"


async def called_in(twilio: Twilio, phone: Phone, **options: Any) -> Any:
    named = options | {"to": phone.address, "label": phone.user}
    return await twilio.do(lambda client: client.conferences(ROOM).participants.create(**named))


def test_people_are_called_into_a_room(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}, {"on_call": answers()}) as stage:
            stage.web.pages["/told"] = 204
            twilio = Twilio(stage.stage)
            options = {
                "from_": US,
                "beep": "false",
                "conference_status_callback": f"{stage.web.url}/told",
                "conference_status_callback_event": ["join", "mute", "hold"],
            }
            made = [await called_in(twilio, phone, **options) for phone in stage.phones]
            assert made[0].conference_sid == made[1].conference_sid
            first, second = [await phone.rung() for phone in stage.phones]
            await mixed_by(first, second)
            room = await twilio.do(lambda client: client.conferences.list(status="in-progress"))
            assert [one.friendly_name for one in room] == [ROOM]
            sid = room[0].sid
            people = await twilio.do(lambda client: client.conferences(sid).participants.list())
            assert [one.label for one in people] == ["callee0", "callee1"]
            assert {one.status for one in people} == {"connected"}

            async def changed(**options: Any) -> Any:
                return await twilio.do(
                    lambda client: client.conferences(sid).participants("callee0").update(**options)
                )

            assert (await changed(muted=True)).muted
            with pytest.raises(AssertionError):
                await mixed_by(first, second, tries=2)
            await changed(muted=False)
            await mixed_by(first, second)

            assert (await changed(hold=True)).hold
            await first.hears(tones.music()[:4000])
            with pytest.raises(AssertionError):
                await mixed_by(second, first, tries=2)
            await changed(hold=False)
            await mixed_by(second, first)
            events = [one["StatusCallbackEvent"] for one in stage.web.of("/told")]
            assert {"participant-mute", "participant-unmute", "participant-hold"} < set(events)
            assert "conference-start" not in events

            await twilio.do(lambda client: client.conferences(sid).update(status="completed"))
            assert await first.ended() == "system"
            assert await second.ended() == "system"
            over = await twilio.do(lambda client: client.conferences(sid).fetch())
            assert over.status == "completed"
            assert over.reason_conference_ended == "conference-ended-via-api"

    asyncio.run(play())


def test_a_caller_is_held_with_a_document_and_sent_out(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path) as stage:
            stage.web.pages["/hold"] = response('<Say loop="0">Please hold</Say>')
            stage.web.pages["/after"] = response("<Say>You were sent out</Say>")
            stage.web.pages["/voice/incoming"] = response(
                '<Dial action="/after"><Conference beep="false">Desk</Conference></Dial>'
            )
            call = await stage.caller.call(NUMBER)
            other = await stage.caller.call(NUMBER)
            await mixed_by(call, other)
            twilio = Twilio(stage.stage)
            sid = stage.web.of("/voice/incoming")[0]["CallSid"]
            hold = {"hold": True, "hold_url": f"{stage.web.url}/hold"}
            await twilio.do(
                lambda client: client.conferences("Desk").participants(sid).update(**hold)
            )
            await call.hears(spoken("Please hold"))
            assert stage.web.of("/hold")[0]["FriendlyName"] == "Desk"
            assert await twilio.do(
                lambda client: client.conferences("Desk").participants(sid).delete()
            )
            await call.hears(spoken("You were sent out"))
            await call.ended()

    asyncio.run(play())


def test_who_does_not_come_leaves_no_room_behind(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": refuses(486)}) as stage:
            twilio = Twilio(stage.stage)
            made = await twilio.do(
                lambda client: client.conferences(ROOM).participants.create(
                    from_=US, to=stage.phones[0].address
                )
            )
            services = stage.stage.gateway._services
            assert services is not None
            await until(lambda: len(services.conferences) == 0)
            assert (await twilio.look(made.call_sid)).status == "busy"
            with pytest.raises(TwilioRestException) as refused:
                await twilio.do(
                    lambda client: client.conferences("Nowhere").participants("CAx").fetch()
                )
            assert refused.value.status == 404

    asyncio.run(play())
