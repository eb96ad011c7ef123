"""Calls over REST: Twilio's own client asks, a real phone rings, and its user hears a document."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from aiohttp import web
from twilio.base.exceptions import TwilioRestException

from deskbell.foundation.signing import HEADER, sign
from deskbell.voice.tests.rest import CALLEE, Twilio, with_callee
from deskbell.voice.tests.stage import (
    ACCOUNT,
    NUMBER,
    SECRET,
    Asked,
    WebSide,
    free_port,
    response,
    spoken,
    staged,
    until,
)
from tests.phone import Phone, answers, refuses

EVENTS = ["initiated", "ringing", "answered", "completed"]


def test_a_call_is_made_hears_its_document_and_is_told_of(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path) as (stage, phone, twilio):
            stage.web.pages["/said"] = response("<Say>A message for you</Say>")
            stage.web.pages["/progress"] = 204
            made = await twilio.call(
                to=CALLEE,
                from_=NUMBER,
                url=f"{stage.web.url}/said",
                status_callback=f"{stage.web.url}/progress",
                status_callback_event=EVENTS,
            )
            assert (made.status, made.direction) == ("queued", "outbound-api")
            assert made.account_sid == ACCOUNT
            callee = await phone.rung()
            assert CALLEE in callee.invite.uri
            callee.ring()
            await stage.web.gets("/progress", times=2)
            assert (await twilio.look(made.sid)).status == "ringing"
            callee.answer()
            await callee.hears(spoken("A message for you"))
            assert await callee.ended() == "system"
            await stage.web.gets("/progress", times=4)

            asked = stage.web.of("/said")[0]
            assert asked["CallStatus"] == "in-progress"
            assert asked["Direction"] == "outbound-api"
            assert asked["GatewayUrl"] == stage.environment.voice_url
            assert (asked["From"], asked["To"]) == (NUMBER, CALLEE)
            told = stage.web.of("/progress")
            statuses = ["initiated", "ringing", "in-progress", "completed"]
            assert [form["CallStatus"] for form in told] == statuses
            assert [form["SequenceNumber"] for form in told] == ["0", "1", "2", "3"]
            assert {form["CallSid"] for form in told} == {made.sid}
            assert int(told[3]["RtpPacketsReceived"]) > 0
            assert "CallDuration" in told[3]
            over = await twilio.look(made.sid)
            assert over.status == "completed"
            assert over.end_time is not None
            assert int(over.duration) >= 0
            assert not stage.web.of("/voice/status")  # of calls in alone

    asyncio.run(play())


def test_what_is_told_comes_in_order_though_one_is_lost(tmp_path: Path) -> None:
    async def stumbling(_web: WebSide, asked: Asked) -> web.Response:
        is_first = asked.fields["CallStatus"] == "initiated" and len(tried) == 0
        tried.append(asked.fields["CallStatus"])
        return web.Response(status=503 if is_first else 204)

    tried: list[str] = []

    async def play() -> None:
        async with with_callee(tmp_path, callee={"on_call": answers()}) as (stage, _, twilio):
            stage.web.pages["/progress"] = stumbling
            await twilio.call(
                to=CALLEE,
                from_=NUMBER,
                twiml=response("<Hangup/>"),
                status_callback=f"{stage.web.url}/progress",
                status_callback_event=EVENTS,
            )
            await stage.web.gets("/progress", times=5)

    asyncio.run(play())
    assert tried == ["initiated", "initiated", "ringing", "in-progress", "completed"]


@pytest.mark.parametrize(
    ("code", "status"), [(486, "busy"), (603, "busy"), (480, "no-answer"), (404, "failed")]
)
def test_a_refusal_is_told_in_twilios_words(tmp_path: Path, code: int, status: str) -> None:
    async def play() -> None:
        options = {"on_call": refuses(code)}
        async with with_callee(tmp_path, callee=options) as (stage, _phone, twilio):
            stage.web.pages["/progress"] = 204
            made = await twilio.call(
                to=CALLEE,
                from_=NUMBER,
                twiml=response("<Say>Never</Say>"),
                status_callback=f"{stage.web.url}/progress",
            )
            told = await stage.web.gets("/progress")
            assert told["CallStatus"] == status
            assert told["SipResponseCode"] == str(code)
            assert told["CallDuration"] == "0"
            assert (await twilio.look(made.sid)).status == status
            assert stage.health["calls_out"] == 0

    asyncio.run(play())


def test_nobody_answers_in_time(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path) as (stage, phone, twilio):
            made = await twilio.call(
                to=CALLEE, from_=NUMBER, twiml=response("<Say>Never</Say>"), timeout=1
            )
            callee = await phone.rung()
            callee.ring()
            await callee.ended(within=5)
            assert callee.is_cancelled
            await until(lambda: not stage.health["calls"])
            assert (await twilio.look(made.sid)).status == "no-answer"
            await until(lambda: not stage.health["legs"])

    asyncio.run(play())


def test_a_call_is_sent_to_another_document_and_ended(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path, callee={"on_call": answers()}) as (stage, phone, twilio):
            stage.web.pages["/next"] = response('<Say loop="0">Music</Say>')
            made = await twilio.call(
                to=CALLEE, from_=NUMBER, twiml=response('<Say loop="0">Please wait</Say>')
            )
            callee = await phone.rung()
            await callee.hears(spoken("Please wait"))
            changed = await twilio.change(made.sid, url=f"{stage.web.url}/next", method="GET")
            assert changed.status == "in-progress"
            await callee.hears(spoken("Music"))
            assert stage.web.asked[-1].method == "GET"
            await twilio.change(made.sid, twiml=response('<Say loop="0">Something else</Say>'))
            await callee.hears(spoken("Something else"))
            changed = await twilio.change(made.sid, status="canceled")  # too late for that
            assert changed.status == "in-progress"
            assert (await twilio.change(made.sid, status="completed")).status == "completed"
            assert await callee.ended() == "system"
            await until(lambda: not stage.health["calls"])
            with pytest.raises(TwilioRestException) as refused:
                await twilio.change(made.sid, status="completed")
            assert (refused.value.status, refused.value.code) == (400, 21220)

    asyncio.run(play())


def test_a_call_that_rings_is_canceled(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path) as (_stage, phone, twilio):
            made = await twilio.call(to=CALLEE, from_=NUMBER, twiml=response("<Say>Never</Say>"))
            callee = await phone.rung()
            callee.ring()
            with pytest.raises(TwilioRestException) as refused:
                await twilio.change(made.sid, twiml=response("<Hangup/>"))
            assert refused.value.code == 21220
            assert (await twilio.change(made.sid, status="canceled")).status == "canceled"
            await callee.ended()
            assert callee.is_cancelled

    asyncio.run(play())


def test_a_caller_is_sent_elsewhere_while_a_document_holds_the_call(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Pause length="1"/><Say loop="0">Music</Say>') as stage:
            twilio = Twilio(stage)
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Music"))
            [running] = await twilio.do(lambda client: client.calls.list(status="in-progress"))
            assert running.direction == "inbound"
            await twilio.change(running.sid, twiml=response("<Say>This way</Say>"))
            await call.hears(spoken("This way"))
            assert await call.ended() == "system"

    asyncio.run(play())


def test_lists_come_in_pages_and_by_account(tmp_path: Path) -> None:
    async def play() -> None:
        other = "AC" + "1" * 32
        web = WebSide(free_port())
        web.more["accounts"] = {other: {"prefixes": ["+1"], "calls_out": 5}}
        async with with_callee(tmp_path, web=web) as (stage, _phone, twilio):
            theirs = Twilio(stage, account=other)
            document = response("<Say>Never</Say>")
            mine = [
                (await twilio.call(to=CALLEE, from_=NUMBER, twiml=document)).sid for _ in range(3)
            ]
            made = await theirs.call(to=CALLEE, from_=NUMBER, twiml=document)
            listed = await theirs.do(lambda client: client.calls.list())
            assert [call.sid for call in listed] == [made.sid]
            with pytest.raises(TwilioRestException) as refused:
                await theirs.look(mine[0])
            assert (refused.value.status, refused.value.code) == (404, 20404)
            with pytest.raises(TwilioRestException):
                await theirs.change(mine[0], status="completed")
            # the deployment's own account sees what those below it do
            listed = await twilio.do(lambda client: client.calls.list(page_size=2))
            assert [call.sid for call in listed] == [made.sid, *reversed(mine)]

    asyncio.run(play())


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"to": "", "from_": NUMBER}, 400, 21201),
        ({"to": CALLEE, "from_": ""}, 400, 21213),
        ({"to": CALLEE, "from_": NUMBER, "twiml": None}, 400, 21205),
        ({"to": CALLEE, "from_": NUMBER, "url": "ftp://a", "twiml": None}, 400, 21205),
        ({"to": CALLEE, "from_": NUMBER, "twiml": "<Response>"}, 400, 12100),
        ({"to": CALLEE, "from_": NUMBER, "timeout": 0}, 400, 20001),
        ({"to": CALLEE, "from_": NUMBER, "send_digits": "1x"}, 400, 20001),
        ({"to": CALLEE, "from_": NUMBER, "status_callback_event": ["born"]}, 400, 20001),
        ({"to": "+4930901820", "from_": NUMBER}, 400, 21215),
        ({"to": "client:nobody", "from_": NUMBER}, 400, 21214),
        ({"to": "sip:a@example.com", "from_": NUMBER}, 400, 21215),
        ({"to": "sip:a\nb@c", "from_": NUMBER}, 400, 21211),
    ],
)
def test_orders_that_are_refused(
    tmp_path: Path, options: dict[str, Any], status: int, code: int
) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        web.limits = {"prefixes": ["+1"], "calls_out": 1}
        async with with_callee(tmp_path, web=web) as (stage, _phone, twilio):
            asked = {"twiml": response("<Hangup/>")} | options
            with pytest.raises(TwilioRestException) as refused:
                await twilio.call(
                    **{name: value for name, value in asked.items() if value is not None}
                )
            assert (refused.value.status, refused.value.code) == (status, code)
            assert stage.health["calls"] == 0

    asyncio.run(play())


def test_an_account_has_so_many_calls_and_no_more(tmp_path: Path) -> None:
    async def play() -> None:
        web = WebSide(free_port())
        web.limits = {"prefixes": ["+1"], "calls_out": 2}
        async with with_callee(tmp_path, web=web) as (stage, phone, twilio):
            order = {"to": CALLEE, "from_": NUMBER, "twiml": response("<Hangup/>")}
            made = await asyncio.gather(
                *(twilio.call(**order) for _ in range(5)), return_exceptions=True
            )
            refused = [each for each in made if isinstance(each, TwilioRestException)]
            assert [(each.status, each.code) for each in refused] == [(429, 10004)] * 3
            assert "2 at once" in refused[0].msg
            (await phone.rung()).refuse(486)
            await until(lambda: stage.health["calls_out"] == 1)
            await twilio.call(**order)

    asyncio.run(play())


def test_nobody_without_the_secret(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, "<Hangup/>") as stage:
            stranger = Twilio(stage, secret="guessed")
            for ask in (
                stranger.call(to=CALLEE, from_=NUMBER, twiml=response("<Hangup/>")),
                stranger.look("CA" + "0" * 32),
            ):
                with pytest.raises(TwilioRestException) as refused:
                    await ask
                assert (refused.value.status, refused.value.code) == (401, 20003)
            with pytest.raises(TwilioRestException) as refused:
                await Twilio(stage).do(lambda client: client.messages("SM" + "0" * 32).fetch())
            assert (refused.value.status, refused.value.code) == (404, 20404)

    asyncio.run(play())


def _post(url: str, fields: dict[str, str], **headers: str) -> dict[str, Any]:
    request = Request(url, urlencode(fields).encode(), headers)
    with urlopen(request, timeout=5) as answer:
        return dict(json.load(answer))


def test_a_signed_order_that_comes_twice_makes_one_call(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path) as (stage, _phone, _twilio):
            url = f"{stage.environment.voice_url}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
            fields = {"To": CALLEE, "From": NUMBER, "Twiml": response("<Hangup/>")}
            headers = {HEADER: sign(SECRET, url, fields), "I-Twilio-Idempotency-Token": "once"}
            both = await asyncio.gather(
                *(asyncio.to_thread(_post, url, fields, **headers) for _ in range(2))
            )
            assert both[0]["sid"] == both[1]["sid"]
            again = await asyncio.to_thread(_post, url, fields, **headers)
            assert again["sid"] == both[0]["sid"]
            assert stage.health["calls"] == 1

    asyncio.run(play())


def test_another_trunk_is_tried_where_one_is_out_of_order(tmp_path: Path) -> None:
    async def play() -> None:
        async with (
            with_callee(tmp_path, callee={"on_call": refuses(503)}) as (stage, broken, twilio),
            Phone(stage.phone.sip, user="callee", on_call=answers()) as good,
        ):
            await stage.calls_out_to(broken, good)
            await twilio.call(to=CALLEE, from_=NUMBER, twiml=response("<Say>Through</Say>"))
            callee = await good.rung()
            await callee.hears(spoken("Through"))
            assert len(broken.taken) == 1

    asyncio.run(play())


def test_keys_are_sent_before_the_document(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path, callee={"on_call": answers()}) as (_stage, phone, twilio):
            await twilio.call(
                to=CALLEE, from_=NUMBER, twiml=response("<Say>Now</Say>"), send_digits="w12#"
            )
            callee = await phone.rung()
            await callee.hears_keys("12#")
            await callee.hears(spoken("Now"))

    asyncio.run(play())


def test_a_conversation_has_its_limit(tmp_path: Path) -> None:
    async def play() -> None:
        async with with_callee(tmp_path, callee={"on_call": answers()}) as (_stage, phone, twilio):
            endless = response('<Say loop="0">Music</Say>')
            await twilio.call(to=CALLEE, from_=NUMBER, twiml=endless, time_limit=1)
            callee = await phone.rung()
            assert await callee.ended(within=5) == "system"

    asyncio.run(play())
