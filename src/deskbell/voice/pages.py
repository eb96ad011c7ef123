"""Documents as they come from the web side, and what a caller hears when they don't come.

Source: RCML reference, section 1, and the agreed door between web and gateway: tried twice, then
with the apology, during which the gateway goes on trying.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from deskbell.foundation.errors import DeskbellError, InvalidInput, Unreachable
from deskbell.foundation.sids import is_sid
from deskbell.rcml.read import from_xml
from deskbell.rcml.verbs import (
    Dial,
    Document,
    Gather,
    Nested,
    Pause,
    Play,
    Record,
    Redirect,
    Say,
    Verb,
)

from .call import Call, Origin, Refusal
from .media import Played
from .web import Reply

RETRY_SECONDS: Final = 0.3
APOLOGY_TRY_SECONDS: Final = 2.0
NOT_REACHED: Final = 11200  # Twilio's numbers, which ErrorCode has
NOT_A_DOCUMENT: Final = 12100
MOST_PAGES: Final = 50
PAGES_SECONDS: Final = 10.0
_RCML: Final = frozenset({"text/xml", "application/xml", "text/html"})
_AUDIO: Final = frozenset({"audio/wav", "audio/wave", "audio/x-wav", "audio/basic"})
_MOST_WORDS: Final = 200
_REFUSALS: Final = frozenset({403, 404, 486, 503})


@dataclass(frozen=True, slots=True)
class Page:
    """A document and the URL that its relative URLs are read against."""

    document: Document
    url: str


class NoPage(DeskbellError):
    """No document could be had; the caller has heard the apology."""


def page_of(reply: Reply) -> Page:
    """An answer as a document. Raises InvalidInput, in words, for what is none."""
    if reply.kind in _RCML:
        return Page(from_xml(reply.body), reply.url)
    if reply.kind in _AUDIO:
        return Page(Document((Play(reply.url),)), reply.url)
    if reply.kind == "text/plain":
        text = " ".join(reply.body.decode("utf-8", errors="replace").split())
        return Page(Document((Say(text),) if text else ()), reply.url)
    if not reply.body.strip():
        return Page(Document(), reply.url)
    raise InvalidInput(f"{reply.url} is {reply.kind or 'of no kind'}; XML, WAV or text is taken")


async def first_page(call: Call) -> Page:
    """The document that a call begins with; the web side says with it whose call it is.

    Raises Refusal where the web side refuses the call, NoPage, InvalidInput, CallEnded.
    """
    url = call.configuration.incoming
    reply = await _ask(call, "POST", url, call.fields(), is_first=True)
    if reply.status in _REFUSALS:
        if why := _words(reply):
            call.trace.warn("not_taken", why=why)
        raise Refusal(reply.status, is_known=True)
    if is_sid(reply.account, "AC"):
        call.account = reply.account
    return await _read(call, reply, url)


def _words(reply: Reply) -> str:
    """Why the web side refuses a call: the message of its error, where it says one."""
    try:
        said = json.loads(reply.body)
        return str(said["error"]["message"])[:_MOST_WORDS]
    except (ValueError, LookupError, TypeError):
        return ""


async def page_at(call: Call, origin: Origin) -> Page:
    """The document that a call is sent to from outside. Raises as `next_page`."""
    if origin.xml:
        return _taken(call, Page(from_xml(origin.xml.encode()), origin.url))
    return await next_page(call, origin.method, origin.url)


async def next_page(
    call: Call, method: str, url: str, fields: Mapping[str, str] | None = None
) -> Page:
    """The document at `url`, asked for with the call's parameters and `fields`.

    Raises NoPage, InvalidInput, CallEnded, Redirected.
    """
    _check_pace(call)
    call.trace.note("asks", url=url, **dict(fields or {}))
    asked = call.fields() | dict(fields or {})
    return await _read(call, await _ask(call, method, url, asked), url)


async def _read(call: Call, reply: Reply, url: str) -> Page:
    """The document in an answer; where it cannot be read, the fallback's, if there is one."""
    try:
        return _taken(call, page_of(reply))
    except InvalidInput as error:
        call.trace.warn("document_refused", why=error)
        fallback = await _ask_fallback(call, NOT_A_DOCUMENT, url)
        if fallback is None:
            raise
        return _taken(call, page_of(fallback))


