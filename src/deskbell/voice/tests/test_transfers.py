"""Transfers by REFER: who stays is connected with somebody else, and strangers may not ask."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskbell.voice.tests.callees import dial_staged, talk
from deskbell.voice.tests.stage import NUMBER, response, spoken
from deskbell.voice.transfers import Target, target_of
from tests.phone import answers

REFERS = [
    ("sip:102@host", Target("sip:102@host", "102", "host")),
    (
        "<sip:102@host:5070;user=phone>",
        Target("sip:102@host:5070;user=phone", "102", "host:5070"),
    ),
    (
        "<sip:x@h?Replaces=12%40a%3Bto-tag%3D1%3Bfrom-tag%3D2>",
        Target("sip:x@h", "x", "h", "12@a"),
    ),
    ("sip:h", Target("sip:h", "", "h")),
    ("tel:+12125550100", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "target"), REFERS)
def test_whom_a_refer_names(text: str, target: Target | None) -> None:
    assert target_of(text) == target


def test_a_callee_transfers_the_caller(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}, {"on_call": answers()}) as stage:
            stage.dials(stage.sip(0))
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            assert (await callee.transfer(stage.phones[1].address)).code == 202
            await callee.notices("SIP/2.0 200")
            other = await stage.phones[1].rung()
            assert await callee.ended() == "system"
            await talk(call, other, name="after")
            other.hang_up()
            told = await stage.outcome()
            assert told["DialCallStatus"] == "completed"
            assert told["DialSipCallId"] == other.call_id
            assert await call.ended() == "system"

    asyncio.run(play())


def test_a_transfer_to_somebody_busy_is_what_the_action_learns(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}, {}) as stage:
            stage.dials(stage.sip(0))
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            await callee.transfer(stage.phones[1].address)
            (await stage.phones[1].rung()).refuse(486)
            assert (await stage.outcome())["DialCallStatus"] == "busy"

    asyncio.run(play())


def test_a_caller_from_a_trunk_may_transfer_nobody(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip(0))
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            assert (await call.transfer("sip:+19005550100@x")).code == 603
            await talk(call, callee, name="still")

    asyncio.run(play())


@pytest.mark.parametrize("by", ["caller", "callee"])
def test_a_document_may_decide_on_transfers(tmp_path: Path, by: str) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip(0), referUrl="/referred")
            stage.web.pages["/referred"] = response("<Say>You are transferred</Say>")
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            asks, stays = (call, callee) if by == "caller" else (callee, call)
            assert (await asks.transfer("sip:desk@elsewhere")).code == 202
            asked = await stage.web.gets("/referred")
            assert asked["ReferTarget"] == "sip:desk@elsewhere"
            await stays.hears(spoken("You are transferred"))
            assert await asks.ended() == "system"
            if by == "caller":
                assert (await stage.outcome())["CallStatus"] == "in-progress"

    asyncio.run(play())


def test_an_announced_transfer_connects_the_other_two(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}, {"on_call": answers()}) as stage:
            stage.dials(stage.sip(0))
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            await callee.hold()
            stage.dials(stage.sip(1), action="")
            second = await stage.phones[0].call(NUMBER)
            other = await stage.phones[1].rung()
            await talk(second, other)
            answer = await callee.transfer(stage.phones[1].address, replaces=second)
            assert answer.code == 202
            assert await callee.ended() == "system"
            assert await second.ended() == "system"
            await talk(call, other, name="after")
            other.hang_up()
            assert (await stage.outcome())["DialCallStatus"] == "completed"
            assert await call.ended() == "system"

    asyncio.run(play())


def test_a_transfer_to_a_call_that_is_not_there(tmp_path: Path) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": answers()}) as stage:
            stage.dials(stage.sip(0))
            call = await stage.caller.call(NUMBER)
            callee = await stage.phones[0].rung()
            await talk(call, callee)
            assert (await callee.transfer("sip:x@y?Replaces=nothing")).code == 404
            await talk(call, callee, name="still")

    asyncio.run(play())
