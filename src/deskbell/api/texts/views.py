"""Texts to our numbers and reports on our own, from carriers that sign what they ask.

A request acts once however often it is played to us: a text by its id, a report because it says
the same thing again. Sources: https://www.twilio.com/docs/messaging/guides/webhook-request,
https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from deskbell.delivery.texting import Carrier, carrier_named
from deskbell.delivery.texting.incoming import hear
from deskbell.delivery.texting.reports import take
from deskbell.foundation import clock
from deskbell.foundation.errors import NotAllowed

from ..errors import with_errors
from ..voice.carriers import CHECKS, by_hmac
from ..voice.requests import check_size

View = Callable[[HttpRequest, Carrier], HttpResponseBase]
_OWN = by_hmac("X-Twilio-Signature")


def _of_carrier(view: View) -> Callable[[HttpRequest, str], HttpResponseBase]:
    """Lets only POSTs in that a connected carrier signed: others get 405, 404, 413 or 403."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, /, carrier: str) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponse(status=405, headers={"Allow": "POST"})
        check_size(request)
        found = carrier_named(carrier)
        _ = request.body  # read whole, or Django forgets it when it reads a form
        is_genuine = {str(way): check for way, check in CHECKS.items()}.get(found.name, _OWN)
        if not is_genuine(request, found.keys):
            raise NotAllowed(f"The request is not signed by {found.label}, or not for this URL")
        return view(request, found)

    return csrf_exempt(with_errors(guarded))


@_of_carrier
def incoming(request: HttpRequest, carrier: Carrier) -> HttpResponse:
    """Somebody texted one of our numbers: does what it means, and answers in words.

    Carriers of Twilio's family get the answer as TwiML; others 204, and a job texts it back.
    """
    heard = carrier.read_heard(request.body)
    if heard is None:
        return HttpResponse(status=204)
    words = hear(carrier=carrier, heard=heard, at=clock.now())
    return _twiml(words) if carrier.answers_in_document else HttpResponse(status=204)


@_of_carrier
def status(request: HttpRequest, carrier: Carrier) -> HttpResponse:
    """What became of a text that went out; 204 also for one that we do not know."""
    report = carrier.read_report(request.body)
    if report is not None:
        take(
            report=report,
            account_id=_whole(request, "account"),
            delivery_id=_whole(request, "delivery"),
            at=clock.now(),
        )
    return HttpResponse(status=204)


def _twiml(words: str) -> HttpResponse:
    inside = f"<Message>{escape(words)}</Message>" if words else ""
    document = f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'
    return HttpResponse(document, content_type="text/xml; charset=utf-8")


def _whole(request: HttpRequest, name: str) -> int:
    """A row's id in the query, which the carrier got from us; 0 where there is none."""
    found = request.GET.get(name, "")
    return int(found) if found.isascii() and found.isdigit() and len(found) <= 18 else 0
