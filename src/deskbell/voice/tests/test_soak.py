"""Calls that fail in every way, many at once: afterwards the gateway holds nothing of them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest
from aiohttp import web as http

from deskbell.voice.bridging import _bridges
from deskbell.voice.signalling import timers
from deskbell.voice.tests.callees import DialStage, dial_staged
from deskbell.voice.tests.rest import Twilio
from deskbell.voice.tests.stage import Asked, WebSide, response, until
from tests.phone_calls import CallHandle
from tests.phone_incoming import Incoming

ROUNDS: Final = 2
AT_ONCE: Final = 12
SETTLED_SECONDS: Final = 30.0
NOTHING: Final[dict[str, Any]] = dict.fromkeys(
    ("calls", "calls_out", "legs", "dialogs", "spooled", "rooms", "tasks", "bridges"), 0
) | {"transactions": 0, "recordings": []}
Way = Callable[[DialStage, str], Awaitable[None]]


async def callee(call: Incoming) -> None:
    """What the phone does that is rung: the user that it is called by says it."""
    does = call.invite.uri.partition(":")[2].partition("@")[0]
    if does == "busy":
        call.ring()
        call.refuse(486)
    elif does == "announces":
        call.early()
        await asyncio.sleep(0.02)
        call.refuse(486)
    elif does == "odd":
        call.answer(sdp=call.sdp().replace("RTP/AVP 0", "RTP/AVP 3"))
    elif does == "leaves":
        call.answer()
        call.hang_up()
    elif does == "broken":
        call.answer(sdp="v=0\r\nnonsense")
    elif does == "late":  # its 200 crosses our CANCEL
        call.ring()
        await asyncio.sleep(0.3)
        call.answer()
    elif does != "rings":
        call.ring()
        call.answer()
    else:
        call.ring()


def documents(stage: DialStage) -> dict[str, str]:
    """What each number hears."""
    at = stage.phones[0].address.partition("@")[2]

    def dial(*users: str, more: str = "", noun: str = "") -> str:
        nouns = "".join(f"<Sip {noun}>sip:{user}@{at}</Sip>" for user in users)
        return f'<Dial action="/dialled" {more}>{nouns}</Dial>'

    return {
        "busy": dial("busy"),
        "announces": dial("announces", more='answerOnBridge="true"'),
        "odd": dial("odd", "broken"),
        "leaves": dial("leaves", more='record="true"'),
        "late": dial("late", "late"),
        "many": dial("good", "good", "rings", more='record="true"'),
        "silent": dial("rings", more='timeout="1"'),
        "screened": dial("good", noun='url="/screen" statusCallback="/told"'),
        "bad action": dial("good", more='timeLimit="1"').replace("/dialled", "/bad"),
        "nowhere": "<Dial><Client>nobody</Client></Dial>",
        "records": '<Record action="/dialled"/>',
        "gathers": '<Gather action="/dialled"><Say>Press a key</Say></Gather>',
        "meets": '<Dial><Conference waitUrl="/wait">room</Conference></Dial>',
        "garbage": "<Say>",
        "says": "<Say>Hello</Say>",
        "elsewhere": dial("rings"),
    }


async def _waits(call: CallHandle, seconds: float = 0.2) -> None:
    await call.answered()
    await asyncio.sleep(seconds)
    if not call.is_over:
        call.hang_up()


async def leaves(stage: DialStage, number: str) -> None:
    """Is answered, and hangs up a little later."""
    await _waits(await stage.caller.start(number))


async def stays(stage: DialStage, number: str) -> None:
    """Waits until the gateway ends the call."""
    call = await stage.caller.start(number)
    await call.answered()
    if not call.is_over:
        await call.ended()


async def cancels(stage: DialStage, number: str) -> None:
    """Gives up while the document is fetched."""
    call = await stage.caller.start(number)
    await asyncio.sleep(0.1)
    call.cancel()
    await _waits(call)


async def is_sent_elsewhere(stage: DialStage, number: str) -> None:
    """Is redirected while a phone rings, and hangs up at the same time."""
    call = await stage.caller.start(number)
    await call.answered()
    await asyncio.sleep(0.1)
    services = stage.stage.gateway._services
    assert services is not None
    for each in services.board:
        if each.sip_call_id == call.call_id:
            each.redirect(f"{stage.web.url}/screen")
    await _waits(call, 0.01)


async def is_called(stage: DialStage, user: str) -> None:
    """Is called over REST."""
    document = response("<Say>Hello</Say>")
    to = f"sip:{user}@{stage.phones[0].address.partition('@')[2]}"
    await Twilio(stage.stage).call(to=to, from_="+12125550111", twiml=document)


WAYS: Final[tuple[tuple[Way, str], ...]] = (
    *((stays, number) for number in ("busy", "announces", "odd", "leaves", "silent", "404")),
    *((stays, number) for number in ("bad action", "nowhere", "garbage", "says", "500")),
    *((leaves, number) for number in ("late", "many", "screened", "records", "gathers", "meets")),
    *((leaves, number) for number in ("busy", "leaves", "silent")),
    *((cancels, number) for number in ("slow", "announces", "meets")),
    (is_sent_elsewhere, "elsewhere"),
    *((is_called, user) for user in ("good", "busy", "odd", "leaves")),
)


def held(stage: DialStage) -> dict[str, Any]:
    """Everything that a call could leave behind."""
    gateway = stage.stage.gateway
    services = gateway._services
    assert services is not None
    health = stage.stage.health
    names = ("calls", "calls_out", "legs", "dialogs", "spooled")
    return {name: health[name] for name in names} | {
        "rooms": len(services.conferences),
        "tasks": len(services.board._tasks) + len(services.board._beside),
        "bridges": len(_bridges),
        "transactions": gateway.agent.transactions.waiting,
        "recordings": sorted(path.name for path in gateway.recordings._folder.iterdir()),
    }


async def soak(stage: DialStage, rounds: int) -> None:
    """Has all ways happen `rounds` times, `AT_ONCE` of them at a time."""
    limit = asyncio.Semaphore(AT_ONCE)

    async def go(way: Way, number: str) -> None:
        async with limit:
            try:
                await way(stage, number)
            except Exception as error:
                raise AssertionError(f"{way.__name__} {number}") from error

    await asyncio.gather(*(go(*each) for _ in range(rounds) for each in WAYS))


def files() -> int:
    """How many files and sockets this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def settled(stage: DialStage) -> dict[str, Any]:
    """What is held once nothing goes away any more."""
    with contextlib.suppress(TimeoutError):
        await until(lambda: held(stage) == NOTHING, within=SETTLED_SECONDS)
    return held(stage)


