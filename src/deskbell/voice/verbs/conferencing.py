"""Conference: joins the caller to a room. Source: RCML reference, section 6b."""

from __future__ import annotations

from deskbell.rcml.verbs import Conference, Dial

from ..call import Call
from ..pages import Page


async def confer(call: Call, _verb: Dial, noun: Conference, _page: Page) -> dict[str, str]:
    """Joins the room until the caller leaves it; what the action learns."""
    call.trace.warn("cannot_confer", room=noun.name)
    return {"DialCallStatus": "failed"}
