"""Calls out: one order, its destinations tried in turn, and then the call like any other.

A Dial's child is answered and then does nothing by itself: who dialled joins its audio to others'.
A call that was asked for over REST runs its document. Either may be sent to another document.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from deskbell.foundation.errors import NotAllowed
from deskbell.rcml.verbs import Dial

from .call import Call, CallEnded, Origin, Particulars, Redirected, Services
from .callbacks import Callbacks
from .detection import Detection, detect
from .keeping import Keeping
from .media import NoPortLeft
from .recordings import Follower
from .routes import TooManyCalls
from .signalling.destinations import Destination
from .spool import Parcel

log = logging.getLogger(__name__)
RING_SECONDS: Final = 60.0
LONGEST_CALL: Final = 4 * 3600.0


@dataclass(frozen=True, slots=True)
class Order:
    """A call to make.

    `destinations` are tried in turn, the next where one is out of reach; without any the call is
    refused with `code_of_none`. `caller` and `called` are users, shown in From and To; `headers`
    are whole lines. `payer` is the account whose limits the call counts for, by default `account`,
    which it is for. `timeout` is how long they may ring and `time_limit` how long the conversation
    may be, in seconds. `record` keeps what both sides say from the answer on: `both` mixed, `dual`
    on two channels. `document` is what the callee hears once it answered, None for a Dial's child;
    before it comes `screening`: who does not come to its end has not taken the call.
    """

    destinations: Sequence[Destination]
    caller: str
    called: str
    caller_name: str = ""
    headers: Sequence[str] = ()
    code_of_none: int = 404
    account: str = ""
    payer: str = ""
    parent: Call | None = None
    timeout: float = RING_SECONDS
    time_limit: float = LONGEST_CALL
    send_digits: str = ""
    detection: Detection | None = None
    document: Origin | None = None
    screening: Origin | None = None
    fallback: Origin | None = None
    record: Literal["", "both", "dual"] = ""
    recording_callback: str = ""
    recording_callback_method: str = "POST"
    recording_callback_events: tuple[str, ...] = ()
    status_callback: str = ""
    status_callback_method: str = "POST"
    status_callback_events: frozenset[str] = field(default_factory=lambda: frozenset({"completed"}))


def place(services: Services, order: Order) -> Call:
    """Makes a call; it is under way when this returns, and `call.status` tells how it goes.

    Raises TooManyCalls, in words, where the account, or the gateway, has too many calls, and
    NotAllowed where the gateway knows nothing of its limits yet.
    """
    parent = order.parent
    configuration = parent.configuration if parent is not None else services.configuration()
    if configuration is None:
        raise NotAllowed("The gateway has no configuration yet, and so may call nobody")
    account = order.account or (parent.account if parent is not None else "")
    call = Call(
        None,
        services,
        configuration,
        host="",
        direction="outbound-dial" if parent is not None else "outbound-api",
        parent=parent,
        account=account,
        particulars=Particulars(order.caller, order.called, order.caller_name),
    )
    call.payer = order.payer or call.payer
    call.is_metered = any(destination.trunk for destination in order.destinations)
    _check_limits(call)
    call.fallback = order.fallback
    if "completed" in (order.status_callback_events or {"completed"}):
        call.end_callback = Origin(order.status_callback, order.status_callback_method)
    services.kept.touch(call)
    call.trace.note(
        "begins",
        caller=order.caller,
        called=order.called,
        direction=call.direction,
        parent=parent.sid if parent is not None else "",
    )
    if parent is not None:
        parent.watch(call)
    services.board.run(call, _run(call, order))
    return call


def _check_limits(call: Call) -> None:
    board, configuration = call.services.board, call.configuration
    most = configuration.limits_of(call.payer).calls_out
    if call.is_metered and board.out_of(call.payer) >= most:
        raise TooManyCalls(
            f"This account may have {most} calls through trunks at once, and has them"
        )
    if len(board) >= configuration.max_calls:
        raise TooManyCalls(f"The gateway may have {configuration.max_calls} calls, and has them")


async def _run(call: Call, order: Order) -> None:
    """The call from its first INVITE to its end."""
    callbacks = Callbacks(
        call,
        order.status_callback,
        method=order.status_callback_method,
        events=order.status_callback_events,
    )
    callbacks.begin()
    keeping = _keeping(call, order)
    try:
        code = await _dial(call, order)
        if code == 200:
            if keeping is not None:
                keeping.begin()
            await _talk(call, order)
        else:
            call.give_up(code, why="refused" if code else "no_answer")
    except Exception:
        log.exception("%s fault", call.sid)
    finally:
        await call.finish()
        callbacks.finish()
        if keeping is not None:
            await keeping.finish()


def _keeping(call: Call, order: Order) -> Keeping | None:
    if not order.record:
        return None
    follower = Follower(
        order.recording_callback,
        order.recording_callback_method,
        order.recording_callback_events,
        {
            "RecordingSource": "OutboundAPI",
            "RecordingChannels": "2" if order.record == "dual" else "1",
        },
    )
    seconds = order.time_limit + order.timeout
    return Keeping(call, ways=order.record, follower=follower, max_seconds=seconds)


async def _talk(call: Call, order: Order) -> None:
    """What an answered call does by itself, for as long as it may."""
    limit = _limit(call, order.time_limit)
    try:
        if order.document is not None:
            await _follow(call, order, order.document)
            return
        elsewhere = await _be_there(call)
        if elsewhere is not None:
            limit.cancel()  # it was the Dial's
            limit = _limit(call, LONGEST_CALL)
            await call.services.walk(call, elsewhere)
    finally:
        limit.cancel()


def _limit(call: Call, seconds: float) -> asyncio.TimerHandle:
    """Ends the call after `seconds` as if somebody hung up, so that no verb loses what it has."""
    return asyncio.get_running_loop().call_later(seconds, call.end, "time_limit")


async def _follow(call: Call, order: Order, document: Origin) -> None:
    try:
        if order.send_digits:
            await call.until_played(call.leg.send_digits(order.send_digits))
        if order.detection is not None:
            await _detect(call, order.detection)
    except CallEnded:
        return
    except Redirected:
        pass  # the walk takes it there
    following: Origin | None = document
    if order.screening is not None and not await _takes_it(call, order.screening):
        following = call.take_redirection()
    if following is not None:
        await call.services.walk(call, following)


async def _takes_it(call: Call, screening: Origin) -> bool:
    """Whether whoever answered comes to the end of the screening document."""
    call.trace.note("screened", url=screening.url)
    return await call.services.walk(call, screening, without=frozenset({Dial}), is_aside=True)


async def _detect(call: Call, wanted: Detection) -> None:
    if wanted.is_async:
        call.services.board.spawn(_tell_verdict(call, wanted))
    else:
        await detect(call, wanted)


async def _tell_verdict(call: Call, wanted: Detection) -> None:
    await detect(call, wanted)
    if wanted.callback:
        fields = call.fields() | {"AnsweredBy": call.answered_by}
        parcel = Parcel("form", wanted.callback, wanted.callback_method, fields)
        call.services.spool.send(parcel)


async def _dial(call: Call, order: Order) -> int:
    """200, or the code that the last destination refused with; 0 where nobody answered in time.

    The time is for all of them together, and another is tried where one is out of reach.
    """
    code, end = order.code_of_none, time.monotonic() + order.timeout
    for destination in order.destinations:
        code = await _try(call, order, destination, end - time.monotonic())
        if call.ended or not (code == 408 or code >= 500) or code >= 600:
            break
    return code


async def _try(call: Call, order: Order, destination: Destination, seconds: float) -> int:
    agent = call.services.agent
    try:
        offer = call.offer(agent.local_host(destination.host), codecs=destination.codecs)
    except NoPortLeft as error:
        call.trace.warn("no_port", why=error)
        return 503
    dialog = agent.invite(
        destination,
        caller=order.caller,
        caller_name=order.caller_name,
        called=order.called,
        sdp=offer,
        headers=order.headers,
        handler=call,
    )
    call.attach(dialog)
    return await call.decision(seconds)


async def _be_there(call: Call) -> Origin | None:
    """Waits until a Dial's child is over, or sent to a document of its own, which it gives."""
    try:
        await call.until_over()
    except Redirected:
        return call.take_redirection()
    except CallEnded:
        pass
    return None
