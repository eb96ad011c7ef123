"""What the next process does with the calls of one that was killed.

Callers are taken up: their phones are asked to send their audio here, and the web side what they
hear next. Every other leg, and who cannot be taken up, is hung up on, and its end is told, so that
no record stays open and nobody listens to silence.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from deskbell.foundation import clock

from .. import interpreter
from ..call import Call, Services
from ..call.report import timestamp
from ..call.status import GATEWAY_LOST
from ..configuration import Configuration
from ..signalling.dialogs.keeping import KeptDialog, give_up, take_up
from ..spool import Parcel
from ..trace import Trace
from .record import KeptCall

log = logging.getLogger(__name__)
BETWEEN: Final = 0.002  # s between two callers: neither phones nor web side get all in a burst
RECORDING_SECONDS: Final = 5.0


async def go_on(services: Services, found: Sequence[KeptCall]) -> None:
    """Takes up the callers among `found`, as soon as there is a configuration; ends the others."""
    if not found:
        return
    while (configuration := services.configuration()) is None:  # noqa: ASYNC110 it has no event
        await asyncio.sleep(0.1)
    callers = [kept for kept in found if kept.may_go_on]
    log.warning(
        "an earlier gateway was killed: %d callers are taken up, %d legs are ended",
        len(callers),
        len(found) - len(callers),
    )
    for kept in found:
        if kept.may_go_on and kept.dialog is not None:
            _take_up(services, configuration, kept, kept.dialog)
            await asyncio.sleep(BETWEEN)
        else:
            end(services, configuration, kept)


def _take_up(
    services: Services,
    configuration: Configuration,
    kept: KeptCall,
    dialog: KeptDialog,
) -> None:
    call = Call(
        take_up(services.agent, dialog),
        services,
        configuration,
        host=services.agent.local_host(dialog.host),
        account=kept.account,
        particulars=kept.particulars,
    )
    seconds = (clock.now() - kept.answered).total_seconds() if kept.answered else 0.0
    call.be(kept.sid, began=kept.began, seconds=max(seconds, 0.001))
    call.trace.warn("takes_up", step=kept.step.url)
    services.board.run(call, _run(call, kept))


async def _run(call: Call, kept: KeptCall) -> None:
    # what was recorded comes before the question that it answers
    await call.services.recordings.recovered(call.sid, within=RECORDING_SECONDS)
    await interpreter.run_again(call, kept.session, kept.step)


def end(services: Services, configuration: Configuration, kept: KeptCall) -> None:
    """Hangs up on a leg that nobody goes on with, and tells of its end."""
    Trace(kept.sid).warn("over", status="failed", why=GATEWAY_LOST)
    if kept.dialog is not None:
        give_up(services.agent, kept.dialog)
    seconds = (clock.now() - kept.answered).total_seconds() if kept.answered else 0.0
    told = {
        **kept.fields,
        "CallStatus": "failed",
        "CallDuration": str(round(seconds)),
        "HangupBy": "system",
        "LostBecause": GATEWAY_LOST,
        "Timestamp": timestamp(),
    }
    if kept.direction == "inbound":
        url, method = configuration.status_callback, "POST"
        told["SequenceNumber"] = "0"
    else:
        url, method = kept.end_callback.url, kept.end_callback.method
        told |= {"CallbackSource": "call-progress-events", "SequenceNumber": "3"}
    if url:
        services.spool.send(Parcel("form", url, method, told))
    services.kept.forget(kept.sid)
