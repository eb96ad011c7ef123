"""Whom a Dial calls: from a noun to the call that rings there.

Source: RCML reference, section 6a: headers of one's own behind a `?`, status callbacks, all four
events where none is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urljoin

from deskbell.foundation.errors import DeskbellError
from deskbell.rcml.verbs import Client, Dial, Number, Sip

from ..call import Call
from ..outgoing import Order, place
from ..pages import Page
from ..progress import EVENTS
from ..routes import TooManyCalls
from ..signalling.destinations import Destination

MOST_HEADERS: Final = 1024
Phone = Number | Sip | Client
_HEADER: Final = re.compile(r"[Xx]-[A-Za-z0-9-]{1,60}")


@dataclass(frozen=True, slots=True)
class Callee:
    """A phone to ring: the noun that names it, and where it is; nowhere is refused with `code`."""

    noun: Phone
    destinations: tuple[Destination, ...]
    code: int = 404

    @property
    def is_trusted(self) -> bool:
        """Whether it is a phone of ours, and no stranger behind a trunk."""
        return bool(self.destinations) and not any(each.trunk for each in self.destinations)


def address_of(noun: Phone) -> str:
    """What the noun names, without headers."""
    text = {Number: "number", Sip: "uri", Client: "name"}[type(noun)]
    return str(getattr(noun, text)).partition("?")[0].strip()


def headers_of(noun: Phone) -> tuple[str, ...]:
    """The X- headers that stand behind the noun's address, as whole lines."""
    text = {Number: "number", Sip: "uri", Client: "name"}[type(noun)]
    query = str(getattr(noun, text)).partition("?")[2]
    lines, size = [], 0
    for name, value in parse_qsl(query, keep_blank_values=True):
        line = f"{name}: {''.join(mark for mark in value if mark.isprintable())}"
        size += len(line)
        if _HEADER.fullmatch(name) and size <= MOST_HEADERS:
            lines.append(line)
    return tuple(lines)


async def find(call: Call, noun: Phone) -> list[Callee]:
    """The phones that `noun` rings: each place where one is registered is one of its own.

    What may not be called, or is not there, is one that nobody answers; the trace says why.
    """
    try:
        ways = await call.services.routes.to(noun, account=call.account)
    except DeskbellError as error:
        call.trace.warn("no_route", to=address_of(noun), why=error)
        return [Callee(noun, (), 503 if isinstance(error, TooManyCalls) else 404)]
    if any(way.trunk for way in ways):  # trunks are tried in turn
        return [Callee(noun, tuple(ways))]
    return [Callee(noun, (way,)) for way in ways]


def _shown(call: Call, callee: Callee, verb: Dial) -> str:
    """Who calls, for the callee: our own phones see it as it is, strangers only numbers of ours."""
    own = call.particulars.called if call.direction == "outbound-dial" else call.particulars.caller
    wanted = verb.caller_id or own
    if callee.is_trusted:
        return wanted
    return call.services.routes.caller_shown(call.account, wanted)


def ring(call: Call, callee: Callee, verb: Dial, page: Page) -> Call:
    """Calls a phone for `call`, which gets its changes. Raises NotAllowed at the limits."""
    noun = callee.noun
    callback = urljoin(page.url, noun.status_callback) if noun.status_callback else ""
    order = Order(
        destinations=callee.destinations,
        code_of_none=callee.code,
        caller=_shown(call, callee, verb),
        caller_name="" if verb.caller_id else call.particulars.caller_name,
        called=address_of(noun),
        headers=headers_of(noun),
        account=call.account,
        parent=call,
        timeout=verb.timeout + 1,  # the Dial's own clock ends it first
        time_limit=verb.time_limit + verb.timeout + 1,
        status_callback=callback,
        status_callback_method=noun.status_callback_method,
        status_callback_events=frozenset(noun.status_callback_event or EVENTS),
    )
    child = place(call.services, order)
    call.extra["OutboundCallSid"] = child.sid
    call.trace.note("calls", to=address_of(noun), leg=child.sid)
    return child
