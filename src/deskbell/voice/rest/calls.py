"""`Calls`: make a call, look at it, send it to another document, end it.

Source: https://www.twilio.com/docs/voice/api/call-resource and
https://www.twilio.com/docs/voice/tutorials/how-to-modify-calls-in-progress
"""

from __future__ import annotations

from typing import Final

from deskbell.foundation.errors import NotAllowed

from ..call import Call, Snapshot
from ..outgoing import place
from .asked import Answer, Asked, Route
from .errors import RestError, not_in_progress, not_now
from .orders import document_of, order_of, too_many
from .resources import call_resource, page_of

MOST_SHOWN: Final = 1000
STATUSES: Final = (
    *("queued", "ringing", "in-progress", "completed"),
    *("busy", "failed", "no-answer", "canceled"),
)


async def create(asked: Asked) -> Answer:
    """Makes a call: 201 with the call, which is queued."""
    if asked.services.agent.is_draining:
        raise not_now("The gateway is about to stop, and makes no calls any more")
    order = await order_of(asked)
    try:
        call = place(asked.services, order)
    except NotAllowed as error:
        raise too_many(error) from error
    return Answer(call_resource(Snapshot.of(call)), 201)


async def look(asked: Asked) -> Answer:
    """One call, also where it is over since a little while."""
    return Answer(call_resource(asked.seen(asked.names["sid"])))


async def listed(asked: Asked) -> Answer:
    """The calls of the account that run, and those that ran lately; the newest first."""
    wanted = {
        "status": asked.one_of("Status", "", *STATUSES),
        "caller": asked.text("From"),
        "called": asked.text("To"),
        "parent_sid": asked.text("ParentCallSid"),
    }
    found = [
        call_resource(seen)
        for seen in asked.services.board.all_seen()
        if asked.is_of_account(seen)
        and all(not value or getattr(seen, name) == value for name, value in wanted.items())
    ]
    query = {name: value for name, value in asked.form.items() if name not in {"Page", "PageSize"}}
    size = asked.whole("PageSize", 50, least=1, most=MOST_SHOWN)
    page = asked.whole("Page", 0, most=MOST_SHOWN)
    body = page_of(found, key="calls", path=asked.path, query=query, page=page, size=size)
    return Answer(body)


async def change(asked: Asked) -> Answer:
    """Ends a call, or sends it to another document.

    `Status=canceled` ends it while nobody has answered, `completed` at any time. 400 with 21220
    for one that is over.
    """
    sid = asked.names["sid"]
    status = asked.one_of("Status", "", "canceled", "completed")
    document = document_of(asked)
    call = asked.call(sid)
    if call is None or call.is_over:
        raise not_in_progress()
    if status:
        _end(call, status)
    elif document is None:
        raise RestError(21205, "Url, Twiml or Status is required")
    elif call.is_outgoing and not call.is_answered:
        raise not_in_progress()
    else:
        call.redirect(document.url, document.method, xml=document.xml)
    return Answer(call_resource(Snapshot.of(call)))


def _end(call: Call, status: str) -> None:
    if status == "completed":
        call.end("completed" if call.is_answered else "canceled")
    elif not call.is_answered:
        call.end("canceled")


ROUTES: Final[tuple[Route, ...]] = (
    ("POST", "Calls", create),
    ("GET", "Calls", listed),
    ("GET", "Calls/{sid:CA[0-9a-f]{32}}", look),
    ("POST", "Calls/{sid:CA[0-9a-f]{32}}", change),
)
