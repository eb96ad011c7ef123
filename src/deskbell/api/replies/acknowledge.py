"""The page behind the link in a delivery: it shows the message, and one button acknowledges it.

Looking acknowledges nothing, because mail scanners follow links. The token in the address is the
key: it names the account whose rows may be touched, and whoever holds it may answer.
Source: design, on call, "Escalation" (email).
"""

from __future__ import annotations

import contextlib

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from deskbell.delivery import queries, wording
from deskbell.delivery.links import LinkExpired, read_token
from deskbell.delivery.models import Delivery
from deskbell.delivery.parcels import parcel_of
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound
from deskbell.messages import actions as messages
from deskbell.messages.errors import AlreadyAcknowledged
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope

from .page import close, page


# Without a referrer browsers send `Origin: null`, and there is no session to misuse: only somebody
# who knows the token can forge the request, and such a person can also make it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the message and whether somebody acknowledged it; POST acknowledges, then GETs.

    404 for a token that is not ours or leads nowhere any more, 410 for one of over 30 days ago.
    """
    try:
        named = read_token(token)
        with account_scope(named.account_id):
            delivery = queries.one(named.delivery_id)
            if request.method == "POST":
                return _acknowledge(request, delivery)
            return _show(delivery)
    except LinkExpired:
        return page("no_message", _EXPIRED, status=410)
    except NotFound:
        return page("no_message", _UNKNOWN, status=404)


_EXPIRED = {
    "title": "This link has expired",
    "words": "A link is good for 30 days. The message is still in the portal.",
}
_UNKNOWN = {
    "title": "No message here",
    "words": "This link is not complete, or its message is gone. Open it from the email again, "
    "or copy all of it.",
}


class _SeeOther(HttpResponseRedirect):
    status_code = 303


def _acknowledge(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    with contextlib.suppress(AlreadyAcknowledged):  # the page that follows says by whom
        messages.acknowledge(
            message=delivery.message, by=delivery.contact_name, at=now(), through=delivery.kind
        )
    return close(_SeeOther(request.path))


def _show(delivery: Delivery) -> HttpResponse:
    parcel = parcel_of(delivery, sent_at=delivery.created_at)
    context = {
        "parcel": parcel,
        "caller": wording.caller_of(parcel),
        "facts": wording.facts_of(parcel),
        "recording": wording.length(parcel.recording_seconds),
        **_who(delivery.message, delivery.contact_name, parcel.time_zone),
    }
    return page("acknowledge", context)


def _who(message: Message, reader: str, time_zone: str) -> dict[str, object]:
    if message.status != MessageStatus.ACKNOWLEDGED or message.acknowledged_at is None:
        return {}
    return {
        "acknowledged_by": message.acknowledged_by,
        "acknowledged_at": wording.when(message.acknowledged_at, time_zone),
        "is_mine": message.acknowledged_by == reader,
    }
