"""Hold and Resume: the other side's audio is offered one way, and both ways again (re-INVITE).

Source: RCML reference, section 7; RFC 3264, section 8.4. Who is on hold can still be played to.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin
from weakref import WeakSet

from deskbell.rcml.verbs import Hold, Resume

from ..call import Call
from ..pages import Page, next_page

NO_ANSWER: Final = frozenset({0, 408})
_held: Final[WeakSet[Call]] = WeakSet()


async def hold(call: Call, verb: Hold, page: Page) -> Page | None:
    """Puts the other side on hold; once is enough."""
    await call.answer()
    code = 200
    if call not in _held:
        code = await call.reoffer("sendonly")
    if code < 300:
        _held.add(call)
    return await _go_on(call, verb, page, "held", code)


async def resume(call: Call, verb: Resume, page: Page) -> Page | None:
    """Takes the other side off hold; one that is not on hold is left as it is."""
    if call not in _held:
        call.trace.note("not_on_hold")
        return None
    code = await call.reoffer("sendrecv")
    if code < 300:
        _held.discard(call)
    return await _go_on(call, verb, page, "resumed", code)


async def _go_on(call: Call, verb: Hold | Resume, page: Page, done: str, code: int) -> Page | None:
    status = done if 200 <= code < 300 else "no-answer" if code in NO_ANSWER else "failed"
    call.trace.note(status, code=code)
    if not verb.action:
        return None
    name = type(verb).__name__
    told = {f"{name}Status": status, f"{name}SipResponseCode": str(code)}
    return await next_page(call, verb.method, urljoin(page.url, verb.action), told)
