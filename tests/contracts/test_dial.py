"""How Dial behaves, as a table: who is rung, what each does, and what is told of it.

Every row is a real caller, real callees and a real gateway. Source: RCML reference, sections 6 and
6a, with RestComm's DialActionTest, DialForkTest and DialStatusCallbackTest as quoted there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from deskbell.voice.tests.callees import DialStage, dial_staged
from deskbell.voice.tests.stage import NUMBER, response, until
from tests.phone import CallHandle, Incoming

Does = Callable[[Incoming], Awaitable[None]]


async def answers(call: Incoming) -> None:
    call.ring()
    call.answer()


async def leaves(call: Incoming) -> None:
    call.ring()
    call.answer()
    await call.acknowledged()
    await call.hears_more(3200)
    call.hang_up()


async def is_silent(call: Incoming) -> None:
    call.ring()


async def says_nothing(_call: Incoming) -> None:
    """Not even 180."""


def refuses(code: int) -> Does:
    async def refuse(call: Incoming) -> None:
        call.ring()
        call.refuse(code)

    return refuse


async def is_unavailable(call: Incoming) -> None:
    call.refuse(503)


@dataclass(frozen=True)
class Row:
    """What the callees do, the document's extras, and what comes of it.

    `told` is what each callee's status callback hears, in the order of the callees.
    """

    name: str
    does: tuple[Does, ...]
    status: str
    told: tuple[str, ...]
    screening: str = ""
    timeout: int = 1
    caller: str = ""  # hangs up: `ringing`, `talking`
    answer_on_bridge: bool = False


ALL = "initiated0 ringing1 answered2 completed3"
YES, NO = "<Pause/>", "<Hangup/>"
ROWS = [
    Row("answered", (leaves,), "completed", (ALL,)),
    Row("answered, and the caller hangs up", (answers,), "completed", (ALL,), caller="talking"),
    Row("answered on bridge", (leaves,), "completed", (ALL,), answer_on_bridge=True),
    Row("busy", (refuses(486),), "busy", ("initiated0 ringing1 busy3",)),
    Row("busy everywhere", (refuses(600),), "busy", ("initiated0 ringing1 busy3",)),
    Row("declined", (refuses(603),), "busy", ("initiated0 ringing1 busy3",)),
    Row("unavailable", (is_unavailable,), "failed", ("initiated0 failed3",)),
    Row("not found", (refuses(404),), "failed", ("initiated0 ringing1 failed3",)),
    Row("not at home", (refuses(480),), "no-answer", ("initiated0 ringing1 no-answer3",)),
    Row("nobody answers", (is_silent,), "no-answer", ("initiated0 ringing1 no-answer3",)),
    Row("nobody even rings", (says_nothing,), "no-answer", ("initiated0 no-answer3",)),
    Row(
        "the caller gives up",
        (is_silent,),
        "canceled",
        ("initiated0 ringing1 canceled3",),
        caller="ringing",
        timeout=20,
    ),
    Row(
        "fork: the first answer wins",
        (is_silent, leaves),
        "completed",
        ("initiated0 ringing1 canceled3", ALL),
        timeout=20,
    ),
    Row(
        "fork: one is busy, the other answers",
        (refuses(486), leaves),
        "completed",
        ("initiated0 ringing1 busy3", ALL),
        timeout=20,
    ),
    Row(
        "fork: nobody answers",
        (is_silent, refuses(486)),
        "no-answer",
        ("initiated0 ringing1 no-answer3", "initiated0 ringing1 busy3"),
    ),
    Row(
        "fork: all are busy",
        (refuses(486), refuses(486)),
        "busy",
        ("initiated0 ringing1 busy3",) * 2,
    ),
    Row(
        "fork: busy and failed",
        (refuses(486), refuses(500)),
        "busy",
        ("initiated0 ringing1 busy3", "initiated0 ringing1 failed3"),
    ),
    Row(
        "fork: the caller gives up",
        (is_silent, is_silent, is_silent),
        "canceled",
        ("initiated0 ringing1 canceled3",) * 3,
        caller="ringing",
        timeout=20,
    ),
    Row("screened, accepts", (answers,), "completed", (ALL,), screening=YES, caller="talking"),
    Row("screened, rejects", (answers,), "no-answer", (ALL,), screening=NO),
    Row(
        "screened: one rejects, the other is busy",
        (answers, refuses(486)),
        "no-answer",
        (ALL, "initiated0 ringing1 busy3"),
        screening=NO,
    ),
]


async def hangs_up(row: Row, call: CallHandle, callees: list[Incoming]) -> None:
    if row.caller == "talking":
        await callees[-1].hears_more(8000)
        await asyncio.sleep(1.2 if row.screening else 0.2)
    if row.caller:
        call.hang_up()


def told(stage: DialStage, number: int) -> str:
    found = sorted(stage.web.of(f"/told{number}"), key=lambda one: int(one["SequenceNumber"]))
    return " ".join(f"{one['CallStatus']}{one['SequenceNumber']}" for one in found)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_dial(tmp_path: Path, row: Row) -> None:
    async def play() -> None:
        async with dial_staged(tmp_path, *({} for _ in row.does)) as stage:
            nouns = []
            for number, phone in enumerate(stage.phones):
                phone.on_call = row.does[number]
                stage.web.pages[f"/told{number}"] = 204
                attributes = {"statusCallback": f"/told{number}"}
                nouns.append(
                    stage.sip(number, **attributes | ({"url": "/screen"} if row.screening else {}))
                )
            stage.web.pages["/screen"] = response(row.screening)
            on_bridge = {"answerOnBridge": "true"} if row.answer_on_bridge else {}
            stage.dials(*nouns, timeout=str(row.timeout), **on_bridge)
            call = await stage.caller.start(NUMBER)
            callees = [await phone.rung() for phone in stage.phones]
            await hangs_up(row, call, callees)
            outcome = await stage.outcome()
            assert outcome["DialCallStatus"] == row.status
            await until(lambda: [told(stage, at) for at in range(len(row.told))] == [*row.told])
            sids = {
                one["CallSid"] for at in range(len(row.told)) for one in stage.web.of(f"/told{at}")
            }
            assert len(sids) == len(row.does)
            assert outcome["DialCallSid"] in sids
            for callee in callees:
                await callee.ended()
            await call.ended()

    asyncio.run(play())
