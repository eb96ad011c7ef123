"""The page behind the link in a delivery: it shows the message, with buttons that answer.

One acknowledges it, one passes it on to the next level where there is one, and where it came in a
bundle, one acknowledges all of them. Looking acknowledges nothing, because mail scanners follow
links. The token in the address is the key: it names the account whose rows may be touched, and
whoever holds it may answer.
Source: design, on call, "Escalation" (email).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from deskbell.delivery import queries, replies, wording
from deskbell.delivery.links import LinkExpired, read_token
from deskbell.delivery.models import Delivery
from deskbell.delivery.parcels import parcel_of
from deskbell.delivery.transport import Meaning, Reply
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound
from deskbell.messages.models import Message, MessageStatus
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.addresses import address_of
from deskbell.platform.tenancy import account_scope

from .page import close, page

_ALL: Final = "all"
_SALT: Final = "deskbell.replies.said"
_SAID_FOR: Final = timedelta(minutes=10)


# Without a referrer browsers send `Origin: null`, and there is no session to misuse: only somebody
# who knows the token can forge the request, and such a person can also make it.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def acknowledge(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the message and whether somebody acknowledged it; POST answers, then GETs.

    POST takes `answer`: acknowledge (where it is absent, too), "next level" or all.

    404 for a token that is not ours or leads nowhere any more, 410 for one of over 30 days ago.
    """
    try:
        named = read_token(token)
        with account_scope(named.account_id):
            delivery = queries.one(named.delivery_id)
            if request.method == "POST":
                return _answer(request, delivery)
            return _show(delivery, _said(request))
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


def _answer(request: HttpRequest, delivery: Delivery) -> HttpResponse:
    """Does what the button says; the page that follows says who has the message, or `said`."""
    asked = request.POST.get("answer", "")
    at, address = now(), address_of(request)
    if asked == _ALL:
        replies.acknowledge_bundle(
            delivery=delivery,
            by=delivery.contact_name,
            at=at,
            through=delivery.kind,
            address=address,
        )
    meaning = Meaning.NEXT_LEVEL if asked == Meaning.NEXT_LEVEL else Meaning.ACKNOWLEDGE
    words = replies.answer(
        delivery=delivery,
        reply=Reply(meaning),
        at=at,
        through=delivery.kind,
        address=address,
    )
    if meaning == Meaning.ACKNOWLEDGE:
        return close(_SeeOther(request.path))
    said = urlencode({"said": signing.dumps(words, salt=_SALT)})
    return close(_SeeOther(f"{request.path}?{said}"))


def _said(request: HttpRequest) -> str:
    """What became of an answer a moment ago, in our own words; empty where there was none."""
    try:
        return str(signing.loads(request.GET.get("said", ""), salt=_SALT, max_age=_SAID_FOR))
    except signing.BadSignature:
        return ""


def _show(delivery: Delivery, said: str) -> HttpResponse:
    parcel = parcel_of(delivery, sent_at=delivery.created_at)
    message = delivery.message
    context = {
        "parcel": parcel,
        "caller": wording.caller_of(parcel),
        "facts": wording.facts_of(parcel),
        "recording": wording.length(parcel.recording_seconds),
        "said": said,
        **_who(message, delivery.contact_name, parcel.time_zone),
    }
    if message.status != MessageStatus.ACKNOWLEDGED:
        context["next_level"] = _next_level(delivery)
        context["together"] = len(replies.open_in_bundle(delivery))
    return page("acknowledge", context)


def _next_level(delivery: Delivery) -> str:
    """The name of the level that the message can be passed on to; empty where there is none."""
    if delivery.level_id is None or delivery.message.escalation_level_id != delivery.level_id:
        return ""
    levels = EscalationLevel.objects.filter(pk=delivery.level_id)
    return levels.values_list("next_level__name", flat=True).first() or ""


def _who(message: Message, reader: str, time_zone: str) -> dict[str, object]:
    if message.status != MessageStatus.ACKNOWLEDGED or message.acknowledged_at is None:
        return {}
    return {
        "acknowledged_by": message.acknowledged_by,
        "acknowledged_at": wording.when(message.acknowledged_at, time_zone),
        "is_mine": message.acknowledged_by == reader,
    }
