"""Sms, Message, Email and Fax: handed to the web side, during a call and after it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from aiohttp import web

from deskbell.voice.tests.stage import (
    NUMBER,
    Asked,
    WebSide,
    free_port,
    response,
    spoken,
    staged,
)


def writing(answer: web.Response) -> WebSide:
    """A web side that answers messages with `answer`."""
    side = WebSide(free_port())
    side.more["messages"] = f"{side.url}/voice/messages"

    async def take(_side: WebSide, _asked: Asked) -> web.Response:
        return web.Response(body=answer.body, status=answer.status, content_type="application/json")

    side.pages["/voice/messages"] = take
    return side


def answering(status: str, *, code: int = 200, message: str = "") -> web.Response:
    body = {"sid": "SM1", "status": status, "message": message}
    return web.Response(text=json.dumps(body), content_type="application/json", status=code)


AFTER = "<Say>Next verb</Say>"


@pytest.mark.parametrize(
    ("verb", "kind", "expected"),
    [
        (
            '<Sms action="/sent">See you</Sms>',
            "sms",
            {"Body": "See you", "MessageTo": "12125550199", "MessageFrom": NUMBER},
        ),
        (
            '<Message to="+12125550142" from="+12125550100" action="/sent">Hello</Message>',
            "message",
            {"Body": "Hello", "MessageTo": "+12125550142", "MessageFrom": "+12125550100"},
        ),
        (
            '<Fax to="+12125550142" action="/sent">/fax.pdf</Fax>',
            "fax",
            {"MediaUrl": "{url}/fax.pdf", "MessageTo": "+12125550142"},
        ),
    ],
)
def test_the_action_learns_what_became_of_it(
    tmp_path: Path, verb: str, kind: str, expected: dict[str, str]
) -> None:
    async def play() -> None:
        side = writing(answering("queued"))
        side.pages["/sent"] = response("<Say>Sent</Say>")
        async with staged(tmp_path, verb + AFTER, web=side) as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Sent"))
            await call.ended()
            told = side.of("/voice/messages")[0]
            assert told["Kind"] == kind
            assert told["From"] == "12125550199"
            assert {name: told[name] for name in expected} == {
                name: value.replace("{url}", side.url) for name, value in expected.items()
            }
            sent = side.of("/sent")[0]
            name = {"sms": "Sms", "message": "Message", "fax": "Fax"}[kind]
            assert sent[f"{name}Sid"] == told["MessageSid"]
            assert sent[f"{name}Status"] == "queued"

    asyncio.run(play())


def test_an_email_goes_out_and_the_next_verb_runs(tmp_path: Path) -> None:
    async def play() -> None:
        side = writing(answering("queued"))
        email = (
            '<Email from="a@example.com" to="b@example.com" cc="c@example.com" subject="News">'
            "Text</Email>"
        )
        async with staged(tmp_path, email + AFTER, web=side) as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Next verb"))
            await call.ended()
            told = side.of("/voice/messages")[0]
            assert (told["Kind"], told["Subject"], told["Cc"]) == ("email", "News", "c@example.com")
            assert (told["MessageFrom"], told["MessageTo"]) == ("a@example.com", "b@example.com")
            assert "Bcc" not in told

    asyncio.run(play())


def test_what_is_refused_has_failed_and_says_so_to_both_callbacks(tmp_path: Path) -> None:
    async def play() -> None:
        side = writing(answering("failed", code=422, message="No carrier is configured"))
        side.pages |= {"/sent": response("<Hangup/>"), "/status": 204}
        sms = '<Sms action="/sent" statusCallback="/status">Hello</Sms>'
        async with staged(tmp_path, sms, web=side) as stage:
            call = await stage.phone.call(NUMBER)
            assert (await side.gets("/sent"))["SmsStatus"] == "failed"
            assert (await side.gets("/status"))["SmsStatus"] == "failed"
            await call.ended()

    asyncio.run(play())


def test_a_web_side_that_takes_no_messages_makes_them_fail(tmp_path: Path) -> None:
    async def play() -> None:
        async with staged(tmp_path, '<Sms action="/sent">Hello</Sms>') as stage:
            stage.web.pages["/sent"] = response("<Hangup/>")
            call = await stage.phone.call(NUMBER)
            assert (await stage.web.gets("/sent"))["SmsStatus"] == "failed"
            await call.ended()

    asyncio.run(play())


def test_messages_are_sent_also_when_the_caller_has_hung_up(tmp_path: Path) -> None:
    async def play() -> None:
        side = writing(answering("queued"))
        verbs = (
            '<Say loop="0">Stay</Say><Say>Never</Say><Sms action="/sent">One</Sms>'
            '<Email to="b@example.com" from="a@example.com">Two</Email>'
        )
        async with staged(tmp_path, verbs, web=side) as stage:
            call = await stage.phone.call(NUMBER)
            await call.hears(spoken("Stay"))
            call.hang_up()
            await side.gets("/voice/messages", times=2)
            told = side.of("/voice/messages")
            assert {each["Body"] for each in told} == {"One", "Two"}
            assert {each["CallStatus"] for each in told} == {"completed"}
            assert side.of("/sent") == []

    asyncio.run(play())
