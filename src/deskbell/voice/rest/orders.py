"""A call asked for over REST, from its form to the order that `outgoing` carries out.

Source: https://www.twilio.com/docs/voice/make-calls#parameters and
https://www.twilio.com/docs/voice/answering-machine-detection
"""

from __future__ import annotations

import re
from typing import Final, Literal

from deskbell.foundation.errors import InvalidInput, NotAllowed
from deskbell.rcml.read import from_xml
from deskbell.rcml.verbs import Client, Number, Sip

from ..call import Origin
from ..detection import Detection
from ..outgoing import Order
from ..routes import NoRoute, TooManyCalls
from ..signalling.destinations import Destination
from ..verbs.callees import Phone, address_of, headers_of
from .asked import Asked
from .errors import RestError, missing, wrong

LONGEST_RING: Final = 600
LONGEST_CALL: Final = 4 * 3600
MOST_DIGITS: Final = 32
EVENTS: Final = ("initiated", "ringing", "answered", "completed")
RECORDING_EVENTS: Final = ("in-progress", "completed", "absent", "failed")
_DIGITS: Final = re.compile(r"[0-9A-Da-d*#wW]*")
_TEXT: Final = re.compile(r"[^\x00-\x1f\x7f<>\"]{1,255}")


async def order_of(asked: Asked) -> Order:
    """Reads the form, and finds where the call goes. Raises RestError."""
    noun = noun_of(asked, "To")
    caller = asked.text("CallerId") or asked.text("From")
    if not caller:
        raise missing(21213, "From")
    if not _TEXT.fullmatch(caller):
        raise RestError(21212, f"The 'From' {caller[:80]!r} is no number, client or SIP address")
    document = document_of(asked)
    if document is None:
        raise RestError(21205, "Url parameter is required; or send the document as Twiml")
    destinations = await destinations_of(asked, noun)
    is_trusted = not any(destination.trunk for destination in destinations)
    caller = caller.removeprefix("client:")
    shown = asked.services.routes.caller_shown(asked.account, caller)
    return Order(
        destinations=destinations,
        caller=caller if is_trusted else shown,
        caller_name=asked.text("CallerName")[:60],  # ours: what a phone shows beside the number
        called=address_of(noun),
        headers=headers_of(noun),
        account=asked.account,
        payer=payer_of(asked, noun),
        timeout=asked.whole("Timeout", 60, least=1, most=LONGEST_RING),
        time_limit=asked.whole("TimeLimit", LONGEST_CALL, least=1, most=LONGEST_CALL),
        send_digits=_digits(asked),
        detection=detection_of(asked),
        document=document,
        fallback=_fallback(asked),
        record=_record(asked),
        recording_callback=asked.url("RecordingStatusCallback"),
        recording_callback_method=asked.one_of("RecordingStatusCallbackMethod", "POST", "GET"),
        recording_callback_events=tuple(
            events_of(asked, "RecordingStatusCallbackEvent", RECORDING_EVENTS)
        ),
        status_callback=asked.url("StatusCallback"),
        status_callback_method=asked.one_of("StatusCallbackMethod", "POST", "GET"),
        status_callback_events=events_of(asked, "StatusCallbackEvent", EVENTS),
    )


def noun_of(asked: Asked, name: str) -> Phone:
    """Whom to call: a number, `client:NAME` or `sip:NAME@HOST`. Raises RestError."""
    text = asked.text(name)
    if not text:
        raise missing(21201, name)
    if not _TEXT.fullmatch(text.partition("?")[0]):
        raise RestError(21211, f"The '{name}' {text[:80]!r} is no number, client or SIP address")
    if text.lower().startswith("client:"):
        return Client(text.partition(":")[2])
    if text.lower().startswith(("sip:", "sips:")):
        return Sip(
            text,
            username=asked.text("SipAuthUsername"),
            password=asked.text("SipAuthPassword"),
        )
    return Number(text)


async def destinations_of(asked: Asked, noun: Phone) -> list[Destination]:
    """Where a call to `noun` goes. Raises RestError."""
    try:
        return await asked.services.routes.to(noun, account=payer_of(asked, noun), is_ordered=True)
    except TooManyCalls as error:
        raise too_many(error) from error
    except NotAllowed as error:
        raise RestError(21215, f"Account not authorized to call: {error}") from error
    except NoRoute as error:
        raise RestError(21214, f"'To' cannot be reached: {error}") from error


def payer_of(asked: Asked, noun: Phone) -> str:
    """Whose limits a call counts for: with `Staff=true`, or to a receptionist's phone, our own.

    Only here, where our web side orders: no document of a customer's reaches such a phone.
    """
    is_staff = asked.flag("Staff")
    if isinstance(noun, Client):
        is_staff = is_staff or asked.configuration.is_staff_phone(noun.name.partition("?")[0])
    return asked.configuration.account_sid if is_staff else asked.account


def too_many(error: NotAllowed) -> RestError:
    """The limits are reached."""
    return RestError(10004, f"Call concurrency limit exceeded: {error}", status=429)


def document_of(asked: Asked) -> Origin | None:
    """The document that the form names (`Url`) or brings (`Twiml`). Raises RestError."""
    url, xml = asked.url("Url"), asked.text("Twiml")
    if xml:
        try:
            from_xml(xml.encode())
        except InvalidInput as error:
            raise RestError(12100, f"Twiml cannot be read: {error}") from error
        return Origin(asked.configuration.incoming, "POST", xml)
    if not url:
        return None
    return Origin(url, asked.one_of("Method", "POST", "GET"))


def events_of(asked: Asked, name: str, known: tuple[str, ...]) -> frozenset[str]:
    """The events that a callback is wanted for; `completed` where none is named."""
    events = asked.texts(name)
    for event in events:
        if event not in known:
            raise wrong(name, ", ".join(known), event)
    return frozenset(events or {"completed"})


def _fallback(asked: Asked) -> Origin | None:
    url = asked.url("FallbackUrl")
    return Origin(url, asked.one_of("FallbackMethod", "POST", "GET")) if url else None


def _digits(asked: Asked) -> str:
    text = asked.text("SendDigits")
    if len(text) > MOST_DIGITS or not _DIGITS.fullmatch(text):
        raise wrong("SendDigits", f"up to {MOST_DIGITS} of 0-9, A-D, *, # and w", text)
    return text


def _record(asked: Asked) -> Literal["", "both", "dual"]:
    if not asked.flag("Record"):
        return ""
    return "dual" if asked.one_of("RecordingChannels", "mono", "dual") == "dual" else "both"


def detection_of(asked: Asked) -> Detection | None:
    """How to tell machines from people, None where it is not asked for. Raises RestError."""
    kind = asked.one_of("MachineDetection", "", "Enable", "DetectMessageEnd")
    if not kind:
        return None
    return Detection(
        until_end=kind == "DetectMessageEnd",
        timeout=asked.whole("MachineDetectionTimeout", 30, least=3, most=59),
        speech_threshold=_seconds(asked, "MachineDetectionSpeechThreshold", 1000, 6000),
        speech_end_threshold=_seconds(asked, "MachineDetectionSpeechEndThreshold", 500, 5000),
        silence_timeout=_seconds(asked, "MachineDetectionSilenceTimeout", 2000, 10000),
        is_async=asked.flag("AsyncAmd"),
        callback=asked.url("AsyncAmdStatusCallback"),
        callback_method=asked.one_of("AsyncAmdStatusCallbackMethod", "POST", "GET"),
    )


def _seconds(asked: Asked, name: str, least: int, most: int) -> float | None:
    if not asked.text(name):
        return None
    return asked.whole(name, least, least=least, most=most) / 1000