async def _ask_fallback(call: Call, code: int, url: str) -> Reply | None:
    """What the fallback says, once for each document that cannot be had (section 1).

    Source: https://www.twilio.com/docs/usage/security/availability-reliability
    """
    origin = call.fallback or Origin(call.configuration.fallback)
    if not origin.url or origin.url == url or call.ended:
        return None
    call.trace.warn("asks_fallback", url=origin.url, code=code)
    told = call.fields() | {"ErrorCode": str(code), "ErrorUrl": url}
    reply = await call.patiently(_try(call, origin.method, origin.url, told, attempt=1))
    return reply if reply is not None and reply.is_good else None


def step_after(verbs: Sequence[Verb], page: Page) -> Origin:
    """What is asked when the first of `verbs` that asks for a document is done; else no URL."""
    for verb in verbs:
        if isinstance(verb, Gather | Record):
            return Origin(urljoin(page.url, verb.action or page.url), verb.method)
        if isinstance(verb, Dial) and verb.action:
            return Origin(urljoin(page.url, verb.action), verb.method)
        if isinstance(verb, Redirect) and verb.url:
            return Origin(urljoin(page.url, verb.url), verb.method)
    return Origin()


def _check_pace(call: Call) -> None:
    """Raises InvalidInput where documents follow each other so fast that nobody can hear them."""
    times = call.page_times
    times.append(time.monotonic())
    if len(times) > MOST_PAGES and times[-1] - times.popleft() < PAGES_SECONDS:
        raise InvalidInput(
            f"{MOST_PAGES} documents in less than {PAGES_SECONDS:g} s: they lead in a circle"
        )


def _taken(call: Call, page: Page) -> Page:
    for fault in page.document.faults:
        call.trace.warn("document_fault", fault=fault)
    foreseen: list[Nested] = []
    for verb in page.document.verbs:
        if isinstance(verb, Gather):
            foreseen += verb.nested
        elif isinstance(verb, Say | Play | Pause):
            foreseen.append(verb)
    for clip in foreseen:
        call.services.sounds.foresee(clip, page.url)
    return page


async def _ask(
    call: Call, method: str, url: str, fields: Mapping[str, str], *, is_first: bool = False
) -> Reply:
    accepted = _REFUSALS if is_first else frozenset[int]()
    reply = await call.patiently(_ask_twice(call, method, url, fields, accepted))
    if reply is None:
        reply = await _ask_fallback(call, NOT_REACHED, url)
    if reply is None:
        reply = await _ask_during_apology(call, method, url, fields)
    if reply is None:
        raise NoPage(f"{url} gave no document")
    return reply


async def _ask_twice(
    call: Call, method: str, url: str, fields: Mapping[str, str], accepted: frozenset[int]
) -> Reply | None:
    for attempt in (1, 2):
        reply = await _try(call, method, url, fields, attempt=attempt)
        if reply is not None:
            if reply.is_good or reply.status in accepted:
                return reply
            call.trace.warn("bad_answer", attempt=attempt, url=url, status=reply.status)
        if attempt == 1 and not call.ended:
            await asyncio.sleep(RETRY_SECONDS)
    return None


async def _try(
    call: Call, method: str, url: str, fields: Mapping[str, str], *, attempt: int
) -> Reply | None:
    began = time.monotonic()
    reply: Reply | None = None
    try:
        reply = await call.services.web.form(method, url, fields)
    except Unreachable as error:
        call.trace.warn("no_answer", attempt=attempt, why=error)
    status = reply.status if reply is not None else 0
    call.trace.web(method, url, status=status, seconds=time.monotonic() - began)
    return reply


async def _ask_during_apology(
    call: Call, method: str, url: str, fields: Mapping[str, str]
) -> Reply | None:
    await call.answer()
    apology = call.play([call.services.sounds.apology])
    call.trace.note("apologises")
    while True:
        event = await call.next_event(1.0)
        if isinstance(event, Played) and event.play_id == apology:
            return None
        if event is not None:
            continue
        try:
            async with asyncio.timeout(APOLOGY_TRY_SECONDS):
                reply = await _try(call, method, url, fields, attempt=3)
        except TimeoutError:
            continue
        if reply is not None and reply.is_good:
            call.leg.stop_playing()
            return reply
