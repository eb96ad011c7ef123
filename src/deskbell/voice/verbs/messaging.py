"""Sms, Message, Email and Fax: handed to the web side, which sends them or says why not.

Source: RCML reference, sections 7 and 8: they run also after the caller has hung up, then without
their action. Each has a sid of ours, so the web side can tell a repetition from another message.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urljoin

from deskbell.foundation.errors import DeskbellError, InvalidInput, Unreachable
from deskbell.foundation.sids import new_sid
from deskbell.rcml.verbs import Email, Fax, Message, Messaging, Sms, Verb

from ..call import Call
from ..pages import Page, next_page
from ..spool import Parcel
from ..web import Reply

FAILED: Final = "failed"
QUEUED: Final = "queued"
_KINDS: Final[Mapping[type[Messaging], tuple[str, str]]] = {
    Sms: ("sms", "SM"),
    Message: ("message", "SM"),
    Email: ("email", "EM"),
    Fax: ("fax", "FX"),
}


async def send(call: Call, verb: Messaging, page: Page) -> Page | None:
    """Sends, tells the status callback, and asks the action what is next, if there is one."""
    await call.answer()
    fields = _fields(call, verb, page)
    status = await call.patiently(_handed_over(call, fields))
    call.trace.note("sends", kind=fields["Kind"], sid=fields["MessageSid"], status=status)
    if isinstance(verb, Email):
        return None
    told = _told(verb, fields["MessageSid"], status)
    if verb.status_callback:
        url = urljoin(page.url, verb.status_callback)
        call.services.spool.send(Parcel("form", url, fields=call.fields() | told))
    if not verb.action or call.ended:
        return None
    return await next_page(call, verb.method, urljoin(page.url, verb.action), told)


def send_after_hang_up(call: Call, verbs: Iterable[Verb], page: Page) -> None:
    """Sends those of `verbs` that are messages, for a caller who has left; returns at once."""
    url = call.configuration.messages
    for verb in verbs:
        if not isinstance(verb, Messaging):
            continue
        fields = _fields(call, verb, page)
        call.trace.note("sends", kind=fields["Kind"], sid=fields["MessageSid"], after="hang_up")
        if url:
            call.services.spool.send(Parcel("form", url, fields=fields))
        else:
            call.trace.warn("cannot_send", why="the web side takes no messages")


def _fields(call: Call, verb: Messaging, page: Page) -> dict[str, str]:
    """What the web side is told of a message; `From` and `To` stay the call's."""
    kind, prefix = _KINDS[type(verb)]
    fields = call.fields()
    wanted = {
        "MessageFrom": verb.from_ or ("" if kind == "email" else fields["To"]),
        "MessageTo": verb.to or ("" if kind == "email" else fields["From"]),
    }
    if isinstance(verb, Fax):
        wanted["MediaUrl"] = urljoin(page.url, verb.url)
    else:
        wanted["Body"] = verb.body
    if isinstance(verb, Email):
        wanted |= {"Cc": verb.cc, "Bcc": verb.bcc, "Subject": verb.subject}
    given = {name: value for name, value in wanted.items() if value}
    return fields | {"Kind": kind, "MessageSid": new_sid(prefix)} | given


async def _handed_over(call: Call, fields: Mapping[str, str]) -> str:
    """The message's status. A web side that is away gets it later."""
    url = call.configuration.messages
    if not url:
        call.trace.warn("cannot_send", why="the web side takes no messages")
        return FAILED
    try:
        reply = await call.services.web.form("POST", url, fields)
    except Unreachable as error:
        call.trace.warn("message_waits", why=error)
        call.services.spool.send(Parcel("form", url, fields=dict(fields)))
        return QUEUED
    try:
        return _status_in(call, reply)
    except DeskbellError as error:
        call.trace.warn("cannot_send", why=error)
        return FAILED


def _status_in(call: Call, reply: Reply) -> str:
    """What the answer says. Raises InvalidInput for one that is none."""
    try:
        found = json.loads(reply.body)
        status, words = str(found["status"]), str(found.get("message", ""))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InvalidInput(f"{reply.url} answered {reply.status}, and no status") from error
    if words:
        call.trace.warn("message_refused", why=words)
    return status if reply.is_good else FAILED


def _told(verb: Sms | Message | Fax, sid: str, status: str) -> dict[str, str]:
    name = type(verb).__name__
    return {f"{name}Sid": sid, f"{name}Status": status}
