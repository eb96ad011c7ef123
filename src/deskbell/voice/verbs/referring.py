"""Refer: the other side is asked to call somebody in our place (RFC 3515).

Source: RCML reference, section 7; https://www.twilio.com/docs/voice/twiml/refer
"""

from __future__ import annotations

from urllib.parse import urljoin

from deskbell.rcml.verbs import Refer

from ..call import Call
from ..pages import Page, next_page


async def refer(call: Call, verb: Refer, page: Page) -> Page | None:
    """Refers, and tells the action how the other side answered and how its own call went.

    `ReferCallStatus` is completed once the call there was answered, initiated where nothing more
    was told, failed otherwise. One without an address is passed over.
    """
    if not verb.uri:
        return None
    await call.answer()
    uri = verb.uri if ":" in verb.uri else f"sip:{verb.uri}"
    outcome = await call.refer(uri)
    told = {
        "ReferCallStatus": _status(outcome.code, outcome.notify_code),
        "ReferSipResponseCode": str(outcome.code),
    }
    if outcome.notify_code:
        told["NotifySipResponseCode"] = str(outcome.notify_code)
    call.trace.note("referred", to=uri, **told)
    if not verb.action or call.ended:
        return None
    return await next_page(call, verb.method, urljoin(page.url, verb.action), told)


def _status(code: int, notify_code: int) -> str:
    if not 200 <= code < 300 or notify_code >= 300:
        return "failed"
    return "completed" if notify_code >= 200 else "initiated"
