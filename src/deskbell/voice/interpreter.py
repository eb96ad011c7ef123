"""Walks a call through its documents, from the first to the end; one coroutine for each call.

A fault here, in a verb or in the web side's answers ends this call, with the apology and a line in
the trace, and no other.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from deskbell.foundation.errors import DeskbellError
from deskbell.rcml.verbs import Verb

from .call import Call, CallEnded, HangUp, Origin, Redirected, Refusal
from .call.status import NO_DOCUMENT
from .pages import NoPage, Page, first_page, next_page, page_at, step_after
from .verbs.messaging import send_after_hang_up
from .verbs.registry import HANDLERS
from .web import with_query

log = logging.getLogger(__name__)
LONGEST_CALL: Final = 4 * 3600.0
GRACE_SECONDS: Final = 60.0  # for what a verb still does when its call is over
RING_AFTER: Final = 0.2
FirstPage = Callable[[Call], Awaitable[Page | None]]
Verbs = frozenset[type[Verb]]


async def run(call: Call) -> None:
    """Takes a call that came in from its INVITE to its end. Faults end in log and apology."""
    loop = asyncio.get_running_loop()
    ringing = loop.call_later(RING_AFTER, call.ring)
    limit = loop.call_later(LONGEST_CALL, call.end, "too_long")
    try:
        await _safely(call, first_page)
    finally:
        ringing.cancel()
        limit.cancel()
        await call.finish()


async def run_again(call: Call, session: tuple[int, int], step: Origin) -> None:
    """Takes a call of an earlier process on from where it was, to its end.

    `session` is what that process said of its audio, `step` what it would have asked next, which
    is now asked with `Resumed`: what is done about the gap is the web side's to decide.
    """
    limit = asyncio.get_running_loop().call_later(LONGEST_CALL, call.end, "too_long")
    try:
        if await call.take_up(session):
            call.come_to(step)
            await _safely(call, lambda call: _step_again(call, step))
    finally:
        limit.cancel()
        await call.finish()


async def _step_again(call: Call, step: Origin) -> Page:
    if step.url:
        return await next_page(call, step.method, with_query(step.url, {"Resumed": "1"}))
    return await next_page(call, "POST", call.configuration.incoming, {"Resumed": "true"})


async def walk(
    call: Call, origin: Origin, *, without: Verbs = frozenset(), is_aside: bool = False
) -> bool:
    """Takes an answered call through the document at `origin` and what follows it.

    Verbs of the kinds `without` are passed over. Whether it came to the end of a document, with
    both sides still there: False after Hangup, an apology, or where the other side left. Does not
    end the call. `is_aside` says that somebody else runs the call: where it is sent to another
    document, this only stops.
    """
    return await _safely(call, lambda call: page_at(call, origin), without, is_aside=is_aside)


async def _safely(
    call: Call, first: FirstPage, without: Verbs = frozenset(), *, is_aside: bool = False
) -> bool:
    try:
        return await _interpret(call, first, without, is_aside=is_aside)
    except Exception:
        log.exception("%s fault", call.sid)
        await _apologise(call)
    return False


async def _interpret(call: Call, first: FirstPage, without: Verbs, *, is_aside: bool) -> bool:
    try:
        async with asyncio.timeout(LONGEST_CALL + GRACE_SECONDS):
            await _follow(call, first, without, is_aside=is_aside)
            return True
    except Refusal as refusal:
        call.refuse(refusal)
    except (CallEnded, HangUp, Redirected):
        pass
    except TimeoutError:
        call.trace.warn("too_long", seconds=LONGEST_CALL + GRACE_SECONDS)
    except NoPage as error:
        call.trace.warn("given_up", why=error)
        if not is_aside:
            call.end(NO_DOCUMENT)
    except DeskbellError as error:
        call.trace.warn("document_refused", why=error)
        await _apologise(call)
    return False


async def _follow(call: Call, first: FirstPage, without: Verbs, *, is_aside: bool) -> None:
    """The first document and all that follow, also those that somebody outside sends it to."""
    following: FirstPage | None = first
    while following is not None:
        try:
            call.check()
            page = await following(call)
            while page is not None:
                page = await _walk(call, page, without, is_aside=is_aside)
            following = None
            call.check()
        except Redirected:
            if is_aside:
                raise
            following = _redirected(call)


def _redirected(call: Call) -> FirstPage | None:
    origin = call.take_redirection()
    if origin is None:
        return None
    if call.has_leg:
        call.leg.stop_playing()
    return lambda call: page_at(call, origin)


async def _walk(call: Call, page: Page, without: Verbs, *, is_aside: bool) -> Page | None:
    rest = list(page.document.verbs)
    try:
        while rest:
            call.check()
            if not is_aside:
                call.come_to(step_after(rest, page))
            verb = rest.pop(0)
            handler = HANDLERS.get(type(verb))
            if handler is None or type(verb) in without:
                call.trace.warn("verb_skipped", verb=type(verb).__name__)
                continue
            following = await handler(call, verb, page)
            if following is not None:
                return following
    except CallEnded:
        send_after_hang_up(call, rest, page)
        raise
    return None


async def _apologise(call: Call) -> None:
    try:
        async with asyncio.timeout(30):
            await call.answer()
            call.trace.note("apologises")
            await call.until_played(call.play([call.services.sounds.apology]))
    except Refusal as refusal:
        call.refuse(refusal)
    except (CallEnded, Redirected, TimeoutError):
        pass
    except Exception:
        log.exception("%s fault while apologising", call.sid)
