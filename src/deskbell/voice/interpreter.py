"""Walks a call through its documents, from the first to the end; one coroutine for each call.

A fault here, in a verb or in the web side's answers ends this call, with the apology and a line in
the trace, and no other.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from deskbell.foundation.errors import DeskbellError

from .call import Call, CallEnded, HangUp, Refusal
from .pages import NoPage, Page, first_page
from .verbs.registry import HANDLERS

log = logging.getLogger(__name__)
LONGEST_CALL: Final = 4 * 3600.0
RING_AFTER: Final = 0.2


async def run(call: Call) -> None:
    """Takes the call from its INVITE to its end. Faults end in the log and the apology."""
    ringing = asyncio.get_running_loop().call_later(RING_AFTER, call.ring)
    try:
        await _interpret(call)
    except Exception:
        log.exception("%s fault", call.sid)
        await _apologise(call)
    finally:
        ringing.cancel()
        await call.finish()


async def _interpret(call: Call) -> None:
    try:
        async with asyncio.timeout(LONGEST_CALL):
            page: Page | None = await first_page(call)
            while page is not None:
                page = await _walk(call, page)
    except Refusal as refusal:
        call.refuse(refusal)
    except (CallEnded, HangUp):
        pass
    except TimeoutError:
        call.trace.warn("too_long", seconds=LONGEST_CALL)
    except NoPage as error:
        call.trace.warn("given_up", why=error)
    except DeskbellError as error:
        call.trace.warn("document_refused", why=error)
        await _apologise(call)


async def _walk(call: Call, page: Page) -> Page | None:
    for verb in page.document.verbs:
        if call.ended:
            raise CallEnded
        handler = HANDLERS.get(type(verb))
        if handler is None:
            call.trace.warn("verb_skipped", verb=type(verb).__name__)
            continue
        following = await handler(call, verb, page)
        if following is not None:
            return following
    return None


async def _apologise(call: Call) -> None:
    try:
        async with asyncio.timeout(30):
            await call.answer()
            call.trace.note("apologises")
            await call.until_played(call.play([call.services.sounds.apology]))
    except Refusal as refusal:
        call.refuse(refusal)
    except (CallEnded, TimeoutError):
        pass
    except Exception:
        log.exception("%s fault while apologising", call.sid)
