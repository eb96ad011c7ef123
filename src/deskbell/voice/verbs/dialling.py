"""Dial: the gateway cannot call out yet, and says so at once, so that no caller waits for it.

Source: RCML reference, section 6.
"""

from __future__ import annotations

from urllib.parse import urljoin

from deskbell.rcml.verbs import Dial

from ..call import Call
from ..pages import Page, next_page


async def dial(call: Call, verb: Dial, page: Page) -> Page | None:
    """Asks the action what is next after a call that failed; without one, the next verb runs."""
    call.trace.warn("cannot_dial", numbers=len(verb.nouns))
    if not verb.action:
        return None
    url = urljoin(page.url, verb.action)
    return await next_page(call, verb.method, url, {"DialCallStatus": "failed"})