def script(stage: DialStage) -> None:
    """Gives the web side its documents."""
    found = documents(stage)

    async def incoming(_web: WebSide, asked: Asked) -> http.Response:
        number = asked.fields["To"].replace("%20", " ")
        if number == "slow":
            await asyncio.sleep(0.3)
        if number in {"404", "500"}:
            return http.Response(status=int(number))
        body = response(found.get(number, "<Hangup/>"))
        return http.Response(text=body, content_type="text/xml")

    stage.web.pages |= {
        "/voice/incoming": incoming,
        "/dialled": response("<Hangup/>"),
        "/screen": response("<Pause length='1'/>"),
        "/wait": response("<Pause length='1'/>"),
        "/bad": 500,
        "/told": 204,
    }


@pytest.mark.timeout(120)
def test_calls_that_fail_in_every_way_leave_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "GIVE_UP", 2.0)

    async def play() -> None:
        async with dial_staged(tmp_path, {"on_call": callee}) as stage:
            script(stage)
            await soak(stage, 1)  # what is made once for all calls is made now
            assert await settled(stage) == NOTHING
            opened, tasks = files(), len(asyncio.all_tasks())
            await soak(stage, ROUNDS)
            assert await settled(stage) == NOTHING
            # HTTP connections that nobody uses stay open for some seconds, at both their ends.
            await until(lambda: files() <= opened + 2, within=SETTLED_SECONDS)
            await until(lambda: len(asyncio.all_tasks()) <= tasks + 2, within=SETTLED_SECONDS)

    asyncio.run(play())
