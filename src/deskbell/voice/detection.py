"""Waits for the verdict on who answered a call of ours, before it hears its first document.

Source: https://www.twilio.com/docs/voice/answering-machine-detection
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from .call import Call, Interrupted
from .machines import MachineEar, Verdict

SPARE_SECONDS: Final = 2.0  # the ear counts the audio's time, which a bad line loses


@dataclass(frozen=True, slots=True)
class Detection:
    """How to tell machines from people. Times in seconds; None are the ear's own.

    With `until_end` the verdict on a machine waits for the end of its greeting. `callback` is told
    of the verdict while the document runs already; without it the document waits.
    """

    until_end: bool = False
    timeout: float = 30.0
    speech_threshold: float | None = None
    speech_end_threshold: float | None = None
    silence_timeout: float | None = None
    is_async: bool = False
    callback: str = ""
    callback_method: str = "POST"


async def detect(call: Call, wanted: Detection) -> None:
    """Listens to an answered call, and sets `call.answered_by`; silence is `unknown`.

    Comes back early, with `unknown`, where the call is over or sent elsewhere.
    """
    decided: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()

    def decide(verdict: Verdict) -> None:
        if not decided.done():
            decided.set_result(verdict)

    call.leg.tap(_ear(wanted, decide).hear)
    over = asyncio.ensure_future(_over(call))
    waits: set[asyncio.Future[Any]] = {decided, over}
    try:
        await asyncio.wait(
            waits,
            timeout=wanted.timeout + SPARE_SECONDS,
            return_when=asyncio.FIRST_COMPLETED,
        )
    finally:
        over.cancel()
        call.leg.tap(None)
    call.answered_by = decided.result() if decided.done() else "unknown"
    call.trace.note("answered_by", who=call.answered_by)


async def _over(call: Call) -> None:
    try:
        await call.until_over()
    except Interrupted:
        return


def _ear(wanted: Detection, decide: Callable[[Verdict], None]) -> MachineEar:
    times = {
        "speech_threshold": wanted.speech_threshold,
        "speech_end_threshold": wanted.speech_end_threshold,
        "silence_timeout": wanted.silence_timeout,
    }
    given = {name: value for name, value in times.items() if value is not None}
    return MachineEar(decide, until_end=wanted.until_end, timeout=wanted.timeout, **given)
