"""Redirect, Hangup and Reject: the verbs that leave a document."""

from __future__ import annotations

from urllib.parse import urljoin

from deskbell.rcml.verbs import Hangup, Redirect, Reject

from ..call import Call, HangUp, Refusal
from ..pages import Page, next_page


async def redirect(call: Call, verb: Redirect, page: Page) -> Page | None:
    """Goes on with another document; one without a URL is passed over."""
    if not verb.url:
        return None
    return await next_page(call, verb.method, urljoin(page.url, verb.url))


async def hang_up(_call: Call, _verb: Hangup, _page: Page) -> Page | None:
    """Ends the call."""
    raise HangUp


async def reject(call: Call, verb: Reject, _page: Page) -> Page | None:
    """Refuses the call with 486 or 603; once it is answered, ends it."""
    if call.is_answered:
        raise HangUp
    raise Refusal(486 if verb.reason == "busy" else 603)
